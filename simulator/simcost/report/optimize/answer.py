"""What to decide, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document
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
        """Arrange it as ``--json`` prints it; money in the scenario's currency, an undefined number is None.

        Returns
        -------
        dict
            ``decisions`` with the assignment that ``--set`` takes; where ``method`` is ``quantile``, why each is best; the
            minimised figure on the draws of the search and on fresh ones; limits on fresh draws; the frontier.
        """
        from simcost.report.optimize.text import sentences

        found = self.optimum
        return {
            "schema": "simcost/optimize/1",
            "scenario": scenario_document(self.scenario),
            "run": {
                **run_document(self.run),
                "trials": found.trials,
                "fresh_seed": found.fresh_seed,
                "finished": not found.spent,
            },
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
            "warnings": list(self.warnings),
        }

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
