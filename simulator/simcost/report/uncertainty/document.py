"""The document that ``simcost uncertainty --json`` prints: schema ``simcost/uncertainty/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document

if TYPE_CHECKING:
    from simcost.report.uncertainty.answer import UncertaintyReport

UNCERTAINTY_SCHEMA = "simcost/uncertainty/1"


def uncertainty_document(report: UncertaintyReport) -> dict[str, Any]:
    """Arrange the report for `json.dumps`.

    Returns
    -------
    dict
        ``figures`` by name: ``value`` at the medians, where ``low`` and ``high`` are the ends of a band, not of an interval:
        ``band`` (0.9) of the draws lie in it; ``pooled``, the same figures of all draws together. ``parameters`` with their
        draws, and ``draws``: each figure in each of them.
    """
    found = report.found
    return {
        "schema": UNCERTAINTY_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "band": found.band,
        "figures": {each.name: figure_document(each) for each in found.figures},
        "pooled": {each.name: finite(each.pooled) for each in found.figures},
        "share_unknown": finite(found.share_unknown),
        "parameters": [
            {"name": one.name, "value": one.text, "rank_correlation": figure_document(one.rank_correlation), "draws": values}
            for one, values in zip(report.influences, report.drawn.values.tolist(), strict=True)
        ],
        "draws": {
            each.name: [finite(value) for value in row] for each, row in zip(found.figures, found.draws.tolist(), strict=True)
        },
        "warnings": list(report.warnings),
    }
