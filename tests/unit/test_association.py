"""How inputs go with the total: against scipy, and on samples where it is plain."""

import numpy as np
import pytest
from scipy import stats

from simcost.analysis.estimates.rank_correlation import mean_ranks, rank_correlation
from simcost.analysis.influences.association import _association

RANDOM = np.random.default_rng(20270101)


@pytest.mark.parametrize("decimals", [8, 1, 0])
def test_ranks_correlations_and_separations_are_those_of_scipy(decimals):
    """Rounding makes ties."""
    x = RANDOM.normal(size=500).round(decimals)
    y = (x + RANDOM.normal(size=500)).round(decimals)
    worst = y > np.quantile(y, 0.8)
    found = _association(x, mean_ranks(y), worst)
    assert np.array_equal(mean_ranks(x), stats.rankdata(x))
    assert found.rank_correlation.value == pytest.approx(stats.spearmanr(x, y).statistic, rel=1e-12)
    u = stats.mannwhitneyu(x[worst], x[~worst]).statistic
    assert found.separation == pytest.approx(u / (worst.sum() * (~worst).sum()), rel=1e-12)
    assert found.mean_in_worst == pytest.approx(x[worst].mean())


def test_shares_of_the_worst_are_counted_among_the_highest_and_lowest_fifth():
    x = np.arange(100.0)
    found = _association(x, mean_ranks(x), x >= 90)
    assert found.worst_if_highest.value == pytest.approx(10 / 21)  # the fifth begins at the 80th of 100 values
    assert found.worst_if_lowest.value == 0.0
    assert found.separation == 1.0


def test_what_does_not_vary_has_no_correlation():
    x = np.arange(100.0)
    assert rank_correlation(mean_ranks(x), mean_ranks(np.ones(100))) is None
    assert _association(x, mean_ranks(x), np.zeros(100, dtype=bool)).separation is None


def test_intervals_of_rank_correlations_cover_them():
    """1,000 samples of a Gaussian copula, whose rho is known; intervals of half the width do not."""
    rho = 6 / np.pi * np.arcsin(0.6 / 2)
    held = {1.0: 0, 0.5: 0}
    for _ in range(1000):
        z = RANDOM.normal(size=(2, 400))
        found = rank_correlation(mean_ranks(z[0]), mean_ranks(0.6 * z[0] + 0.8 * z[1]))
        for narrower in held:
            held[narrower] += abs(np.arctanh(found.value) - np.arctanh(rho)) <= narrower * (
                np.arctanh(found.high) - np.arctanh(found.value)
            )
    assert 930 <= held[1.0] <= 970
    assert held[0.5] < 800
