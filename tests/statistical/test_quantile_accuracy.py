"""Each distribution's inverse, as the plan's steps compute it, against mpmath at u from 2**-53 to 1 - 2**-53."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from scipy import stats
from scipy.stats._distr_params import distcont

from simcost.compile.distributions.density import from_density
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.quantiles import (
    CLOSED_FORM_ERROR,
    TABLE_ERROR,
    quantile,
    quantile_steps,
    support,
    table_error,
    value_steps,
)
from simcost.compile.distributions.refusals import refuse_infinite
from simcost.compile.distributions.scipy_family import UNUSABLE
from simcost.compile.immediate import ImmediateSteps, draws_at
from simcost.scenario.distributions import canonical as d
from simcost.scenario.refusal import Refusal
from simcost_kernels.plan import ARITY

from . import laws

INFINITY = float("inf")


@pytest.fixture(scope="module", autouse=True)
def digits():
    """Of mpmath, whatever other tests set them to."""
    with mp.workdps(laws.DIGITS):
        yield


NORMAL_BOUND = 1e-15
"""Relative; the score itself, without mean and sd."""

METALOG_BOUND = CLOSED_FORM_ERROR * 20.0
"""Its score, which may be exponentiated, goes to 19 here."""

SCIPY_BOUND = 1e-11
"""The worst of scipy's hundred distributions, measured 5e-13."""

SCIPY_CDF_ERROR = 1e-7
"""Of a generic distribution function in scipy.stats: a quadrature."""

SCIPY_OWN_ERROR = 1e-9
"""Of a generic inverse in scipy.stats: a root of a quadrature."""

ROUNDING = 1e-14
"""Neighbours of a table may change places by twice the noise of its coefficients, which it is measured at some points only."""

DRAWABLE = np.concatenate(
    [
        2.0 ** -np.arange(53, 0, -2.0),
        1.0 - 2.0 ** -np.arange(3, 54, 2.0),
        np.round(np.random.default_rng(20261121).random(40) * 2**53) / 2**53,
    ]
)
"""Multiples of 2**-53: 1 - u is exact."""

FINE = np.unique(np.concatenate([2.0 ** np.linspace(-53, -1, 20_011), 1.0 - np.round(2.0 ** np.linspace(0, 52, 20_011)) / 2**53]))
FINE = FINE[(FINE >= 2.0**-53) & (FINE <= 1.0 - 2.0**-53)]

CLOSED = {
    "uniform": (d.Uniform(-3.0, 7.5), laws.uniform(-3.0, 7.5)),
    "lognormal": (d.Lognormal(1.5, 0.8), laws.lognormal(1.5, 0.8)),
    "wide lognormal": (d.Lognormal(0.0, 3.0), laws.lognormal(0.0, 3.0)),
    "triangular": (d.Triangular(500.0, 650.0, 900.0), laws.triangular(500.0, 650.0, 900.0)),
    "triangular that only rises": (d.Triangular(0.0, 2.0, 2.0), laws.triangular(0.0, 2.0, 2.0)),
    "triangular that only falls": (d.Triangular(1.0, 1.0, 2.0), laws.triangular(1.0, 1.0, 2.0)),
    "exponential": (d.Exponential(30.0), laws.gamma(1, 30.0)),
    "weibull": (d.Weibull(1.7, 4.0), laws.weibull(1.7, 4.0)),
    "weibull of infant mortality": (d.Weibull(0.5, 4.0), laws.weibull(0.5, 4.0)),
    "pareto": (d.Pareto(2.0, 1.5), laws.pareto(2.0, 1.5)),
}

