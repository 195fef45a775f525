"""The continuous families: distribution, survival and inverse functions, each in the form that keeps digits in its tail."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.continuous import Continuous, by_tail
from simcost.compile.distributions.inversion import increasing_root
from simcost.compile.distributions.special_functions import special
from simcost.scenario.distributions import canonical as d
from simcost_kernels.functions.elementary import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array


FARTHEST_LOGIT = 800.0
"""Beyond it exp() of a logit is no float64."""

FARTHEST_SCORE = 38.0
"""Beyond it no float64 holds the normal tail."""

LARGE_SHAPE = 1e5
"""Of a gamma, from which its Cornish-Fisher expansion is as accurate as its inverse by iteration."""

BETA_NEEDS_POLISH = 100.0
"""Sum of a beta's shapes."""


def _uniform(of: d.Uniform) -> Continuous:
    low, high, width = of.low, of.high, of.high - of.low
    return Continuous(
        lambda x: np.clip((x - low) / width, 0.0, 1.0),
        lambda x: np.clip((high - x) / width, 0.0, 1.0),
        lambda p, q: np.where(p < q, low + width * p, high - width * q),
        low,
        high,
    )


def _normal(of: d.Normal) -> Continuous:
    # the quantile is the kernels' own: a look at P5 and P95 then needs no scipy
    return Continuous(
        lambda x: special().ndtr((x - of.mean) / of.sd),
        lambda x: special().ndtr((of.mean - x) / of.sd),
        lambda p, q: of.mean + of.sd * by_tail(p, q, normal_quantile, lambda tail: -normal_quantile(tail)),
        -math.inf,
        math.inf,
    )


def _lognormal(of: d.Lognormal) -> Continuous:
    logarithm = _normal(d.Normal(of.mu, of.sigma))
    return Continuous(
        lambda x: logarithm.cdf(_log(x)),
        lambda x: logarithm.sf(_log(x)),
        lambda p, q: np.exp(logarithm.inverse(p, q)),
        0.0,
        math.inf,
    )


def _triangular(of: d.Triangular) -> Continuous:
    low, mode, high, width = of.low, of.mode, of.high, of.high - of.low
    rise, fall = math.sqrt(width) * math.sqrt(mode - low), math.sqrt(width) * math.sqrt(high - mode)
    peak_p, peak_q = (mode - low) / width, (high - mode) / width

    def leg(x: Array, slope: float) -> Array:
        return (np.clip(x, 0.0, None) / slope) ** 2 if slope else np.zeros_like(x)

    return Continuous(
        lambda x: np.where(x <= mode, leg(x - low, rise), 1.0 - leg(high - x, fall)),
        lambda x: np.where(x <= mode, 1.0 - leg(x - low, rise), leg(high - x, fall)),
        lambda p, q: np.where((p <= peak_p) & (q >= peak_q), low + rise * np.sqrt(p), high - fall * np.sqrt(q)),
        low,
        high,
        (mode,) if low < mode < high else (),
    )


def _beta(of: d.Beta) -> Continuous:
    low, high, width = of.low, of.high, of.high - of.low
    # counted from the end near which the values are: there they keep their digits
    if of.alpha <= of.beta:
        return Continuous(
            lambda x: special().betainc(of.alpha, of.beta, np.clip((x - low) / width, 0.0, 1.0)),
            lambda x: special().betaincc(of.alpha, of.beta, np.clip((x - low) / width, 0.0, 1.0)),
            lambda p, q: low + width * _small_beta(of.alpha, of.beta, p, q),
            low,
            high,
        )
    return Continuous(
        lambda x: special().betaincc(of.beta, of.alpha, np.clip((high - x) / width, 0.0, 1.0)),
        lambda x: special().betainc(of.beta, of.alpha, np.clip((high - x) / width, 0.0, 1.0)),
        lambda p, q: high - width * _small_beta(of.beta, of.alpha, q, p),
        low,
        high,
    )


