"""What the simulated futures say about the sum that is approved for a category, a stage or an owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.budgets.overrun import HIGH, Overrun, overrun
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.quantiles import share, sums_enough
from simcost.compile.costs import every_part
from simcost.scenario.scenario import APPROVED_GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.scenario import ApprovedPart, Budget
    from simcost_kernels.summaries.summary import Summary

    Columns = Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class PartBudget:
    """One part by itself: nothing that another leaves over is given to it; money in the currency, intervals of 95 %.

    Parameters
    ----------
    group, label
        ``category``, ``stage`` or ``owner``, and its name; ``owner_by_period``, ... and ``search FY2028`` of one in a period.
    approved
        Approved for it, in the whole run or the period.
    probability_within
        Probability that its cost is at most the approved sum.
    sum_for_confidence
        The sum that keeps it within with the wanted probability. These sums do not add up to that of the whole.
    p95
        The sum that is enough in 95 % of the scenarios.
    overrun
        By how much its cost exceeds the sum where it does; None where it never does.
    """

    group: str
    label: str
    approved: float
    probability_within: Estimate
    sum_for_confidence: Estimate
    p95: Estimate
    overrun: Overrun | None


def part_budgets(columns: Columns, summary: Summary, budget: Budget, *, confidence: float) -> tuple[PartBudget, ...]:
    """Read each part off its own column and that of ``within_category``, ..., which is counted exactly.

    Parameters
    ----------
    columns
        Group, label and month of each column of the summary.
    budget
        Its parts, and the wanted probability.
    confidence
        Of each interval by itself.
    """
    place_of = {column: place for place, column in enumerate(columns)}

    def judged(part: ApprovedPart) -> PartBudget:
        cost, within = place_of[part.group, part.label, -1], place_of[f"within_{part.group}", part.label, -1]
        over = int(summary.count()[cost]) - summary.count_true(within)
        enough, p95 = sums_enough(summary, cost, (budget.confidence, HIGH), confidence=confidence)
        return PartBudget(
            part.group,
            part.label,
            part.approved,
            share(summary, within, confidence=confidence),
            enough,
            p95,
            overrun(summary, cost, part.approved, over, confidence=confidence),
        )

    return tuple(map(judged, budget.parts))


def within_every_part(columns: Columns, summary: Summary, *, confidence: float) -> dict[str, Estimate]:
    """Return how likely all categories, ... with a sum of their own stay within at once, counted on joint paths."""
    place_of = {group: place for place, (group, _, _) in enumerate(columns)}
    found = {group: place_of[every_part(group)] for group in APPROVED_GROUPS if every_part(group) in place_of}
    return {group: share(summary, place, confidence=confidence) for group, place in found.items()}
