"""When a budget is first broken: the month in which the cumulative cost first exceeds what was approved until then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate
from simcost.analysis.estimates.quantiles import share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class FirstBreach:
    """The distribution of the month of the first breach: each scenario has one such month, or none.

    Parameters
    ----------
    by_month
        Probability that the budget is first broken in each month.
    never
        Probability that it is broken in none. With those of the months it sums to 1.
    """

    by_month: tuple[Estimate, ...]
    never: Estimate


def first_breach(summary: Summary, columns: Sequence[int], *, confidence: float = CONFIDENCE) -> FirstBreach:
    """Read the distribution off the columns that say, month by month, whether the budget has been broken by then.

    Once broken it stays so: what a month has beyond the month before it are the first breaches of that month, counted exactly.

    Parameters
    ----------
    columns
        Numbers of these columns in the order of the months, at least one.
    confidence
        Of each interval by itself.
    """
    broken = [summary.count_true(column) for column in columns]
    by_section = [summary.sections_true(column)[0] for column in columns] if summary.sections else []
    totals = summary.sections_true(columns[0])[1] if summary.sections else None
    months = []
    for month, count in enumerate(broken):
        first = count - (broken[month - 1] if month else 0)
        sections = None if totals is None else (by_section[month] - (by_section[month - 1] if month else 0), totals)
        months.append(share_of(first, summary.n, sections, confidence=confidence))
    kept = None if totals is None else (totals - by_section[-1], totals)
    return FirstBreach(tuple(months), share_of(summary.n - broken[-1], summary.n, kept, confidence=confidence))
