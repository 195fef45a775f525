"""The document that ``simcost stress --json`` prints: schema ``simcost/stress/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, scenario_document

if TYPE_CHECKING:
    from simcost.analysis.influences.reverse_stress import Condition, ReverseStress
    from simcost.analysis.influences.stress import Outcome
    from simcost.report.stress.answer import StressReport

STRESS_SCHEMA = "simcost/stress/1"


def stress_document(report: StressReport) -> dict[str, Any]:
    """Arrange a cost under stress for `json.dumps`.

    Returns
    -------
    dict
        ``base`` has the figures of the scenario as it is; ``stresses`` those of each stress, of each of its conditions alone
        (``condition`` is empty for all of them) and of all stresses together, with the ``change`` from the base; ``reverse`` what
        makes up the worst scenarios.
    """
    test = report.test
    return {
        "schema": STRESS_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "base": _outcome(test.base),
        "stresses": [_outcome(each) for each in test.outcomes],
        "reverse": _reverse(test.reverse) if test.reverse else None,
        "non_finite": test.non_finite,
        "warnings": list(report.warnings),
    }


def _outcome(each: Outcome) -> dict[str, Any]:
    named = {} if each.run is None else {"name": each.run.name, "condition": each.run.condition}
    return {
        **named,
        "figures": figures_document(each.figures),
        **({} if each.change is None else {"change": figures_document(each.change)}),
        "probability_within": figure_document(each.probability_within),
        "probability_within_every_period": figure_document(each.probability_within_every_period),
    }


def _reverse(found: ReverseStress) -> dict[str, Any]:
    return {
        "scenarios": found.scenarios,
        "worst": found.worst,
        "threshold": finite(found.threshold),
        "single": [_condition(each) for each in found.single],
        "joint": _condition(found.joint) if found.joint else None,
    }


def _condition(each: Condition) -> dict[str, Any]:
    return {
        "inputs": [{"name": name, "fifth": end} for name, end in each.inputs],
        "share": figure_document(each.share),
        "share_of_worst": figure_document(each.share_of_worst),
        "worst_if": figure_document(each.worst_if),
    }
