"""The reserve split over categories, stages and owners: what each has in the worst scenarios, less its mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.budgets.tail_split import TailParts, threshold
from simcost.analysis.estimates.intervals import Estimate
from simcost.compile.costs import total_column
from simcost.engine.joint import run_jointly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

    Columns = Sequence[tuple[str, str, int]]

GROUPS = ("category", "stage", "owner")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the reserve; money in the scenario's currency.

    Parameters
    ----------
    name
        Of the category, stage or owner, ``(no owner)`` for what has none; empty for the whole.
    mean
        Over all scenarios.
    cvar_contribution
        Mean in the worst ones, with its 95 % interval: the parts of a group add up to the CVaR.
    """

    name: str
    mean: float
    cvar_contribution: Estimate

    @property
    def reserve(self) -> float:
        """What it costs more in the worst scenarios than on average."""
        return self.cvar_contribution.value - self.mean


@dataclass(frozen=True, slots=True)
class ReserveSplit:
    """The split.

    Parameters
    ----------
    level
        The worst ``1 - level`` of the scenarios are meant.
    whole
        The total, with the mean of the very scenarios that are the worst (CVaR).
    groups
        By group (`GROUPS`): its parts, without groups that the scenario does not name.
    """

    level: float
    whole: Share
    groups: dict[str, tuple[Share, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column each part is: the total first, then (group, name, column)."""

    total: int
    parts: tuple[tuple[str, str, int], ...]

    def of(self, columns: Array) -> Array:
        """Return the parts, float64 (1 + k, m), of columns, float64 (n_columns, m)."""
        return columns[[self.total, *(column for _, _, column in self.parts)]]


def reserve_split(
    kernel: Kernel,
    span: Span,
    *,
    summary: Summary,
    level: float,
    confidence: float,
    progress: Progress | None,
) -> ReserveSplit | None:
    """Run the scenarios of a span once more and split the mean of their worst.

    Parameters
    ----------
    kernel
        Of the plan that the first pass ran.
    span
        Its seed and scenarios; ``workers`` is how many work now.
    summary
        Of the first pass.
    level
        Between 0 and 1, both excluded: 0.8 for the worst fifth.
    confidence
        Of each interval by itself.

    Returns
    -------
    ReserveSplit
        None if no total is finite.
    """
    layout = _layout(tuple(kernel.plan.columns()))
    at = threshold(summary, layout.total, level)
    if at is None:
        return None
    centres = layout.of(np.nan_to_num(summary.mean(), nan=0.0)[:, None])[:, 0]
    sections = kernel.plan.sampling.sections
    collectors = [TailParts(at, centres, layout.total, layout.of, sections=sections) for _ in range(span.workers)]
    run_jointly([kernel], span, collectors, progress=progress)
    tail = reduce(_merged, collectors)
    found, means = tail.contributions(confidence=confidence), tail.means().tolist()
    shares = [Share(name, mean, each) for (_, name, _), mean, each in zip(layout.parts, means[1:], found[1:], strict=True)]
    groups = {
        group: tuple(share for (its, _, _), share in zip(layout.parts, shares, strict=True) if its == group) for group in GROUPS
    }
    whole = Share("", means[0], found[0])
    return ReserveSplit(level, whole, {group: its for group, its in groups.items() if its})


def _layout(columns: Columns) -> _Layout:
    return _Layout(
        total_column(columns),
        tuple((group, label, place) for group in GROUPS for place, (its, label, _) in enumerate(columns) if its == group),
    )


def _merged(mine: TailParts, other: TailParts) -> TailParts:
    mine.merge(other)
    return mine
