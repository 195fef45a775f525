"""A cost under stress, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, scenario_document
from simcost.report.parts.kept_sums import kept_dataset, kept_document, kept_together
from simcost.results.answer import Answer
from simcost.results.axes import Axes
from simcost.scenario.scenario import AS_IT_IS

if TYPE_CHECKING:
    from simcost.analysis.influences.reverse_stress import Condition, ReverseStress
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
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``base`` has the figures of the scenario as it is; ``stresses`` those of each stress, of each of its conditions alone
            (``condition`` is empty for all of them) and of all stresses together, with the ``change`` from the base; ``reverse``
            what makes up the worst scenarios.
        """
        test = self.test
        return {
            "schema": "simcost/stress/1",
            "scenario": scenario_document(self.scenario),
            "run": run_document(self.run),
            "base": _outcome(test.base),
            "stresses": [_outcome(each) for each in test.outcomes],
            "reverse": _reverse(test.reverse) if test.reverse else None,
            "non_finite": test.non_finite,
            "warnings": list(self.warnings),
        }

    def to_xarray(self) -> Any:
        """Return the figures of the scenario as it is, and under every stress, as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``figures`` and ``change`` (stress, figure), ``probability_within`` and ``probability_within_every_period`` (stress),
            where there are such sums ``probability_within_by_owner`` (stress, approved_owner), ``probability_within_every_owner``
            (stress) and so on, each with ``_low`` and ``_high``; NaN for the change of the scenario as it is, and without a
            budget. One condition of several alone is called ``STRESS: CONDITION``.

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
            **kept_together(axes, [each.kept for each in outcomes]),
        }
        return axes.dataset(variables).merge(kept_dataset(axes, [each.kept for each in outcomes]))


def _label(each: Outcome) -> str:
    if each.run is None:
        return AS_IT_IS
    return f"{each.run.name}: {each.run.condition}" if each.run.condition else each.run.name


def _outcome(each: Outcome) -> dict[str, Any]:
    named = {} if each.run is None else {"name": each.run.name, "condition": each.run.condition}
    return {
        **named,
        "figures": figures_document(each.figures),
        **({} if each.change is None else {"change": figures_document(each.change)}),
        "probability_within": figure_document(each.probability_within),
        **kept_document(each.kept),
    }


def _reverse(found: ReverseStress) -> dict[str, Any]:
    return {
        "scenarios": found.scenarios,
        "worst": found.worst,
        "threshold": finite(found.threshold),
        "single": [_condition(each) for each in found.single],
        "joint": _condition(found.joint) if found.joint else None,
    }


def _condition(each: Condition) -> dict[str, Any]:
    return {
        "inputs": [{"name": name, "fifth": end} for name, end in each.inputs],
        "share": figure_document(each.share),
        "share_of_worst": figure_document(each.share_of_worst),
        "worst_if": figure_document(each.worst_if),
    }