TABULATED = {
    "pert": (d.Beta(1.0 + 4.0 / 3.0, 5.0 - 4.0 / 3.0, 8.0, 14.0), laws.beta(1.0 + 4.0 / 3.0, 5.0 - 4.0 / 3.0, 8.0, 14.0)),
    "beta": (d.Beta(2.0, 5.0), laws.beta(2.0, 5.0)),
    "beta with two peaks": (d.Beta(0.5, 0.3), laws.beta(0.5, 0.3)),
    "narrow beta": (d.Beta(300.0, 700.0), laws.beta(300.0, 700.0)),
    "skew beta": (d.Beta(0.1, 20.0), laws.beta(0.1, 20.0)),
    "gamma": (d.Gamma(2.5, 3.0), laws.gamma(2.5, 3.0)),
    "gamma of small shape": (d.Gamma(0.1, 1.0), laws.gamma(0.1, 1.0)),
    "gamma of large shape": (d.Gamma(2000.0, 0.5), laws.gamma(2000.0, 0.5)),
    "student t": (d.StudentT(4.0, 10.0, 2.0), laws.student_t(4.0, 10.0, 2.0)),
    "student t of few degrees of freedom": (d.StudentT(2.05, 0.0, 1.0), laws.student_t(2.05, 0.0, 1.0)),
    "student t of many degrees of freedom": (d.StudentT(500.0, 0.0, 1.0), laws.student_t(500.0, 0.0, 1.0)),
    "truncated normal": (d.Truncated(d.Normal(0.0, 1.0), -1.0, 2.5), laws.truncated(laws.normal(0, 1), -1.0, 2.5)),
    "normal truncated far out": (d.Truncated(d.Normal(0.0, 1.0), 6.0, 8.0), laws.truncated(laws.normal(0, 1), 6.0, 8.0)),
    "normal truncated below": (
        d.Truncated(d.Normal(5.0, 3.0), 0.0, INFINITY),
        laws.truncated(laws.normal(5.0, 3.0), 0.0, INFINITY),
    ),
    "two overlapping normals": (
        d.Mixture((d.Normal(0.0, 1.0), d.Normal(3.0, 0.5)), (0.7, 0.3)),
        laws.mixture([laws.normal(0, 1), laws.normal(3.0, 0.5)], (0.7, 0.3)),
    ),
    "a broad and a narrow normal": (
        d.Mixture((d.Normal(0.0, 1.0), d.Normal(0.0, 0.01)), (0.5, 0.5)),
        laws.mixture([laws.normal(0, 1), laws.normal(0, 0.01)], (0.5, 0.5)),
    ),
    "five separate normals": (
        d.Mixture(tuple(d.Normal(float(i), 0.1) for i in range(5)), (0.125, 0.25, 0.25, 0.25, 0.125)),
        laws.mixture([laws.normal(i, 0.1) for i in range(5)], (0.125, 0.25, 0.25, 0.25, 0.125)),
    ),
    "lognormal and gamma": (
        d.Mixture((d.Lognormal(0.0, 1.0), d.Gamma(3.0, 1.0)), (0.25, 0.75)),
        laws.mixture([laws.lognormal(0, 1), laws.gamma(3, 1)], (0.25, 0.75)),
    ),
}

PIECED = {
    "zero-inflated beta": d.Mixture((d.Constant(0.0), d.Beta(2.0, 5.0)), (0.67, 0.33)),
    "two separate uniforms": d.Mixture((d.Uniform(0.0, 1.0), d.Uniform(2.0, 3.0)), (0.5, 0.5)),
    "truncated triangular": d.Truncated(d.Triangular(0.0, 1.0, 5.0), 0.5, 4.0),
    "uniform and triangular that overlap": d.Mixture((d.Uniform(0.0, 1.0), d.Triangular(0.5, 0.7, 3.0)), (0.5, 0.5)),
    "truncated mixture": d.Truncated(d.Mixture((d.Normal(0.0, 1.0), d.Normal(10.0, 1.0)), (0.5, 0.5)), -1.0, 9.0),
    "an event on top of a normal": d.Mixture((d.Constant(1.0), d.Normal(0.0, 1.0)), (0.3, 0.7)),
    "capped exponential": d.Truncated(d.Exponential(2.0), 0.0, 3.0),
    "count and normal": d.Mixture((d.Binomial(3, 0.4), d.Normal(1.0, 2.0)), (0.5, 0.5)),
}

