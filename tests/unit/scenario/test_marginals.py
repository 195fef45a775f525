"""Distributions as the user writes them: parameters against scipy, every refusal with its place and remedy."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simcost.scenario.distributions import canonical as d
from simcost.scenario.distributions.marginals import DISTRIBUTION_KEYS, from_table
from simcost.scenario.distributions.parameter_forms import FAMILIES
from simcost.scenario.distributions.schema import DISTRIBUTIONS

FIT = 1e-12
"""Relative: closed forms of a few operations; scipy's own quantiles are good to about 1e-14."""

HERE = Path()


SCIPY = {
    d.Uniform: lambda x: stats.uniform(x.low, x.high - x.low),
    d.Normal: lambda x: stats.norm(x.mean, x.sd),
    d.Lognormal: lambda x: stats.lognorm(x.sigma, scale=math.exp(x.mu)),
    d.Triangular: lambda x: stats.triang((x.mode - x.low) / (x.high - x.low), x.low, x.high - x.low),
    d.Beta: lambda x: stats.beta(x.alpha, x.beta, x.low, x.high - x.low),
    d.Gamma: lambda x: stats.gamma(x.shape, scale=x.scale),
    d.Weibull: lambda x: stats.weibull_min(x.shape, scale=x.scale),
    d.Exponential: lambda x: stats.expon(scale=x.mean),
    d.StudentT: lambda x: stats.t(x.df, x.location, x.scale),
    d.Pareto: lambda x: stats.pareto(x.shape, scale=x.minimum),
    d.Poisson: lambda x: stats.poisson(x.mean),
    d.Binomial: lambda x: stats.binom(x.n, x.p),
    d.Scipy: lambda x: getattr(stats, x.name)(**dict(x.parameters)),
}


def frozen(distribution):
    """The same distribution in scipy."""
    return SCIPY[type(distribution)](distribution)


def read(**table):
    return from_table(table, folder=HERE)


@pytest.mark.parametrize(
    ("key", "parameters", "mean", "sd"),
    [
        ("normal", {"mean": 10, "sd": 2}, 10, 2),
        ("normal", {"mean": -3.5, "sd": 0.1}, -3.5, 0.1),
        ("lognormal", {"mean": 10, "sd": 3}, 10, 3),
        ("lognormal", {"mean": 1e6, "sd": 1e4}, 1e6, 1e4),
        ("lognormal", {"mean": 1, "sd": 40}, 1, 40),
        ("beta", {"mean": 0.45, "sd": 0.12}, 0.45, 0.12),
        ("beta", {"mean": 45, "sd": 12, "low": 20, "high": 100}, 45, 12),
        ("beta", {"mean": 0.02, "sd": 0.1}, 0.02, 0.1),
        ("beta", {"alpha": 2, "beta": 3, "low": -1, "high": 1}, -0.2, 0.4),
        ("gamma", {"mean": 4200, "sd": 1500}, 4200, 1500),
        ("gamma", {"shape": 4, "scale": 3}, 12, 6),
        ("student_t", {"df": 3, "mean": 5, "sd": 2}, 5, 2),
        ("student_t", {"df": 30, "mean": -5, "sd": 0.2}, -5, 0.2),
        ("exponential", {"mean": 3}, 3, 3),
        ("poisson", {"mean": 9}, 9, 3),
        ("binomial", {"n": 100, "p": 0.5}, 50, 5),
        ("pert", {"low": 5, "mode": 6, "high": 12}, (5 + 4 * 6 + 12) / 6, None),
        ("triangular", {"low": 5, "mode": 6, "high": 13}, 8, None),
        ("uniform", {"low": -1, "high": 3}, 1, 4 / math.sqrt(12)),
        ("weibull", {"shape": 2, "scale": 36}, 36 * math.gamma(1.5), None),
        ("pareto", {"minimum": 10, "shape": 3}, 15, None),
        ("scipy", {"name": "gumbel_r", "loc": 10, "scale": 2}, 10 + 2 * np.euler_gamma, 2 * math.pi / math.sqrt(6)),
    ],
)
def test_mean_and_standard_deviation_are_those_that_were_asked_for(key, parameters, mean, sd):
    distribution = frozen(read(**{key: parameters}))
    assert distribution.mean() == pytest.approx(mean, rel=1e-9)
    assert sd is None or distribution.std() == pytest.approx(sd, rel=1e-9)


@settings(deadline=None)
@given(
    st.sampled_from(["normal", "lognormal"]),
    st.lists(st.floats(0.1, 99.9).map(lambda p: round(p, 1)), min_size=2, max_size=2, unique=True)
    .map(sorted)
    .filter(lambda percents: percents[1] - percents[0] > 5),
    st.floats(0.01, 1e6),
    st.floats(1.01, 100),
)
def test_any_two_percentiles_are_met(key, percents, low, ratio):
    table = {f"p{percent:g}": value for percent, value in zip(percents, (low, low * ratio), strict=True)}
    distribution = frozen(read(**{key: table}))
    for percent, value in zip(percents, (low, low * ratio), strict=True):
        # The percent as a float, the spread of the points and scipy's own rounding each cost a few digits.
        assert distribution.ppf(percent / 100) == pytest.approx(value, rel=1e-9)


