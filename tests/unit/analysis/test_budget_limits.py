"""What counts as within the budget: the limits that a plan compares with, and what it makes of rounding and undefined costs."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest

import simcost

FILE = """\
schema = 1
[scenario]
name = "Budget"
currency = "CNY"
start = "2027-01"
months = 12
fiscal_year_start = 1
[inputs]
rate = "1_000.1 CNY/month"
x = {{ uniform = {{ low = -1, high = 3 }}, unit = "1" }}
[[cost]]
name = "Rate"
category = "staff"
amount = "{amount}"
[budget]
approved = {approved}
"""


def figures_of(tmp_path: Path, amount: str, approved: str):
    path = tmp_path / "budget.toml"
    path.write_text(FILE.format(amount=amount, approved=approved), encoding="utf-8")
    return simcost.run(path, n=1_000, keep="none", output=tmp_path / "budget.h5", force=True, backend="reference").figures.budget


def budget_of(tmp_path: Path, amount: str, approved: str):
    budget = figures_of(tmp_path, amount, approved)
    return budget.probability_within.value, [share.value for share in budget.p_breach_by_month]


@pytest.mark.parametrize("approved", ['"12_001.2 CNY"', str([1_000.1] * 12), '{ FY2027 = "12_001.2 CNY" }'])
def test_what_is_spent_to_the_cent_is_within_the_budget(tmp_path: Path, approved: str) -> None:
    assert [*accumulate([1_000.1] * 12)][-1] > 12_001.2  # by rounding, which sum() avoids from Python 3.12 on
    assert budget_of(tmp_path, "rate", approved) == (1.0, [0.0] * 12)


@pytest.mark.parametrize("approved", ['"12_001.19 CNY"', '{ FY2027 = "12_001.19 CNY" }'])
def test_a_cent_more_than_approved_is_not_within_the_budget(tmp_path: Path, approved: str) -> None:
    assert budget_of(tmp_path, "rate", approved) == (0.0, [0.0] * 11 + [1.0])


@pytest.mark.parametrize(("approved", "probability"), [(12_001.2, 1.0), (12_001.19, 0.0)])
def test_a_fiscal_year_is_within_its_own_sum_to_the_cent(tmp_path: Path, approved: float, probability: float) -> None:
    budget = figures_of(tmp_path, "rate", f"{{ FY2027 = {approved} }}")
    assert [each.probability_within.value for each in budget.periods] == [probability]
    assert budget.probability_within_every_period.value == probability


def test_an_undefined_cost_has_exceeded_every_budget(tmp_path: Path) -> None:
    within, breached = budget_of(tmp_path, "rate * log(x)", "1e12")  # a quarter of the logarithms are undefined
    assert 0.7 < within < 0.8
    assert breached == [1.0 - within] * 12


def test_a_cost_of_minus_infinity_is_not_within_any_budget(tmp_path: Path) -> None:
    within, breached = budget_of(tmp_path, "rate * log(max(x, 0))", "1e12")  # a quarter of the logarithms are of zero
    assert 0.7 < within < 0.8
    assert breached == [1.0 - within] * 12
    figures = figures_of(tmp_path, "rate * log(max(x, 0))", "{ FY2027 = 1e12 }")
    assert figures.probability_within_every_period.value == figures.periods[0].probability_within.value == within