def _small_beta(alpha: float, beta: float, p: Array, q: Array) -> Array:
    """Invert the standard beta with alpha <= beta."""
    functions = special()
    x = by_tail(p, q, lambda tail: functions.betaincinv(alpha, beta, tail), lambda tail: functions.betainccinv(alpha, beta, tail))
    if alpha + beta < BETA_NEEDS_POLISH:
        return x
    for _ in range(2):
        x = _newton_step(functions, (alpha, beta), x, (p, q))
    return x


def _newton_step(functions: Any, shapes: tuple[float, float], x: Array, tails: tuple[Array, Array]) -> Array:
    """Improve an inverse of beta: scipy's iteration stops early for large shapes, with 1e-7 at alpha = 1e3, beta = 1e6."""
    (alpha, beta), (p, q) = shapes, tails
    with np.errstate(all="ignore"):
        tail = np.where(p <= q, functions.betainc(alpha, beta, x), functions.betaincc(alpha, beta, x))
        wanted = np.where(p <= q, p, -q)
        log_density = (alpha - 1.0) * np.log(x) + (beta - 1.0) * np.log1p(-x) - functions.betaln(alpha, beta)
        step = np.sign(wanted) * np.log(np.abs(wanted) / tail) * np.exp(np.log(tail) - log_density)
    better = x + np.where(np.isfinite(step), step, 0.0)
    return np.where((better > 0.0) & (better < 1.0), better, x)


def _gamma(of: d.Gamma) -> Continuous:
    if of.shape >= LARGE_SHAPE:
        return _large_gamma(of)
    return Continuous(
        lambda x: special().gammainc(of.shape, np.maximum(x, 0.0) / of.scale),
        lambda x: special().gammaincc(of.shape, np.maximum(x, 0.0) / of.scale),
        lambda p, q: (
            of.scale
            * by_tail(
                p, q, lambda tail: special().gammaincinv(of.shape, tail), lambda tail: special().gammainccinv(of.shape, tail)
            )
        ),
        0.0,
        math.inf,
    )


def _large_gamma(of: d.Gamma) -> Continuous:
    """Gamma from its Cornish-Fisher expansion: scipy.special.gammainc loses its lower tail from shape 1e6 up.

    The terms are those of chi-square with 2 shape degrees of freedom (Goldberg and Levine 1946, Annals of Mathematical
    Statistics 17, page 216). Error 1.3e-14 of x and 4e-12 of the standard deviation at shape 1e5, less above.
    """
    shape, root = of.shape, math.sqrt(of.shape)
    standard = _normal(d.Normal(0.0, 1.0))

    def at_score(z: Array) -> Array:
        skew = (z * z - 1.0) / 3.0 + z * (z * z - 7.0) / (36.0 * root) - (z * z * (3.0 * z * z + 7.0) - 16.0) / (810.0 * shape)
        value: Array = shape + root * z + skew + z * (z * z * (9.0 * z * z + 256.0) - 433.0) / (38880.0 * shape * root)
        return of.scale * value

    def score(x: Array) -> Array:
        far = np.full(x.shape, FARTHEST_SCORE)
        return increasing_root(lambda z, which: at_score(z) - x[which], -far, far)

    return Continuous(
        lambda x: standard.cdf(score(x)),
        lambda x: standard.sf(score(x)),
        lambda p, q: at_score(standard.inverse(p, q)),
        0.0,
        math.inf,
    )


def _weibull(of: d.Weibull) -> Continuous:
    def hazard(x: Array) -> Array:
        return (np.maximum(x, 0.0) / of.scale) ** of.shape

    return Continuous(
        lambda x: -np.expm1(-hazard(x)),
        lambda x: np.exp(-hazard(x)),
        lambda p, q: of.scale * _exponential_score(p, q) ** (1.0 / of.shape),
        0.0,
        math.inf,
    )


def _exponential(of: d.Exponential) -> Continuous:
    return _weibull(d.Weibull(1.0, of.mean))


