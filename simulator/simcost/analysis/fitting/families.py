"""The families that are tried on observed values: their estimates, densities, probabilities, quantiles and draws.

Arrays are float64: values (rows, n), parameters (rows, k) as a file has them, so that each row is a sample with its own fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, betaincinv, betaln, gammainc, gammaincinv, gammaln, ndtr, ndtri, stdtr, stdtrit, xlogy

from simcost.analysis.fitting import maximum_likelihood

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from simcost_kernels.arrays import Array


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions of the language.

    Parameters
    ----------
    name, parameters
        As a file has them.
    positive
        Whether it lies above 0, so that its errors are those of logarithms.
    estimate
        Values to the parameters of greatest likelihood.
    log_density, probability
        Of values, given parameters.
    quantile
        Of the probability p, one for each row of parameters.
    draw
        So many rows of n values at one row of parameters.
    """

    name: str
    parameters: tuple[str, ...]
    positive: bool
    estimate: Callable[[Array], Array]
    log_density: Callable[[Array, Array], Array]
    probability: Callable[[Array, Array], Array]
    quantile: Callable[[float, Array], Array]
    draw: Callable[[Generator, Array, tuple[int, int]], Array]


def _column(parameters: Array, place: int) -> Array:
    return parameters[:, place : place + 1]


def _shape_and_scale(parameters: Array) -> tuple[Array, Array]:
    """Of a gamma, from its mean and standard deviation."""
    mean, sd = _column(parameters, 0), _column(parameters, 1)
    return (mean / sd) ** 2, sd**2 / mean


def _alpha_and_beta(parameters: Array) -> tuple[Array, Array]:
    """Of a beta between 0 and 1, from its mean and standard deviation."""
    mean, sd = _column(parameters, 0), _column(parameters, 1)
    total = mean * (1.0 - mean) / sd**2 - 1.0
    return mean * total, (1.0 - mean) * total


def _t_scale(parameters: Array) -> tuple[Array, Array, Array]:
    """Degrees of freedom, location and scale of a student_t."""
    df, mean, sd = (_column(parameters, place) for place in range(3))
    return df, mean, sd * np.sqrt((df - 2.0) / df)


def _normal_log_density(x: Array, p: Array) -> Array:
    sd = _column(p, 1)
    return np.asarray(-0.5 * ((x - _column(p, 0)) / sd) ** 2 - np.log(sd) - 0.5 * np.log(2.0 * np.pi))


def _normal_probability(x: Array, p: Array) -> Array:
    return np.asarray(ndtr((x - _column(p, 0)) / _column(p, 1)))


def _normal_quantile(probability: float, p: Array) -> Array:
    return np.asarray(p[:, 0] + p[:, 1] * ndtri(probability))


def _in_logarithms(p: Array) -> Array:
    return np.stack([np.log(p[:, 0]), p[:, 1]], axis=1)


def _gamma_log_density(x: Array, p: Array) -> Array:
    shape, scale = _shape_and_scale(p)
    return np.asarray(xlogy(shape - 1.0, x / scale) - x / scale - gammaln(shape) - np.log(scale))


def _gamma_probability(x: Array, p: Array) -> Array:
    shape, scale = _shape_and_scale(p)
    return np.asarray(gammainc(shape, x / scale))


def _gamma_quantile(probability: float, p: Array) -> Array:
    shape, scale = _shape_and_scale(p)
    return np.asarray(scale * gammaincinv(shape, probability))[:, 0]


def _gamma_draw(rng: Generator, p: Array, size: tuple[int, int]) -> Array:
    shape, scale = _shape_and_scale(p)
    return np.asarray(rng.gamma(shape.item(), scale.item(), size))


def _weibull_log_density(x: Array, p: Array) -> Array:
    shape, scale = _column(p, 0), _column(p, 1)
    log = np.log(x / scale)
    return np.asarray(np.log(shape / scale) + (shape - 1.0) * log - np.exp(shape * log))


def _beta_log_density(x: Array, p: Array) -> Array:
    alpha, beta = _alpha_and_beta(p)
    return np.asarray((alpha - 1.0) * np.log(x) + (beta - 1.0) * np.log1p(-x) - betaln(alpha, beta))


