"""Festivals under stress: what a factor or an addend makes of a window costs what the file would cost with that window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.acceptance.festival_tables import HEAD, festival
from tests.acceptance.pools import PEAKED

import simcost

if TYPE_CHECKING:
    from pathlib import Path

ROUNDING = 1e-12
"""Of means of some 4,000 scenarios whose factors are sums of other terms."""

BETWEEN = [("A", 10, 20, 8, 2), ("B", 11, 5, 10, 3)]
INTO_ANOTHER_YEAR = [("A", 9, 20, "8 day", "1.3 to 2.6")]

CASES = {
    "a longer window reaches the next month's festival": (BETWEEN, "scale", "a_window = 3.0", ("A", 10, 20, 24, 2)),
    "one that begins later does": (BETWEEN, "shift", 'a_starts = "11"', ("A", 10, 31, 8, 2)),
    "so does one that is so many days longer": (BETWEEN, "shift", 'a_window = "16 day"', ("A", 10, 20, 24, 2)),
    "a festival becomes a lull": (BETWEEN, "scale", "a_uplift = 0.25", ("A", 10, 20, 8, 0.5)),
    "a longer window reaches another year's draw": (
        INTO_ANOTHER_YEAR,
        "scale",
        "a_window = 4.0",
        ("A", 9, 20, "32 day", "1.3 to 2.6"),
    ),
}


@pytest.mark.parametrize(("festivals", "key", "move", "first"), CASES.values(), ids=CASES)
def test_a_stressed_festival_costs_what_the_file_would_with_it(
    tmp_path: Path, festivals: list[tuple], key: str, move: str, first: tuple
) -> None:
    stressed, written = tmp_path / "stressed.toml", tmp_path / "written.toml"
    head = HEAD.format(months=14) + PEAKED.format(names=", ".join(f'"{each[0]}"' for each in festivals))
    tables = [festival(*each) for each in festivals]
    stressed.write_text("\n".join([head, *tables, "[stress.moved]", f"{key} = {{ {move} }}"]), encoding="utf-8")
    written.write_text("\n".join([head, festival(*first), *tables[1:]]), encoding="utf-8")
    run = {"n": 4096, "backend": "reference"}
    (outcome,) = simcost.stress(stressed, **run).test.outcomes
    mean = simcost.run(written, **run, keep="none", output=tmp_path / "written.h5").figures.total.mean
    assert outcome.figures.mean.value == pytest.approx(mean, rel=ROUNDING)
    assert abs(outcome.change.mean.value / mean) > 1e-3  # the stress matters
