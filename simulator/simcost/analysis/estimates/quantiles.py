"""Quantiles of one simulated column, and shares, with their confidence intervals: exact ones, or by sectioning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, proportion, quantile_rank, ranks
from simcost.analysis.estimates.sectioning import enough, half_width, quantile_half_widths, ranks_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from simcost_kernels.summaries.summary import Summary


def quantiles(
    summary: Summary, column: int, probabilities: Sequence[float], *, confidence: float = CONFIDENCE
) -> tuple[Estimate, ...]:
    """Quantiles of a column's finite values.

    Each end of an interval is an order statistic: an exact one where scenarios are independent, else by sectioning. It is moved
    outwards by the standard error with which the summary knows it. That error is independent of sampling and far smaller, so
    adding one standard error in full is on the safe side.

    Parameters
    ----------
    column
        Number of the column.
    probabilities
        Each between 0 and 1, both excluded.
    confidence
        Of each interval by itself.

    Returns
    -------
    tuple of Estimate
        One for each probability; NaN without ends where no value is finite.
    """
    count = int(summary.count()[column])
    if not count:
        return tuple(Estimate(float("nan"), None, None) for _ in probabilities)
    middles = [quantile_rank(count, p) for p in probabilities]
    wanted = list(zip(middles, _ends(summary, column, middles, probabilities, confidence), strict=True))
    places = sorted({rank for middle, ends in wanted for rank in (middle, *ends) if rank is not None})
    values = dict(zip(places, summary.at_rank(column, places).tolist(), strict=True))
    errors = dict(zip(places, summary.rank_error(column, places).tolist(), strict=True))
    return tuple(
        Estimate(
            value=values[middle],
            low=None if low is None else values[low] - errors[low],
            high=None if high is None else values[high] + errors[high],
        )
        for middle, (low, high) in wanted
    )


def sums_enough(
    summary: Summary, column: int, probabilities: Sequence[float], *, confidence: float = CONFIDENCE
) -> tuple[Estimate, ...]:
    """Return the sums that are enough with some probabilities: quantiles over all scenarios, whatever their value.

    No sum is enough for a cost that is infinite or undefined, so those scenarios come after all others in order. Where there are
    none, these are the `quantiles`. Else the intervals are those of independent scenarios, on replicates too: on the safe side.

    Parameters
    ----------
    column, probabilities, confidence
        See `quantiles`.

    Returns
    -------
    tuple of Estimate
        One for each probability: NaN where no sum is enough; an end is None where there may be none.
    """
    finite = int(summary.count()[column])
    if finite == summary.n:
        return quantiles(summary, column, probabilities, confidence=confidence)
    return tuple(
        Estimate(
            float("nan") if (value := _value_at(summary, column, quantile_rank(summary.n, p), 0)) is None else value,
            _value_at(summary, column, low, -1),
            _value_at(summary, column, high, 1),
        )
        for p in probabilities
        for low, high in [ranks(summary.n, p, confidence)]
    )


def _value_at(summary: Summary, column: int, rank: int | None, errors: int) -> float | None:
    """Return the value of a rank among all scenarios with so many of its standard errors; None where it is not finite."""
    if rank is None or rank >= int(summary.count()[column]):
        return None
    return float(summary.at_rank(column, [rank])[0] + errors * summary.rank_error(column, [rank])[0])


def share(summary: Summary, column: int, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return the share of nonzero values of a column of zeros and ones, with its interval: exact, or by sectioning."""
    sections = summary.sections_true(column) if summary.sections else None
    return share_of(summary.count_true(column), int(summary.count()[column]), sections, confidence=confidence)


def share_of(
    true: int, count: int, sections: tuple[NDArray[np.int64], NDArray[np.int64]] | None, *, confidence: float = CONFIDENCE
) -> Estimate:
    """Return the share ``true / count`` with its interval.

    Parameters
    ----------
    sections
        The two numbers of each replicate, int64 (sections,); None where scenarios are independent.
    confidence
        Of the interval.
    """
    if sections is None or not count or not enough(count, len(sections[0]), true / count):
        return proportion(true, count, confidence)
    by_section, totals = sections
    half = half_width(by_section / totals, confidence)
    return Estimate(true / count, max(true / count - half, 0.0), min(true / count + half, 1.0))


def _ends(
    summary: Summary, column: int, middles: Sequence[int], probabilities: Sequence[float], confidence: float
) -> list[tuple[int | None, int | None]]:
    """Return the ranks of both ends of each quantile's interval."""
    count = int(summary.count()[column])
    exact = [ranks(count, p, confidence) for p in probabilities]
    if not any(enough(count, summary.sections, p) for p in probabilities):
        return exact
    halves = quantile_half_widths(summary.sections_around(column, middles), confidence)
    return [
        ranks_within(count, p, half) if enough(count, summary.sections, p) else ends
        for p, half, ends in zip(probabilities, halves, exact, strict=True)
    ]
