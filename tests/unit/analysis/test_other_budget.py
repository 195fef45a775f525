"""A sum that is asked about after a run, where some totals are undefined: these are within nothing, and they are counted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest
from tests.summaries import summary_of

from simcost.analysis.budgets.budget_answers import other_budget
from simcost.report.budget.sentences import budget_sentences
from simcost.scenario.scenario import Budget

N = 10_000


@pytest.mark.parametrize("approved", [90.0, 500.0, 2_000.0])
def test_the_interval_of_staying_within_counts_undefined_totals(approved: float) -> None:
    total = np.linspace(100.0, 1_000.0, N)
    total[::10] = np.nan
    summary = summary_of(total)
    found = other_budget(summary, 0, Budget((approved,), 0.8), confidence=0.95).probability_within
    within = np.count_nonzero(total <= approved)
    exact = binomtest(within, N).proportion_ci(0.95, method="exact")
    assert found.value == pytest.approx(within / N, abs=2 / N)
    assert found.low == pytest.approx(exact.low, abs=2 / N)
    assert found.high == pytest.approx(exact.high, abs=2 / N)


@pytest.mark.parametrize("wanted", [0.5, 0.8, 0.899])
def test_the_sum_that_is_enough_is_a_quantile_of_all_totals_with_undefined_ones_last(wanted: float) -> None:
    total = np.linspace(100.0, 1_000.0, N)
    total[::10] = np.nan
    summary = summary_of(total)
    found = other_budget(summary, 0, Budget((1.0,), wanted), confidence=0.95).sum_for_confidence
    ordered = np.where(np.isnan(total), np.inf, total)
    assert found.value == pytest.approx(np.quantile(ordered, wanted, method="inverted_cdf"), rel=2.5e-4)
    low, high = binom(N, wanted).ppf([0.025, 0.975])
    assert found.low == pytest.approx(np.sort(ordered)[int(low) - 1], rel=2.5e-4)
    if high < np.isfinite(ordered).sum():
        assert found.high == pytest.approx(np.sort(ordered)[int(high)], rel=2.5e-4)
    else:
        assert found.high is None


def test_no_sum_is_enough_where_too_many_totals_are_undefined() -> None:
    total = np.linspace(100.0, 1_000.0, N)
    total[::10] = np.inf
    summary = summary_of(total)
    found = other_budget(summary, 0, Budget((1.0,), 0.95), confidence=0.95)
    assert np.isnan(found.sum_for_confidence.value)
    assert found.sum_for_confidence.low is None
    assert "No sum is enough in 95 % of them" in " ".join(budget_sentences(found, "CNY", ()))
