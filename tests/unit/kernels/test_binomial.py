"""The binomial quantile whose parameters are values: against scipy, over its ranges and at their seams."""

import numpy as np
import pytest
from scipy import stats

from simcost_kernels.functions.binomial import FEW, binomial_quantile

U = np.concatenate([(np.arange(4000) + 0.5) / 4000, 2.0 ** -np.arange(2, 54), 1 - 2.0 ** -np.arange(2, 54)])

ROUNDING = 1e-12
"""Of a sum of up to 256 probabilities, the first of which is an exponential of up to -90: 1e-14 each at the most."""

NORMAL_ERROR = 6e-4
"""Beyond a mean of `FEW`: greatest distance of the distribution function from the true one, as the body states."""


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (12, 0.015), (24, 0.5), (24, 0.98), (500, 0.01), (128, 0.5), (10_000, 0.0064)])
def test_few_are_the_least_counts_whose_distribution_function_reaches_u(n, p):
    found = binomial_quantile(U, float(n), p)
    assert np.all(stats.binom.cdf(found, n, p) >= U - ROUNDING)
    assert np.all(stats.binom.cdf(found - 1, n, p) < U + ROUNDING)
    assert np.any(stats.binom.cdf(found, n, p) > U + ROUNDING)


@pytest.mark.parametrize(("n", "p"), [(1000, 0.0645), (1000, 0.3), (200, 0.5), (5000, 0.97), (1_000_000, 0.01)])
def test_many_have_a_distribution_function_near_the_true_one(n, p):
    assert n * min(p, 1 - p) > FEW
    u = (np.arange(200_000) + 0.5) / 200_000
    found = binomial_quantile(u, float(n), p)
    counts, first = np.unique(found, return_index=True)
    reached = np.append(first[1:], u.size) / u.size  # P(X <= count) of what is found
    assert np.abs(reached - stats.binom.cdf(counts, n, p)).max() < NORMAL_ERROR + 1 / u.size


def test_a_plain_normal_would_be_farther_off():
    """Negative control of the bound."""
    n, p, u = 1000, 0.0645, (np.arange(200_000) + 0.5) / 200_000
    mean, sd = n * p, np.sqrt(n * p * (1 - p))
    counts, first = np.unique(np.floor(mean + sd * stats.norm.ppf(u) + 0.5), return_index=True)
    assert np.abs(np.append(first[1:], u.size) / u.size - stats.binom.cdf(counts, n, p)).max() > 5 * NORMAL_ERROR


@pytest.mark.parametrize(("n", "p", "expected"), [(0, 0.5, 0), (-3, 0.5, 0), (7.9, 1, 7), (7, 2, 7), (7, -0.1, 0), (500, 0, 0)])
def test_what_is_no_probability_or_no_number_of_trials_is_cut(n, p, expected):
    assert np.all(binomial_quantile(U, np.float64(n), np.float64(p)) == expected)


def test_what_is_undefined_stays_so():
    nan, half = np.full(3, np.nan), np.full(3, 0.5)
    ten = np.full(3, 10.0)
    for arguments in ((nan, ten, half), (half, nan, half), (half, ten, nan)):
        assert np.isnan(binomial_quantile(*arguments)).all()


def test_a_quantile_ascends_with_its_uniform():
    u = np.sort(U)
    for n, p in ((24, 0.1), (24, 0.9), (3000, 0.2), (3000, 0.8)):
        assert np.all(np.diff(binomial_quantile(u, float(n), p)) >= 0)
