"""What drives a cost, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from simcost.analysis.influences.drivers import Drivers
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
        """Arrange it as ``--json`` prints it."""
        from simcost.report.drivers.document import drivers_document

        return drivers_document(self)

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
