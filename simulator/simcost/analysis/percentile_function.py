"""A percentile of the total as a function of one number of the scenario, over the same futures: what a search asks for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.analysis.figures import Percentile
from simcost.analysis.intervals import probability
from simcost.analysis.paired_differences import quantile_difference
from simcost.analysis.paired_run import paired_run
from simcost.analysis.quantiles import quantiles
from simcost.analysis.seeking import EXPECTED
from simcost.compile.compiled import Compiled, compile_scenario
from simcost.compile.grid import with_values
from simcost.engine.simulate import simulate
from simcost.errors import UndefinedCostError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from simcost.analysis.intervals import Estimate
    from simcost.compile.grid import Grid
    from simcost.engine.simulate import Kernel, Progress
    from simcost.engine.stopping import Span
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.summary import Summary

    class Ready(Protocol):
        """Makes models ready to be run; see `simcost.engine.side_by_side`."""

        def __call__(self, models: Sequence[Compiled], *, times: int) -> tuple[tuple[Kernel, ...], Span]:
            """Return a kernel of each total, and the scenarios to run."""


class PercentileFunction:
    """The total's percentile as a function of a number.

    Parameters
    ----------
    scenario
        With everything else.
    grid
        Names the number.
    percent
        Which percentile.
    ready
        How the models are run.
    progress
        Told of all runs that a search takes, about, as of one.

    Attributes
    ----------
    last
        Kernels and scenarios of the last run.
    warnings
        Of all models so far.
    """

    last: tuple[tuple[Kernel, ...], Span]

    def __init__(self, scenario: Scenario, grid: Grid, percent: float, *, ready: Ready, progress: Progress | None = None) -> None:
        self.warnings: tuple[str, ...] = ()
        self._scenario, self._grid, self._ready, self._percent = scenario, grid, ready, percent
        self._progress, self._runs = progress, 0

    def percentile(self, value: float) -> Percentile:
        """Run the scenario with a value.

        Raises
        ------
        UndefinedCostError
            If the total is finite in no scenario.
        """
        ((kernel,), span) = self._kernels(value)
        shown = self._progress and partial(self._tell, self._progress)
        summary = simulate(kernel, seed=span.seed, first=span.first, n=span.n, workers=span.workers, progress=shown)
        self._runs += 1
        if not summary.count()[0]:
            message = f"no scenario has a finite total with {self._grid.assignment(value)}. Seek within other values."
            raise UndefinedCostError(message)
        (found,) = quantiles(summary, 0, (probability(self._percent),))
        return Percentile(self._percent, found.value, found.low, found.high)

    def difference(self, first: float, second: float) -> Estimate:
        """Return how much the percentile changes from one value to another."""
        kernels, span = self._kernels(first, second)
        level = probability(self._percent)
        return quantile_difference(paired_run(kernels, span, levels=(level,), distributions=False), 1, level)

    def _tell(self, progress: Progress, done: int, n: int, summary: Summary) -> None:
        """Show the runs so far as a part of those expected; more than these do not show."""
        progress(min(self._runs * n + done, EXPECTED * n), EXPECTED * n, summary)

    def _kernels(self, *values: float) -> tuple[tuple[Kernel, ...], Span]:
        models = [compile_scenario(with_values(self._scenario, (self._grid,), (value,))) for value in values]
        self.warnings = tuple(dict.fromkeys((*self.warnings, *(warning for model in models for warning in model.warnings))))
        self.last = self._ready(models, times=EXPECTED)
        return self.last
