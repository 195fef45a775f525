"""Every answer about a budget: what is approved, what is enough, what it would cost without uncertainty, what the worst cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

from simcost.analysis.budgets.budget import BudgetFigures, shifted
from simcost.analysis.budgets.budget_gate import Gate, gate
from simcost.analysis.budgets.overrun import overrun
from simcost.analysis.estimates.distribution_function import probability_within
from simcost.analysis.estimates.intervals import Estimate, proportion_interval
from simcost.analysis.estimates.quantiles import sums_enough
from simcost.analysis.estimates.tail_mean import TailMean, tail_mean
from simcost.compile.costs import within_limit

if TYPE_CHECKING:
    from simcost.compile.base_estimate import BaseEstimate
    from simcost.scenario.scenario import Budget
    from simcost_kernels.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class BaseAnswers:
    """Where the base estimate lies.

    Parameters
    ----------
    estimate
        The base estimate, its total finite.
    probability_within
        Probability that the total is at most the base estimate.
    reserve_for_confidence
        ``sum_for_confidence`` less the base estimate: the contingency.
    """

    estimate: BaseEstimate
    probability_within: Estimate
    reserve_for_confidence: Estimate


@dataclass(frozen=True, slots=True)
class BudgetAnswers:
    """The answers; money in the scenario's currency, intervals of 95 %.

    Parameters
    ----------
    figures
        Probability of staying within, sum and reserve for the wanted confidence; ``p_breach_by_month`` is empty where it is not
        known: for another sum than that of the run.
    cvar_for_confidence
        Mean of the worst ``1 - confidence`` of the scenarios (CVaR).
    base
        None where it is not known, or not finite.
    gate
        The verdict.
    """

    figures: BudgetFigures
    cvar_for_confidence: TailMean
    base: BaseAnswers | None
    gate: Gate

    def __repr__(self) -> str:
        """Tell the budget and the verdict in one line; the months would fill the screen."""
        verdict = f"{'' if self.gate.met else 'not '}met{'' if self.gate.decided else ', not decided'}"
        return f"<{type(self).__name__}: {self.figures!r}, {verdict}>"


def budget_answers(
    figures: BudgetFigures, summary: Summary, total: int, *, base: BaseEstimate | None, confidence: float
) -> BudgetAnswers:
    """Complete the figures of a budget.

    Parameters
    ----------
    figures
        Of the run, or of another budget (`other_budget`).
    total
        Number of the column of the total.
    base
        See `simcost.compile.base_estimate`.
    confidence
        Of each interval by itself.
    """
    known = None
    if base is not None and isfinite(base.total):
        known = BaseAnswers(
            base,
            _within(summary, total, base.total, confidence),
            shifted(figures.sum_for_confidence, -base.total),
        )
    tail = tail_mean(summary, total, figures.confidence, confidence=confidence)
    return BudgetAnswers(figures, tail, known, gate(figures, summary.n))


def other_budget(summary: Summary, total: int, budget: Budget, *, confidence: float) -> BudgetFigures:
    """Return the figures of a budget that the run did not have: what the total's distribution says, nothing by month.

    See `budget_answers` for the parameters. A total that is not finite is not within.
    """
    approved = budget.total
    (sufficient,) = sums_enough(summary, total, (budget.confidence,), confidence=confidence)
    over = int(summary.count()[total]) - summary.count_up_to(total, within_limit(approved))[0]
    return BudgetFigures(
        approved=approved,
        confidence=budget.confidence,
        probability_within=_within(summary, total, approved, confidence),
        p_breach_by_month=(),
        sum_for_confidence=sufficient,
        reserve_for_confidence=shifted(sufficient, -approved),
        overrun=overrun(summary, total, approved, over, confidence=confidence),
    )


def _within(summary: Summary, total: int, approved: float, confidence: float) -> Estimate:
    """Return the share of all scenarios that stay within a sum; a total that is not finite does not."""
    finite = int(summary.count()[total])
    if finite == summary.n:
        return probability_within(summary, total, approved, confidence=confidence)
    up_to, error = summary.count_up_to(total, within_limit(approved)) if finite else (0, 0.0)
    low, _ = proportion_interval(max(floor(up_to - error), 0), summary.n, confidence)
    _, high = proportion_interval(min(ceil(up_to + error), finite), summary.n, confidence)
    return Estimate(up_to / summary.n, low, high)
