"""Intervals by sectioning against the values themselves, and where they give way to exact ones."""

import numpy as np
import pytest
import scipy.stats

from simcost.analysis.estimates.intervals import proportion, quantile_rank, ranks
from simcost.analysis.estimates.precision import gain_warning, interval_ratio
from simcost.analysis.estimates.quantiles import quantiles, share
from simcost.analysis.estimates.sectioning import half_width, ranks_within
from simcost.analysis.pools import sizing_probabilities
from simcost_kernels.summaries.sections import section_numbers
from simcost_kernels.summaries.summary import Summary

SECTIONS = 16
N = 16 * 1024


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def summary_of(values, sections=SECTIONS):
    summary = Summary(1, sections)
    summary.add(0, np.asarray(values, dtype=float)[None, :])
    return summary


def half_by_hand(values, p):
    """Half the width in probability, from the values: shares of each section at or below the pooled quantile, Student's t."""
    pooled = np.sort(values)[quantile_rank(len(values), p)]
    numbers = section_numbers(0, len(values), SECTIONS)
    shares = [np.mean(values[numbers == section] <= pooled) for section in range(SECTIONS)]
    low, high = scipy.stats.t.interval(0.95, SECTIONS - 1, loc=np.mean(shares), scale=scipy.stats.sem(shares))
    return (high - low) / 2


@pytest.mark.parametrize("p", [0.05, 0.5, 0.95, 0.99])
def test_ends_are_the_quantiles_of_p_and_half_the_interval_of_the_shares(rng, p):
    """Widely spread values have a cell each, so that the summary knows them all."""
    values = np.exp(rng.normal(0, 30, N))
    (found,) = quantiles(summary_of(values), 0, (p,))
    low, high = ranks_within(N, p, half_by_hand(values, p))
    assert (found.low, found.high) == pytest.approx((np.sort(values)[low], np.sort(values)[high]), rel=1e-9)


def test_what_a_cell_hides_widens_the_interval_to_that_of_independent_points(rng):
    """All values in one cell: the shares are equal, and half the width is that of a binomial share."""
    values = 1000.0 + rng.permutation(np.linspace(0.0, 1e-6, N))
    summary = summary_of(values)
    assert len(summary.to_arrays()["cell_keys"]) == 1
    (found,) = quantiles(summary, 0, (0.5,))
    binomial = scipy.stats.t.ppf(0.975, SECTIONS - 1) * np.sqrt(0.25 / N) * 1e-6
    assert (found.high - found.low) / 2 == pytest.approx(binomial, rel=0.5)
    assert found.low < 1000.0 + 0.5e-6 < found.high


def test_a_constant_and_an_atom_are_told_exactly(rng):
    (found,) = quantiles(summary_of(np.full(N, 720_000.0)), 0, (0.95,))
    assert (found.value, found.low, found.high) == (720_000.0, 720_000.0, 720_000.0)
    atom = np.where(rng.random(N) < 0.7, 0.0, rng.normal(1e6, 1e5, N))
    (found,) = quantiles(summary_of(atom), 0, (0.5,))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_few_points_beyond_a_quantile_have_the_exact_interval(rng):
    """Of 256 points a replicate 2.56 lie beyond P99: fewer than five."""
    values = rng.normal(100, 10, 4096)
    summary, plain = summary_of(values), summary_of(values, sections=0)
    assert quantiles(summary, 0, (0.99, 0.01)) == quantiles(plain, 0, (0.99, 0.01))
    assert quantiles(summary, 0, (0.95,)) != quantiles(plain, 0, (0.95,))


def test_a_share_has_the_interval_of_its_sections_shares_or_an_exact_one(rng):
    coin = (rng.random(N) < 0.3).astype(float)
    numbers = section_numbers(0, N, SECTIONS)
    shares = [coin[numbers == section].mean() for section in range(SECTIONS)]
    low, high = scipy.stats.t.interval(0.95, SECTIONS - 1, loc=coin.mean(), scale=scipy.stats.sem(shares))
    found = share(summary_of(coin), 0)
    assert (found.value, found.low, found.high) == pytest.approx((coin.mean(), low, high), rel=1e-12)
    rare = (np.arange(N) < 20).astype(float)
    assert share(summary_of(rare), 0) == proportion(20, N)
    assert share(summary_of(np.zeros(N)), 0) == proportion(0, N)


def test_the_probability_of_a_sizing_month_has_the_interval_of_its_sections_shares():
    """Of the months 1 to 4 the first never sizes the pool."""
    months = np.random.default_rng(3).choice([2.0, 3.0, 4.0], size=N, p=[0.2, 0.5, 0.3])
    numbers = section_numbers(0, N, SECTIONS)
    first, *others = sizing_probabilities(summary_of(months), 0, 4)
    assert first == proportion(0, N)
    for month, found in enumerate(others, 2):
        shares = [np.mean(months[numbers == section] == month) for section in range(SECTIONS)]
        low, high = scipy.stats.t.interval(0.95, SECTIONS - 1, loc=np.mean(shares), scale=scipy.stats.sem(shares))
        assert (found.value, found.low, found.high) == pytest.approx((np.mean(months == month), low, high), rel=1e-9)


def test_a_wanted_confidence_is_students(rng):
    shares = rng.random(32)
    for confidence in (0.8, 0.95, 0.99):
        low, high = scipy.stats.t.interval(confidence, 31, scale=scipy.stats.sem(shares))
        assert half_width(shares, confidence) == pytest.approx((high - low) / 2, rel=1e-12)


def test_an_end_beyond_all_values_is_refused():
    assert ranks_within(100, 0.95, 0.06) == (88, None)
    assert ranks_within(100, 0.05, 0.06) == (None, 10)
    assert ranks_within(8, 0.25, 0.25) == (None, 3)  # exactly at an end, which no value encloses
    assert ranks_within(8, 0.75, 0.25) == (3, None)
    assert ranks_within(100, 0.5, 0.1) == (39, 59)


def test_the_ratio_of_widths_is_that_of_the_intervals(rng):
    """Every section holds the same values, so that the shares hardly differ; and all at random, where nothing is gained."""
    base = np.exp(rng.normal(0, 0.3, N // SECTIONS))
    even = np.tile(base.reshape(-1, 1, 256), (1, SECTIONS, 1)).ravel()
    assert interval_ratio(summary_of(even), 0) < 0.2
    random = summary_of(np.exp(rng.normal(0, 0.3, N)))
    (found,) = quantiles(random, 0, (0.95,))
    low, high = random.at_rank(0, ranks(N, 0.95))
    assert interval_ratio(random, 0) == (found.high - found.low) / (high - low)
    assert 0.5 < interval_ratio(random, 0) < 1.7
    assert interval_ratio(summary_of(base, sections=0), 0) == 1.0


def test_a_method_that_gains_nothing_says_so():
    assert gain_warning("sobol", 0.6) == ()
    assert gain_warning("random", 1.0) == ()
    assert "1.02 times" in gain_warning("sobol", 1.02)[0]
