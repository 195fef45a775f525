"""Sobol' indices by pick-freeze: which share of the total's variance an input explains, alone and with its interactions.

Beside the scenarios A of a run stand their independent twins B, and for each unit (an input, or inputs that move together) the
scenarios A with the unit's draws taken from B. With y, y' and y_i their outcomes:

* first order, S_i = Var(E[Y | X_i]) / Var(Y): covariance of y' and y_i over their pooled variance (Janon, Klein, Lagnoux,
  Nodet and Prieur 2014, "Asymptotic normality and efficiency of two Sobol index estimators", ESAIM: Probability and
  Statistics 18, equation 6), less 1 - T_i times the covariance of y and y', which is 0 but for sampling: a control variate whose
  factor is the regression of y_i on y. On ``scenarios/ecommerce_recommender.toml``, 16,384 points, it took the standard error of
  small indices from 0.005 to 0.0001, and that of no index up;
* total, T_i = E[Var(Y | all but X_i)] / Var(Y): half the mean square of y - y_i over the pooled variance of these two (Jansen
  1999, "Analysis of variance designs for model output", Computer Physics Communications 117).

Points are scrambled Sobol' points in independent replicates (latin hypercubes where a model has too many dimensions). The
estimate pools all replicates; its interval is that of the jackknife over them, by Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate
from simcost_kernels.draws.sampling import ROW, ROW_BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array


NOTHING = 1e-12
"""Standard deviation, as a share of the mean's size, below which an outcome counts as constant: only rounding moves it."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol' indices of one unit; None for both where the total does not vary."""

    first: Estimate | None
    total: Estimate | None


class PickFreezeSums:
    """Collects, replicate by replicate, what the estimates need; a collector of `simcost.engine.joint`.

    Parameters
    ----------
    sections
        Number of replicates.
    shift
        Near the mean of the outcome: sums are of differences to it, so that they keep their digits.
    """

    def __init__(self, sections: int, shift: float) -> None:
        self._sections = sections
        self._shift = shift
        self.blocks: dict[int, Array] = {}

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Take the totals of A, B, and of A with each unit from B, in this order: the first row of each.

        A scenario in which one of the three is infinite or undefined is left out of that unit's sums.
        """
        a, b, *picked = (column[0] - self._shift for column in columns)
        section = (np.arange(start, start + len(a)) >> ROW_BITS) % self._sections
        self.blocks[start] = np.stack([self._by_section(section, np.stack((a, b, y))) for y in picked])

    def _by_section(self, section: NDArray[np.int64], outcomes: Array) -> Array:
        finite = np.isfinite(outcomes).all(axis=0)
        if not finite.all():
            section, outcomes = section[finite], outcomes[:, finite]
        with np.errstate(over="ignore"):
            products = _products(*outcomes)
        return np.stack([np.bincount(section, each, self._sections) for each in products])

    def merged(self, others: Sequence[PickFreezeSums]) -> Array:
        """Return the sums of all collectors of a run, float64 (n_units, 10, sections), added in the order of the blocks."""
        blocks = dict(self.blocks)
        for other in others:
            blocks |= other.blocks
        return np.asarray(sum(blocks[start] for start in sorted(blocks)))


def indices(sums: Array, shift: float) -> tuple[Indices, ...]:
    """Return the indices of each unit.

    Parameters
    ----------
    sums
        From `PickFreezeSums`.
    shift
        That of the sums.
    """
    return tuple(_indices_of_one(each, shift) for each in sums)


def varies(variance: float, mean: float) -> bool:
    """Tell whether a total varies by more than rounding makes it."""
    return bool(variance > (NOTHING * mean) ** 2)


def whole_rounds(n: int, replicates: int) -> int:
    """Return the number of points nearest to n that can be dealt out: at least one row for each replicate."""
    whole = ROW * replicates
    return max(round(n / whole), 1) * whole


def _products(a: Array, b: Array, y: Array) -> tuple[Array, ...]:
    """Terms of means and second moments, and the count."""
    return a, b, y, a * a, b * b, y * y, b * y, b * a, (a - y) ** 2 / 2, np.ones_like(a)


def _indices_of_one(sums: Array, shift: float) -> Indices:
    *terms, counts = sums
    n = counts.sum()
    if n < 2 * len(counts) or not np.isfinite(sums).all():
        return Indices(None, None)
    pooled = np.sum(terms, axis=1) / n
    if not varies(pooled[3] - pooled[0] ** 2, shift + pooled[0]):
        return Indices(None, None)
    without = (np.sum(terms, axis=1)[:, None] - terms) / (n - counts)
    wholes, parts = _first_and_total(pooled), _first_and_total(without)
    return Indices(*(jackknifed(whole, part) for whole, part in zip(wholes, parts, strict=True)))


def _first_and_total(means: Array) -> tuple[Array, Array]:
    """Return both indices from means of `_products`, each of any shape."""
    a, b, y, aa, bb, yy, by, ba, half_square = means
    total = half_square / ((aa + yy) / 2 - ((a + y) / 2) ** 2)
    first = (by - b * y - (1 - total) * (ba - b * a)) / ((bb + yy) / 2 - ((b + y) / 2) ** 2)
    return first, total


def jackknifed(whole: Array, without: Array, confidence: float = CONFIDENCE) -> Estimate:
    """Return the estimate of all replicates, and its interval from those that leave one out."""
    from scipy.special import stdtrit

    sections = len(without)
    error = np.sqrt((sections - 1) / sections * np.sum((without - without.mean()) ** 2))
    half = float(stdtrit(sections - 1, 1.0 - (1.0 - confidence) / 2.0) * error)
    value = float(whole)
    return Estimate(value, value - half, value + half)
