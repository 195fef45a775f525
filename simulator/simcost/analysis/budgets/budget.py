"""What the simulated futures say about the approved budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simcost.analysis.budgets.first_breach import FirstBreach, first_breach
from simcost.analysis.budgets.overrun import Overrun, overrun
from simcost.analysis.budgets.part_budget import PartBudget, part_budgets, within_every_part
from simcost.analysis.budgets.period_budget import PeriodBudget, period_budgets
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.quantiles import share, sums_enough
from simcost.compile.costs import EVERY_PERIOD
from simcost.scenario.scenario import ApprovedPart, Budget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost_kernels.summaries.summary import Summary

WITHIN_PERIOD = ("within_quarter", "within_fiscal_year")
"""Groups of columns that tell whether each quarter or fiscal year stays within its sum."""


@dataclass(frozen=True, slots=True)
class BudgetFigures:
    """Figures about the budget; money in the scenario's currency, intervals of 95 %.

    Parameters
    ----------
    approved
        Approved for the whole horizon.
    confidence
        Wanted probability of staying within.
    probability_within
        Probability that the total is at most the approved sum.
    p_breach_by_month
        Probability that by the end of each month the cumulative cost has, then or earlier, exceeded what was approved
        until then; with periods, that of a period what was approved for it.
    sum_for_confidence
        The sum that keeps the total within with the wanted probability: that quantile of the total.
    reserve_for_confidence
        ``sum_for_confidence - approved``: money to add to the approved sum; negative, the slack within it.
    first_breach
        In which month the budget is first broken; None where that is not known: for another sum than that of the run.
    periods
        Each quarter or fiscal year by itself, where the approved sum is given by them.
    probability_within_every_period
        Probability that all of them stay within at once; it does not follow from those of each. None without periods.
    overrun
        By how much the total exceeds the approved sum where it does; None where it never does.
    parts
        Each category, stage and owner with an approved sum of its own.
    probability_within_every_part
        Probability that all categories, stages or owners with such a sum stay within at once, by ``category``, ...
    """

    approved: float
    confidence: float
    probability_within: Estimate
    p_breach_by_month: tuple[Estimate, ...]
    sum_for_confidence: Estimate
    reserve_for_confidence: Estimate
    first_breach: FirstBreach | None = None
    overrun: Overrun | None = None
    periods: tuple[PeriodBudget, ...] = ()
    probability_within_every_period: Estimate | None = None
    parts: tuple[PartBudget, ...] = ()
    probability_within_every_part: Mapping[str, Estimate] = field(default_factory=dict)

    def own_budget(self, columns: Sequence[tuple[str, str, int]]) -> Budget:
        """Return what is approved, of the whole in one sum, for a run with these columns."""
        kinds = {label: group.removeprefix("within_") for group, label, _ in columns if group in WITHIN_PERIOD}
        periods = tuple(ApprovedPart(kinds[each.label], each.label, each.approved) for each in self.periods)
        parts = tuple(ApprovedPart(each.group, each.label, each.approved) for each in self.parts)
        return Budget((self.approved,), self.confidence, periods, parts)

    def __repr__(self) -> str:
        """Tell in one line what is approved, how likely it is enough, and what would be; the months would fill the screen."""
        within = f"approved {self.approved:,.2f} is enough with probability {self.probability_within.value:.4g}"
        return f"<{type(self).__name__}: {within}, {self.sum_for_confidence.value:,.2f} with {self.confidence:g}>"


def budget_figures(
    columns: Sequence[tuple[str, str, int]], summary: Summary, budget: Budget, *, confidence: float
) -> BudgetFigures:
    """Read the budget's figures off the columns ``total``, ``within`` and ``breach``, the last two counted exactly.

    A scenario whose total is not finite counts as the plan's comparison of it says: not within. ``confidence`` is that of each
    interval by itself.
    """
    groups = [group for group, _, _ in columns]
    approved, total = budget.total, groups.index("total")
    breaches = [column for column, group in enumerate(groups) if group == "breach"]
    over = int(summary.count()[total]) - summary.count_true(groups.index("within"))
    (sufficient,) = sums_enough(summary, total, (budget.confidence,), confidence=confidence)
    every = groups.index(EVERY_PERIOD) if budget.periods else None
    together = None if every is None else share(summary, every, confidence=confidence)
    return BudgetFigures(
        approved=approved,
        confidence=budget.confidence,
        probability_within=share(summary, groups.index("within"), confidence=confidence),
        p_breach_by_month=tuple(share(summary, column, confidence=confidence) for column in breaches),
        sum_for_confidence=sufficient,
        reserve_for_confidence=shifted(sufficient, -approved),
        first_breach=first_breach(summary, breaches, confidence=confidence),
        overrun=overrun(summary, total, approved, over, confidence=confidence),
        periods=period_budgets(columns, summary, budget, confidence=confidence),
        probability_within_every_period=together,
        parts=part_budgets(columns, summary, budget, confidence=confidence),
        probability_within_every_part=within_every_part(columns, summary, confidence=confidence),
    )


def shifted(estimate: Estimate, by: float) -> Estimate:
    """Return an estimate and its interval moved by an amount that is certain."""
    low = None if estimate.low is None else estimate.low + by
    high = None if estimate.high is None else estimate.high + by
    return Estimate(estimate.value + by, low, high)
