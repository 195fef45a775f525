"""The document that ``simcost drivers --json`` prints: schema ``simcost/drivers/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, scenario_document

if TYPE_CHECKING:
    from simcost.analysis.influences.association import Association, Associations
    from simcost.analysis.influences.drivers import GroupInfluence, InputInfluence
    from simcost.analysis.influences.sobol_indices import Indices
    from simcost.report.drivers.answer import DriversReport

DRIVERS_SCHEMA = "simcost/drivers/1"


def drivers_document(report: DriversReport) -> dict[str, Any]:
    """Arrange what drives a cost for `json.dumps`.

    Returns
    -------
    dict
        ``scenario`` and ``run`` as in ``simcost/summary/1``; ``base`` the figures of the total; ``inputs`` and ``groups`` in the
        order of their ``impact`` on P95, ``groups`` by their ``kind``; ``worst`` what the associations are about.
    """
    found = report.drivers
    return {
        "schema": DRIVERS_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "base": figures_document(found.base),
        "inputs": [_input(each) for each in found.inputs],
        "groups": [_group(each) for each in found.groups],
        "indices": {"points": found.points, "method": found.points_method},
        "worst": _worst(found.associations),
        "certain": found.certain,
        "idle": list(found.idle),
        "non_finite": found.non_finite,
        "warnings": list(report.warnings),
    }


def _input(each: InputInfluence) -> dict[str, Any]:
    return {
        "name": each.input.name,
        "unit": each.input.unit.text,
        "draw": each.input.draw,
        "block": each.input.block,
        "impact": figures_document(each.impact),
        "at_p10": figures_document(each.at_p10),
        "at_p90": figures_document(each.at_p90),
        **_indices(each.indices),
        **_association(each.association),
        "shapley": figure_document(each.shapley),
    }


def _group(each: GroupInfluence) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "name": each.name,
        "members": list(each.members),
        "impact": figures_document(each.impact),
        **_indices(each.indices),
    }


def _indices(indices: Indices) -> dict[str, Any]:
    return {"first_order": figure_document(indices.first), "total_order": figure_document(indices.total)}


def _association(each: Association) -> dict[str, Any]:
    return {
        "rank_correlation": figure_document(each.rank_correlation),
        "mean": finite(each.mean),
        "mean_in_worst": finite(each.mean_in_worst),
        "worst_if_lowest": figure_document(each.worst_if_lowest),
        "worst_if_highest": figure_document(each.worst_if_highest),
        "separation": finite(each.separation),
    }


def _worst(sample: Associations) -> dict[str, Any]:
    return {"scenarios": sample.scenarios, "threshold": finite(sample.threshold), "share": figure_document(sample.share)}
