"""Probabilities of ranges, to find a truncation that leaves nothing; for checks only, draws come from the kernels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d

if TYPE_CHECKING:
    from collections.abc import Callable


def probability_up_to(distribution: d.Distribution, x: float) -> float:
    """Return P(X <= x) within 1e-9, for a finite x."""
    return _FUNCTIONS[type(distribution)](distribution, x)


def probability_of_range(distribution: d.Distribution, low: float, high: float) -> float:
    """Return P(low <= X <= high) within 1e-9; either end may be infinite."""
    upper = probability_up_to(distribution, high) if high < math.inf else 1.0
    just_below = math.nextafter(low, -math.inf)  # both ends belong to the range, and an outcome may have a probability
    lower = probability_up_to(distribution, just_below) if low > -math.inf else 0.0
    return max(upper - lower, 0.0)


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _uniform(x: d.Uniform, at: float) -> float:
    return min(max((at - x.low) / (x.high - x.low), 0.0), 1.0)


def _lognormal(x: d.Lognormal, at: float) -> float:
    return _normal((math.log(at) - x.mu) / x.sigma) if at > 0 else 0.0


def _triangular(x: d.Triangular, at: float) -> float:
    if at <= x.low or at >= x.high:
        return float(at >= x.high)
    if at <= x.mode:
        return (at - x.low) / (x.high - x.low) * ((at - x.low) / (x.mode - x.low))
    return 1 - (x.high - at) / (x.high - x.low) * ((x.high - at) / (x.high - x.mode))


def _beta(x: d.Beta, at: float) -> float:
    from scipy.special import betainc

    return float(betainc(x.alpha, x.beta, min(max((at - x.low) / (x.high - x.low), 0.0), 1.0)))


def _gamma(x: d.Gamma, at: float) -> float:
    from scipy.special import gammainc

    return float(gammainc(x.shape, max(at, 0.0) / x.scale))


def _weibull(x: d.Weibull, at: float) -> float:
    return -math.expm1(-_power(max(at, 0.0) / x.scale, x.shape))


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _student_t(x: d.StudentT, at: float) -> float:
    from scipy.special import stdtr

    return float(stdtr(x.df, (at - x.location) / x.scale))


def _pareto(x: d.Pareto, at: float) -> float:
    return 1 - (x.minimum / at) ** x.shape if at > x.minimum else 0.0


def _poisson(x: d.Poisson, at: float) -> float:
    from scipy.special import pdtr

    return float(pdtr(math.floor(at), x.mean)) if at >= 0 else 0.0


def _binomial(x: d.Binomial, at: float) -> float:
    from scipy.special import bdtr

    return 1.0 if at >= x.n else float(bdtr(math.floor(at), x.n, x.p)) if at >= 0 else 0.0


def _discrete(x: d.Discrete, at: float) -> float:
    return math.fsum(p for value, p in zip(x.values, x.probabilities, strict=True) if value <= at)


def _metalog(x: d.Metalog, at: float) -> float:
    """Bisect the quantile function, which ascends."""
    if x.low is not None and at <= x.low:
        return 0.0
    if x.high is not None and at >= x.high:
        return 1.0
    wanted = _metalog_line(x, at)
    a1, a2, a3 = x.coefficients
    low, high = 0.0, 1.0
    while high - low > 1e-10:
        u = (low + high) / 2
        log_odds = math.log(u / (1 - u))
        low, high = (u, high) if a1 + a2 * log_odds + a3 * (u - 0.5) * log_odds <= wanted else (low, u)
    return (low + high) / 2


def _metalog_line(x: d.Metalog, at: float) -> float:
    from simcost.scenario.distributions.fitting import to_metalog_line

    return to_metalog_line(at, x.low, x.high)


def _scipy(x: d.Scipy, at: float) -> float:
    import numpy as np
    from scipy import stats

    with np.errstate(all="ignore"):
        return float(getattr(stats, x.name).cdf(at, **dict(x.parameters)))


def _mixture(x: d.Mixture, at: float) -> float:
    return math.fsum(p * probability_up_to(part, at) for part, p in zip(x.components, x.probabilities, strict=True))


def _truncated(x: d.Truncated, at: float) -> float:
    if at < x.low:
        return 0.0
    return probability_of_range(x.base, x.low, min(at, x.high)) / probability_of_range(x.base, x.low, x.high)


_FUNCTIONS: dict[type, Callable[..., float]] = {
    d.Constant: lambda x, at: float(at >= x.value),
    d.Uniform: _uniform,
    d.Normal: lambda x, at: _normal((at - x.mean) / x.sd),
    d.Lognormal: _lognormal,
    d.Triangular: _triangular,
    d.Beta: _beta,
    d.Gamma: _gamma,
    d.Weibull: _weibull,
    d.Exponential: lambda x, at: -math.expm1(-max(at, 0.0) / x.mean),
    d.StudentT: _student_t,
    d.Pareto: _pareto,
    d.Metalog: _metalog,
    d.Poisson: _poisson,
    d.Binomial: _binomial,
    d.Discrete: _discrete,
    d.Scipy: _scipy,
    d.Mixture: _mixture,
    d.Truncated: _truncated,
}
