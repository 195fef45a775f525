"""Draws of every distribution, as a plan on the reference back end makes them, against scipy.stats.

One fixed seed, no retry; the error probability of the whole module is 1e-6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from simcost.compile.builder import Builder
from simcost.compile.distributions.quantiles import quantile_steps
from simcost.scenario.distributions import canonical as d
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.stream import stream_id

from . import oracles

SEED = 20261121
MANY = 10_000_000
FEW = 200_000

PERT = (1.0 + 4.0 / 3.0, 5.0 - 4.0 / 3.0)

CONTINUOUS = {
    "uniform": (d.Uniform(-3.0, 7.5), stats.uniform(-3.0, 10.5)),
    "normal": (d.Normal(10.0, 2.0), stats.norm(10.0, 2.0)),
    "lognormal": (d.Lognormal(1.5, 0.3), stats.lognorm(0.3, scale=math.exp(1.5))),
    "triangular": (d.Triangular(500.0, 650.0, 900.0), stats.triang(0.375, 500.0, 400.0)),
    "pert": (d.Beta(*PERT, 8.0, 14.0), stats.beta(*PERT, 8.0, 6.0)),
    "beta": (d.Beta(2.0, 5.0), stats.beta(2.0, 5.0)),
    "beta with two peaks": (d.Beta(0.5, 0.3), stats.beta(0.5, 0.3)),
    "gamma": (d.Gamma(2.5, 3.0), stats.gamma(2.5, scale=3.0)),
    "gamma of small shape": (d.Gamma(0.3, 1.0), stats.gamma(0.3)),
    "weibull": (d.Weibull(1.7, 4.0), stats.weibull_min(1.7, scale=4.0)),
    "exponential": (d.Exponential(30.0), stats.expon(scale=30.0)),
    "student t": (d.StudentT(12.0, 10.0, 2.0), stats.t(12.0, 10.0, 2.0)),
    "pareto": (d.Pareto(2.0, 12.0), stats.pareto(12.0, scale=2.0)),
    "truncated normal": (d.Truncated(d.Normal(5.0, 3.0), 0.0, math.inf), stats.truncnorm(-5.0 / 3.0, math.inf, 5.0, 3.0)),
    "normal truncated far out": (d.Truncated(d.Normal(0.0, 1.0), 6.0, 8.0), stats.truncnorm(6.0, 8.0)),
    "genextreme": (d.Scipy("genextreme", (("c", 0.1), ("loc", 2.0), ("scale", 3.0))), stats.genextreme(0.1, 2.0, 3.0)),
}

COUNTS = {
    "poisson": (d.Poisson(3.7), stats.poisson(3.7)),
    "large poisson": (d.Poisson(400.0), stats.poisson(400.0)),
    "binomial": (d.Binomial(40, 0.3), stats.binom(40, 0.3)),
    "bernoulli": (d.Discrete((0.0, 1.0), (0.7, 0.3)), stats.binom(1, 0.3)),
    "discrete": (
        d.Discrete((4.0, 6.0, 8.0, 12.0), (0.2, 0.4, 0.3, 0.1)),
        stats.rv_discrete(values=((4, 6, 8, 12), (0.2, 0.4, 0.3, 0.1))),
    ),
}


class Blend:
    """A mixture of scipy's distributions."""

    def __init__(self, parts, weights):
        self.parts, self.weights = parts, weights

    def cdf(self, x):
        return sum(weight * part.cdf(x) for part, weight in zip(self.parts, self.weights, strict=True))

    def mean(self):
        return sum(weight * part.mean() for part, weight in zip(self.parts, self.weights, strict=True))

    def std(self):
        squares = sum(weight * (part.var() + part.mean() ** 2) for part, weight in zip(self.parts, self.weights, strict=True))
        return math.sqrt(squares - self.mean() ** 2)


class Keelin:
    """A metalog with a lower bound of zero: its distribution function interpolated between quantiles by its formula.

    Everything on a grid of logits so fine that interpolation is off by 1e-9, and sums over it are integrals.
    """

    def __init__(self, coefficients):
        a1, a2, a3 = coefficients
        self.logits = np.linspace(-40.0, 40.0, 400_001)
        self.values = np.exp(a1 + a2 * self.logits + a3 * (special.expit(self.logits) - 0.5) * self.logits)
        self.density = special.expit(self.logits) * special.expit(-self.logits)

    def cdf(self, x):
        return special.expit(np.interp(x, self.values, self.logits))

    def moment(self, order):
        return np.trapezoid(self.values**order * self.density, self.logits)

    def mean(self):
        return self.moment(1)

    def std(self):
        return math.sqrt(self.moment(2) - self.moment(1) ** 2)


