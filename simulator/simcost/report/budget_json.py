"""The document that ``simcost budget --json`` prints: schema ``simcost/budget/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.estimate_json import estimate_keys, finite, run_document, scenario_document
from simcost.report.split_table import split_document
from simcost.report.summary_json import budget_document

if TYPE_CHECKING:
    from simcost.analysis.budget_answers import BaseAnswers
    from simcost.report.budget_report import BudgetReport

BUDGET_SCHEMA = "simcost/budget/1"


def budget_report_document(report: BudgetReport) -> dict[str, Any]:
    """Arrange a budget's answers for `json.dumps`.

    Returns
    -------
    dict
        ``scenario``, ``run`` and ``budget`` as in ``simcost/summary/1``, ``budget`` with ``cvar`` too (and ``_low``, ``_high``,
        ``_bound``); ``p_breach_by_month`` is empty, and ``base`` None, where they are not known. ``gate`` says whether the
        confidence is ``met``, whether that is ``decided``, and for how many scenarios it would be. A number that is undefined,
        and an end that does not exist, is None. ``split`` (None without a second pass) has the ``whole`` and, by ``categories``,
        ``stages`` and ``owners``, each part's ``mean``, that in the worst scenarios (``cvar``) and the difference, ``reserve``.
    """
    answers = report.answers
    tail = answers.tail
    return {
        "schema": BUDGET_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "budget": {
            **budget_document(answers.figures),
            "cvar": finite(tail.value),
            "cvar_low": finite(tail.low),
            "cvar_high": finite(tail.high),
            "cvar_bound": finite(tail.bound),
        },
        "base": _base(answers.base) if answers.base else None,
        "gate": {"met": answers.gate.met, "decided": answers.gate.decided, "scenarios_to_decide": answers.gate.enough},
        "split": split_document(report.split) if report.split else None,
        "warnings": list(report.warnings),
    }


def _base(base: BaseAnswers) -> dict[str, Any]:
    return {
        "estimate": finite(base.estimate.total),
        "inputs": base.estimate.inputs,
        "at_median": list(base.estimate.medians),
        **estimate_keys("probability_within", base.probability_within),
        **estimate_keys("reserve_for_confidence", base.reserve_for_confidence),
    }
