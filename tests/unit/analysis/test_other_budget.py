"""A sum that is asked about after a run, where some totals are undefined: these are within nothing, and they are counted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from simcost.analysis.budgets.budget_answers import other_budget
from simcost.scenario.scenario import Budget
from simcost_kernels.summaries.summary import Summary

N = 10_000


@pytest.mark.parametrize("approved", [90.0, 500.0, 2_000.0])
def test_the_interval_of_staying_within_counts_undefined_totals(approved: float) -> None:
    total = np.linspace(100.0, 1_000.0, N)
    total[::10] = np.nan
    summary = Summary(1)
    summary.add(0, total[None])
    found = other_budget(summary, 0, Budget((approved,), 0.8), confidence=0.95).probability_within
    within = np.count_nonzero(total <= approved)
    exact = binomtest(within, N).proportion_ci(0.95, method="exact")
    assert found.value == pytest.approx(within / N, abs=2 / N)
    assert found.low == pytest.approx(exact.low, abs=2 / N)
    assert found.high == pytest.approx(exact.high, abs=2 / N)
