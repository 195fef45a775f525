"""What drives a cost, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, scenario_document
from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from simcost.analysis.influences.association import Association, Associations
    from simcost.analysis.influences.drivers import Drivers, GroupInfluence, InputInfluence
    from simcost.analysis.influences.sobol_indices import Indices
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DriversReport(Answer):
    """What ``simcost drivers`` prints.

    Parameters
    ----------
    drivers
        The answers.
    scenario, run
        What was asked, and how it was computed.
    warnings
        Those of the scenario, and of scenarios that were left out.
    """

    drivers: Drivers
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.drivers.text import drivers_page

        return drivers_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``scenario`` and ``run`` as in ``simcost/summary/1``; ``base`` the figures of the total; ``inputs`` and ``groups`` in
            the order of their ``impact`` on P95, ``groups`` by their ``kind``; ``worst`` what the associations are about.
        """
        found = self.drivers
        return {
            "schema": "simcost/drivers/1",
            "scenario": scenario_document(self.scenario),
            "run": run_document(self.run),
            "base": figures_document(found.base),
            "inputs": [_input(each) for each in found.inputs],
            "groups": [_group(each) for each in found.groups],
            "indices": {"points": found.points, "method": found.points_method},
            "worst": _worst(found.associations),
            "certain": found.certain,
            "idle": list(found.idle),
            "non_finite": found.non_finite,
            "warnings": list(self.warnings),
        }

    def to_xarray(self) -> Any:
        """Return every input's answers as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``impact``, ``at_p10`` and ``at_p90`` (input, figure); ``first_order``, ``total_order``, ``rank_correlation`` and
            ``shapley`` (input); each with ``_low`` and ``_high``; NaN for what is undefined.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        inputs = self.drivers.inputs
        axes = Axes({"input": [each.input.name for each in inputs]}, self.scenario.currency)
        variables = {
            **axes.figures("impact", [each.impact for each in inputs]),
            **axes.figures("at_p10", [each.at_p10 for each in inputs]),
            **axes.figures("at_p90", [each.at_p90 for each in inputs]),
            **axes.estimates("first_order", [each.indices.first for each in inputs]),
            **axes.estimates("total_order", [each.indices.total for each in inputs]),
            **axes.estimates("rank_correlation", [each.association.rank_correlation for each in inputs]),
            **axes.estimates("shapley", [each.shapley for each in inputs]),
        }
        return axes.dataset(variables)


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
        "lowest": finite(each.lowest),
        "highest": finite(each.highest),
        "worst_if_lowest": figure_document(each.worst_if_lowest),
        "worst_if_highest": figure_document(each.worst_if_highest),
        "separation": finite(each.separation),
    }


def _worst(sample: Associations) -> dict[str, Any]:
    return {"scenarios": sample.scenarios, "threshold": finite(sample.threshold), "share": figure_document(sample.share)}
