"""Conditional value at risk: the mean of the worst share of the scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.intervals import CONFIDENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.cells import Runs
    from simcost_kernels.summary import Summary

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
        Of the interval. It takes scenarios for independent: too wide for replicates, never too narrow.

    Notes
    -----
    With k = n (1 - level), not always whole, the mean is that of the largest k values, the last of them in part (Rockafellar and
    Uryasev 2002, "Conditional value-at-risk for general loss distributions", proposition 8). Its asymptotic variance is that of
    max(X - q, 0) / (1 - level) over n, q the quantile (Trindade, Uryasev, Shapiro and Zrazhevsky 2007, "Financial prediction with
    constrained tail risk").
    """
    runs = summary.cells(column)
    count = int(runs.counts.sum())
    if not count:
        return TailMean(float("nan"), None, None, 0.0)
    wanted = count * (1.0 - level)
    found = tail_moments(runs, wanted)
    if wanted < FEWEST:
        return TailMean(found.mean, None, None, found.bound)
    half = _half_width(runs, count, level, confidence) + found.bound
    return TailMean(found.mean, found.mean - half, found.mean + half, found.bound)


def tail_moments(runs: Runs, wanted: float) -> TailMoments:
    """Return mean and variance of the largest ``wanted`` values.

    Of a whole cell the smallest and the largest value are known. Of the cell that is cut, the part taken has the largest value,
    whole or in part. For the variance the values of a cell are taken at its middle.
    """
    above = np.cumsum(runs.counts[::-1])[::-1] - runs.counts
    taken = np.clip(wanted - above, 0.0, runs.counts)
    top = np.minimum(taken, 1.0)
    bottom = np.clip(taken - (runs.counts - 1), 0.0, 1.0) * (runs.counts > 1)
    rest = taken - top - bottom
    known = top * runs.highs + bottom * runs.lows
    least, most = float(np.sum(known + rest * runs.lows)), float(np.sum(known + rest * runs.highs))
    middles = runs.lows + (runs.highs - runs.lows) / 2.0
    mean = (least + most) / 2.0 / wanted
    return TailMoments(mean, (most - least) / 2.0 / wanted, float(np.sum(taken * (middles - mean) ** 2)) / wanted)


def _half_width(runs: Runs, count: int, level: float, confidence: float) -> float:
    """Return half of the interval of independent scenarios; values of a cell are taken at its middle."""
    from scipy.special import ndtri

    middles: NDArray[np.float64] = runs.lows + (runs.highs - runs.lows) / 2.0
    rank = min(int(np.searchsorted(np.cumsum(runs.counts), level * count)), len(middles) - 1)
    beyond = np.maximum(middles - middles[rank], 0.0)
    mean = float(np.average(beyond, weights=runs.counts))
    variance = float(np.average((beyond - mean) ** 2, weights=runs.counts))
    return float(ndtri(1.0 - (1.0 - confidence) / 2.0)) * sqrt(variance / count) / (1.0 - level)
