"""Figures with their bands, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document
from simcost.results.answer import Answer
from simcost.results.xarrays import xarray

if TYPE_CHECKING:
    from simcost.analysis.two_level import ParameterInfluence, TwoLevel
    from simcost.compile.studies.outer_draws import OuterDraws
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UncertaintyReport(Answer):
    """What ``simcost uncertainty`` prints.

    Parameters
    ----------
    scenario, run
        What was asked, and how it was computed; ``run.scenarios`` are those of each draw.
    drawn
        The parameters and their draws.
    found
        The figures.
    influences
        Of each parameter, in the order of the file.
    warnings
        Of the scenario, but that parameters are not known: that is what the answer is about.
    """

    scenario: ScenarioInfo
    run: RunInfo
    drawn: OuterDraws
    found: TwoLevel
    influences: tuple[ParameterInfluence, ...]
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.uncertainty.text import uncertainty_page

        return uncertainty_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``figures`` by name: ``value`` at the medians, where ``low`` and ``high`` are the ends of a band, not of an interval:
            ``band`` (0.9) of the draws lie in it; ``pooled``, the same figures of all draws together. ``parameters`` with their
            draws, and ``draws``: each figure in each of them.
        """
        found = self.found
        return {
            "schema": "simcost/uncertainty/1",
            "scenario": scenario_document(self.scenario),
            "run": run_document(self.run),
            "band": found.band,
            "figures": {each.name: figure_document(each) for each in found.figures},
            "pooled": {each.name: finite(each.pooled) for each in found.figures},
            "share_unknown": finite(found.share_unknown),
            "parameters": [
                {"name": one.name, "value": one.text, "rank_correlation": figure_document(one.rank_correlation), "draws": values}
                for one, values in zip(self.influences, self.drawn.values.tolist(), strict=True)
            ],
            "draws": {
                each.name: [finite(value) for value in row] for each, row in zip(found.figures, found.draws.tolist(), strict=True)
            },
            "warnings": list(self.warnings),
        }

    def to_xarray(self) -> Any:
        """Return every draw as an `xarray.Dataset`, which needs it: ``figures`` (figure, draw), ``parameters`` (parameter, draw).

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        variables = {"figures": (("figure", "draw"), self.found.draws), "parameters": (("parameter", "draw"), self.drawn.values)}
        axes = {"figure": [each.name for each in self.found.figures], "parameter": list(self.drawn.names)}
        return xarray().Dataset(variables, coords=axes)