def _exponential_score(p: Array, q: Array) -> Array:
    """Return -log(q)."""
    return by_tail(p, q, lambda tail: -np.log1p(-tail), lambda tail: -np.log(tail))


def _student_t(of: d.StudentT) -> Continuous:
    return Continuous(
        lambda x: special().stdtr(of.df, (x - of.location) / of.scale),
        lambda x: special().stdtr(of.df, (of.location - x) / of.scale),
        lambda p, q: (
            of.location
            + of.scale * by_tail(p, q, lambda tail: special().stdtrit(of.df, tail), lambda tail: -special().stdtrit(of.df, tail))
        ),
        -math.inf,
        math.inf,
    )


def _pareto(of: d.Pareto) -> Continuous:
    def log_survival(x: Array) -> Array:
        return -of.shape * np.log(np.maximum(x, of.minimum) / of.minimum)

    return Continuous(
        lambda x: -np.expm1(log_survival(x)),
        lambda x: np.exp(log_survival(x)),
        lambda p, q: of.minimum * np.exp(_exponential_score(p, q) / of.shape),
        of.minimum,
        math.inf,
    )


def _metalog(of: d.Metalog) -> Continuous:
    a1, a2, a3 = of.coefficients

    def at_logit(logit: Array) -> Array:
        return metalog_value(of, a1 + (a2 + a3 * 0.5 * np.tanh(0.5 * logit)) * logit)

    def logit_of(x: Array) -> Array:
        """Invert numerically: between the two bounds that the skew term's range gives."""
        wide = np.full(x.shape, FARTHEST_LOGIT)
        with np.errstate(over="ignore"):
            return increasing_root(lambda logit, which: at_logit(logit) - x[which], -wide, wide)

    def inverse(p: Array, q: Array) -> Array:
        logit = by_tail(p, q, lambda tail: np.log(tail) - np.log1p(-tail), lambda tail: np.log1p(-tail) - np.log(tail))
        return metalog_value(of, a1 + (a2 + a3 * 0.5 * (p - q)) * logit)

    low, high = (-math.inf if of.low is None else of.low), (math.inf if of.high is None else of.high)
    return Continuous(lambda x: _logistic(logit_of(x)), lambda x: _logistic(-logit_of(x)), inverse, low, high)


def metalog_value(of: d.Metalog, score: Array) -> Array:
    """Return the value of a metalog from its unbounded score; Keelin (2016), equations 11 and 14."""
    if of.low is not None and of.high is not None:
        return of.low + (of.high - of.low) * _logistic(score)
    if of.low is not None:
        return of.low + np.exp(score)
    return score if of.high is None else of.high - np.exp(-score)


def _logistic(x: Array) -> Array:
    return np.where(x < 0.0, np.exp(np.minimum(x, 0.0)), 1.0) / (1.0 + np.exp(-np.abs(x)))


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(x, 0.0))


def _scipy(of: d.Scipy) -> Continuous:
    from simcost.compile.distributions.scipy_family import scipy_family

    return scipy_family(of)


@lru_cache(maxsize=512)
def continuous(distribution: d.Distribution) -> Continuous | None:
    """Return the functions of a continuous family, None for anything else (atoms, mixtures, truncations)."""
    make = _FAMILIES.get(type(distribution))
    return None if make is None else make(distribution)


def family_of(distribution: d.Distribution) -> Continuous:
    """Return the functions of what is known to be a continuous family."""
    family = continuous(distribution)
    if family is None:
        message = f"{type(distribution).__name__} is no continuous family: a bug in simcost"
        raise TypeError(message)
    return family


_FAMILIES: dict[type, Callable[..., Continuous]] = {
    d.Uniform: _uniform,
    d.Normal: _normal,
    d.Lognormal: _lognormal,
    d.Triangular: _triangular,
    d.Beta: _beta,
    d.Gamma: _gamma,
    d.Weibull: _weibull,
    d.Exponential: _exponential,
    d.StudentT: _student_t,
    d.Pareto: _pareto,
    d.Metalog: _metalog,
    d.Scipy: _scipy,
}
