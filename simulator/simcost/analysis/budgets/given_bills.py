"""The figures of a budget given what bills tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from simcost.analysis.budgets.budget import BudgetFigures, shifted
from simcost.analysis.budgets.budget_gate import Gate, gate
from simcost.analysis.budgets.part_budget import PartBudget
from simcost.analysis.budgets.period_budget import PeriodBudget
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.learning.learning import MOST
from simcost.scenario.scenario import PERIODS

if TYPE_CHECKING:
    from simcost.analysis.learning.learning import Learned, Learning

    Judged = TypeVar("Judged", BudgetFigures, PeriodBudget, PartBudget)


def given_bills(figures: BudgetFigures, learned: Learning) -> BudgetFigures:
    """Return the probabilities and sums of a budget given the bills, of the whole and of each part; the rest is not learned."""
    parts = {(each.group, each.name): each for each in learned.parts}
    periods = {name: each for (group, name), each in parts.items() if group in PERIODS}
    whole = _given(figures, learned.total)
    return replace(
        whole,
        p_breach_by_month=(),
        reserve_for_confidence=shifted(whole.sum_for_confidence, -figures.approved),
        first_breach=None,
        overrun=None,
        periods=tuple(_given(each, periods[each.label]) for each in figures.periods),
        probability_within_every_period=None,
        parts=tuple(_part(each, parts[each.group, each.label]) for each in figures.parts),
        probability_within_every_part={},
    )


def gate_given_bills(figures: BudgetFigures, learned: Learning) -> Gate:
    """Judge figures given the bills; more scenarios than are learned from are never proposed."""
    verdict = gate(figures, learned.scenarios)
    return verdict if verdict.enough is None or verdict.enough <= MOST else replace(verdict, enough=None)


def _given(figures: Judged, learned: Learned) -> Judged:
    within, enough = learned.probability_within, learned.sum_for_confidence
    if within is None or enough is None:
        message = f"nothing was learned of {learned.group} {learned.name}, which has an approved sum: this is a bug"
        raise ValueError(message)
    return replace(figures, probability_within=within, sum_for_confidence=enough)


def _part(figures: PartBudget, learned: Learned) -> PartBudget:
    p95 = learned.after.percentile(95.0)
    return replace(_given(figures, learned), p95=Estimate(p95.value, p95.low, p95.high), overrun=None)
