"""Modes and medians against scipy's densities and quantiles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simcost.scenario.distributions import canonical as d

CONTINUOUS = {
    "normal": (d.Normal(3, 2), stats.norm(3, 2)),
    "lognormal": (d.Lognormal(1.5, 0.6), stats.lognorm(0.6, scale=math.exp(1.5))),
    "triangular": (d.Triangular(2, 3, 7), stats.triang(0.2, 2, 5)),
    "pert": (d.Beta(1 + 4 / 6, 1 + 20 / 6, 8, 14), stats.beta(1 + 4 / 6, 1 + 20 / 6, 8, 6)),
    "gamma": (d.Gamma(2.5, 4), stats.gamma(2.5, scale=4)),
    "weibull": (d.Weibull(1.7, 36), stats.weibull_min(1.7, scale=36)),
    "student": (d.StudentT(4, 10, 2), stats.t(4, 10, 2)),
}
COUNTS = {
    "poisson": (d.Poisson(3.4), stats.poisson(3.4)),
    "binomial": (d.Binomial(20, 0.13), stats.binom(20, 0.13)),
    "certain trials": (d.Binomial(7, 1.0), stats.binom(7, 1.0)),
    "discrete": (d.Discrete((4, 6, 8), (0.3, 0.5, 0.2)), stats.rv_discrete(values=((4, 6, 8), (0.3, 0.5, 0.2)))),
}
AT_AN_END = {
    "exponential": (d.Exponential(3), 0),
    "pareto": (d.Pareto(1_000, 2.5), 1_000),
    "gamma": (d.Gamma(0.7, 4), 0),
    "weibull": (d.Weibull(1, 4), 0),
    "falling beta": (d.Beta(1, 3, 5, 9), 5),
    "rising beta": (d.Beta(2, 0.5, 5, 9), 9),
    "an event": (d.Discrete((0, 1), (0.94, 0.06)), 0),
}
NONE = {
    "uniform": (d.Uniform(2, 5), 3.5),
    "flat beta": (d.Beta(1, 1, 2, 5), 3.5),
    "u-shaped beta": (d.Beta(0.5, 0.5), 0.5),
    "two counts": (d.Binomial(9, 0.5), 4),
    "equal shares": (d.Discrete(tuple(range(10)), (0.1,) * 10), 4),
    "mixture": (d.Mixture((d.Constant(0), d.Normal(10, 2)), (0.3, 0.7)), stats.norm(10, 2).ppf(2 / 7)),
    "atom at half": (d.Mixture((d.Constant(0), d.Normal(10, 2)), (0.6, 0.4)), 0),
    "scipy": (d.Scipy("gumbel_r", (("loc", 10), ("scale", 2))), stats.gumbel_r(10, 2).median()),
    "metalog": (d.Metalog((30.0, 8.0, 4.0)), 30),
    "truncated u-shape": (d.Truncated(d.Beta(0.5, 0.5), 0, 0.5), stats.beta(0.5, 0.5).ppf(0.25)),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_no_value_has_a_greater_density_than_the_mode(name: str) -> None:
    distribution, oracle = CONTINUOUS[name]
    peak, grid = distribution.mode_if_known(), oracle.ppf(np.linspace(0.001, 0.999, 4_001))
    assert peak is not None
    best = grid[oracle.pdf(grid).argmax()]
    assert oracle.pdf(peak) >= oracle.pdf(grid).max() * (1 - 1e-12)
    assert abs(peak - best) <= 2 * np.diff(grid).max()


@pytest.mark.parametrize("name", COUNTS)
def test_no_count_is_likelier_than_the_mode(name: str) -> None:
    distribution, oracle = COUNTS[name]
    assert distribution.mode_if_known() == int(oracle.pmf(np.arange(30)).argmax())


@pytest.mark.parametrize("name", AT_AN_END)
def test_a_density_that_falls_all_the_way_has_its_mode_at_the_end(name: str) -> None:
    distribution, end = AT_AN_END[name]
    assert distribution.mode_if_known() == end


@pytest.mark.parametrize("name", NONE)
def test_what_has_no_mode_has_a_median(name: str) -> None:
    distribution, middle = NONE[name]
    assert distribution.mode_if_known() is None
    assert distribution.quantile(0.5) == pytest.approx(middle, rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("name", {**CONTINUOUS, **COUNTS})
def test_medians_are_scipys(name: str) -> None:
    distribution, oracle = {**CONTINUOUS, **COUNTS}[name]
    assert distribution.quantile(0.5) == pytest.approx(oracle.median(), rel=1e-8)


@pytest.mark.parametrize(
    ("base", "low", "high", "expected"),
    [
        (d.Normal(0, 1), -2, 2, 0),
        (d.Normal(0, 1), 0.5, math.inf, 0.5),
        (d.Normal(0, 1), -math.inf, -0.5, -0.5),
        (d.Poisson(3.4), 4.5, math.inf, 5),
        (d.Poisson(3.4), -math.inf, 1.5, 1),
        (d.Discrete((4, 6, 8), (0.3, 0.5, 0.2)), 7, 9, 8),
    ],
)
def test_a_truncated_peak_is_cut_to_what_is_left(base: d.Distribution, low: float, high: float, expected: float) -> None:
    assert d.Truncated(base, low, high).mode_if_known() == expected
