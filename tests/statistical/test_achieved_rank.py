"""The rank correlation that ``validate`` says is got is that of the draws, ties included."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal, norm, spearmanr

from simcost.compile.dependence.achieved_rank import ACHIEVED_RANK_ERROR, achieved_rank
from simcost.compile.dependence.copulas import Gaussian
from simcost.compile.distributions.quantiles import quantile
from simcost.scenario.distributions import canonical as d

DRAWS = 1_000_000
BOUND = ACHIEVED_RANK_ERROR + 5.0 / math.sqrt(DRAWS)  # a sample rho has a standard error of at most 1/sqrt(n)

NORMAL = d.Normal(0.0, 1.0)
EVENT = d.Discrete((0.0, 1.0), (0.7, 0.3))
THIRDS = d.Discrete((1.0, 5.0, 100.0), (1 / 3, 1 / 3, 1 / 3))
COUNT = d.Poisson(0.3)


@pytest.mark.parametrize("r", [-1.0, -0.6, 0.0, 0.813, 1.0])
@pytest.mark.parametrize(
    "pair",
    [(EVENT, THIRDS), (COUNT, NORMAL), (NORMAL, EVENT), (COUNT, d.Mixture((d.Constant(0.0), d.Gamma(2.0, 1.0)), (0.5, 0.5)))],
    ids=["event and thirds", "count and normal", "normal and event", "count and zero-inflated"],
)
def test_the_rank_that_is_said_is_that_of_the_draws(pair: tuple[d.Distribution, d.Distribution], r: float) -> None:
    z = np.random.default_rng(20270101).standard_normal((2, DRAWS))
    scores = z[0], r * z[0] + math.sqrt(1.0 - r * r) * z[1]
    drawn = spearmanr(*(quantile(each, ndtr(score)) for each, score in zip(pair, scores, strict=True))).statistic
    assert achieved_rank(Gaussian(r), *pair) == pytest.approx(drawn, abs=BOUND)


def test_the_rank_of_continuous_inputs_would_not_do_for_an_event() -> None:
    assert achieved_rank(Gaussian(0.813), NORMAL, NORMAL) - achieved_rank(Gaussian(0.813), EVENT, THIRDS) > 20 * BOUND


def test_the_rank_of_continuous_inputs_is_exact() -> None:
    assert achieved_rank(Gaussian(0.5), NORMAL, d.Uniform(0.0, 1.0)) == 6.0 / math.pi * math.asin(0.25)


def test_a_count_of_many_values_has_the_rank_of_a_continuous_input() -> None:
    assert achieved_rank(Gaussian(0.5), d.Poisson(1e6), NORMAL) == pytest.approx(
        6.0 / math.pi * math.asin(0.25), abs=ACHIEVED_RANK_ERROR
    )


@pytest.mark.parametrize("p", [0.5, 0.3, 1 / 7, 1e-3, 1e-5])
def test_an_event_reaches_no_more_than_its_ties_allow(p: float) -> None:
    most = math.sqrt(3.0 * p * (1.0 - p))  # correlation of the event with a uniform that decides it
    event = d.Discrete((0.0, 1.0), (1.0 - p, p))
    assert achieved_rank(Gaussian(1.0), event, NORMAL) == pytest.approx(most, abs=ACHIEVED_RANK_ERROR)
    assert achieved_rank(Gaussian(-1.0), NORMAL, event) == pytest.approx(-most, abs=ACHIEVED_RANK_ERROR)


@pytest.mark.parametrize("r", [-0.9, 0.2, 0.7, 0.99])
@pytest.mark.parametrize(("p", "q"), [(0.3, 0.04), (0.5, 0.001)])
def test_two_events_have_the_correlation_of_the_bivariate_normal_distribution(r: float, p: float, q: float) -> None:
    both = multivariate_normal([0.0, 0.0], [[1.0, r], [r, 1.0]]).cdf(norm.ppf([p, q]))
    expected = (both - p * q) / math.sqrt(p * (1 - p) * q * (1 - q))
    pair = (d.Discrete((0.0, 1.0), (1.0 - each, each)) for each in (p, q))
    assert achieved_rank(Gaussian(r), *pair) == pytest.approx(expected, abs=ACHIEVED_RANK_ERROR)


def test_a_single_value_has_no_rank_to_correlate() -> None:
    assert achieved_rank(Gaussian(0.5), d.Discrete((1.0,), (1.0,)), NORMAL) == 0.0
