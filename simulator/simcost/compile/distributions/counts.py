"""Distributions of separate values: their values and cumulative probabilities, and the inverse for counts too wide to list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.continuous import by_tail, invert
from simcost.scenario.distributions import canonical as d
from simcost_kernels.functions.elementary import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array


WIDEST_LIST = 1 << 16
"""Most values of a step table (1 MB); wider counts are rounded up from a smooth inverse."""

FARTHEST_SD = 9.0
"""No uniform reaches farther than 8.3 normal standard deviations; the rest is for the skew."""

FARTHEST_TAIL = 60.0
"""Values that a rare count may reach beyond its standard deviations: a Poisson of mean 1 has 2**-53 above 18."""


def is_count(distribution: d.Distribution) -> bool:
    """Tell whether a distribution has separate values only."""
    return isinstance(distribution, d.Constant | d.Discrete | d.Poisson | d.Binomial)


def too_wide(distribution: d.Distribution) -> bool:
    """Tell whether a count has more values than a step table holds."""
    if not isinstance(distribution, d.Poisson | d.Binomial):
        return False
    low, high = _range(distribution)
    return high - low + 1 > WIDEST_LIST


def steps_of(distribution: d.Distribution) -> tuple[Array, Array]:
    """Return the values ascending, and the probability of each value or less (the last is exactly 1).

    Accuracy: cumulative probabilities of Poisson and binomial within 1e-15 (scipy.special.pdtr, bdtr); values less probable than
    any uniform can show are left out.
    """
    match distribution:
        case d.Constant(value):
            return np.array([value]), np.ones(1)
        case d.Discrete(values, probabilities):
            cumulative = np.cumsum(np.array(probabilities, dtype=np.float64))
            return _closed(np.array(values, dtype=np.float64), cumulative / cumulative[-1])
        case d.Poisson() | d.Binomial():
            low, high = _range(distribution)
            counts = np.arange(low, high + 1.0)
            return _closed(counts, _functions(distribution)[0](counts))
        case _:
            message = f"{type(distribution).__name__} has no separate values: a bug in simcost"
            raise TypeError(message)


def _closed(values: Array, cumulative: Array) -> tuple[Array, Array]:
    """Drop values that no uniform shows and close the list at 1."""
    before = np.concatenate([[0.0], cumulative[:-1]])
    shown = (cumulative > before) & (cumulative > 0.0) & (before < 1.0 - 2.0**-53)
    values, cumulative = values[shown], cumulative[shown]
    cumulative[-1] = 1.0
    return values, cumulative


def wide_inverse(distribution: d.Poisson | d.Binomial) -> Callable[[Array, Array], Array]:
    """Return the smooth function ``inverse(p, q)`` that, rounded up, is the inverse of the count.

    It goes through the count's cumulative probabilities at the whole numbers. Binomial: the regularised incomplete beta function
    (DLMF 8.17.5), inverted as a function of the number of events. Poisson: Giles (2016), "Algorithm 955: approximation of the
    inverse Poisson cumulative distribution function", ACM TOMS 42(1), equation 15 and its next term, within 1e-11 of the
    probability at the means that come here.
    """
    if isinstance(distribution, d.Poisson):
        return _poisson_inverse(distribution.mean)
    cdf, sf = _functions(distribution)
    low, high = _range(distribution)

    def inverse(p: Array, q: Array) -> Array:
        return invert(cdf, sf, (p, q), (np.full(p.shape, low - 1.0), np.full(p.shape, high)))

    return inverse


def _poisson_inverse(mean: float) -> Callable[[Array, Array], Array]:
    root = math.sqrt(mean)

    def inverse(p: Array, q: Array) -> Array:
        z = by_tail(p, q, normal_quantile, lambda tail: -normal_quantile(tail))
        x: Array = mean + root * z + (z * z - 4.0) / 6.0 - z * (z * z + 2.0) / (72.0 * root)
        return x + (z * z * (3.0 * z * z + 7.0) - 16.0) / (810.0 * mean)

    return inverse


def _range(distribution: d.Poisson | d.Binomial) -> tuple[float, float]:
    """Return the smallest and largest count that a uniform can show."""
    if isinstance(distribution, d.Poisson):
        mean, sd, most = distribution.mean, math.sqrt(distribution.mean), math.inf
    else:
        mean = distribution.n * distribution.p
        sd, most = math.sqrt(mean * (1.0 - distribution.p)), float(distribution.n)
    reach = FARTHEST_SD * sd + FARTHEST_TAIL
    return max(0.0, math.floor(mean - reach)), min(most, math.ceil(mean + reach))


def _functions(distribution: d.Poisson | d.Binomial) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    import scipy.special

    special: Any = scipy.special
    if isinstance(distribution, d.Poisson):
        mean = distribution.mean
        return (
            lambda k: np.where(k > -1.0, special.gammaincc(np.maximum(k + 1.0, 1e-300), mean), 0.0),
            lambda k: np.where(k > -1.0, special.gammainc(np.maximum(k + 1.0, 1e-300), mean), 1.0),
        )
    n, p = distribution.n, distribution.p

    def cdf(k: Array) -> Array:
        inside = np.clip(k, -1.0 + 1e-9, n - 1e-9)
        return np.where(k >= n, 1.0, np.where(k <= -1.0, 0.0, special.betainc(n - inside, inside + 1.0, 1.0 - p)))

    def sf(k: Array) -> Array:
        inside = np.clip(k, -1.0 + 1e-9, n - 1e-9)
        return np.where(k >= n, 0.0, np.where(k <= -1.0, 1.0, special.betainc(inside + 1.0, n - inside, p)))

    return cdf, sf
