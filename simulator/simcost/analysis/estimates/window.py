"""Counts of a column close around a quantile, fine enough to tell two quantiles apart that differ by little.

A summary knows a value to 2.45e-4 of itself, far below the error of one run but not below that of a difference on common random
numbers. A window is laid around the quantile of a pilot sample, so wide that the quantile of the whole misses it about once in
10^15 runs, and counts in bins of which each is 1/512 of the pilot's standard error wide. Its memory does not grow with the run.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import quantile_rank
from simcost_kernels.summaries.cells import Runs
from simcost_kernels.summaries.order_statistics import Ordered

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array

REACH = 8.0
"""Standard errors of the pilot's rank to either side."""

BINS = 8192


class Window:
    """Counts of the values of one column around its quantile.

    Parameters
    ----------
    pilot
        The first values of the column, ascending and finite: float64 (k,).
    p
        Between 0 and 1, both excluded.

    Attributes
    ----------
    centre
        The pilot's quantile; NaN if the pilot is empty.
    below
        Number of values below the window.
    count
        Number of all values.
    """

    def __init__(self, pilot: Array, p: float) -> None:
        count = len(pilot)
        reach = REACH * sqrt(count * p * (1.0 - p))
        self.centre = float(pilot[quantile_rank(count, p)]) if count else float("nan")
        self._low = float(pilot[max(floor(count * p - reach) - 1, 0)]) if count else float("inf")
        self._high = float(pilot[min(ceil(count * p + reach), count - 1)]) if count else -float("inf")
        width = self._high - self._low
        self._scale = BINS / width if width > 0.0 and isfinite(width) and isfinite(BINS / width) else 0.0
        self.below = self.count = 0
        self._counts = np.zeros(BINS, dtype=np.int64)
        self._lows, self._highs = np.full(BINS, np.inf), np.full(BINS, -np.inf)

    def add(self, values: Array) -> None:
        """Count finite values, float64 (k,)."""
        self.count += len(values)
        self.below += int(np.count_nonzero(values < self._low))
        inside = np.sort(values[(values >= self._low) & (values <= self._high)])
        if not len(inside):
            return
        bins = np.minimum(((inside - self._low) * self._scale).astype(np.int64), BINS - 1)
        firsts = np.flatnonzero(np.diff(bins, prepend=-1))
        places = bins[firsts]
        self._counts[places] += np.diff(firsts, append=len(bins))
        self._lows[places] = np.minimum(self._lows[places], inside[firsts])
        self._highs[places] = np.maximum(self._highs[places], inside[np.append(firsts[1:], len(bins)) - 1])

    def merge(self, other: Window) -> None:
        """Take in what another window of the same pilot has counted."""
        self.count += other.count
        self.below += other.below
        self._counts += other._counts
        self._lows = np.minimum(self._lows, other._lows)
        self._highs = np.maximum(self._highs, other._highs)

    def at_rank(self, rank: int) -> float | None:
        """Order statistic by 0-based rank, interpolated within a bin; None if it is not in the window."""
        runs = self._runs()
        place = rank - self.below
        if not 0 <= place < runs.counts.sum():
            return None
        return float(Ordered.of(runs).at_rank(np.array([place]))[0][0])

    def tied(self, rank: int) -> int:
        """Return how many values are the very one at a rank, as far as its bin tells: 1 where a bin has several."""
        runs = self._runs()
        place = rank - self.below
        if not 0 <= place < runs.counts.sum():
            return 1
        found = int(np.searchsorted(np.cumsum(runs.counts), place, side="right"))
        return int(runs.counts[found]) if runs.lows[found] == runs.highs[found] else 1

    def moved(self, to: float) -> float:
        """Return the sum over all values x of max(x - centre, 0) - max(x - to, 0), ``to`` being within the window.

        Values of a bin are taken at its middle; those beyond the window add the same each.
        """
        runs = self._runs()
        middles = runs.lows + (runs.highs - runs.lows) / 2.0
        inside = np.maximum(middles - self.centre, 0.0) - np.maximum(middles - to, 0.0)
        above = self.count - self.below - int(runs.counts.sum())
        return float(np.sum(runs.counts * inside)) + above * (to - self.centre)

    def _runs(self) -> Runs:
        (keys,) = np.nonzero(self._counts)
        return Runs(keys, self._counts[keys], self._lows[keys], self._highs[keys])