def test_a_small_spread_keeps_its_digits():
    """For a small ratio r of sd to mean, the sd of the logarithm is r (1 - r^2 / 4 + ...)."""
    assert read(lognormal={"mean": 1e6, "sd": 1e-2}).sigma == pytest.approx(1e-8, rel=FIT)


def test_percentiles_may_be_named_by_fractions_and_by_the_median():
    assert read(normal={"p2.5": -1.959963984540054, "p97.5": 1.959963984540054}) == d.Normal(
        pytest.approx(0, abs=FIT), pytest.approx(1, rel=FIT)
    )
    assert read(lognormal={"median": 9, "p95": 16}) == read(lognormal={"p50": 9, "p95": 16})
    assert read(lognormal={"median": 10, "sd_log": 0.2}) == d.Lognormal(math.log(10), 0.2)


@pytest.mark.parametrize(
    ("points", "bounds"),
    [
        ((20, 30, 60), {}),
        ((20, 30, 60), {"low": 0}),
        ((20, 50, 60), {"high": 70}),
        ((20, 30, 60), {"low": 0, "high": 100}),
        ((-5, 0, 5), {}),
        ((10, 10.9, 15), {}),
    ],
)
def test_a_metalog_goes_through_its_three_points_and_ascends(points, bounds):
    metalog = read(metalog=dict(zip(("p10", "p50", "p90"), points, strict=True)) | bounds)
    assert [metalog.quantile(u) for u in (0.1, 0.5, 0.9)] == pytest.approx(points, rel=FIT, abs=FIT)
    quantiles = [metalog.quantile(u) for u in np.linspace(1e-9, 1 - 1e-9, 20_001)]
    assert np.all(np.diff(quantiles) > 0)
    assert bounds.get("low", -math.inf) <= quantiles[0]
    assert quantiles[-1] <= bounds.get("high", math.inf)


def test_events_and_lists_become_outcomes_with_probabilities_that_sum_to_one():
    assert read(bernoulli={"p": 0.25}) == d.Discrete((0, 1), (0.75, 0.25))
    assert read(discrete={"values": [6, 4, 6], "weights": [1, 2, 1]}) == d.Discrete((4, 6), (0.5, 0.5))
    assert read(discrete={"values": [6, 4], "weights": [1, 0]}) == d.Constant(6)
    assert read(empirical={"values": [3, 1, 3, -0.0, 0.0]}) == d.Discrete((0, 1, 3), (0.4, 0.2, 0.4))
    many = read(empirical={"values": [float(i % 977) for i in range(10_000)]})
    assert math.fsum(many.probabilities) == pytest.approx(1, rel=1e-15)
    assert list(many.values) == sorted(set(many.values))


def test_what_cannot_vary_is_a_constant():
    assert read(value=5) == d.Constant(5)
    assert read(bernoulli={"p": 1}) == d.Constant(1)
    assert read(bernoulli={"p": 0}) == d.Constant(0)
    assert read(binomial={"n": 7, "p": 1}) == d.Constant(7)
    assert read(empirical={"values": [2, 2]}) == d.Constant(2)


def test_a_mixture_may_hold_numbers_truncations_and_mixtures():
    inner = {"components": [{"weight": 1, "value": 0}, {"weight": 3, "normal": {"mean": 5, "sd": 1}, "min": 0}]}
    mixture = read(mixture={"components": [{"weight": 2, "uniform": {"low": 0, "high": 1}}, {"weight": 2, "mixture": inner}]})
    truncated = d.Truncated(d.Normal(5, 1), 0, math.inf)
    assert mixture == d.Mixture((d.Uniform(0, 1), d.Mixture((d.Constant(0), truncated), (0.25, 0.75))), (0.5, 0.5))


def test_a_component_of_weight_zero_is_left_out():
    components = [{"weight": 1, "value": 3}, {"weight": 0, "value": 9}]
    assert read(mixture={"components": components}) == d.Constant(3)


def test_truncation_keeps_the_simplest_form():
    assert read(uniform={"low": 0, "high": 10}, min=3) == d.Uniform(3, 10)
    assert read(discrete={"values": [1, 2, 3], "weights": [2, 1, 1]}, min=2) == d.Discrete((2, 3), (0.5, 0.5))
    assert read(normal={"mean": 0, "sd": 1}, max=2) == d.Truncated(d.Normal(0, 1), -math.inf, 2)


