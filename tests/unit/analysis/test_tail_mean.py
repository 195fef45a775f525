"""CVaR off the summary: against sorted values, and its interval against the closed form of the normal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.summaries import summary_of

from simcost.analysis.estimates.distribution_function import probability_up_to
from simcost.analysis.estimates.tail_mean import FEWEST, tail_mean


def mean_of_the_worst(values: np.ndarray, level: float) -> float:
    """The largest n (1 - level) values, the last of them in part."""
    wanted = len(values) * (1 - level)
    descending = np.sort(values)[::-1]
    weights = np.clip(wanted - np.arange(len(values)), 0, 1)
    return float((descending * weights).sum() / wanted)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.8, 0.95, 0.999, 0.12345])
@pytest.mark.parametrize("offset", [0.0, 1e6, -1e6])
def test_the_mean_of_the_worst_differs_from_the_sorted_values_by_the_bound_at_most(level: float, offset: float) -> None:
    values = np.random.default_rng(3).lognormal(10, 0.5, 50_000) + offset
    found, exact = tail_mean(summary_of(values), 0, level), mean_of_the_worst(values, level)
    assert abs(found.value - exact) <= found.bound * (1 + 1e-9) + abs(exact) * 1e-13
    assert found.bound <= 2.45e-4 * np.abs(values).max()


def test_ties_atoms_and_lone_values_are_exact() -> None:
    values = np.array([5.0] * 700 + [9.0] * 200 + [11.0, 12.5, 80.0] + [7.0] * 97)
    for level in (0.2, 0.799, 0.9, 0.9985):
        found = tail_mean(summary_of(values), 0, level)
        assert found.value == pytest.approx(mean_of_the_worst(values, level), rel=1e-13)
        assert found.bound == 0.0


def test_a_tail_of_few_scenarios_has_no_interval() -> None:
    values = np.random.default_rng(4).normal(100, 10, 1_000)
    few, enough = (tail_mean(summary_of(values), 0, 1 - count / 1_000) for count in (FEWEST - 1, FEWEST + 1))
    assert (few.low, few.high) == (None, None)
    assert enough.low is not None


def test_nothing_finite_has_no_tail() -> None:
    found = tail_mean(summary_of(np.full(10, np.nan)), 0, 0.8)
    assert np.isnan(found.value)
    assert found.low is None


def test_its_interval_covers_the_normal_s_closed_form() -> None:
    """E[X | X above its p-quantile] = phi(z) / (1 - p); an interval half as wide is caught by the same bound."""
    level, seeds, n = 0.8, 600, 4_000
    exact = 100 + 10 * stats.norm.pdf(stats.norm.ppf(level)) / (1 - level)
    covered = halved = 0
    for seed in range(seeds):
        found = tail_mean(summary_of(np.random.default_rng(seed).normal(100, 10, n)), 0, level)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= exact <= found.high
        halved += abs(found.value - exact) <= (found.high - found.low) / 4
    least = 0.95 * seeds - 4.5 * (seeds * 0.95 * 0.05) ** 0.5
    assert covered >= least
    assert halved < least


def test_the_share_up_to_a_sum_is_exact_between_cells_and_told_within_them() -> None:
    values = np.round(np.random.default_rng(5).normal(1_000, 100, 100_000), 0)  # ties in cells of their own
    summary = summary_of(values)
    for value in (800.0, 1_000.0, 1_000.5, 1_234.0):
        found = probability_up_to(summary, 0, value)
        assert found.value == (values <= value).mean()
    assert probability_up_to(summary, 0, 1e9).value == 1.0
    assert probability_up_to(summary, 0, -1e9).value == 0.0


@pytest.mark.parametrize("sections", [0, 16])
@pytest.mark.parametrize("least", [1e6, 1_234.5, -700.0])
def test_a_sum_that_is_the_least_bill_is_kept_by_all_that_pay_it(least: float, sections: int) -> None:
    """Four fifths pay the minimum, and some a little more, in its cell: evenly spread there, next to none would be at most it."""
    spread = np.random.default_rng(8).normal(least - 0.1 * abs(least), 0.12 * abs(least), 16 * 4_096)
    values = np.maximum(spread, least)
    summary = summary_of(values, sections)
    exact = (values <= least).mean()
    assert (
        np.count_nonzero((values > least) & (values < least + 1e-4 * abs(least))) > 3
    )  # the negative control: it is no cell alone
    for asked in (least, least + 1e-9 * abs(least)):  # a budget allows for its rounding
        found = probability_up_to(summary, 0, asked)
        assert found.value == pytest.approx(exact, abs=2e-4)
        assert found.low < exact < found.high
    count, error = summary.count_up_to(0, least)
    assert abs(count - exact * len(values)) <= error


def test_the_least_value_of_a_smooth_cell_is_off_by_no_more_than_it_says() -> None:
    values = np.sort(np.random.default_rng(6).normal(1e6, 1_000, 20_000))
    summary = summary_of(values)
    for low in summary.cells(0).lows:
        count, error = summary.count_up_to(0, float(low))
        assert abs(count - np.count_nonzero(values <= low)) <= error + 0.25 * summary.cells(0).counts.max()


def test_a_sum_within_a_cell_is_off_by_a_few_standard_errors_of_its_count() -> None:
    values = np.random.default_rng(6).normal(1e6, 1_000, 200_000)  # some five thousand in the fullest cell
    summary = summary_of(values)
    for value in 1e6 + np.linspace(-2_003, 2_001, 41):
        count, error = summary.count_up_to(0, float(value))
        assert error > 0
        assert abs(count - (values <= value).sum()) <= 4.5 * error + 0.02 * summary.cells(0).counts.max()  # the density's slope
