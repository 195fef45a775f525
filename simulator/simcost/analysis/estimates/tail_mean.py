"""Conditional value at risk: the mean of the worst share of the scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE
from simcost.analysis.estimates.sectioning import cells_by_section, enough, half_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.cells import Runs
    from simcost_kernels.summaries.summary import Summary

FEWEST = 30
"""Scenarios that the worst share should have for an interval: their mean is taken to be normal."""


@dataclass(frozen=True, slots=True)
class TailMean:
    """A conditional value at risk, in the column's unit.

    Parameters
    ----------
    value
        The mean; NaN if no value is finite.
    low, high
        Ends of the 95 % interval, ``bound`` included; None where the worst share has too few scenarios.
    bound
        By how much ``value`` may differ at most from the mean of the very same scenarios, of which the summary knows the
        smallest and the largest of each cell.
    """

    value: float
    low: float | None
    high: float | None
    bound: float


@dataclass(frozen=True, slots=True)
class TailMoments:
    """Mean and variance of the largest values of a column, as far as its cells tell.

    Parameters
    ----------
    bound
        By how much the mean may be wrong at most.
    """

    mean: float
    bound: float
    variance: float


def tail_mean(summary: Summary, column: int, level: float, *, confidence: float = CONFIDENCE) -> TailMean:
    """Return the mean of the worst ``1 - level`` of a column's finite values.

    Parameters
    ----------
    column
        Number of the column.
    level
        Between 0 and 1, both excluded: 0.8 for the worst fifth.
    confidence
        Of the interval.

    Notes
    -----
    With k = n (1 - level), not always whole, the mean is that of the largest k values, the last of them in part (Rockafellar and
    Uryasev 2002, "Conditional value-at-risk for general loss distributions", proposition 8). Its asymptotic variance is that of
    max(X - q, 0) / (1 - level) over n, q the quantile (Trindade, Uryasev, Shapiro and Zrazhevsky 2007, "Financial prediction with
    constrained tail risk"). Where scenarios are not independent, the means of that in the replicates tell it by their spread
    (`simcost.analysis.estimates.sectioning`).
    """
    runs = summary.cells(column)
    count = int(runs.counts.sum())
    if not count:
        return TailMean(float("nan"), None, None, 0.0)
    wanted = count * (1.0 - level)
    found = tail_moments(runs, wanted)
    if wanted < FEWEST:
        return TailMean(found.mean, None, None, found.bound)
    by_section = cells_by_section(summary, column) if enough(count, summary.sections, level) else None
    half = _half_width(runs, level, by_section, confidence) + found.bound
    return TailMean(found.mean, found.mean - half, found.mean + half, found.bound)


def tail_moments(runs: Runs, wanted: float) -> TailMoments:
    """Return mean and variance of the largest ``wanted`` values.

    Of a whole cell the smallest and the largest value are known. Of the cell that is cut, the part taken has the largest value,
    whole or in part. For the variance the values of a cell are taken at its middle.
    """
    taken = largest_by_cell(runs, wanted)
    top = np.minimum(taken, 1.0)
    bottom = np.clip(taken - (runs.counts - 1), 0.0, 1.0) * (runs.counts > 1)
    rest = taken - top - bottom
    known = top * runs.highs + bottom * runs.lows
    least, most = float(np.sum(known + rest * runs.lows)), float(np.sum(known + rest * runs.highs))
    middles = middle_of_each(runs)
    mean = (least + most) / 2.0 / wanted
    return TailMoments(mean, (most - least) / 2.0 / wanted, float(np.sum(taken * (middles - mean) ** 2)) / wanted)


def largest_by_cell(runs: Runs, wanted: float) -> Array:
    """Return how many of the largest ``wanted`` values lie in each cell, float64 (n_cells,)."""
    above = np.cumsum(runs.counts[::-1])[::-1] - runs.counts
    return np.clip(wanted - above, 0.0, runs.counts)


def middle_of_each(runs: Runs) -> Array:
    """Return the middle between the smallest and the largest value of each cell, float64 (n_cells,)."""
    return runs.lows + (runs.highs - runs.lows) / 2.0


def _half_width(runs: Runs, level: float, by_section: NDArray[np.int64] | None, confidence: float) -> float:
    """Return half of the interval; values of a cell are taken at its middle.

    Parameters
    ----------
    by_section
        Counts of each cell in each replicate, int64 (n_cells, sections); None where scenarios are independent.
    """
    from scipy.special import ndtri

    middles, count = middle_of_each(runs), int(runs.counts.sum())
    rank = min(int(np.searchsorted(np.cumsum(runs.counts), level * count)), len(middles) - 1)
    beyond = np.maximum(middles - middles[rank], 0.0)
    if by_section is not None:
        return half_width(beyond @ by_section / np.maximum(by_section.sum(axis=0), 1), confidence) / (1.0 - level)
    mean = float(np.average(beyond, weights=runs.counts))
    variance = float(np.average((beyond - mean) ** 2, weights=runs.counts))
    return float(ndtri(1.0 - (1.0 - confidence) / 2.0)) * sqrt(variance / count) / (1.0 - level)