SCIPY = {
    "genextreme": d.Scipy("genextreme", (("c", -0.1), ("loc", 2.0), ("scale", 3.0))),
    "gumbel_r": d.Scipy("gumbel_r", (("loc", 2.0), ("scale", 3.0))),
    "triang": d.Scipy("triang", (("c", 0.3),)),
    "exponnorm": d.Scipy("exponnorm", (("K", 1.5), ("loc", -1.0))),
    "skewnorm": d.Scipy("skewnorm", (("a", 4.0),)),
    "norminvgauss": d.Scipy("norminvgauss", (("a", 1.25), ("b", 0.5))),
    "recipinvgauss": d.Scipy("recipinvgauss", (("mu", 0.63),)),
}

COUNTS = {
    "poisson": (d.Poisson(3.7), stats.poisson(3.7)),
    "rare poisson": (d.Poisson(0.01), stats.poisson(0.01)),
    "large poisson": (d.Poisson(1e6), stats.poisson(1e6)),
    "binomial": (d.Binomial(40, 0.3), stats.binom(40, 0.3)),
    "bernoulli": (d.Discrete((0.0, 1.0), (0.7, 0.3)), stats.binom(1, 0.3)),
}


def worst_error(distribution, law, u):
    """Return the largest error, relative to the larger of |x| and the interquartile range."""
    x = draws_at(distribution, u)
    exact = [law.refined(value, at) for value, at in zip(x, u, strict=True)]
    lower, upper = quantile(distribution, [0.25, 0.75])
    errors = [float(abs(mp.mpf(float(a)) - b) / max(abs(b), mp.mpf(float(upper - lower)))) for a, b in zip(x, exact, strict=True)]
    return max(errors)


def test_normal_score_is_within_1e_15_of_mpmath():
    law = laws.normal(0, 1)
    z = draws_at(d.Normal(0.0, 1.0), DRAWABLE)
    errors = [float(abs(mp.mpf(float(a)) / law.refined(a, u) - 1)) for a, u in zip(z, DRAWABLE, strict=True) if u != 0.5]
    assert max(errors) <= NORMAL_BOUND


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_form_agrees_with_mpmath(name):
    distribution, law = CLOSED[name]
    exponents = np.abs(np.log(np.abs(quantile(distribution, DRAWABLE))))
    assert worst_error(distribution, law, DRAWABLE) <= CLOSED_FORM_ERROR * (1.0 + exponents.max())
    assert table_error(distribution) == 0.0


@pytest.mark.parametrize("name", TABULATED)
def test_a_table_agrees_with_mpmath(name):
    distribution, law = TABULATED[name]
    assert worst_error(distribution, law, DRAWABLE) <= TABLE_ERROR
    assert table_error(distribution) <= TABLE_ERROR


@pytest.mark.parametrize("bounds", [(None, None), (-2.0, None), (None, 9.0), (-2.0, 9.0)])
def test_a_metalog_agrees_with_its_formula(bounds):
    coefficients = (1.0, 0.5, 0.3)
    x = draws_at(d.Metalog(coefficients, *bounds), DRAWABLE)
    exact = [laws.metalog_quantile(coefficients, u, *bounds) for u in DRAWABLE]
    assert max(float(abs(mp.mpf(float(a)) - b) / max(abs(b), 1)) for a, b in zip(x, exact, strict=True)) <= METALOG_BOUND


def test_the_accuracy_test_sees_an_error_of_two_bounds():
    distribution, law = TABULATED["gamma"]
    off = d.Gamma(2.5, 3.0 * (1.0 + 2.0 * TABLE_ERROR))
    assert worst_error(off, law, DRAWABLE) > TABLE_ERROR
    assert worst_error(distribution, law, DRAWABLE) <= TABLE_ERROR


@pytest.mark.parametrize("name", PIECED)
def test_a_distribution_in_pieces_agrees_with_its_exact_evaluation(name):
    distribution = PIECED[name]
    u = np.random.default_rng(7).random(20_000)
    x, exact = draws_at(distribution, u), quantile(distribution, u)
    assert np.max(np.abs(x - exact) / np.maximum(np.abs(exact), 1.0)) <= 1e-11
    assert table_error(distribution) <= TABLE_ERROR


