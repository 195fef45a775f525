"""Answers of ``simcost sweep`` and ``simcost seek`` with what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.report.parts.estimate_document import (
    figure_document,
    figures_document,
    run_document,
    scenario_document,
    statistics_document,
)
from simcost.report.parts.kept_sums import kept_dataset, kept_document, kept_together
from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from simcost.analysis.budgets.kept_sums import KeptSums
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.searches.seeking import Sought
    from simcost.analysis.statistics import Statistics
    from simcost.analysis.total_figures import TotalFigures
    from simcost.compile.studies.grid import Grid
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """The total at one value of each number; money in the scenario's currency, intervals of 95 %.

    Parameters
    ----------
    values
        One of each grid.
    total
        Over the scenarios in which it is finite.
    probability_within
        Probability that the total is at most the approved sum; None without a budget.
    kept
        How likely the approved sums of periods, categories, stages and owners are kept, each and all at once.
    change
        Figures less those of the first point, in the same futures; None at the first.
    """

    values: tuple[float, ...]
    total: Statistics
    probability_within: Estimate | None
    kept: KeptSums
    change: TotalFigures | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SweepReport(Answer):
    """What ``simcost sweep`` prints.

    Parameters
    ----------
    grids
        One or two.
    points
        Each value of the first grid with each of the second, which runs fastest.
    non_finite
        Scenarios in which the total of some point is not finite.
    """

    scenario: ScenarioInfo
    grids: tuple[Grid, ...]
    points: tuple[SweepPoint, ...]
    non_finite: int
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.search.text import sweep_page

        return sweep_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``grids`` name the numbers; ``points`` have one of each of their ``values``, the ``total`` as in
            ``simcost/summary/1``, ``probability_within`` the approved sum (None without a budget) and
            ``probability_within_every_period`` (None without sums by quarter or fiscal year), ``periods``, ``owners``, ...
            where these have sums, as in ``simcost/compare/1``, and the ``change`` of the total's figures from the first point
            (None there).
        """
        return {
            "schema": "simcost/sweep/1",
            "scenario": scenario_document(self.scenario),
            "run": run_document(self.run),
            "grids": [{"target": grid.target, "unit": grid.unit, "values": list(grid.values)} for grid in self.grids],
            "points": [_point(each) for each in self.points],
            "non_finite": self.non_finite,
            "warnings": list(self.warnings),
        }

    def to_xarray(self) -> Any:
        """Return every point as an `xarray.Dataset`, which needs it; each number that was swept is an axis of its name.

        Returns
        -------
        Dataset
            ``total_mean``, ``total_sd``, ``total_min`` and ``total_max``; ``total_percentile`` (..., percentile);
            ``probability_within``, NaN without a budget, and ``probability_within_every_period``, NaN without one by quarter
            or fiscal year; ``probability_within_by_owner`` (..., approved_owner) and ``probability_within_every_owner``, and so
            on, where there are such sums; ``change`` (..., figure), from the first point, which has NaN. Figures have ``_low``
            and ``_high`` beside them.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        axes = Axes(
            {grid.target: grid.values for grid in self.grids},
            self.scenario.currency,
            {grid.target: grid.unit for grid in self.grids},
        )
        variables = {
            **axes.statistics("total", [each.total for each in self.points]),
            **axes.estimates("probability_within", [each.probability_within for each in self.points]),
            **kept_together(axes, [each.kept for each in self.points]),
            **axes.figures("change", [each.change for each in self.points]),
        }
        found = axes.dataset(variables, [each.p for each in self.points[0].total.percentiles])
        return found.merge(kept_dataset(axes, [each.kept for each in self.points]))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SeekReport(Answer):
    """What ``simcost seek`` prints.

    Parameters
    ----------
    target, unit
        What was sought, as ``--set`` names it, and its unit.
    percentile
        Of the total, in percent.
    at_most
        The most that it may be, in the scenario's currency.
    period
        The quarter or fiscal year whose percentile and sum these are, or ``owner search`` and such, where these have their own:
        the one that the next value breaks. Empty for the total.
    several
        Whether some part has its own.
    sought
        What was found.
    """

    scenario: ScenarioInfo
    target: str
    unit: str
    percentile: float
    at_most: float
    period: str
    several: bool
    sought: Sought
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.search.text import seek_page

        return seek_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``sought`` is the value that just meets the target, of every approved sum if there are ``several``; ``period`` is then
            the quarter, fiscal year or ``owner NAME`` whose sum the next value breaks, and whose percentile and ``at_most`` are
            told (None: the total). An end of its interval is None where it reaches beyond the range; ``at_sought`` is the
            percentile there; ``beyond`` is the next value, which does not meet it.
        """
        from simcost.report.search.text import seek_sentence

        found = self.sought
        return {
            "schema": "simcost/seek/1",
            "scenario": scenario_document(self.scenario),
            "run": run_document(self.run),
            "target": self.target,
            "unit": self.unit,
            "percentile": self.percentile,
            "at_most": self.at_most,
            "period": self.period or None,
            "several": self.several,
            "sought": figure_document(Estimate(found.value, found.low, found.high)),
            "at_sought": figure_document(found.at_value),
            "beyond": found.beyond,
            "at_beyond": figure_document(found.at_beyond),
            "rising": found.rising,
            "runs": found.runs,
            "sentence": seek_sentence(self),
            "warnings": list(self.warnings),
        }


def _point(point: SweepPoint) -> dict[str, Any]:
    return {
        "values": list(point.values),
        "total": statistics_document(point.total),
        "probability_within": figure_document(point.probability_within),
        **kept_document(point.kept),
        "change": figures_document(point.change),
    }