CONTINUOUS["metalog"] = (d.Metalog((3.0, 0.1, 0.05), low=0.0), Keelin((3.0, 0.1, 0.05)))
CONTINUOUS["two normals"] = (
    d.Mixture((d.Normal(0.0, 1.0), d.Normal(3.0, 0.5)), (0.7, 0.3)),
    Blend((stats.norm(0.0, 1.0), stats.norm(3.0, 0.5)), (0.7, 0.3)),
)
CONTINUOUS["two separate uniforms"] = (
    d.Mixture((d.Uniform(0.0, 1.0), d.Uniform(2.0, 3.0)), (0.25, 0.75)),
    Blend((stats.uniform(0.0, 1.0), stats.uniform(2.0, 1.0)), (0.25, 0.75)),
)

ALPHA = oracles.FALSE_ALARM / (4 * (len(CONTINUOUS) + len(COUNTS) + 4))


def draws(distribution, n, name="x", seed=SEED):
    """Return n draws, by a plan of one input."""
    builder = Builder(1)
    builder.output("total", "", quantile_steps(builder, distribution, builder.draw(stream_id(name), "run")))
    kernel = ReferenceKernel(builder.finish())
    out = np.empty((1, n))
    kernel.run(seed, 0, n, out)
    return out[0]


def check_continuous(name, n):
    distribution, oracle = CONTINUOUS[name]
    x = draws(distribution, n)
    probabilities = oracle.cdf(x)
    assert oracles.kolmogorov_smirnov(probabilities, ALPHA) <= 1.0
    assert oracles.chi_square_of_cells(probabilities, ALPHA) <= 1.0
    assert oracles.moments(x, oracle.mean(), oracle.std(), ALPHA) <= 1.0
    assert oracles.quantiles(probabilities, float, ALPHA) <= 1.0


def check_count(name, n):
    distribution, oracle = COUNTS[name]
    x = draws(distribution, n)
    assert oracles.chi_square_of_values(x, oracle, ALPHA) <= 1.0
    assert oracles.moments(x, oracle.mean(), oracle.std(), ALPHA) <= 1.0


@pytest.mark.parametrize("name", CONTINUOUS)
def test_draws_have_their_distribution(name):
    check_continuous(name, FEW)


@pytest.mark.parametrize("name", COUNTS)
def test_draws_of_a_count_have_its_distribution(name):
    check_count(name, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTINUOUS)
def test_ten_million_draws_have_their_distribution(name):
    check_continuous(name, MANY)


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_ten_million_draws_of_a_count_have_its_distribution(name):
    check_count(name, MANY)


def test_draws_of_a_neighbouring_distribution_are_found_out():
    x = draws(d.Gamma(2.5, 3.0), FEW)
    neighbour = stats.gamma(2.55, scale=3.0)
    assert oracles.kolmogorov_smirnov(neighbour.cdf(x), ALPHA) > 1.0
    assert oracles.moments(x, neighbour.mean(), neighbour.std(), ALPHA) > 1.0
    assert oracles.quantiles(neighbour.cdf(x), float, ALPHA) > 1.0


@pytest.mark.slow
def test_ten_million_draws_of_a_distribution_nearer_still_are_found_out():
    x = draws(d.Gamma(2.5, 3.0), MANY)
    neighbour = stats.gamma(2.51, scale=3.0)
    assert oracles.kolmogorov_smirnov(neighbour.cdf(x), ALPHA) > 1.0
    assert oracles.chi_square_of_cells(neighbour.cdf(x), ALPHA) > 1.0


@pytest.mark.parametrize("n", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_zero_inflation_has_its_share_of_zeros_and_its_distribution_beside(n):
    x = draws(d.Mixture((d.Constant(0.0), d.Beta(2.0, 5.0)), (0.67, 0.33)), n)
    zeros = np.count_nonzero(x == 0.0)
    beside = stats.beta(2.0, 5.0).cdf(x[x > 0.0])
    assert oracles.chi_square(np.array([zeros, n - zeros]), np.array([0.67, 0.33]) * n, ALPHA) <= 1.0
    assert oracles.kolmogorov_smirnov(beside, ALPHA) <= 1.0
    assert oracles.chi_square_of_cells(beside, ALPHA) <= 1.0
