"""A cost under stress, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer
from simcost.results.axes import Axes
from simcost.scenario.scenario import AS_IT_IS

if TYPE_CHECKING:
    from simcost.analysis.influences.stress import Outcome, StressTest
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StressReport(Answer):
    """What ``simcost stress`` prints.

    Parameters
    ----------
    test
        The answers.
    scenario, run
        What was asked, and how it was computed.
    warnings
        Those of the scenario, and of scenarios that were left out.
    """

    test: StressTest
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.stress.text import stress_page

        return stress_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.stress.document import stress_document

        return stress_document(self)

    def to_xarray(self) -> Any:
        """Return the figures of the scenario as it is, and under every stress, as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``figures`` and ``change`` (stress, figure), ``probability_within`` and ``probability_within_every_period`` (stress),
            each with ``_low`` and ``_high``; NaN for the change of the scenario as it is, and without a budget. One condition of
            several alone is called ``STRESS: CONDITION``.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        outcomes = (self.test.base, *self.test.outcomes)
        axes = Axes({"stress": [_label(each) for each in outcomes]}, self.scenario.currency)
        variables = {
            **axes.figures("figures", [each.figures for each in outcomes]),
            **axes.figures("change", [each.change for each in outcomes]),
            **axes.estimates("probability_within", [each.probability_within for each in outcomes]),
            **axes.estimates("probability_within_every_period", [each.probability_within_every_period for each in outcomes]),
        }
        return axes.dataset(variables)


def _label(each: Outcome) -> str:
    if each.run is None:
        return AS_IT_IS
    return f"{each.run.name}: {each.run.condition}" if each.run.condition else each.run.name
