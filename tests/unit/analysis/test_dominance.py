"""Dominance of simulated totals against sorted values and sums, and its words."""

from __future__ import annotations

import numpy as np
import pytest
from tests.summaries import summary_of

from simcost.analysis.comparisons.dominance import Dominance, dominance

N = 20_000


def found(model, base):
    return dominance(summary_of(np.stack([base, model])), 1)


def normal(mean, sd, seed=1):
    return mean + sd * np.random.default_rng(seed).standard_normal(N)


def test_what_is_cheaper_at_every_percentile_dominates_in_the_first_order():
    base = normal(1e6, 1e5)
    assert found(base * 0.98, base) == Dominance(1, "model", 1.0)
    assert found(base + 3_000, base) == Dominance(1, "base", 0.0)
    assert found(base[::-1] - 3_000, base).order == 1  # in another order of futures: only the distribution counts


def test_the_same_mean_with_less_spread_dominates_in_the_second_order():
    narrow, wide = normal(1e6, 5e4), normal(1e6, 1e5)
    narrow += wide.mean() - narrow.mean() - 50.0
    assert found(narrow, wide).order == 2
    assert found(narrow, wide).by == "model"
    assert found(wide, narrow) == Dominance(2, "base", pytest.approx(0.5, abs=0.02))


def test_cheaper_on_average_with_a_worse_tail_dominates_nothing():
    base = normal(1e6, 1e5)
    model = base - 2e4 + 3.0 * np.maximum(base - 1.2e6, 0.0)
    share = np.mean(np.sort(model) < np.sort(base))
    assert found(model, base) == Dominance(0, "", pytest.approx(share, abs=0.005))


def test_equal_totals_and_equal_distributions_have_no_winner():
    base = normal(1e6, 1e5)
    assert found(base, base) == Dominance(0, "", 0.0)
    assert found(np.roll(base, 7), base) == Dominance(0, "", 0.0)
    assert found(np.full(N, 5.0), np.full(N, 5.0)) == Dominance(0, "", 0.0)


def test_a_certain_total_is_placed_against_a_spread_one():
    spread = normal(1e6, 1e5)
    assert found(np.full(N, spread.min() - 1.0), spread).order == 1
    assert found(np.full(N, 1e6 - 3e3), spread) == Dominance(2, "model", pytest.approx(0.512, abs=0.01))
    assert found(np.full(N, 1.1e6), spread).order == 0