def _beta_probability(x: Array, p: Array) -> Array:
    return np.asarray(betainc(*_alpha_and_beta(p), x))


def _beta_quantile(probability: float, p: Array) -> Array:
    return np.asarray(betaincinv(*_alpha_and_beta(p), probability), dtype=np.float64)[:, 0]


def _beta_draw(rng: Generator, p: Array, size: tuple[int, int]) -> Array:
    alpha, beta = _alpha_and_beta(p)
    return rng.beta(alpha.item(), beta.item(), size).astype(np.float64)


def _t_log_density(x: Array, p: Array) -> Array:
    df, location, scale = _t_scale(p)
    constant = gammaln((df + 1.0) / 2.0) - gammaln(df / 2.0) - 0.5 * np.log(df * np.pi) - np.log(scale)
    return np.asarray(constant - (df + 1.0) / 2.0 * np.log1p(((x - location) / scale) ** 2 / df))


def _t_probability(x: Array, p: Array) -> Array:
    df, location, scale = _t_scale(p)
    return np.asarray(stdtr(df, (x - location) / scale))


def _t_quantile(probability: float, p: Array) -> Array:
    df, location, scale = _t_scale(p)
    return np.asarray(location + scale * stdtrit(df, probability))[:, 0]


def _t_draw(rng: Generator, p: Array, size: tuple[int, int]) -> Array:
    df, location, scale = _t_scale(p)
    return np.asarray(location + scale * rng.standard_t(df.item(), size))


NORMAL = Family(
    "normal",
    ("mean", "sd"),
    False,
    maximum_likelihood.normal,
    _normal_log_density,
    _normal_probability,
    _normal_quantile,
    lambda rng, p, size: rng.normal(p[0, 0], p[0, 1], size),
)
LOGNORMAL = Family(
    "lognormal",
    ("median", "sd_log"),
    True,
    maximum_likelihood.lognormal,
    lambda x, p: _normal_log_density(np.log(x), _in_logarithms(p)) - np.log(x),
    lambda x, p: _normal_probability(np.log(x), _in_logarithms(p)),
    lambda probability, p: np.exp(_normal_quantile(probability, _in_logarithms(p))),
    lambda rng, p, size: rng.lognormal(np.log(p[0, 0]), p[0, 1], size),
)
GAMMA = Family(
    "gamma",
    ("mean", "sd"),
    True,
    maximum_likelihood.gamma,
    _gamma_log_density,
    _gamma_probability,
    _gamma_quantile,
    _gamma_draw,
)
WEIBULL = Family(
    "weibull",
    ("shape", "scale"),
    True,
    maximum_likelihood.weibull,
    _weibull_log_density,
    lambda x, p: -np.expm1(-((x / _column(p, 1)) ** _column(p, 0))),
    lambda probability, p: p[:, 1] * (-np.log1p(-probability)) ** (1.0 / p[:, 0]),
    lambda rng, p, size: p[0, 1] * rng.weibull(p[0, 0], size),
)
EXPONENTIAL = Family(
    "exponential",
    ("mean",),
    True,
    maximum_likelihood.exponential,
    lambda x, p: -x / p - np.log(p),
    lambda x, p: -np.expm1(-x / p),
    lambda probability, p: -p[:, 0] * np.log1p(-probability),
    lambda rng, p, size: rng.exponential(p[0, 0], size),
)
STUDENT_T = Family(
    "student_t",
    ("df", "mean", "sd"),
    False,
    maximum_likelihood.student_t,
    _t_log_density,
    _t_probability,
    _t_quantile,
    _t_draw,
)
BETA = Family(
    "beta",
    ("mean", "sd"),
    False,
    maximum_likelihood.beta,
    _beta_log_density,
    _beta_probability,
    _beta_quantile,
    _beta_draw,
)

ANYWHERE = (NORMAL, STUDENT_T)
POSITIVE = (LOGNORMAL, GAMMA, WEIBULL, EXPONENTIAL)
NAMES = tuple(family.name for family in (*ANYWHERE, *POSITIVE, BETA))
"""Every family, as a file has its name."""