def test_zero_inflation_splits_at_its_probability():
    distribution = PIECED["zero-inflated beta"]
    u = np.array([2.0**-53, 0.3, np.nextafter(0.67, 0.0), 0.67, np.nextafter(0.67, 1.0), 0.835, 1.0 - 2.0**-53])
    x = draws_at(distribution, u)
    assert np.all(x[:4] == 0.0)
    assert 0.0 < x[4] < 1e-7
    assert x[5] == pytest.approx(stats.beta(2, 5).median(), rel=1e-12)
    share_above = laws.beta(2, 5).sf(mp.mpf(float(x[6]))) * mp.mpf(0.33) * mp.mpf(2) ** 53
    assert float(share_above) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_the_first_value_that_reaches_u(name):
    distribution, oracle = COUNTS[name]
    u = np.concatenate([DRAWABLE, np.random.default_rng(3).random(50_000)])
    x = draws_at(distribution, u)
    near = np.abs(oracle.cdf(x) - u) < 1e-12
    wrong = (x != oracle.ppf(u)) & ~near & ~(np.abs(oracle.cdf(x - 1) - u) < 1e-12)
    assert not wrong.any()


@pytest.mark.parametrize("distribution", [d.Poisson(4e9), d.Binomial(10**11, 0.02)], ids=["poisson", "binomial"])
def test_a_count_too_wide_to_list_is_right_to_its_own_rounding(distribution):
    u = np.random.default_rng(5).random(300)
    x = draws_at(distribution, u)
    mean = distribution.mean if isinstance(distribution, d.Poisson) else distribution.n * distribution.p
    sd = (mean if isinstance(distribution, d.Poisson) else mean * (1.0 - distribution.p)) ** 0.5
    skew = 1.0 / sd if isinstance(distribution, d.Poisson) else (1.0 - 2.0 * distribution.p) / sd
    z = stats.norm.ppf(u)
    assert np.all(x == np.floor(x))
    # Cornish-Fisher to the second order; the third is below a unit of these counts
    assert np.max(np.abs(x - (mean + sd * (z + skew * (z * z - 1.0) / 6.0)))) < 1.5


EVERY = {
    **{name: case[0] for name, case in {**CLOSED, **TABULATED, **COUNTS}.items()},
    **PIECED,
    **SCIPY,
    "normal": d.Normal(-1.0, 2.0),
    "metalog": d.Metalog((1.0, 0.5, 0.3), 0.0, 9.0),
    "discrete": d.Discrete((-1.0, 0.5, 7.0), (0.2, 0.5, 0.3)),
    "constant": d.Constant(4.0),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_value_is_finite_inside_the_support_and_ascending(name):
    distribution = EVERY[name]
    x = draws_at(distribution, FINE)
    low, high = support(distribution)
    assert np.all(np.isfinite(x))
    assert low <= x.min()
    assert x.max() <= high
    falls = -np.diff(x) / np.maximum(np.abs(x[1:]), np.ptp(quantile(distribution, [0.25, 0.75])) or 1.0)
    assert falls.max(initial=0.0) <= 2.0 * max(table_error(distribution), ROUNDING)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "constant"])
def test_a_normal_score_gives_the_value_of_its_probability(name):
    distribution = EVERY[name]
    u = (np.arange(1, 400) + 0.5) / 401.0
    steps = ImmediateSteps()
    x = steps.values[int(value_steps(distribution, Probability(steps, "", score=steps.keep(draws_at(d.Normal(0.0, 1.0), u)))))]
    exact = quantile(distribution, u)
    assert np.mean(np.abs(x - exact) <= 1e-9 * np.maximum(np.abs(exact), 1.0)) >= 0.99  # a count may fall on the other side


