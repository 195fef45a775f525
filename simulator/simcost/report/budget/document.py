"""The document that ``simcost budget --json`` prints: schema ``simcost/budget/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.report.parts.approved_document import overrun_document, parts_document
from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document
from simcost.report.parts.learned_document import learned_document
from simcost.report.parts.split_table import split_document
from simcost.results.file.part_arrays import every_part_estimates

if TYPE_CHECKING:
    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.budget_answers import BaseAnswers
    from simcost.analysis.budgets.budget_gate import Gate
    from simcost.analysis.budgets.period_budget import PeriodBudget
    from simcost.report.budget.answer import BudgetReport

BUDGET_SCHEMA = "simcost/budget/1"


def budget_report_document(report: BudgetReport) -> dict[str, Any]:
    """Arrange a budget's answers for `json.dumps`.

    Returns
    -------
    dict
        ``scenario``, ``run`` and ``budget`` as in ``simcost/summary/1``, ``budget`` with ``cvar_for_confidence`` too, the mean of
        the scenarios that cost more than ``sum_for_confidence``, and with ``cvar_bound``, how far it may be off by itself;
        ``p_breach_by_month`` is empty, and ``base`` None, where they are not known. ``gate`` says whether the confidence is
        ``met``, whether that is ``decided``, for how many scenarios it would be, and which ``period`` or ``part`` (``group``
        and ``name``) it rests on; None of both: on the whole. ``split`` (None without a second pass) has
        the ``whole`` and, by ``categories``, ``stages`` and ``owners``, each part's ``mean``, that in the worst scenarios
        (``cvar_contribution``: they add up to the CVaR) and the difference, ``reserve``. ``learned``: see
        `simcost.report.parts.learned_document`; the gate judges what is told there.
    """
    answers = report.answers
    tail = answers.cvar_for_confidence
    return {
        "schema": BUDGET_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "budget": {
            **budget_document(answers.figures),
            "cvar_for_confidence": figure_document(Estimate(tail.value, tail.low, tail.high)),
            "cvar_bound": finite(tail.bound),
        },
        "base": _base(answers.base) if answers.base else None,
        "gate": _gate(answers.gate),
        "split": split_document(report.split) if report.split else None,
        "learned": learned_document(report.learned),
        "warnings": list(report.warnings),
    }


def _gate(verdict: Gate) -> dict[str, Any]:
    return {
        "met": verdict.met,
        "decided": verdict.decided,
        "scenarios_to_decide": verdict.enough,
        "period": verdict.period.label if verdict.period else None,
        "part": {"group": part.group, "name": part.label} if (part := verdict.part) else None,
    }


def _base(base: BaseAnswers) -> dict[str, Any]:
    return {
        "estimate": finite(base.estimate.total),
        "inputs": base.estimate.inputs,
        "at_median": list(base.estimate.medians),
        "probability_within": figure_document(base.probability_within),
        "reserve_for_confidence": figure_document(base.reserve_for_confidence),
    }


def budget_document(budget: BudgetFigures) -> dict[str, Any]:
    """Arrange the figures of a budget."""
    first = budget.first_breach
    return {
        "approved": finite(budget.approved),
        "confidence": finite(budget.confidence),
        "probability_within": figure_document(budget.probability_within),
        "p_breach_by_month": [figure_document(each) for each in budget.p_breach_by_month],
        "p_first_breach_by_month": [figure_document(each) for each in first.by_month] if first else [],
        "p_never_breached": figure_document(first.never) if first else None,
        "overrun": overrun_document(budget.overrun) if budget.overrun else None,
        "sum_for_confidence": figure_document(budget.sum_for_confidence),
        "reserve_for_confidence": figure_document(budget.reserve_for_confidence),
        **(_periods(budget) if budget.periods else {}),
        **parts_document(budget.parts),
        **{name: figure_document(each) for name, each in every_part_estimates(budget).items()},
    }


def _periods(budget: BudgetFigures) -> dict[str, Any]:
    together = budget.probability_within_every_period
    return {
        "periods": {each.label: _period(each) for each in budget.periods},
        "probability_within_every_period": figure_document(together) if together else None,
    }


def _period(each: PeriodBudget) -> dict[str, Any]:
    return {
        "approved": finite(each.approved),
        "probability_within": figure_document(each.probability_within),
        "sum_for_confidence": figure_document(each.sum_for_confidence),
    }
