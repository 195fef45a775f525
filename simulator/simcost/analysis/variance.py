"""Variance of what was billed against what was planned, and where each bill lies among the futures of the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.analysis.budgets.part_budget import PartBudget, part_budgets
from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate
from simcost.analysis.estimates.quantiles import share
from simcost.analysis.statistics import PERCENTILES, Statistics, statistics
from simcost.compile.studies.variance_plan import AT_MOST, BELOW, PLANNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.compile.studies.variance_plan import Billed
    from simcost.scenario.scenario import Budget
    from simcost_kernels.summaries.summary import Summary

UNUSUAL = (0.05, 0.95)
"""Positions below and above which a bill is outside what nine of ten futures of the plan have."""


@dataclass(frozen=True, slots=True)
class Variance:
    """One part in one period; money in the scenario's currency.

    Parameters
    ----------
    group, name
        ``category``, ``line``, ``stage`` or ``owner`` and its name; ``total`` and an empty one.
    planned
        What it was to cost.
    actual
        What was billed.
    position
        Share of the plan's scenarios in which it was to cost less; of those in which it costs the same, half.
    """

    group: str
    name: str
    planned: Statistics
    actual: float
    position: Estimate

    @property
    def difference(self) -> float:
        """What was billed, less the mean of the plan."""
        return self.actual - self.planned.mean

    @property
    def is_unusual(self) -> bool:
        """Whether fewer than one in twenty of the plan's scenarios lie beyond the bill, on its side."""
        low, high = UNUSUAL
        return not low <= self.position.value <= high


@dataclass(frozen=True, slots=True)
class PeriodVariance:
    """What was billed from one month to another.

    Parameters
    ----------
    first, last
        Months of the run, from 1; the last one counts.
    parts
        The total first, then by breakdown.
    """

    first: int
    last: int
    parts: tuple[Variance, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The whole run, by the plan or by the forecast with its bills.

    Parameters
    ----------
    total
        What it costs.
    probability_within
        That this is at most the approved sum; None without a budget.
    parts
        What has approved sums of its own: quarters or fiscal years, categories, stages and owners, and these in a period.
    """

    total: Statistics
    probability_within: Estimate | None
    parts: tuple[PartBudget, ...] = ()


def variances(columns: Sequence[tuple[str, str, int]], summary: Summary, periods: Sequence[Billed]) -> tuple[PeriodVariance, ...]:
    """Read the variance of every part off the columns of `variance_plan`."""
    place = {(group, label): number for number, (group, label, _) in enumerate(columns)}
    every = statistics(summary, PERCENTILES)
    found = []
    for number, period in enumerate(periods):
        parts = []
        for part, amount in period.amounts.items():
            planned, at_most, below = (place[f"{group}{number}", " ".join(part)] for group in (PLANNED, AT_MOST, BELOW))
            position = _middle(share(summary, below), share(summary, at_most))
            parts.append(Variance(*part, every[planned], amount, position))
        found.append(PeriodVariance(period.first + 1, period.last, tuple(parts)))
    return tuple(found)


def outlook(columns: Sequence[tuple[str, str, int]], summary: Summary, budget: Budget | None) -> Outlook:
    """Read the total and what is within the budget off the columns of a plan."""
    groups = [group for group, _, _ in columns]
    total = statistics(summary, PERCENTILES)[groups.index("total")]
    if budget is None:
        return Outlook(total, None)
    parts = part_budgets(columns, summary, replace(budget, parts=budget.sums), confidence=CONFIDENCE)
    return Outlook(total, share(summary, groups.index("within")), parts)


def _middle(below: Estimate, at_most: Estimate) -> Estimate:
    """Return the middle of two shares; it lies between the ends of their intervals."""
    return Estimate((below.value + at_most.value) / 2, below.low, at_most.high)
