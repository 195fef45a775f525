"""Order statistics of a column that is counted in cells: values of ranks, and ranks of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.cells import Runs


def order_statistics(
    place: NDArray[np.int64], count: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values of some ranks and the standard error of each, from the cells that they lie in.

    Parameters
    ----------
    place
        Rank of each among the values of its cell, from 0.
    count, low, high
        Number of values of each one's cell, the smallest and the largest.

    Returns
    -------
    values, errors
        Rank i of the m values in a cell is interpolated between smallest and largest at i / (m - 1). For m - 2 values
        spread evenly between the two, that is the mean of a beta variable, and the error its standard deviation
        (David and Nagaraja, "Order Statistics", 2.2). Zero, and the value exact, at both ends of a cell and in ties.
    """
    share = place / np.maximum(count - 1, 1)
    values = np.where(place == count - 1, high, low + (high - low) * share)
    errors = (high - low) * np.sqrt(share * (1.0 - share) / count)
    return values, errors


@dataclass(frozen=True, slots=True)
class Ordered:
    """The occupied cells of a column with their running count: answers for ranks and for values."""

    runs: Runs
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, runs: Runs) -> Ordered:
        """Prepare ``runs`` for queries."""
        return cls(runs, np.cumsum(runs.counts))

    def at_rank(self, ranks: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Values of order statistics by 0-based rank, int64, each below the number of values; and the standard error of each."""
        cell = np.searchsorted(self.ends, ranks, side="right")
        count = self.runs.counts[cell]
        return order_statistics(ranks - (self.ends[cell] - count), count, self.runs.lows[cell], self.runs.highs[cell])

    def below(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Number of column values smaller than each of ``values``: exact unless it falls inside a cell, then interpolated."""
        cell = np.searchsorted(self.runs.highs, values, side="left")
        last = len(self.ends) - 1
        inside = np.minimum(cell, last)
        low, high = self.runs.lows[inside], self.runs.highs[inside]
        count = self.runs.counts[inside]
        width = np.where(high > low, high - low, 1.0)
        share = np.clip((values - low) / width, 0.0, 1.0)
        within = np.where(values > low, np.minimum(1 + np.floor(share * (count - 1)).astype(np.int64), count - 1), 0)
        return np.where(cell > last, self.ends[last], self.ends[inside] - count + within)