DENSITIES = {
    "normal": (stats.norm(3.0, 2.0), laws.normal(3.0, 2.0), 3.0),
    "gamma": (stats.gamma(2.5), laws.gamma(2.5, 1.0), 2.0),
    "gamma of small shape": (stats.gamma(0.3), laws.gamma(0.3, 1.0), 0.1),
    "beta": (stats.beta(2.0, 5.0), laws.beta(2.0, 5.0), 0.3),
    "student t": (stats.t(2.5), laws.student_t(2.5, 0.0, 1.0), 0.0),
    "lognormal": (stats.lognorm(1.0), laws.lognormal(0.0, 1.0), 1.0),
    "triangular": (stats.triang(0.3), laws.triangular(0.0, 0.3, 1.0), 0.4),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_an_inverse_from_the_density_alone_agrees_with_mpmath(name):
    frozen, law, centre = DENSITIES[name]
    family = from_density(frozen.pdf, *map(float, frozen.support()), centre)
    x = family.inverse(DRAWABLE, 1.0 - DRAWABLE)
    spread = np.ptp(frozen.ppf([0.25, 0.75]))
    errors = [abs(float(a - law.refined(a, u))) / max(abs(a), spread) for a, u in zip(x, DRAWABLE, strict=True)]
    assert max(errors) <= TABLE_ERROR


def test_a_density_that_does_not_integrate_to_1_is_refused():
    with pytest.raises(Refusal, match="integrates to"):
        from_density(lambda x: np.exp(-x), 0.5, INFINITY, 1.0)


def test_an_unknown_scipy_distribution_is_refused():
    with pytest.raises(Refusal, match="no continuous distribution"):
        draws_at(d.Scipy("poisson", (("mu", 3.0),)), [0.5])
    with pytest.raises(Refusal, match="vonmises_line"):
        draws_at(d.Scipy("vonmises", (("kappa", 3.0),)), [0.5])
    with pytest.raises(Refusal, match="cannot be made"):
        draws_at(d.Scipy("gamma", (("b", 3.0),)), [0.5])


EVERY_SCIPY = {name: tuple(map(float, shapes)) for name, shapes in reversed(distcont) if name not in UNUSABLE}
"""With the shape parameters that scipy's own tests use."""


@pytest.mark.parametrize("name", EVERY_SCIPY)
def test_every_continuous_scipy_distribution_can_be_tabulated(name):
    oracle = getattr(stats, name)
    shapes = [shape.strip() for shape in (oracle.shapes or "").split(",") if shape.strip()]
    distribution = d.Scipy(name, tuple(zip(shapes, EVERY_SCIPY[name], strict=True)))
    assert table_error(distribution) <= SCIPY_BOUND
    u = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    x = draws_at(distribution, u)
    assert np.all(np.isfinite(draws_at(distribution, FINE)))
    with np.errstate(all="ignore"):
        assert oracle.cdf(x, *EVERY_SCIPY[name]) == pytest.approx(u, abs=SCIPY_CDF_ERROR)


@pytest.mark.parametrize("name", SCIPY)
def test_a_scipy_distribution_agrees_with_its_own_inverse(name):
    distribution = SCIPY[name]
    oracle = getattr(stats, distribution.name)(**dict(distribution.parameters))
    u = np.linspace(0.01, 0.99, 40)
    x, exact = draws_at(distribution, u), oracle.ppf(u)
    assert np.max(np.abs(x - exact) / np.maximum(np.abs(exact), np.ptp(exact))) <= SCIPY_OWN_ERROR
    assert table_error(distribution) <= TABLE_ERROR


def test_a_distribution_without_finite_draws_is_refused():
    with pytest.raises(Refusal, match="not finite"):
        refuse_infinite(d.Lognormal(0.0, 100.0))


def test_truncation_to_nothing_is_refused():
    with pytest.raises(Refusal, match="no probability lies between"):
        draws_at(d.Truncated(d.Uniform(0.0, 1.0), 2.0, 3.0), [0.5])


@pytest.mark.parametrize("name", EVERY)
def test_only_operations_of_the_plan_are_used(name):
    used = []

    class Named(ImmediateSteps):
        def op(self, name, *operands):
            used.append((name, len(operands)))
            return super().op(name, *operands)

    steps = Named()
    quantile_steps(steps, EVERY[name], steps.keep(np.array([0.25, 0.75])))
    assert all(ARITY[op] == operands for op, operands in used)
