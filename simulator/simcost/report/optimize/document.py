"""The document that ``simcost optimize --json`` prints: schema ``simcost/optimize/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.report.optimize.text import sentences
from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document

if TYPE_CHECKING:
    from simcost.report.optimize.answer import OptimizeReport

OPTIMIZE_SCHEMA = "simcost/optimize/1"


def optimize_document(report: OptimizeReport) -> dict[str, Any]:
    """Arrange an optimum for `json.dumps`; money in the scenario's currency, an undefined number is None.

    Returns
    -------
    dict
        ``decisions`` with the assignment that ``--set`` takes; where ``method`` is ``quantile``, why each is best; the
        minimised figure on the draws of the search and on fresh ones; limits on fresh draws; the frontier.
    """
    found = report.optimum
    return {
        "schema": OPTIMIZE_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": {**run_document(report.run), "trials": found.trials, "fresh_seed": found.fresh_seed, "finished": not found.spent},
        "minimise": found.minimise.name,
        "decisions": [
            {"set": each.target, "value": each.value, "assignment": each.assignment, "as_good": [each.low, each.high]}
            for each in found.choices
        ],
        "method": "quantile" if found.ratios else "search",
        "quantiles": [
            {
                "set": each.target,
                "exceeded": each.exceeded,
                "too_many": each.too_many,
                "too_few": each.too_few,
                "weighed": each.weighed,
                "end": each.end,
            }
            for each in found.ratios
        ],
        "searched": finite(found.searched),
        "fresh": figure_document(found.fresh),
        "optimism": figure_document(found.optimism),
        "as_it_is": finite(found.as_it_is),
        "saving": figure_document(found.saving),
        "broken_as_it_is": [each.name for each in found.broken],
        "limits": [
            {"name": each.name, "value": finite(each.found), "allowed": each.allowed, "kept": not each.by}
            for each in found.limits
        ],
        "frontier": [
            {
                "values": list(each.values),
                "figures": {name: figure_document(Estimate(getattr(each, name), None, None)) for name in ("mean", "cvar95")},
            }
            for each in found.frontier
        ],
        "sentences": sentences(found),
        "warnings": list(report.warnings),
    }
