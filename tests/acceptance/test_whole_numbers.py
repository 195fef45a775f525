"""``ceil`` and ``floor`` of numbers that are whole by hand and nearly so in binary: against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

MONTHS = 60
HEAD = """schema = 1
[scenario]
name = "Whole numbers"
currency = "CNY"
start = "2027-01"
months = {months}
by_month = ["line"]
[inputs]
one = "1 CNY/month"
big = 1e9
x = {{ lognormal = {{ p5 = 1, p95 = 90 }}, unit = "1", draw = "month" }}
"""
STEPS = ["0.1", "0.3", "0.7", "1.1"]


def lines(folder: Path, sections: str, *, months: int = MONTHS, n: int = 1) -> dict[str, np.ndarray]:
    """Return each cost line, (months, scenarios)."""
    path = folder / "whole.toml"
    path.write_text(HEAD.format(months=months) + sections, encoding="utf-8")
    result = simcost.run(path, n=n, keep="all", output=folder / "whole.h5", force=True, backend="reference")
    costs = result.to_xarray("samples").line_by_month_cost
    return {str(name): costs.sel(line=name).values for name in costs["line"].values}


def line(name: str, formula: str) -> str:
    return f'[[cost]]\nname = "{name}"\ncategory = "c"\namount = "{formula} * one"\n'


def quotients(months: int, step: str, share: str) -> list[Fraction]:
    return [month * Fraction(share) / Fraction(step) for month in range(1, months + 1)]


@pytest.mark.parametrize("share", ["0.1", "0.7", "1.4"])
def test_quotients_of_decimals_are_rounded_as_by_hand(tmp_path: Path, share: str) -> None:
    inputs = f"share = {share}\n" + "".join(f"step_{i} = {step}\n" for i, step in enumerate(STEPS))
    rounded = [
        line(f"{name} {sign}{i}", f"{name}({sign}month * share / step_{i})")
        for i in range(len(STEPS))
        for name in ("ceil", "floor")
        for sign in ("", "-")
    ]
    found = lines(tmp_path, inputs + "".join(rounded))
    in_binary = []
    for i, step in enumerate(STEPS):
        exact = quotients(MONTHS, step, share)
        for name, rounding in (("ceil", ceil), ("floor", floor)):
            for sign, factor in (("", 1), ("-", -1)):
                assert list(found[f"{name} {sign}{i}"][:, 0]) == [rounding(factor * each) for each in exact]
        plain = np.ceil(np.arange(1, MONTHS + 1) * float(share) / float(step))
        in_binary.append(any(plain != [ceil(each) for each in exact]))
    assert any(in_binary)  # negative control: binary numbers alone say otherwise


def test_numbers_of_a_formula_are_rounded_as_those_of_inputs(tmp_path: Path) -> None:
    found = lines(tmp_path, line("up", "ceil(2.1 / 0.7)") + line("down", "floor(0.29 * 100)"), months=1)
    assert (found["up"].item(), found["down"].item()) == (3, 29)
    assert (ceil(2.1 / 0.7), floor(0.29 * 100)) == (4, 28)  # negative control


def test_what_is_drawn_is_rounded_as_ever_and_nothing_is_a_plain_zero(tmp_path: Path) -> None:
    formulas = ["x", "ceil(x)", "floor(x)", "ceil(max(x - 9, 0))", "ceil(x - x + big)", "floor(x - x + big)"]
    plain, up, down, beyond, *whole = lines(tmp_path, "".join(line(each, each) for each in formulas), n=2_000).values()
    assert np.array_equal(up, np.ceil(plain))
    assert np.array_equal(down, np.floor(plain))
    assert (beyond == 0).any()
    assert not np.signbit(beyond).any()
    assert all((each == 1e9).all() for each in whole)


def test_a_pool_has_the_devices_that_a_calculation_by_hand_gives(tmp_path: Path) -> None:
    """21 requests a second at 70 % of 1 are 30 devices, in nodes of ten 30 as well."""
    pool = """[[compute]]
name = "Pool"
demand = "21 request/s"
provision = "mean"
throughput = "1 request/s/GPU"
utilization = "70 %"
node = {node}
price = "10 CNY/GPU/hour"
"""
    for node in (1, 10):
        found = lines(tmp_path, pool.format(node=node), months=1)
        assert found["Pool: busy"].item() == pytest.approx(30 * 10 * 744, rel=1e-14)
        assert found["Pool: headroom"].item() == pytest.approx(0, abs=1e-6)
    assert ceil(21 / 0.7) == 31  # negative control
