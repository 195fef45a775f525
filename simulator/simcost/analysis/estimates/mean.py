"""The mean of one simulated column, with its interval: Student's, or by sectioning."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate
from simcost.analysis.estimates.sectioning import cells_by_section, enough, half_width
from simcost.analysis.estimates.tail_mean import middle_of_each

if TYPE_CHECKING:
    from simcost_kernels.summaries.summary import Summary


def mean(summary: Summary, column: int, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean of a column's finite values.

    Parameters
    ----------
    column
        Number of the column.
    confidence
        Of the interval.

    Returns
    -------
    Estimate
        In the column's unit; NaN where no value is finite, without ends where there are fewer than two.

    Notes
    -----
    Where scenarios are not independent, the means of the replicates tell it by their spread (`estimates.sectioning`). Of these
    the summary knows in which cell a value lies: its variance there, were it anywhere in the cell alike, is added.
    """
    value, count = float(summary.mean()[column]), int(summary.count()[column])
    if count < 2:
        return Estimate(value, None, None)
    half = _of_replicates if enough(count, summary.sections, 0.5) else _of_independent
    width = half(summary, column, confidence)
    return Estimate(value, value - width, value + width)


def _of_independent(summary: Summary, column: int, confidence: float) -> float:
    from scipy.special import stdtrit

    count = int(summary.count()[column])
    return float(stdtrit(count - 1, 1.0 - (1.0 - confidence) / 2.0)) * float(summary.sd()[column]) / sqrt(count)


def _of_replicates(summary: Summary, column: int, confidence: float) -> float:
    runs, by_section = summary.cells(column), cells_by_section(summary, column)
    totals = np.maximum(by_section.sum(axis=0), 1)
    within = ((runs.highs - runs.lows) ** 2 / 12.0) @ by_section / totals**2
    return half_width(middle_of_each(runs) @ by_section / totals, confidence, float(np.mean(within)))
