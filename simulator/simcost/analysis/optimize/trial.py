"""Trials: a whole simulation of the file with its decisions taken, on the random numbers that all trials share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import Estimate, quantile_rank
from simcost.analysis.estimates.mean import mean
from simcost.analysis.estimates.quantiles import quantiles, share
from simcost.analysis.estimates.tail_mean import tail_mean
from simcost.analysis.optimize.space import axis_of, changes
from simcost.compile.costs import within_limit
from simcost.compile.studies.trials import compile_trial
from simcost.engine.each import simulate_each
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.processors import workers_beside, workers_for
from simcost.errors import UsageError
from simcost.scenario import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.optimize.space import Point
    from simcost.analysis.work import Work
    from simcost.engine.kernels import Kernel
    from simcost.scenario.scenario import Scenario
    from simcost.scenario.sections.optimization import Figure, Optimization
    from simcost_kernels.plan import Plan
    from simcost_kernels.summaries.summary import Summary

RISK = 0.95
"""Level of the CVaR that the frontier weighs against the mean."""

EXPECTED = 40
"""Trials that a search takes as a rule: what compiling a kernel has to pay for."""

NO_TOTAL = "no finite total"
"""Name of the limit that every search has: none of the scenarios may have an infinite or undefined cost."""

AT_ONCE = 16
"""Trials that are run side by side: more of them share what they share already, and are told of later."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much a limit is exceeded: what was found, what is allowed, and by how much more, as a part of the scale.

    ``is_probability`` tells a probability from money.
    """

    name: str
    found: float
    allowed: float
    by: float
    is_probability: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What a simulation of one point gave.

    Parameters
    ----------
    objective
        The figure to be small, in the scenario's currency.
    mean, cvar95
        Of the total: what the frontier shows.
    limits
        In the order of the section: events, figures, budget.
    """

    point: Point
    objective: float
    mean: float
    cvar95: float
    limits: tuple[Standing, ...]

    @property
    def excess(self) -> float:
        """Return by how much limits are exceeded in all; 0.0 where the point is allowed."""
        return sum(limit.by for limit in self.limits)


