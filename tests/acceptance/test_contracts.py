"""Agreements on spend: negotiated and volume discounts, minimum and shortfall, by arithmetic; and the expected shortfall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

if TYPE_CHECKING:
    from pathlib import Path

N = 100_000
SEED = 20270101

FILE = """schema = 1
[scenario]
name = "Contract"
currency = "CNY"
start = "2027-01"
months = {months}
[series.bill]
start = {start}
ramps = [{{ start = 1, end = 31, factor = 4 }}]
[[contracts]]
name = "Agreement"
category = "compute"
spend = "bill"
"""
BILL = [100.0 + 10 * month for month in range(30)]
"""Ten more each month."""


def monthly(folder: Path, *lines: str, start: str = '"100 CNY/month"', months: int = 30, n: int = 10) -> np.ndarray:
    """What the contract adds to the bill, float64 (months, scenarios)."""
    path = folder / "contract.toml"
    path.write_text(FILE.format(start=start, months=months) + "\n".join(lines), encoding="utf-8")
    result = simcost.run(path, n=n, seed=SEED, keep="all", output=folder / "contract.h5", force=True, backend="reference")
    return np.array(result.samples("month"))


def test_a_negotiated_discount_comes_off_every_month_of_the_term(tmp_path: Path) -> None:
    found = monthly(tmp_path, 'discount = "8 %"', "month = 3", "term = 12", "renew = false")[:, 0]
    expected = [-0.08 * BILL[month] if 2 <= month < 14 else 0 for month in range(30)]
    assert found == pytest.approx(expected, rel=1e-12)


def by_volume(spent: float) -> float:
    """Discounts of 0 up to 1,000, of 5 % up to 2,000 and of 10 % beyond, on the sum of a term."""
    return 0.05 * min(max(spent - 1_000, 0), 1_000) + 0.10 * max(spent - 2_000, 0)


VOLUME = """discounts = [
  { up_to = "1_000 CNY", discount = "0 %" }, { up_to = "2_000 CNY", discount = "5 %" }, { discount = "10 %" },
]"""


def test_volume_discounts_are_on_the_spend_of_a_term_and_begin_anew_with_the_next(tmp_path: Path) -> None:
    found = monthly(tmp_path, VOLUME, "term = 12", "renew = true")[:, 0]
    for first in (0, 12, 24):
        months = BILL[first : first + 12]
        assert -np.cumsum(found[first : first + 12]) == pytest.approx(
            [by_volume(sum(months[: i + 1])) for i in range(len(months))]
        )
    assert -sum(found[:24]) != pytest.approx(by_volume(sum(BILL[:24])))  # negative control: one term of two years


CROSSING = """discounts = [
  { up_to = "100 to 500 to 900 CNY", discount = "10 %" },
  { up_to = "200 to 300 to 1_200 CNY", discount = "10 %" },
  { discount = "10 %" },
]"""


def test_thresholds_that_are_drawn_in_another_order_discount_every_yuan_once(tmp_path: Path) -> None:
    plain = monthly(tmp_path, 'discount = "10 %"', "renew = true", n=200)
    assert monthly(tmp_path, CROSSING, "renew = true", n=200) == pytest.approx(plain, rel=1e-12)


def test_what_is_missing_to_the_minimum_falls_due_at_the_end_of_each_term(tmp_path: Path) -> None:
    """The first year spends 1,860, the second 3,300, the half year of the third 2,190."""
    found = monthly(tmp_path, 'minimum = "4_000 CNY"', "renew = true")[:, 0]
    due = {11: 4_000 - 1_860, 23: 4_000 - 3_300, 29: 0}
    assert found == pytest.approx([due.get(month, 0) for month in range(30)], rel=1e-12)
    found = monthly(tmp_path, 'minimum = "6_000 CNY"', "renew = true")[:, 0]
    assert found[29] == pytest.approx(6_000 / 2 - 2_190)


def test_the_minimum_counts_what_is_paid_after_discounts(tmp_path: Path) -> None:
    found = monthly(tmp_path, 'minimum = "2_000 CNY"', 'discount = "10 %"', months=12)[:, 0]
    assert found[11] == pytest.approx(2_000 - 0.9 * 1_860 - 0.1 * BILL[11], rel=1e-12)
    volume = monthly(tmp_path, 'minimum = "2_000 CNY"', VOLUME, months=12)[:, 0]
    assert sum(volume) == pytest.approx(2_000 - 1_860)  # whatever comes off, 2,000 are paid in the end


def test_the_expected_shortfall_is_not_that_of_the_expected_spend(tmp_path: Path) -> None:
    """A uniform bill over a to b against a minimum m between them: E[max(m - s, 0)] = (m - a)^2 / (2 (b - a))."""
    start = '{ uniform = { low = 50, high = 150 }, unit = "CNY/month" }'
    found = monthly(tmp_path, 'minimum = "1_860 CNY"', start=start, months=12, n=N).sum(axis=0)
    low, high = 930.0, 2_790.0
    assert errors_of_mean(found, (1_860 - low) ** 2 / (2 * (high - low))) < STANDARD_ERRORS
    assert errors_of_mean(found, 1_860 - (low + high) / 2) > STANDARD_ERRORS  # negative control
