"""The overrun: by how much the total exceeds the approved sum in the scenarios in which it does."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from simcost.analysis.intervals import CONFIDENCE, Estimate, quantile_rank, ranks
from simcost.analysis.tail_mean import FEWEST, tail_moments

if TYPE_CHECKING:
    from simcost_kernels.summary import Summary

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
        Of each interval by itself. It takes scenarios for independent: too wide for replicates, never too narrow.

    Notes
    -----
    Given their number, the totals beyond the sum are independent draws of the total given that it is beyond. So order statistics
    enclose a quantile exactly (`simcost.analysis.intervals`), and the mean is asymptotically normal. Values are known as the
    summary knows them: exactly where a cell has one or two; elsewhere the ends of the intervals allow for it.
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
    half = float(ndtri(1.0 - (1.0 - confidence) / 2.0)) * sqrt(found.variance / over) + found.bound
    return Estimate(value, value - half, value + half)


def _quantile(summary: Summary, total: int, approved: float, over: int, wanted: tuple[float, float]) -> Estimate:
    below = int(summary.count()[total]) - over
    p, confidence = wanted
    places = [None if rank is None else below + rank for rank in (quantile_rank(over, p), *ranks(over, p, confidence))]
    known = [place for place in places if place is not None]
    values = dict(zip(known, (summary.at_rank(total, known) - approved).tolist(), strict=True))
    errors = dict(zip(known, summary.rank_error(total, known).tolist(), strict=True))
    middle, low, high = places
    return Estimate(
        values[middle] if middle is not None else float("nan"),
        None if low is None else values[low] - errors[low],
        None if high is None else values[high] + errors[high],
    )
