"""The most by which a percentile exceeds what is approved: of the total, and of every period with a sum of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate
from simcost.analysis.searches.told_apart import quantile_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.summaries.summary import Summary


def most_exceeded(summary: Summary, sums: Sequence[tuple[int, float]], p: float) -> Estimate:
    """Return the most by which p-quantiles exceed what is approved for each; negative where all are kept.

    The most of several high ends is below the truth only where that of the column that truly exceeds most is; the most of several
    low ends is above it as soon as one of them is, so each of k keeps to 1/k of what may be missed (Bonferroni). Together the
    interval covers as that of one quantile does, or more.

    Parameters
    ----------
    sums
        Number of a column, and what is approved for it; at least one.
    p
        Between 0 and 1, both excluded.
    """
    value = _most(summary, sums, p, CONFIDENCE, "value")
    low = _most(summary, sums, p, 1.0 - (1.0 - CONFIDENCE) / len(sums), "low")
    return Estimate(0.0 if value is None else value, low, _most(summary, sums, p, CONFIDENCE, "high"))


def _most(summary: Summary, sums: Sequence[tuple[int, float]], p: float, confidence: float, part: str) -> float | None:
    """Return the most of a part of the estimates less what is approved; None if one of them has no such end."""
    ends = [
        (getattr(quantile_beside(summary, column, p, approved, confidence=confidence), part), approved)
        for column, approved in sums
    ]
    known = [end - approved for end, approved in ends if end is not None]
    return max(known) if len(known) == len(ends) else None