class Trials:
    """Runs points, each once.

    Parameters
    ----------
    path
        The scenario file.
    work
        Back end, seed, scenarios and workers of every trial.
    overrides
        What is set for all trials.
    told
        Called after each trial with it and their number.

    Attributes
    ----------
    found
        The trial of each point that was run.
    computed
        By which back end, and where, the latest was run.
    """

    def __init__(
        self,
        path: str,
        optimization: Optimization,
        work: Work,
        *,
        overrides: Sequence[str] = (),
        told: Callable[[Trial, int], None] | None = None,
    ) -> None:
        self.path, self.optimization, self.overrides = path, optimization, tuple(overrides)
        self.axes, self.span = tuple(map(axis_of, optimization.decisions)), work.span
        self.found: dict[Point, Trial] = {}
        self.computed = ("", "")
        self._work, self._told = work, told

    def __call__(self, point: Point) -> Trial:
        """Return the trial of a point, run now if it is new."""
        return self.each([point])[0]

    def each(self, points: Sequence[Point]) -> list[Trial]:
        """Return the trial of each point; those that are new are run now, side by side."""
        places = [tuple(axis.nearest(at) for axis, at in zip(self.axes, point, strict=True)) for point in points]
        new = [place for place in dict.fromkeys(places) if place not in self.found]
        for some in (new[first : first + AT_ONCE] for first in range(0, len(new), AT_ONCE)):
            for point, run in zip(some, self.runs(some), strict=True):
                self.found[point] = trial = self._trial(point, run)
                if self._told:
                    self._told(trial, len(self.found))
        return [self.found[place] for place in places]

    def runs(self, points: Sequence[Point | None], seed: int | None = None) -> list[tuple[Scenario, Summary]]:
        """Simulate points, or the file as it is, in the same futures, with other random numbers if a seed is given."""
        read = [self.plan(point) for point in points]
        kernels = self.kernels([plan for _, plan in read], runs=max(EXPECTED // len(points), 1))
        self.computed = kernels[0].name, kernels[0].device
        workers = self.span.workers or (workers_for(kernels[0]) if len(kernels) == 1 else workers_beside(kernels))
        span = replace(self.span, seed=self.span.seed if seed is None else seed, workers=workers)
        summaries = simulate_each(kernels, span)
        for point, summary in zip(points, summaries, strict=True):
            if not int(summary.count()[0]):
                message = (
                    f"{self.said(point)}: no scenario has a finite cost. Look for a division by zero, or narrow the decision."
                )
                raise UsageError(message)
        return [(scenario, summary) for (scenario, _), summary in zip(read, summaries, strict=True)]

    def said(self, point: Point | None) -> str:
        """Say what is decided at a point."""
        if point is None:
            return "as the file is"
        return ", ".join(f"{axis.decision.target} = {axis.text(at)}" for axis, at in zip(self.axes, point, strict=True))

    def scenario(self, point: Point | None) -> Scenario:
        """Read a point: the file, what was set for all trials, and then what is decided; or the file as it is."""
        option, assignments = changes(self.axes, point) if point is not None else ("", ())
        return load(self.path, option=option, overrides=(*self.overrides, *assignments), others=False)

    def plan(self, point: Point | None) -> tuple[Scenario, Plan]:
        """Compile a point, or the file as it is."""
        scenario = self.scenario(point)
        optimization = scenario.optimization
        return scenario, compile_trial(scenario, optimization.events if optimization else ())

    def kernels(self, plans: Sequence[Plan], *, runs: int = EXPECTED) -> tuple[Kernel, ...]:
        """Make plans ready; a kernel that many trials share is worth compiling."""
        return kernels_for(plans, self._work.backend, n=self.span.n, times=runs, notice=self._work.notice)

    def _trial(self, point: Point, run: tuple[Scenario, Summary]) -> Trial:
        scenario, summary = run
        return Trial(
            point,
            value_of(summary, self.optimization.minimise),
            float(summary.mean()[0]),
            tail_mean(summary, 0, RISK).value,
            limits_of(self.optimization, scenario, summary),
        )


def value_of(summary: Summary, figure: Figure) -> float:
    """Return a figure of the total, the first column, in the scenario's currency."""
    if figure.level is None:
        return float(summary.mean()[0])
    if figure.tail:
        return tail_mean(summary, 0, figure.level).value
    return float(summary.at_rank(0, [quantile_rank(int(summary.count()[0]), figure.level)])[0])


def estimate_of(summary: Summary, figure: Figure) -> Estimate:
    """Return a figure of the total with its 95 % interval."""
    if figure.level is None:
        return mean(summary, 0)
    if figure.tail:
        found = tail_mean(summary, 0, figure.level)
        return Estimate(found.value, found.low, found.high)
    return quantiles(summary, 0, [figure.level])[0]


def limits_of(optimization: Optimization, scenario: Scenario, summary: Summary) -> tuple[Standing, ...]:
    """Tell how each limit stands: events, then figures, then each sum of the budget: the whole, each period and each part.

    Figures are over the scenarios in which the total is finite. Where it is not in all, that is a limit exceeded, and the first:
    what leaves dear scenarios without a total would be the cheapest.
    """
    budget = scenario.budget
    sums = () if budget is None else ("budget", *(f"budget of {each.label}" for each in budget.sums))
    undefined = 1.0 - int(summary.count()[0]) / summary.n
    found = [Standing(NO_TOTAL, undefined, 0.0, undefined)] if undefined else []
    for column, event in enumerate(optimization.events, start=1 + len(sums)):
        happens = share(summary, column).value
        found.append(Standing(event.name, happens, event.probability, max(happens - event.probability, 0.0)))
    for limit in optimization.figures:
        value = value_of(summary, limit.figure)
        over = value > within_limit(limit.at_most)
        by = (value - limit.at_most) / max(abs(limit.at_most), 1.0) if over else 0.0
        found.append(Standing(limit.name, value, limit.at_most, by, is_probability=False))
    if optimization.within_budget and budget is not None:
        for column, name in enumerate(sums, start=1):
            exceeds, allowed = 1.0 - share(summary, column).value, 1.0 - budget.confidence
            found.append(Standing(name, exceeds, allowed, max(exceeds - allowed, 0.0)))
    return tuple(found)
