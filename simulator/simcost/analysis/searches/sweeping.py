"""Totals of many variants of one model in the same futures, some at a time beside the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.budgets.kept_sums import KeptSums, kept_sums
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
"""Variants beside the first: their blocks take 12 MB for each worker, and as much for each approved sum."""

MOST_COLUMNS = 96
"""Columns of variants that are run at once, 48 MB for each worker; one variant at least."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The total of one variant.

    Parameters
    ----------
    total
        Over the scenarios in which all of the variants that are run together are finite.
    probability_within
        Probability that it is at most the approved sum; None without one.
    kept
        How likely the approved sums of periods, categories, stages and owners are kept, each and all at once.
    change
        Its figures less the first variant's; None for the first.
    non_finite
        Scenarios left out.
    """

    total: Statistics
    probability_within: Estimate | None
    kept: KeptSums
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
    at_once = min(AT_ONCE, max(MOST_COLUMNS // first.plan.n_columns, 1))
    groups = [others[place : place + at_once] for place in range(0, len(others), at_once)] or [[]]
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
        yield Swept(total, within, kept_sums(found, place), change, found.non_finite)
