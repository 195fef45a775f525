"""Totals of many variants of one model in the same futures, some at a time beside the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.budgets.period_budget import probability_within_every_period
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.estimates.distribution_function import probability_within
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.statistics import PERCENTILES, Statistics, statistics
from simcost.analysis.total_figures import TotalFigures, difference
from simcost.engine.stages import stages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost.analysis.comparisons.paired import PairedTotals
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span

AT_ONCE = 24
"""Variants beside the first: their blocks take 12 MB for each worker."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The total of one variant.

    Parameters
    ----------
    total
        Over the scenarios in which all of the variants that are run together are finite.
    probability_within
        Probability that it is at most the approved sum; None without one.
    probability_within_every_period
        Probability that each quarter or fiscal year stays within its own approved sum, all at once; None without such sums.
    change
        Its figures less the first variant's; None for the first.
    non_finite
        Scenarios left out.
    """

    total: Statistics
    probability_within: Estimate | None
    probability_within_every_period: Estimate | None
    change: TotalFigures | None
    non_finite: int


def sweep(
    kernels: Sequence[Kernel], span: Span, *, approved: float | None, progress: Progress | None = None
) -> tuple[Swept, ...]:
    """Run every kernel over a span; the first column of each is the total.

    Parameters
    ----------
    approved
        The budget of the whole horizon, if there is one.
    progress
        Told of the scenarios of all kernels together.
    """
    first, *others = kernels
    groups = [others[place : place + AT_ONCE] for place in range(0, len(others), AT_ONCE)] or [[]]
    swept: list[Swept] = []
    shares = stages(progress, *(span.n * (len(group) + 1) for group in groups))
    for number, (group, shown) in enumerate(zip(groups, shares, strict=True)):
        found = paired_run([first, *group], span, distributions=False, progress=shown)
        swept += list(_swept(found, approved))[0 if number == 0 else 1 :]
    return tuple(swept)


def _swept(found: PairedTotals, approved: float | None) -> Iterator[Swept]:
    for place, total in enumerate(statistics(found.totals, PERCENTILES)):
        within = None if approved is None else probability_within(found.totals, place, approved)
        change = difference(found, place) if place else None
        yield Swept(total, within, probability_within_every_period(found, place), change, found.non_finite)
