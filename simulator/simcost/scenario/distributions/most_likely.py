"""The most likely value of a distribution: its mode where it has one in closed form, else its median.

A single estimate is made of the values that people would name first, and those are modes (GAO-20-195G, "Cost Estimating and
Assessment Guide"). Uniform and U-shaped distributions, ties between outcomes, mixtures, metalogs and scipy's
distributions have none in closed form; their median stands in. Modes: Johnson, Kotz, Balakrishnan, "Continuous Univariate
Distributions" and "Univariate Discrete Distributions", the chapter of each.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d
from simcost.scenario.distributions.fitting import metalog_quantile
from simcost.scenario.distributions.probability import probability_up_to

if TYPE_CHECKING:
    from collections.abc import Callable


def mode(distribution: d.Distribution) -> float | None:
    """Return the mode, in the input's unit; None if there is none, more than one, or no closed form."""
    found = _MODES.get(type(distribution))
    return found(distribution) if found else None


def median(distribution: d.Distribution) -> float:
    """Return the smallest value that is not exceeded with a probability of one half, within the accuracy of `probability`."""
    return quantile(distribution, 0.5)


def quantile(distribution: d.Distribution, p: float) -> float:
    """Return the smallest value that is exceeded with a probability of at most ``1 - p``; see `median`."""
    if isinstance(distribution, d.Uniform):
        return distribution.low + (distribution.high - distribution.low) * p
    if isinstance(distribution, d.Metalog):
        return metalog_quantile(distribution, p)
    return _bisected(lambda x: probability_up_to(distribution, x) >= p - ROUNDED)


ROUNDED = 1e-12
"""Probabilities are sums of rounded numbers: one of a half, of ten equal shares say, may come out less by so much."""


def _bisected(reached: Callable[[float], bool]) -> float:
    """Return the smallest float64 for which a condition holds that holds from some number on."""
    low, high = -1.0, 1.0
    while reached(low):
        low *= 2.0
    while not reached(high):
        high *= 2.0
    while low < (middle := low + (high - low) / 2) < high:
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _beta(x: d.Beta) -> float | None:
    """Between the ends if both shapes exceed 1; at the end where the density is greatest; U-shaped and flat ones have none."""
    if x.alpha > 1 and x.beta > 1:
        return x.low + (x.high - x.low) * (x.alpha - 1) / (x.alpha + x.beta - 2)
    if max(x.alpha, x.beta) <= 1 and (x.alpha == x.beta or max(x.alpha, x.beta) < 1):
        return None
    return x.low if x.alpha < x.beta else x.high


def _weibull(x: d.Weibull) -> float:
    return x.scale * ((x.shape - 1) / x.shape) ** (1 / x.shape) if x.shape > 1 else 0.0


def _binomial(x: d.Binomial) -> float | None:
    peak = (x.n + 1) * x.p
    return None if peak.is_integer() and 0 < peak <= x.n else float(min(math.floor(peak), x.n))


def _discrete(x: d.Discrete) -> float | None:
    likeliest = [value for value, p in zip(x.values, x.probabilities, strict=True) if p == max(x.probabilities)]
    return likeliest[0] if len(likeliest) == 1 else None


def _truncated(x: d.Truncated) -> float | None:
    """Cut a distribution with one peak: the peak, or the end that is nearer to it; of single outcomes, those that are left."""
    if isinstance(x.base, d.Discrete):
        left = [(v, p) for v, p in zip(x.base.values, x.base.probabilities, strict=True) if x.low <= v <= x.high]
        return _discrete(d.Discrete(tuple(v for v, _ in left), tuple(p for _, p in left)))
    low, high = x.low, x.high
    if isinstance(x.base, d.Poisson | d.Binomial):
        low, high = (end if math.isinf(end) else float(whole(end)) for end, whole in ((low, math.ceil), (high, math.floor)))
    peak = mode(x.base)
    return None if peak is None else min(max(peak, low), high)


_MODES: dict[type, Callable[..., float | None]] = {
    d.Constant: lambda x: x.value,
    d.Normal: lambda x: x.mean,
    d.Lognormal: lambda x: math.exp(x.mu - x.sigma**2),
    d.Triangular: lambda x: x.mode,
    d.Beta: _beta,
    d.Gamma: lambda x: max(x.shape - 1, 0.0) * x.scale,
    d.Weibull: _weibull,
    d.Exponential: lambda _: 0.0,
    d.StudentT: lambda x: x.location,
    d.Pareto: lambda x: x.minimum,
    d.Poisson: lambda x: float(math.floor(x.mean)),  # the median too where a whole mean makes two modes
    d.Binomial: _binomial,
    d.Discrete: _discrete,
    d.Truncated: _truncated,
}
