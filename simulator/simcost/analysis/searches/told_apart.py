"""A quantile beside a sum: whether it is within that sum is told by the count of all that are.

A summary knows a quantile to a cell, 2.45e-4 of it. Where many scenarios pay a minimum that is the sum itself, and some a little
more, a quantile among the many is reckoned to be a little more too, though it is the sum; how many keep the sum is known better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, quantile_rank, ranks
from simcost.analysis.estimates.quantiles import quantiles

if TYPE_CHECKING:
    from simcost_kernels.summaries.summary import Summary


def quantile_beside(summary: Summary, column: int, p: float, limit: float, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return the p-quantile of a column, and its interval, none of them more than ``limit`` that the count has within it.

    Parameters
    ----------
    p
        Between 0 and 1, both excluded.
    limit
        In the column's unit.
    """
    (found,) = quantiles(summary, column, (p,), confidence=confidence)
    count = int(summary.count()[column])
    if not count or summary.sections:
        return found
    within, _ = summary.count_up_to(column, limit)
    low, high = ranks(count, p, confidence)
    return Estimate(
        min(found.value, limit) if within > quantile_rank(count, p) else found.value,
        min(found.low, limit) if found.low is not None and low is not None and within > low else found.low,
        min(found.high, limit) if found.high is not None and high is not None and within > high else found.high,
    )
