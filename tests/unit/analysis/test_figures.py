from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from tests.summaries import summary_of

from simcost.analysis.figures import figures
from simcost.errors import UndefinedCostError, UsageError
from simcost.scenario.scenario import Budget

MONTHS = ("2027-01", "2027-02")
COLUMNS = (
    ("line", "GPU", -1),
    ("line", "人员", -1),
    ("category", "compute", -1),
    ("stage", "deployment", -1),
    ("owner", "search", -1),
    ("total", "", -1),
    ("month", "", 0),
    ("month", "", 1),
    ("cumulative", "", 0),
    ("cumulative", "", 1),
    ("breach", "", 0),
    ("breach", "", 1),
    ("within", "", -1),
)
BUDGET = Budget(approved=(100.0, 120.0), confidence=0.8)


def simulated(n, seed=7):
    """Columns of a two-month model, as a plan records them."""
    generator = np.random.default_rng(seed)
    gpu, people = generator.lognormal(3.8, 0.3, (2, n)), generator.normal(60.0, 8.0, (2, n))
    months = gpu + people
    cumulative = months.cumsum(axis=0)
    limit = np.cumsum(BUDGET.approved)[:, None]
    breach = np.maximum.accumulate(cumulative > limit, axis=0) * 1.0
    total = cumulative[-1]
    within = (total <= limit[-1]) * 1.0
    return np.vstack([gpu.sum(0), people.sum(0), gpu.sum(0), gpu.sum(0), total, total, months, cumulative, breach, within])


def of(columns, **options):
    return figures(COLUMNS, summary_of(columns), **{"month_names": MONTHS, "budget": BUDGET, **options})


def test_every_group_gets_its_own_columns():
    columns = simulated(5_000)
    found = of(columns)
    assert list(found.lines) == ["GPU", "人员"]
    assert found.lines["人员"].min == columns[1].min()
    assert (found.categories["compute"].max, found.stages["deployment"].max) == (columns[2].max(), columns[3].max())
    assert found.owners["search"].mean == pytest.approx(columns[4].mean(), rel=1e-14)
    assert [month.month for month in found.months] == list(MONTHS)
    assert [month.total.min for month in found.months] == [columns[6].min(), columns[7].min()]
    assert [month.cumulative.min for month in found.months] == [columns[8].min(), columns[9].min()]
    assert found.total.sd == pytest.approx(columns[5].std(ddof=1), rel=1e-13)
    assert found.warnings == ()


def test_percentiles_are_order_statistics_within_their_intervals():
    columns = simulated(2_000)
    total = np.sort(columns[5])
    found = {percentile.p: percentile for percentile in of(columns).total.percentiles}
    assert list(found) == [5.0, 10.0, 50.0, 80.0, 90.0, 95.0, 99.0]
    assert found[50.0].value == pytest.approx(total[999], rel=1e-4)
    assert found[95.0].value == pytest.approx(total[1899], rel=1e-4)
    for percentile in found.values():
        assert percentile.low < percentile.value < percentile.high


def test_an_interval_without_ends_is_refused_with_the_number_that_would_do():
    found = of(simulated(100))
    by_p = {percentile.p: percentile for percentile in found.total.percentiles}
    assert by_p[99.0].high is None
    assert by_p[99.0].low is not None
    (warning,) = found.warnings
    assert "P99" in warning
    assert "P95" not in warning
    assert "at least 368" in warning
    assert of(simulated(368)).warnings == ()


def test_a_constant_has_equal_percentiles_and_ends():
    columns = np.tile([1.0, 2.0, 1.0, 1.0, 3.0, 1595000.0, 1.0, 2.0, 1.0, 3.0, 0.0, 0.0, 1.0], (1000, 1)).T.copy()
    total = of(columns).total
    assert {total.mean, total.min, total.max} == {1595000.0}
    assert {end for p in total.percentiles for end in (p.value, p.low, p.high)} == {1595000.0}
    assert total.sd == 0.0


def test_percentiles_asked_for_join_the_usual_ones_in_order_and_once():
    found = of(simulated(1_000), percentiles=(97.5, 2.5, 50, 50.0))
    assert [percentile.p for percentile in found.total.percentiles] == [2.5, 5.0, 10.0, 50.0, 80.0, 90.0, 95.0, 97.5, 99.0]


@pytest.mark.parametrize("wrong", [0, 100, -5, 150, float("nan")])
def test_a_percentile_outside_zero_to_a_hundred_is_refused(wrong):
    with pytest.raises(UsageError, match="not between 0 and 100"):
        of(simulated(10), percentiles=(50, wrong))


def test_the_budget_is_counted_exactly_and_ordered_by_month():
    columns = simulated(20_000)
    budget = of(columns).budget
    assert budget.approved == 220.0
    assert budget.probability_within.value == columns[12].mean()
    assert [share.value for share in budget.p_breach_by_month] == [columns[10].mean(), columns[11].mean()]
    assert budget.probability_within.low < budget.probability_within.value < budget.probability_within.high


def test_the_reserve_is_the_wanted_quantile_less_the_approved_sum():
    found = of(simulated(20_000))
    p80 = next(percentile for percentile in found.total.percentiles if percentile.p == 80.0)
    reserve = found.budget.reserve_for_confidence
    assert (reserve.value, reserve.low, reserve.high) == (p80.value - 220.0, p80.low - 220.0, p80.high - 220.0)
    assert found.budget.sum_for_confidence.value == p80.value


def test_without_a_budget_there_are_no_budget_figures():
    assert of(simulated(1_000), budget=None).budget is None


def test_scenarios_that_are_not_finite_are_counted_and_told():
    columns = simulated(1_000)
    columns[[0, 5], 17] = np.inf
    found = of(columns)
    assert found.non_finite == 1
    (warning,) = found.warnings
    assert "1 of 1,000 scenarios" in warning
    assert "number 17" in warning
    assert 'cost line "GPU" in 1' in warning
    assert found.total.max == np.delete(columns[5], 17).max()


def test_a_column_without_finite_values_is_undefined_but_no_error():
    columns = simulated(1_000)
    columns[0] = np.nan
    gpu = of(columns).lines["GPU"]
    assert all(isnan(value) for value in (gpu.mean, gpu.sd, gpu.min, gpu.max, gpu.percentiles[0].value))
    assert (gpu.percentiles[0].low, gpu.percentiles[0].high) == (None, None)


def test_a_run_without_any_finite_total_is_refused_with_its_worst_lines_and_its_first_scenario():
    columns = simulated(1_000)
    columns[[0, 5]] = np.nan
    columns[1, 3] = np.inf
    with pytest.raises(UndefinedCostError) as refused:
        of(columns)
    assert 'cost line "GPU", "' in str(refused.value)
    assert "first in scenario 0" in str(refused.value)


def test_one_scenario_bounds_only_what_it_can():
    total = of(simulated(1)).total
    assert isnan(total.sd)
    assert {percentile.value for percentile in total.percentiles} == {total.mean}
    ends = {percentile.p: (percentile.low, percentile.high) for percentile in total.percentiles}
    # One value exceeds the true P99 with a probability of 1 %: that is a lower bound at 97.5 %, and the only one.
    assert ends.pop(99.0) == (total.mean, None)
    assert set(ends.values()) == {(None, None)}
