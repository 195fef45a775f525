"""A percentile of the total as a function of one number of the scenario, over the same futures: what a search asks for.

Where a sum is approved for each quarter or fiscal year, it is the most by which such a percentile exceeds its sum, of the total
and of every period: zero where the number just keeps them all.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.analysis.comparisons.paired_differences import quantile_difference
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.estimates.intervals import Estimate, probability
from simcost.analysis.searches.most_exceeded import most_exceeded
from simcost.analysis.searches.seeking import EXPECTED
from simcost.analysis.searches.told_apart import quantile_beside
from simcost.analysis.statistics import Percentile
from simcost.compile.compiled import compile_scenario
from simcost.compile.costs import within_limit
from simcost.compile.studies.grid import with_values
from simcost.engine.simulate import simulate
from simcost.errors import UndefinedCostError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.work import Work
    from simcost.compile.studies.grid import Grid
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost.scenario.scenario import ApprovedPart, Scenario
    from simcost_kernels.summaries.summary import Summary


class PercentileFunction:
    """The total's percentile as a function of a number, or with several sums the most by which one is exceeded.

    Parameters
    ----------
    scenario
        With everything else.
    grid
        Names the number.
    percent
        Which percentile.
    sums
        What is approved: of the total alone, or first of the total and then of every period.
    work
        How the models are run; its progress is told of all runs that a search takes, about, as of one.

    Attributes
    ----------
    last
        Kernels and scenarios of the last run.
    figures
        The percentile of the total, and of every period, at each value so far.
    warnings
        Of all models so far.
    """

    last: tuple[tuple[Kernel, ...], Span]

    def __init__(self, scenario: Scenario, grid: Grid, *, percent: float, sums: Sequence[ApprovedPart], work: Work) -> None:
        self.warnings: tuple[str, ...] = ()
        self.figures: dict[float, tuple[Percentile, ...]] = {}
        self._scenario, self._grid, self._percent, self._sums, self._work = scenario, grid, percent, tuple(sums), work
        self._runs = 0

    def percentile(self, value: float) -> Percentile:
        """Run the scenario with a value.

        Raises
        ------
        UndefinedCostError
            If the total is finite in no scenario.
        """
        ((kernel,), span) = self._kernels(value)
        shown = self._work.progress and partial(self._tell, self._work.progress)
        summary = simulate(kernel, span, progress=shown)
        self._runs += 1
        if not summary.count()[0]:
            message = f"no scenario has a finite total with {self._grid.assignment(value)}. Seek within other values."
            raise UndefinedCostError(message)
        places = {column: place for place, column in enumerate(kernel.plan.columns())}
        level, columns = probability(self._percent), [places[each.group, each.label, -1] for each in self._sums]
        approved = [within_limit(each.approved) for each in self._sums]
        self.figures[value] = tuple(
            self._named(quantile_beside(summary, column, level, limit)) for column, limit in zip(columns, approved, strict=True)
        )
        if len(columns) == 1:
            return self.figures[value][0]
        return self._named(most_exceeded(summary, list(zip(columns, approved, strict=True)), level))

    def limiting(self, value: float) -> int:
        """Return the place of the sum that a value exceeds most, or comes nearest to."""
        excesses = [each.value - one.approved for each, one in zip(self.figures[value], self._sums, strict=True)]
        return excesses.index(max(excesses))

    def difference(self, first: float, second: float) -> Estimate:
        """Return how much the percentile changes from one value to another; with several sums as if by runs apart, to be safe."""
        if len(self._sums) > 1:
            before, after = self.percentile(first), self.percentile(second)
            return Estimate(after.value - before.value, _less(after.low, before.high), _less(after.high, before.low))
        kernels, span = self._kernels(first, second)
        level = probability(self._percent)
        return quantile_difference(paired_run(kernels, span, levels=(level,), distributions=False), 1, level)

    def _named(self, figure: Estimate) -> Percentile:
        return Percentile(self._percent, figure.value, figure.low, figure.high)

    def _tell(self, progress: Progress, done: int, n: int, summary: Summary) -> None:
        """Show the runs so far as a part of those expected; more than these do not show."""
        progress(min(self._runs * n + done, EXPECTED * n), EXPECTED * n, summary)

    def _kernels(self, *values: float) -> tuple[tuple[Kernel, ...], Span]:
        models = [compile_scenario(with_values(self._scenario, (self._grid,), (value,))) for value in values]
        self.warnings = tuple(dict.fromkeys((*self.warnings, *(warning for model in models for warning in model.warnings))))
        self.last = self._work.kernels_of_models(models, times=EXPECTED, groups={each.group for each in self._sums})
        return self.last


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
