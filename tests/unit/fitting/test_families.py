"""Families that are fitted: estimates of greatest likelihood, densities and quantiles, against scipy, closed forms and a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from simcost.analysis.fitting import families
from simcost.analysis.fitting.families import Family
from simcost.analysis.fitting.maximum_likelihood import DEGREES_OF_FREEDOM

if TYPE_CHECKING:
    from numpy.typing import NDArray

BALL_BEARINGS = np.array(
    [
        *(17.88, 28.92, 33.0, 41.52, 42.12, 45.6, 48.48, 51.84, 51.96, 54.12, 55.56, 67.8),
        *(68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4),
    ]
)
"""Millions of revolutions before failure: Lieblein and Zelen 1956, the example of every book on lifetimes."""


def scipys_beta(mean: float, sd: float) -> Any:
    total = mean * (1 - mean) / sd**2 - 1
    return stats.beta(mean * total, (1 - mean) * total)


OF_SCIPY: dict[str, Any] = {
    "normal": stats.norm,
    "lognormal": lambda median, sd_log: stats.lognorm(sd_log, scale=median),
    "gamma": lambda mean, sd: stats.gamma((mean / sd) ** 2, scale=sd**2 / mean),
    "weibull": lambda shape, scale: stats.weibull_min(shape, scale=scale),
    "exponential": lambda mean: stats.expon(scale=mean),
    "student_t": lambda df, mean, sd: stats.t(df, mean, sd * np.sqrt((df - 2) / df)),
    "beta": scipys_beta,
}
"""The same distributions as scipy has them."""


def of_scipy(family: Family, parameters: NDArray[np.float64]) -> Any:
    return OF_SCIPY[family.name](*parameters)


EVERY = [
    (families.NORMAL, [-3.0, 2.0]),
    (families.LOGNORMAL, [7.0, 0.4]),
    (families.GAMMA, [5.0, 2.5]),
    (families.WEIBULL, [1.7, 3.0]),
    (families.EXPONENTIAL, [4.0]),
    (families.STUDENT_T, [5.0, 1.0, 2.0]),
    (families.BETA, [0.3, 0.12]),
]
by_family = pytest.mark.parametrize(("family", "parameters"), EVERY, ids=lambda each: getattr(each, "name", ""))


@by_family
def test_density_probability_and_quantile_are_scipys(family: Family, parameters: list[float]) -> None:
    row = np.array([parameters])
    theirs = of_scipy(family, row[0])
    x = theirs.ppf(np.linspace(0.001, 0.999, 41))[None, :]
    np.testing.assert_allclose(family.log_density(x, row)[0], theirs.logpdf(x[0]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(family.probability(x, row)[0], theirs.cdf(x[0]), rtol=1e-9)
    for p in (0.05, 0.5, 0.95):
        assert family.quantile(p, row)[0] == pytest.approx(theirs.ppf(p), rel=1e-9)


@by_family
def test_draws_are_of_the_distribution(family: Family, parameters: list[float]) -> None:
    row = np.array([parameters])
    drawn = family.draw(np.random.default_rng(1), row, (2, 5_000))
    assert drawn.shape == (2, 5_000)
    assert stats.kstest(drawn.ravel(), of_scipy(family, row[0]).cdf).pvalue > 1e-3
    wider = np.array([[*parameters[:-1], parameters[-1] * 1.2]])
    assert stats.kstest(drawn.ravel(), of_scipy(family, wider[0]).cdf).pvalue < 1e-3  # the negative control


@by_family
def test_no_parameters_nearby_are_more_likely_than_the_estimate(family: Family, parameters: list[float]) -> None:
    x = of_scipy(family, np.array(parameters)).rvs(60, random_state=3)[None, :]
    best = family.estimate(x)
    height = family.log_density(x, best).sum()
    for place in range(family.name == "student_t", best.shape[1]):  # degrees of freedom are of a list
        for factor in (0.999, 1.001):
            near = best.copy()
            near[0, place] *= factor
            assert family.log_density(x, near).sum() < height


@by_family
def test_many_samples_at_once_have_the_fits_of_each_alone(family: Family, parameters: list[float]) -> None:
    rows = of_scipy(family, np.array(parameters)).rvs((5, 30), random_state=4)
    np.testing.assert_allclose(family.estimate(rows), [family.estimate(row[None, :])[0] for row in rows], rtol=1e-6)


def test_normal_lognormal_and_exponential_have_their_closed_forms() -> None:
    x = np.array([[1.0, 2.0, 4.0, 8.0]])
    assert families.NORMAL.estimate(x)[0].tolist() == pytest.approx([3.75, np.sqrt(7.1875)])
    assert families.LOGNORMAL.estimate(x)[0].tolist() == pytest.approx([2**1.5, np.log(2) * np.sqrt(1.25)])
    assert families.EXPONENTIAL.estimate(x)[0].tolist() == [3.75]


def test_gamma_weibull_and_beta_are_fitted_as_scipy_does() -> None:
    rng = np.random.default_rng(5)
    x = rng.gamma(3.0, 2.0, 50)
    shape, _, scale = stats.gamma.fit(x, floc=0)
    assert families.GAMMA.estimate(x[None, :])[0] == pytest.approx([shape * scale, np.sqrt(shape) * scale], rel=1e-5)
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    assert families.WEIBULL.estimate(x[None, :])[0] == pytest.approx([shape, scale], rel=1e-4)
    y = rng.beta(2.0, 5.0, 50)
    alpha, beta, _, _ = stats.beta.fit(y, floc=0, fscale=1)
    assert families.BETA.estimate(y[None, :])[0] == pytest.approx(
        [alpha / (alpha + beta), stats.beta(alpha, beta).std()], rel=1e-4
    )


def test_student_t_is_the_most_likely_of_its_degrees_of_freedom() -> None:
    x = np.random.default_rng(6).standard_t(3.0, 100) * 2.0 + 1.0
    df, mean, sd = families.STUDENT_T.estimate(x[None, :])[0]
    heights = []
    for each in DEGREES_OF_FREEDOM:
        _, location, scale = stats.t.fit(x, fdf=each)
        heights.append(stats.t(each, location, scale).logpdf(x).sum())
    assert df == DEGREES_OF_FREEDOM[int(np.argmax(heights))]
    _, location, scale = stats.t.fit(x, fdf=df)
    assert (mean, sd) == pytest.approx((location, scale * np.sqrt(df / (df - 2))), rel=1e-3)


def test_the_ball_bearings_have_the_parameters_of_the_book() -> None:
    """Thoman, Bain and Antle 1969: Weibull of shape 2.102 and scale 81.88; Lawless 1982: log mean 4.15, log deviation 0.522."""
    shape, scale = families.WEIBULL.estimate(BALL_BEARINGS[None, :])[0]
    assert (round(shape, 2), round(scale, 1)) == (2.10, 81.9)
    median, sd_log = families.LOGNORMAL.estimate(BALL_BEARINGS[None, :])[0]
    assert (round(np.log(median), 2), round(sd_log, 3)) == (4.15, 0.522)
