"""Any part of a run can be run alone, and the parts together are the whole: what `--first` promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simcost.api import open_result
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simcost.results.result import Result

N = 1_000_000
ROUNDING = 1e-14
"""Relative: moments of a block that is cut are added in another order."""


@pytest.fixture
def ran(call: Callable, scenario: Path) -> Callable[..., Result]:
    """Run some scenarios of the small model through the command line, all samples kept."""

    def run(first: int, n: int, *words: str) -> Result:
        name = f"{first}-{n}-{len(words)}.h5"
        arguments = ("--first", str(first), "-n", str(n), "--keep", "all", "-o", name, *words)
        done = call("run", scenario, *arguments)
        assert done.exit_code == 0, done.output
        return open_result(name)

    return run


def test_two_halves_are_the_whole(ran: Callable[..., Result]) -> None:
    """The cut at 500,000 falls inside a block of the summary."""
    whole, first, second = ran(0, N), ran(0, N // 2), ran(N // 2, N // 2)
    assert np.array_equal(whole.samples(), np.concatenate([first.samples(), second.samples()], axis=1))

    merged, summary = first.summary(), whole.summary()
    merged.merge(second.summary())
    stored, wanted = merged.to_arrays(), summary.to_arrays()
    for name in wanted.keys() - {"ranges", "count", "mean", "squares"}:
        assert np.array_equal(stored[name], wanted[name]), name
    assert np.allclose(merged.mean(), summary.mean(), rtol=ROUNDING, atol=0.0)
    assert np.allclose(merged.sd(), summary.sd(), rtol=ROUNDING, atol=0.0)


def test_parts_cut_between_blocks_are_the_whole_to_the_last_bit(ran: Callable[..., Result]) -> None:
    cut = 2 * BLOCK
    whole, first, second = ran(0, 3 * BLOCK), ran(0, cut), ran(cut, BLOCK)
    merged = second.summary()
    merged.merge(first.summary())
    assert merged.digest() == whole.summary_sha256


def test_another_seed_is_noticed(ran: Callable[..., Result]) -> None:
    """Negative control."""
    one, other = ran(0, 1000), ran(0, 1000, "--seed", "8")
    assert not np.array_equal(one.samples("total"), other.samples("total"))
    assert one.summary_sha256 != other.summary_sha256
