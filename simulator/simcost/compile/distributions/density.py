"""A continuous distribution from its density alone: integrated panel by panel from both ends, so both tails keep their digits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import chebint, chebval

from simcost.compile.distributions.chebyshev import chebyshev_points, to_chebyshev
from simcost.compile.distributions.continuous import Continuous, by_tail
from simcost.compile.distributions.inversion import increasing_root
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

    Density = Callable[[Array], Array]

NODES = 32
"""Chebyshev points a panel."""

STEEPEST = 100.0
"""Ratio of densities within a panel: more would drown the smaller tail in the rounding of the larger."""

NEGLIGIBLE = 1e-22
"""Mass of a panel that no uniform can tell from nothing."""

TOLERANCE = 1e-14
"""Of the highest coefficients of a panel."""

MOST_HALVINGS = 60

MOST_PANELS = 20_000
"""Ordinary densities take 300 to 2,000."""

FARTHEST = 330
"""Powers of two towards an end of the support, and half as many towards infinity."""

MASS_ERROR = 1e-7
"""Largest difference of the density's integral from 1."""


def from_density(density: Density, low: float, high: float, centre: float) -> Continuous:
    """Return the distribution of a density.

    Parameters
    ----------
    density
        Vectorised; smooth but for isolated points, which are bracketed by halving.
    low, high
        Support, maybe infinite.
    centre
        A place inside, near which most of the mass is.

    Raises
    ------
    Refusal
        If the density does not integrate to 1.
    """
    panels = _Panels(density, low, high, centre)
    return Continuous(panels.cdf, panels.sf, panels.inverse, low, high)


class _Panels:
    """Neighbouring intervals, in each the integral of the density as a Chebyshev series."""

    def __init__(self, density: Density, low: float, high: float, centre: float) -> None:
        edges = _edges(low, high, centre)
        left, right, series = _resolved(density, edges[:-1], edges[1:])
        order = np.argsort(left)
        self._left, self._right = left[order], right[order]
        self._integral = chebint(series[order].T, lbnd=-1.0) * (0.5 * (self._right - self._left))
        mass = np.maximum(chebval(1.0, self._integral), 0.0)
        total: float = mass.sum().item()
        if not abs(total - 1.0) <= MASS_ERROR:
            what = f"its density integrates to {total:.9g}, not to 1"
            raise Refusal(what, "Choose less extreme parameters, or give percentiles as a metalog.")
        self._integral, self._mass = self._integral / total, mass / total
        self._below = np.concatenate([[0.0], np.cumsum(self._mass)])
        self._above = np.concatenate([np.cumsum(self._mass[::-1])[::-1], [0.0]])

    def cdf(self, x: Array) -> Array:
        """Probability at or below."""
        panel, t = self._place(x)
        tail: Array = np.clip(self._below[panel] + self._local(panel, t), 0.0, 1.0)
        return tail

    def sf(self, x: Array) -> Array:
        """Probability above."""
        panel, t = self._place(x)
        tail: Array = np.clip(self._above[panel + 1] + (self._mass[panel] - self._local(panel, t)), 0.0, 1.0)
        return tail

    def inverse(self, p: Array, q: Array) -> Array:
        """Value of a probability."""
        return by_tail(p, q, self._from_below, self._from_above)

    def _from_below(self, p: Array) -> Array:
        panel = np.clip(np.searchsorted(self._below, p, side="left") - 1, 0, self._mass.size - 1)
        return self._solved(panel, p - self._below[panel])

    def _from_above(self, q: Array) -> Array:
        panel = self._mass.size - np.searchsorted(self._above[::-1], q, side="left")
        panel = np.clip(panel, 0, self._mass.size - 1)
        return self._solved(panel, self._mass[panel] - (q - self._above[panel + 1]))

    def _solved(self, panel: NDArray[np.intp], wanted: Array) -> Array:
        ends = np.ones(panel.size)
        t = increasing_root(lambda t, which: self._local(panel[which], t) - wanted[which], -ends, ends)
        return self._left[panel] + (self._right[panel] - self._left[panel]) * (0.5 * (t + 1.0))

    def _place(self, x: Array) -> tuple[NDArray[np.intp], Array]:
        panel = np.clip(np.searchsorted(self._left, x, side="right") - 1, 0, self._mass.size - 1)
        width = self._right[panel] - self._left[panel]
        return panel, np.clip(2.0 * (x - self._left[panel]) / width - 1.0, -1.0, 1.0)

    def _local(self, panel: NDArray[np.intp], t: Array) -> Array:
        return np.asarray(chebval(t, self._integral[:, panel], tensor=False), dtype=np.float64)


def _edges(low: float, high: float, centre: float) -> Array:
    """Return first panels: halving towards a finite end, doubling towards infinity."""
    near, far = 2.0 ** -np.arange(0.0, FARTHEST), 2.0 ** np.arange(-20.0, FARTHEST / 2)
    spread = max(abs(centre), 1.0) if math.isinf(low) and math.isinf(high) else 1.0
    left = low + (centre - low) * near if math.isfinite(low) else centre - spread * far
    right = (
        high - (high - centre) * near
        if math.isfinite(high)
        else centre + max(spread, centre - low if low > -math.inf else 0.0) * far
    )
    edges = np.unique(np.concatenate([left, [centre], right]))
    return edges[(edges >= low) & (edges <= high)]


def _resolved(density: Density, left: Array, right: Array) -> tuple[Array, Array, Array]:
    """Halve panels until a Chebyshev series holds the density in each."""
    to_series = to_chebyshev(NODES)
    nodes = chebyshev_points(NODES)
    tolerance = TOLERANCE
    done: list[tuple[Array, Array, Array]] = []
    for _ in range(MOST_HALVINGS):
        middle = 0.5 * (left + right)
        with np.errstate(all="ignore"):
            values = np.nan_to_num(density(middle[:, None] + 0.5 * (right - left)[:, None] * nodes), posinf=0.0)
        series = values @ to_series.T
        largest = values.max(axis=1)
        noise = 32.0 * 2.0**-52 * np.abs(middle) / (right - left) * np.abs(series[:, 1])  # of a density at a rounded x
        smooth = np.abs(series[:, -4:]).max(axis=1) <= tolerance * largest + noise
        even = values.min(axis=1) * STEEPEST >= largest
        kept = (smooth & even) | (largest * (right - left) < NEGLIGIBLE)
        kept |= right - left <= 1e-14 * np.maximum(np.abs(left), np.abs(right))
        done.append((left[kept], right[kept], series[kept]))
        before = kept.size
        left, middle, right = left[~kept], middle[~kept], right[~kept]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        if left.size > 128 and left.size > 1.5 * before:  # an isolated bend leaves one panel each time; noise leaves all
            tolerance *= 4.0
        if not left.size or sum(each[0].size for each in done) + left.size > MOST_PANELS:
            break
    lefts, rights, all_series = zip(*done, strict=True)
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(all_series)