@pytest.mark.parametrize(
    "key", [key for key in DISTRIBUTIONS if key not in ("mixture", "empirical", "discrete", "metalog", "bernoulli")]
)
def test_probabilities_of_ranges_are_scipys(key):
    distribution = read(**{key: DISTRIBUTIONS[key].example})
    expected = frozen(distribution)
    for u in (1e-3, 0.1, 0.5, 0.9, 0.999):
        x = float(expected.ppf(u))
        assert distribution.probability_up_to(x) == pytest.approx(expected.cdf(x), abs=1e-9)
    low, high = float(expected.ppf(0.2)), float(expected.ppf(0.7))
    inside = expected.cdf(high) - expected.cdf(low) + (expected.pmf(low) if hasattr(expected.dist, "pmf") else 0)
    assert distribution.probability_of_range(low, high) == pytest.approx(inside, abs=1e-9)
    assert distribution.probability_up_to(-1e9) == pytest.approx(0, abs=1e-9)
    assert distribution.probability_up_to(1e12) == pytest.approx(1, abs=1e-9)


def test_probabilities_of_composed_distributions_add_up():
    metalog = read(metalog={"p10": 20, "p50": 30, "p90": 60, "low": 0})
    assert [metalog.probability_up_to(x) for x in (-1, 20, 30, 60)] == pytest.approx([0, 0.1, 0.5, 0.9], abs=1e-9)
    bounded = read(metalog={"p10": 20, "p50": 30, "p90": 60, "high": 100})
    assert bounded.probability_up_to(100) == 1
    mixture = d.Mixture((d.Constant(0), d.Uniform(0, 10)), (0.4, 0.6))
    assert mixture.probability_of_range(0, 5) == pytest.approx(0.7, rel=FIT)
    truncated = d.Truncated(d.Uniform(0, 10), 2, 4)
    assert [truncated.probability_up_to(x) for x in (1, 3, 5)] == pytest.approx([0, 0.5, 1], rel=FIT)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"value": 1234567.8}, "1,234,568"),
        ({"uniform": {"low": 0.001, "high": 5}}, "uniform 0.001 to 5"),
        ({"normal": {"mean": 10, "sd": 2}}, "normal mean 10, sd 2"),
        ({"lognormal": {"p5": 9, "p95": 16}}, "lognormal P5 9, P95 16"),
        ({"triangular": {"low": 500, "mode": 650, "high": 900}}, "triangular 500 to 650 to 900"),
        ({"pert": {"low": 8, "mode": 10, "high": 14}}, "PERT 8 to 10 to 14"),
        ({"beta": {"mean": 0.45, "sd": 0.12}}, "beta mean 0.45, sd 0.12"),
        ({"beta": {"mean": 4, "sd": 1, "low": 2, "high": 8}}, "beta mean 4, sd 1 between 2 and 8"),
        ({"gamma": {"mean": 4200, "sd": 1500}}, "gamma mean 4,200, sd 1,500"),
        ({"student_t": {"df": 4, "mean": 10, "sd": 2}}, "Student t df 4, mean 10, sd 2"),
        ({"bernoulli": {"p": 0.06}}, "1 with probability 0.06, else 0"),
        ({"discrete": {"values": [4, 6], "weights": [0.7, 0.3]}}, "4 (70 %), 6 (30 %)"),
        ({"empirical": {"values": list(range(9))}}, "one of 9 values from 0 to 8"),
        ({"metalog": {"p10": 20, "p50": 30, "p90": 60, "low": 0}}, "metalog P10 20, P50 30, P90 60 above 0"),
        ({"scipy": {"name": "gumbel_r", "loc": 10, "scale": 2}}, "scipy gumbel_r loc 10, scale 2"),
        ({"normal": {"mean": 1, "sd": 2}, "min": 0, "max": 1e12}, "normal mean 1, sd 2, min 0, max 1,000,000,000,000"),
        ({"mixture": {"components": [{"weight": 0.3, "value": 0}, {"weight": 0.7, "poisson": {"mean": 3}}]}},
         "mixture of 30 % 0; 70 % poisson mean 3"),
    ],
)  # fmt: skip
def test_a_distribution_is_described_in_a_few_words(table, words):
    assert from_table(table, folder=HERE).in_words() == words


def test_the_schema_and_the_reader_know_the_same_distributions():
    assert set(DISTRIBUTIONS) == set(DISTRIBUTION_KEYS)
    for name, described in DISTRIBUTIONS.items():
        if name in FAMILIES:
            assert set(described.forms) == set(FAMILIES[name].forms)
            assert described.optional == FAMILIES[name].optional
            assert described.percentiles == (FAMILIES[name].percentiles is not None)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_every_example_of_the_schema_is_read_and_described(name):
    distribution = read(**{name: DISTRIBUTIONS[name].example})
    assert distribution.in_words()
