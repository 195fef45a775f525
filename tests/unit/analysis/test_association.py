"""How inputs go with the total: against scipy, and on samples where it is plain."""

import numpy as np
import pytest
from scipy import stats

from simcost.analysis.estimates.rank_correlation import mean_ranks, rank_correlation
from simcost.analysis.estimates.shares import Replicates
from simcost.analysis.influences.association import _association
from simcost.analysis.influences.fifths import fifths

RANDOM = np.random.default_rng(20270101)
INDEPENDENT = Replicates(np.zeros(0, dtype=np.int64), 0)


@pytest.mark.parametrize("decimals", [8, 1, 0])
def test_ranks_correlations_and_separations_are_those_of_scipy(decimals):
    """Rounding makes ties."""
    x = RANDOM.normal(size=500).round(decimals)
    y = (x + RANDOM.normal(size=500)).round(decimals)
    worst = y > np.quantile(y, 0.8)
    found = _association(x, mean_ranks(y), worst, INDEPENDENT)
    assert np.array_equal(mean_ranks(x), stats.rankdata(x))
    assert found.rank_correlation.value == pytest.approx(stats.spearmanr(x, y).statistic, rel=1e-12)
    u = stats.mannwhitneyu(x[worst], x[~worst]).statistic
    assert found.separation == pytest.approx(u / (worst.sum() * (~worst).sum()), rel=1e-12)
    assert found.mean_in_worst == pytest.approx(x[worst].mean())


def test_shares_of_the_worst_are_counted_among_the_highest_and_lowest_fifth():
    x = np.arange(100.0)
    found = _association(x, mean_ranks(x), x >= 90, INDEPENDENT)
    assert found.worst_if_highest.value == pytest.approx(10 / 20)
    assert found.worst_if_lowest.value == 0.0
    assert found.separation == 1.0


@pytest.mark.parametrize("p", [0.02, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("lift", [1.0, -1.0])
def test_an_event_is_at_its_highest_where_it_happens_and_at_its_lowest_where_not(p, lift):
    """All values of an event that happens in a tenth of the futures are at least its P80, which is zero."""
    happens = RANDOM.random(5_000) < p
    y = RANDOM.normal(size=5_000) + lift * happens
    worst = y > 1.5
    found = _association(happens.astype(float), mean_ranks(y), worst, INDEPENDENT)
    assert found.worst_if_highest.value == pytest.approx(worst[happens].mean())
    assert found.worst_if_lowest.value == pytest.approx(worst[~happens].mean())
    assert (found.highest, found.lowest) == pytest.approx((happens.mean(), 1 - happens.mean()))


@pytest.mark.parametrize(
    ("weights", "lowest", "highest"),
    [((0.1, 0.8, 0.1), 0.1, 0.1), ((0.25, 0.7, 0.05), 0.25, 0.05), ((0.5, 0.3, 0.2), 0.5, 0.2), ((0.02, 0.2, 0.78), 0.22, 0.78)],
)
def test_of_tied_values_the_set_nearest_to_a_fifth_is_taken(weights, lowest, highest):
    values = np.repeat([4.0, 5.0, 7.0], [round(1000 * each) for each in weights])
    assert [each.mean() for each in fifths(values)] == pytest.approx([lowest, highest])


def test_what_does_not_vary_is_nowhere_lowest_or_highest():
    assert [each.tolist() for each in fifths(np.ones(3))] == [[False] * 3] * 2
    assert [each.tolist() for each in fifths(np.zeros(0))] == [[], []]


def test_what_does_not_vary_has_no_correlation():
    x = np.arange(100.0)
    assert rank_correlation(mean_ranks(x), mean_ranks(np.ones(100))) is None
    assert _association(x, mean_ranks(x), np.zeros(100, dtype=bool), INDEPENDENT).separation is None


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
