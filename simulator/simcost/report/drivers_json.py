"""The document that ``simcost drivers --json`` prints: schema ``simcost/drivers/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.total_figures import FIGURES
from simcost.report.estimate_json import estimate_or_none, finite, run_document, scenario_document

if TYPE_CHECKING:
    from simcost.analysis.association import Association, Associations
    from simcost.analysis.drivers import GroupInfluence, InputInfluence
    from simcost.analysis.sobol_indices import Indices
    from simcost.analysis.total_figures import TotalFigures
    from simcost.report.drivers_report import DriversReport

DRIVERS_SCHEMA = "simcost/drivers/1"


def drivers_document(report: DriversReport) -> dict[str, Any]:
    """Arrange what drives a cost for `json.dumps`.

    Returns
    -------
    dict
        ``scenario`` and ``run`` as in ``simcost/summary/1``; ``base`` the figures of the total; ``inputs`` and ``groups`` in the
        order of their ``impact`` on P95, ``groups`` by their ``kind``; ``worst`` what the associations are about. A figure, an
        index or a correlation is an object of ``value``, ``low`` and ``high`` (ends of its 95 % interval), or None where it is
        undefined.
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
        "excluded": found.excluded,
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
        "shapley": estimate_or_none(each.shapley),
    }


def _group(each: GroupInfluence) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "name": each.name,
        "members": list(each.members),
        "impact": figures_document(each.impact),
        **_indices(each.indices),
    }


def figures_document(figures: TotalFigures) -> dict[str, Any]:
    """Arrange figures by their names."""
    return {name: estimate_or_none(getattr(figures, name)) for name in FIGURES}


def _indices(indices: Indices) -> dict[str, Any]:
    return {"first_order": estimate_or_none(indices.first), "total_order": estimate_or_none(indices.total)}


def _association(each: Association) -> dict[str, Any]:
    return {
        "spearman": estimate_or_none(each.spearman),
        "mean": finite(each.mean),
        "mean_in_worst": finite(each.mean_in_worst),
        "worst_if_low": estimate_or_none(each.worst_if_low),
        "worst_if_high": estimate_or_none(each.worst_if_high),
        "separation": finite(each.separation),
    }


def _worst(sample: Associations) -> dict[str, Any]:
    return {"scenarios": sample.scenarios, "limit": finite(sample.limit), "share": estimate_or_none(sample.worst)}
