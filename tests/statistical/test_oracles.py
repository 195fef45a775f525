"""The checks themselves: they pass for the right distribution, and fail for one that is a little wrong."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from . import oracles

N = 200_000
ALPHA = 1e-9


def normal(seed=1):
    return stats.norm.ppf(np.random.Generator(np.random.Philox(seed)).random(N))


CHECKS = {
    "kolmogorov-smirnov": lambda x: oracles.kolmogorov_smirnov(stats.norm.cdf(x), ALPHA),
    "chi-square": lambda x: oracles.chi_square_of_cells(stats.norm.cdf(x), ALPHA),
    "moments": lambda x: oracles.moments(x, 0.0, 1.0, ALPHA),
    "quantiles": lambda x: oracles.quantiles(x, stats.norm.ppf, ALPHA),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_passes_for_the_right_distribution(name):
    assert CHECKS[name](normal()) <= 1.0


@pytest.mark.parametrize("name", ["kolmogorov-smirnov", "moments", "quantiles"])
def test_a_check_fails_for_a_mean_that_is_off_by_three_percent_of_the_standard_deviation(name):
    assert CHECKS[name](normal() + 0.03) > 1.0


@pytest.mark.parametrize("name", ["moments", "quantiles"])
def test_a_check_fails_for_a_standard_deviation_that_is_off_by_three_percent(name):
    assert CHECKS[name](normal() * 1.03) > 1.0


def test_chi_square_fails_where_twenty_cells_in_a_thousand_are_empty():
    p = stats.norm.cdf(normal())
    uneven = np.where((p > 0.5) & (p < 0.52), p - 0.02, p)
    assert oracles.chi_square_of_cells(uneven, ALPHA) > 1.0


def test_chi_square_of_values_tells_a_poisson_from_its_neighbour():
    x = stats.poisson(3.0).ppf(np.random.Generator(np.random.Philox(2)).random(N))
    assert oracles.chi_square_of_values(x, stats.poisson(3.0), ALPHA) <= 1.0
    assert oracles.chi_square_of_values(x, stats.poisson(3.05), ALPHA) > 1.0
