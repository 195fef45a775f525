"""Where a sum lies on the curve: the probability that a simulated column is at most so much."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, proportion_interval
from simcost.analysis.estimates.sectioning import enough, quantile_half_widths
from simcost.compile.costs import within_limit

if TYPE_CHECKING:
    from simcost_kernels.summaries.summary import Summary


def probability_up_to(summary: Summary, column: int, value: float, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return the share of a column's finite values that are at most ``value``, with its interval.

    The count is exact unless ``value`` falls inside a cell of the summary, at most 2.45e-4 of it wide, within which values are
    taken to lie evenly. There the interval is moved outwards by the standard error of such a count.

    Parameters
    ----------
    column
        Number of the column.
    value
        Finite, in the column's unit.
    confidence
        Of the interval.

    Returns
    -------
    Estimate
        NaN without ends where no value is finite. The interval is that of Clopper and Pearson, or by sectioning.
    """
    count = int(summary.count()[column])
    if not count:
        return Estimate(float("nan"), None, None)
    up_to, error = summary.count_up_to(column, value)
    share = up_to / count
    if up_to > 0 and enough(count, summary.sections, share):
        (half,) = quantile_half_widths(summary.sections_around(column, np.array([up_to - 1])), confidence)
        low, high = share - half - error / count, share + half + error / count
    else:
        low, _ = proportion_interval(max(floor(up_to - error), 0), count, confidence)
        _, high = proportion_interval(min(ceil(up_to + error), count), count, confidence)
    return Estimate(share, max(low, 0.0), min(high, 1.0))


def probability_within(summary: Summary, column: int, approved: float, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return the share of a column's finite values that stay within an approved sum, which its rounding may exceed."""
    return probability_up_to(summary, column, within_limit(approved), confidence=confidence)
