"""What the simulated futures say about the sum that is approved for each quarter or fiscal year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.quantiles import share, sums_enough

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.scenario import Budget
    from simcost_kernels.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class PeriodBudget:
    """One period by itself: nothing that another leaves over is carried into it.

    Parameters
    ----------
    label
        ``FY2028`` or ``FY2028 Q2``.
    approved
        Approved for it, in the scenario's currency.
    probability_within
        Probability that its cost is at most the approved sum.
    sum_for_confidence
        The sum that keeps it within with the wanted probability. These sums do not add up to that of the whole.
    """

    label: str
    approved: float
    probability_within: Estimate
    sum_for_confidence: Estimate


def period_budgets(
    columns: Sequence[tuple[str, str, int]], summary: Summary, budget: Budget, *, confidence: float
) -> tuple[PeriodBudget, ...]:
    """Read each period off its own column and that of ``within_quarter`` or ``within_fiscal_year``, which is counted exactly."""
    place_of = {column: place for place, column in enumerate(columns)}
    found = []
    for period in budget.periods:
        cost, within = place_of[period.group, period.label, -1], place_of[f"within_{period.group}", period.label, -1]
        (enough,) = sums_enough(summary, cost, (budget.confidence,), confidence=confidence)
        found.append(PeriodBudget(period.label, period.approved, share(summary, within, confidence=confidence), enough))
    return tuple(found)
