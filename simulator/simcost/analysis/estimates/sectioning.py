"""Confidence intervals by sectioning: from the spread of independent replicates about the whole.

The points of a replicate depend on each other by design, so a binomial interval of all of them is far too wide. The replicates
are independent and alike: with R of them, F_r the share of replicate r at or below the quantile of all points pooled, and F their
mean, the share of all points there has the standard error s / sqrt(R), where s^2 = sum (F_r - F)^2 / (R - 1). The interval
reaches from the pooled quantile of p - t s / sqrt(R) to that of p + t s / sqrt(R), t being Student's with R - 1 degrees of
freedom.

Sources: Asmussen and Glynn 2007, "Stochastic Simulation", III.5 (sectioning: pool for the estimate, replicates for its spread);
Nakayama 2014, "Confidence intervals for quantiles using sectioning when applying variance-reduction techniques", ACM TOMACS 24
(the same with replicate quantiles; shares need no density and no quantile of a short replicate). Averages of replicate quantiles
are biased and cover too little.

Within a cell of the summary only counts are known: a replicate is taken to have its share of them, and the binomial variance of
that is added, as if points were placed at random there. So what the summary does not know can only widen an interval.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.sections import SectionCounts
    from simcost_kernels.summaries.summary import Summary

FEWEST = 5.0
"""Points that each replicate should have beyond a quantile. With fewer the shares are far from normal, and the interval is that
of independent scenarios: too wide, never too narrow."""


def enough(count: float, sections: int, p: float) -> bool:
    """Tell whether ``count`` points in ``sections`` replicates are enough for an interval by sectioning at probability p."""
    return sections > 1 and count / sections * min(p, 1.0 - p) >= FEWEST


def half_width(shares: Array, confidence: float, variance_within: float = 0.0) -> float:
    """Half the width of the interval of a probability, or of another mean.

    Parameters
    ----------
    shares
        Share, or mean, of each replicate, float64 (sections,).
    variance_within
        Variance of such a share that the replicates' spread does not show.
    """
    from scipy.special import stdtrit

    sections = len(shares)
    t = float(stdtrit(sections - 1, 1.0 - (1.0 - confidence) / 2.0))
    return t * sqrt((float(np.var(shares, ddof=1)) + variance_within) / sections)


def cells_by_section(summary: Summary, column: int) -> NDArray[np.int64]:
    """Return how many values of each replicate lie in each occupied cell of a column, int64 (n_cells, sections)."""
    last_of_each = np.cumsum(summary.cells(column).counts) - 1
    return summary.sections_around(column, last_of_each).inside


def quantile_half_widths(found: SectionCounts, confidence: float) -> list[float]:
    """Half the width, in probability, of the interval of each rank that ``found`` is about."""
    totals = np.maximum(found.totals, 1)
    shares = (found.below + found.share[:, None] * found.inside) / totals
    within = found.inside * (found.share * (1.0 - found.share))[:, None] / totals**2
    return [half_width(each, confidence, float(np.mean(more))) for each, more in zip(shares, within, strict=True)]


def ranks_within(n: int, p: float, half: float) -> tuple[int | None, int | None]:
    """0-based ranks among n values of the quantiles of ``p - half`` and ``p + half``; None for an end outside (0, 1)."""
    low, high = p - half, p + half
    return max(ceil(n * low) - 1, 0) if low > 0.0 else None, min(ceil(n * high) - 1, n - 1) if high < 1.0 else None
