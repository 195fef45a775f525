"""The verdict: met or not, decided or not, and how many scenarios would decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simcost.analysis.budgets.budget import BudgetFigures
from simcost.analysis.budgets.budget_gate import gate
from simcost.analysis.budgets.period_budget import PeriodBudget
from simcost.analysis.estimates.intervals import Estimate, proportion


def figures(within: Estimate, wanted: float) -> BudgetFigures:
    nothing = Estimate(0.0, None, None)
    return BudgetFigures(1.0, wanted, within, (), nothing, nothing)


@pytest.mark.parametrize(
    ("count", "met", "decided"), [(9_000, True, True), (8_020, True, False), (7_980, False, False), (7_000, False, True)]
)
def test_the_estimate_gives_the_verdict_and_the_interval_tells_whether_it_is_sure(count: int, met: bool, decided: bool) -> None:
    verdict = gate(figures(proportion(count, 10_000), 0.8), 10_000)
    assert (verdict.met, verdict.decided) == (met, decided)
    assert (verdict.enough is None) == decided


def test_exactly_the_wanted_share_is_met_and_no_run_would_decide() -> None:
    verdict = gate(figures(proportion(8_000, 10_000), 0.8), 10_000)
    assert (verdict.met, verdict.decided, verdict.enough) == (True, False, None)


@pytest.mark.parametrize("count", [8_001, 8_005, 8_060, 7_999, 7_990, 7_950])
def test_as_many_scenarios_as_it_says_decide_and_half_of_them_do_not(count: int) -> None:
    share = count / 10_000
    enough = gate(figures(proportion(count, 10_000), 0.8), 10_000).enough
    assert enough is not None
    for n, decided in ((enough, True), (enough // 2, False)):
        assert gate(figures(proportion(round(share * n), n), 0.8), n).decided == decided


def test_a_verdict_without_an_interval_is_not_sure() -> None:
    verdict = gate(figures(Estimate(0.9, None, None), 0.8), 1)
    assert (verdict.met, verdict.decided, verdict.enough) == (True, False, None)


def by_year(*counts: int, whole: int = 9_900):
    nothing = Estimate(0.0, None, None)
    years = (PeriodBudget(f"FY{2028 + i}", 1.0, proportion(count, 10_000), nothing) for i, count in enumerate(counts))
    budget = replace(figures(proportion(whole, 10_000), 0.8), periods=tuple(years))
    verdict = gate(budget, 10_000)
    return verdict.met, verdict.decided, verdict.period.label if verdict.period else "the whole"


def test_a_year_that_fails_is_not_mended_by_what_another_leaves_over() -> None:
    assert by_year(9_000, 0) == (False, True, "FY2029")
    assert by_year(9_000, 9_500) == (True, True, "FY2028")
    assert by_year(9_000, 9_500, whole=7_000) == (False, True, "the whole")


def test_one_sum_that_surely_fails_decides_and_one_that_may_fail_leaves_it_open() -> None:
    assert by_year(7_980, 7_000) == (False, True, "FY2029")
    assert by_year(7_980, 9_000) == (False, False, "FY2028")
    assert by_year(8_020, 9_000) == (True, False, "FY2028")
