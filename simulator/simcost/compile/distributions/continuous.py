"""A continuous distribution as four functions that are accurate in both tails, and what can be made of it: a part, a blend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.inversion import increasing_root
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array


SMALLEST_MASS = 1e-290
"""Below it a conditional probability has no digits left."""


@dataclass(frozen=True, slots=True)
class Continuous:
    """A continuous distribution, maybe conditional.

    Parameters
    ----------
    cdf, sf
        Probability at or below, and above x; each accurate where it is small.
    inverse
        ``inverse(p, q)`` is x with cdf p and sf q; both are given, p + q = 1, so that neither tail loses digits.
    low, high
        Support, maybe infinite.
    knots
        Places inside the support where the density is not smooth.
    """

    cdf: Callable[[Array], Array]
    sf: Callable[[Array], Array]
    inverse: Callable[[Array, Array], Array]
    low: float
    high: float
    knots: tuple[float, ...] = ()

    def between(self, low: float, high: float) -> float:
        """Return the probability between two points, accurate in both tails."""
        (below, beyond), (lower, upper) = self._tails(low), self._tails(high)
        if beyond <= 0.5:
            return beyond - upper
        return lower - below if lower <= 0.5 else 1.0 - below - upper

    def _tails(self, x: float) -> tuple[float, float]:
        if x <= self.low:
            return 0.0, 1.0
        if x >= self.high:
            return 1.0, 0.0
        point = np.array([x])
        return float(self.cdf(point)[0]), float(self.sf(point)[0])

    def within(self, low: float, high: float) -> Continuous:
        """Return this distribution given that x lies between ``low`` and ``high``.

        Raises
        ------
        Refusal
            If there is no probability between them.
        """
        low, high = max(low, self.low), min(high, self.high)
        if (low, high) == (self.low, self.high):
            return self
        mass = self.between(low, high) if low < high else 0.0
        if not mass > SMALLEST_MASS:
            what = f"no probability lies between {low:g} and {high:g}"
            raise Refusal(what, "Widen min and max, or move the distribution.")
        ends = (*self._tails(low), *self._tails(high))
        knots = tuple(knot for knot in self.knots if low < knot < high)
        return Continuous(*_conditional(self, ends, mass, (low, high)), low, high, knots)


def _conditional(
    whole: Continuous, ends: tuple[float, float, float, float], mass: float, limits: tuple[float, float]
) -> tuple[Callable[[Array], Array], Callable[[Array], Array], Callable[[Array, Array], Array]]:
    """Return cdf, sf and inverse between two points whose tails are ``ends``: differences are taken in the smaller tail."""
    below, beyond, lower, upper = ends

    def cdf(x: Array) -> Array:
        part = beyond - whole.sf(x) if beyond < 0.5 else whole.cdf(x) - below
        return np.clip(part / mass, 0.0, 1.0)

    def sf(x: Array) -> Array:
        part = lower - whole.cdf(x) if lower < 0.5 else whole.sf(x) - upper
        return np.clip(part / mass, 0.0, 1.0)

    def inverse(p: Array, q: Array) -> Array:
        near_low = p < q
        wanted_p = np.where(near_low, below + p * mass, lower - q * mass)
        wanted_q = np.where(near_low, beyond - p * mass, upper + q * mass)
        return np.clip(whole.inverse(wanted_p, wanted_q), *limits)

    return cdf, sf, inverse


def blend(parts: tuple[Continuous, ...], weights: tuple[float, ...]) -> Continuous:
    """Return the mixture of distributions that share one support; ``weights`` sum to 1."""
    if len(parts) == 1:
        return parts[0]

    def cdf(x: Array) -> Array:
        return _weighted([part.cdf(x) for part in parts], weights)

    def sf(x: Array) -> Array:
        return _weighted([part.sf(x) for part in parts], weights)

    def inverse(p: Array, q: Array) -> Array:
        candidates = np.array([part.inverse(p, q) for part in parts])
        low, high = candidates.min(axis=0), candidates.max(axis=0)
        return invert(cdf, sf, (p, q), (low, high))

    knots = tuple(sorted({knot for part in parts for knot in part.knots}))
    return Continuous(cdf, sf, inverse, min(part.low for part in parts), max(part.high for part in parts), knots)


def _weighted(values: list[Array], weights: tuple[float, ...]) -> Array:
    total: Array = np.array(weights) @ np.array(values)
    return total


def invert(
    cdf: Callable[[Array], Array], sf: Callable[[Array], Array], tails: tuple[Array, Array], bracket: tuple[Array, Array]
) -> Array:
    """Invert a distribution function numerically, by the smaller tail and on a logarithmic scale."""
    p, q = tails
    low, high = bracket
    x = np.empty_like(p)
    for mine, function, wanted, sign in ((p <= q, cdf, p, 1.0), (p > q, sf, q, -1.0)):
        if mine.any():
            target = wanted[mine]

            def misfit(x: Array, which: NDArray[np.intp]) -> Array:
                tail = np.maximum(function(x), np.finfo(np.float64).tiny)  # noqa: B023 (called at once)
                return sign * np.log(tail / target[which])  # noqa: B023

            x[mine] = increasing_root(misfit, low[mine], high[mine])
    return x


def by_tail(p: Array, q: Array, from_below: Callable[[Array], Array], from_above: Callable[[Array], Array]) -> Array:
    """Return ``from_below(p)`` where p is the smaller and ``from_above(q)`` elsewhere, each called once on its own points."""
    x = np.empty_like(p)
    lower = p <= q
    x[lower] = from_below(p[lower])
    x[~lower] = from_above(q[~lower])
    return x
