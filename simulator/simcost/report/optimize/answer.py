"""What to decide, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from simcost.analysis.optimize.optimum import Optimum
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OptimizeReport(Answer):
    """What ``simcost optimize`` prints.

    Parameters
    ----------
    optimum
        The answers.
    scenario, run
        What was asked, and how each trial was computed; ``run.result`` is empty: no file is left.
    warnings
        Those of the scenario as it is best decided, and what is decided that outlasts the run.
    """

    optimum: Optimum
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.optimize.text import optimize_page

        return optimize_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.optimize.document import optimize_document

        return optimize_document(self)

    def to_xarray(self) -> Any:
        """Return the frontier of mean and risk as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``mean`` and ``cvar95`` of the total (point), by ascending mean; each decision by its name as a coordinate of the
            points, a number in its unit, or a text.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        points, choices = self.optimum.frontier, self.optimum.choices
        axes = Axes({"point": range(1, len(points) + 1)}, self.scenario.currency)
        figures = {name: [getattr(each, name) for each in points] for name in ("mean", "cvar95")}
        variables = {
            key: each for name, its in figures.items() for key, each in axes.numbers(name, its, unit=axes.currency).items()
        }
        decided = zip(choices, zip(*(each.labels for each in points), strict=True), strict=True)
        return axes.dataset(variables).assign_coords(
            {choice.target: ("point", list(labels), {"units": choice.unit} if choice.unit else {}) for choice, labels in decided}
        )
