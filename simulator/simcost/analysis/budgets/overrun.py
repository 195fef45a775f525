"""The overrun: by how much the total exceeds the approved sum in the scenarios in which it does."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, quantile_rank, ranks
from simcost.analysis.estimates.sectioning import cells_by_section, enough, half_width, ranks_within
from simcost.analysis.estimates.tail_mean import FEWEST, largest_by_cell, middle_of_each, tail_moments

if TYPE_CHECKING:
    from simcost_kernels.summaries.summary import Summary

MEDIAN, HIGH = 0.5, 0.95


@dataclass(frozen=True, slots=True)
class Overrun:
    """Total less approved sum, given that it is above zero; money in the currency, intervals of 95 % given how often it is.

    Parameters
    ----------
    mean, p50, p95
        Mean, median and 95th percentile. An end of an interval is None where too few scenarios exceed the sum.
    """

    mean: Estimate
    p50: Estimate
    p95: Estimate


def overrun(summary: Summary, total: int, approved: float, over: int, *, confidence: float = CONFIDENCE) -> Overrun | None:
    """Return the overrun, None where no scenario has one.

    Parameters
    ----------
    total
        Number of the column of the total.
    over
        In how many scenarios the total is finite and exceeds the approved sum: its ``over`` largest values.
    confidence
        Of each interval by itself.

    Notes
    -----
    Given their number, the totals beyond the sum are independent draws of the total given that it is beyond. So order statistics
    enclose a quantile exactly (`estimates.intervals`), and the mean is asymptotically normal. Values are known as the
    summary knows them: exactly where a cell has one or two; elsewhere the ends of the intervals allow for it.

    Where scenarios are not independent, replicates are (`estimates.sectioning`). A figure of the totals beyond is a ratio
    of two sums over all, so half its interval is that of the residual over the denominator (Asmussen and Glynn 2007, "Stochastic
    Simulation", III.4): of sum (X - a) - mean N in each replicate for the mean, N being how many are beyond a; of how many are
    beyond a and up to the quantile, less p N, for the share up to a quantile.
    """
    if over < 1:
        return None
    return Overrun(
        mean=_mean(summary, total, approved, over, confidence),
        p50=_quantile(summary, total, approved, over, (MEDIAN, confidence)),
        p95=_quantile(summary, total, approved, over, (HIGH, confidence)),
    )


def _mean(summary: Summary, total: int, approved: float, over: int, confidence: float) -> Estimate:
    from scipy.special import ndtri

    found = tail_moments(summary.cells(total), over)
    value = found.mean - approved
    if over < FEWEST:
        return Estimate(value, None, None)
    if enough(over, summary.sections, 0.5):
        half = _half_of_mean(summary, total, approved, over, (value, confidence))
    else:
        half = float(ndtri(1.0 - (1.0 - confidence) / 2.0)) * sqrt(found.variance / over)
    return Estimate(value, value - half - found.bound, value + half + found.bound)


def _half_of_mean(summary: Summary, total: int, approved: float, over: int, found: tuple[float, float]) -> float:
    """Return half the interval of a mean overrun by sectioning; of the cell that the sum cuts, each replicate has its share."""
    value, confidence = found
    runs, by_section = summary.cells(total), cells_by_section(summary, total)
    part = largest_by_cell(runs, over) / runs.counts
    residuals = (part * (middle_of_each(runs) - approved - value)) @ by_section
    within = value**2 * float(np.sum(part * (1.0 - part) * by_section.mean(axis=1)))
    return half_width(residuals, confidence, within) / (over / summary.sections)


def _quantile(summary: Summary, total: int, approved: float, over: int, wanted: tuple[float, float]) -> Estimate:
    below = int(summary.count()[total]) - over
    p, confidence = wanted
    ends = ranks(over, p, confidence)
    if enough(over, summary.sections, p):
        ends = ranks_within(over, p, _half_of_share(summary, total, over, wanted))
    places = [None if rank is None else below + rank for rank in (quantile_rank(over, p), *ends)]
    known = [place for place in places if place is not None]
    values = dict(zip(known, (summary.at_rank(total, known) - approved).tolist(), strict=True))
    errors = dict(zip(known, summary.rank_error(total, known).tolist(), strict=True))
    middle, low, high = places
    return Estimate(
        values[middle] if middle is not None else float("nan"),
        None if low is None else values[low] - errors[low],
        None if high is None else values[high] + errors[high],
    )


def _half_of_share(summary: Summary, total: int, over: int, wanted: tuple[float, float]) -> float:
    """Return half the interval, by sectioning, of the share of the totals beyond the sum that are at most their p-quantile."""
    p, confidence = wanted
    below = int(summary.count()[total]) - over
    found = summary.sections_around(total, [below + quantile_rank(over, p), max(below - 1, 0)])
    of_each = np.array([1.0, -(1.0 - p) if below else 0.0])  # up to the quantile, up to the sum
    residuals = of_each @ (found.below + found.share[:, None] * found.inside) - p * found.totals
    within = of_each**2 @ (found.share * (1.0 - found.share) * found.inside.mean(axis=1))
    return half_width(residuals, confidence, float(within)) / (over / summary.sections)
