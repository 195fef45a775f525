"""What `simcost optimize` answers: the optimum, re-evaluated on fresh random numbers, and all that is as good.

The lowest of many simulated figures is too low by selection: its random numbers have been searched for. The optimum is
therefore simulated again with another seed. That figure is without bias, and the difference is the optimism of the search
(Mak, Morton and Wood 1999, "Monte Carlo bounding techniques for determining solution quality in stochastic programs").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired_differences import mean_difference, quantile_difference, tail_difference
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.undefined import REMEDY
from simcost.analysis.optimize.critical_ratio import critical_ratios
from simcost.analysis.optimize.frontier import MOST_POINTS, frontier_of
from simcost.analysis.optimize.search import Search
from simcost.analysis.optimize.trial import NO_TOTAL, Trials, estimate_of, limits_of, value_of
from simcost.analysis.optimize.whole_numbers import check_whole_numbers
from simcost.engine.processors import workers_beside
from simcost.errors import UsageError, visible
from simcost.scenario.lint.prepaid import unevenly_prepaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simcost.analysis.comparisons.paired import PairedTotals
    from simcost.analysis.optimize.critical_ratio import CriticalRatio
    from simcost.analysis.optimize.frontier import FrontierPoint
    from simcost.analysis.optimize.space import Axis, Point
    from simcost.analysis.optimize.trial import Standing
    from simcost.scenario.scenario import Scenario
    from simcost.scenario.sections.optimization import Figure

MOST_TRIALS = 200
"""New simulations that a search may take, unless told otherwise; each weight of the frontier may take half as many more."""

SEEDS = 2**64

PARTS, DIVISIONS = 10, 3
"""Of a range of what is as good, each part divided again: a thousandth of the way to the end of its axis."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision as it is best taken.

    Parameters
    ----------
    target
        What ``--set`` replaces.
    value
        For people.
    assignment
        For ``--set``; empty for the file's option.
    low, high
        Ends of what is as good: values that, the others staying, are allowed and not dearer with 95 % confidence. Empty where
        the values have no order.
    unit
        Of the numbers that it may be; empty for pure numbers and for texts.
    """

    target: str
    value: str
    assignment: str
    low: str
    high: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Optimum:
    """The answer; money in the scenario's currency.

    Parameters
    ----------
    scenario
        As it is best decided.
    computed
        By which back end, and where.
    searched
        The figure of the optimum on the random numbers of the search.
    fresh
        The same on fresh ones, with its 95 % interval.
    optimism
        Fresh less searched.
    as_it_is
        The figure of the file as it is, on fresh random numbers.
    broken
        The limits that the file as it is exceeds.
    saving
        ``as_it_is`` less ``fresh``, paired.
    limits
        On fresh random numbers.
    fresh_seed
        Seed of the fresh random numbers.
    ratios
        Why each decision is best, where each is a quantile and none was searched for; else empty.
    prepaid
        What is paid for beyond the run, where that is decided: all of its price counts.
    spent
        All trials that the search had, if it ended for want of more; else 0.
    """

    scenario: Scenario
    computed: tuple[str, str]
    minimise: Figure
    choices: tuple[Choice, ...]
    searched: float
    fresh: Estimate
    optimism: Estimate
    as_it_is: float
    broken: tuple[Standing, ...]
    saving: Estimate
    limits: tuple[Standing, ...]
    frontier: tuple[FrontierPoint, ...]
    trials: int
    fresh_seed: int
    ratios: tuple[CriticalRatio, ...] = ()
    prepaid: tuple[str, ...] = ()
    spent: int = 0

    def __repr__(self) -> str:
        """Tell in one line what is decided, and the figure that it leaves; all of the answer would fill the screen."""
        decided = ", ".join(f"{each.target} = {each.value}" for each in self.choices)
        return f"<{type(self).__name__}: {self.minimise.name} {self.fresh.value:,.2f} with {visible(decided)}>"


def optimum(trials: Trials, *, most: int, weights: int) -> Optimum:
    """Search for the decisions that make a figure smallest.

    Parameters
    ----------
    trials
        Runs what is tried.
    most
        New trials at most.
    weights
        Points of the frontier at most: for each, a weighing of mean and risk is searched. Of 0, it is that of the trials.

    Raises
    ------
    UsageError
        If no point that was tried is allowed, or fractions would be tried where only whole numbers are taken.
    """
    axes = trials.axes
    check_whole_numbers(trials)
    search = Search(axes, trials.each, lambda trial: trial.objective, most)
    quantile = critical_ratios(trials)
    if quantile is not None and not trials(quantile[0]).excess:
        best, ratios = quantile
    else:
        best, ratios = search.best(), ()
    _require_allowed(trials, best, finished=search.finished)
    for weight in np.linspace(0.0, 1.0, weights).tolist():
        Search(axes, trials.each, lambda trial, w=weight: (1.0 - w) * trial.mean + w * trial.cvar95, most // 2).best(best)  # type: ignore[misc]
    if weights:  # a search for the frontier may pass a better point
        best = min(trials.found.values(), key=lambda trial: (trial.excess > 0.0, trial.objective, trial.point)).point
    told = _told_of(trials, best, ratios, points=weights or MOST_POINTS)
    return replace(told, spent=0 if search.finished else most)


def _require_allowed(trials: Trials, best: Point, *, finished: bool) -> None:
    trial = trials(best)
    if not trial.excess:
        return
    over = "; ".join(f'"{each.name}" {each.found:.6g}, allowed {each.allowed:.6g}' for each in trial.limits if each.by)
    tried = f"none of {len(trials.found)} trials keeps the limits"
    widen = "a decision or a limit"
    if any(each.name == NO_TOTAL for each in trial.limits):
        widen = f"{widen}. {REMEDY}"
    remedy = "Widen" if finished else "The search had not come to its end: allow more `trials`, or widen"
    message = f"{tried}. Nearest is {trials.said(best)}: {over}. {remedy} {widen}."
    raise UsageError(message)


def _told_of(trials: Trials, best: Point, ratios: tuple[CriticalRatio, ...], *, points: int) -> Optimum:
    """Re-evaluate the best point and collect the answer."""
    figure, searched = trials.optimization.minimise, trials(best).objective
    seed = (trials.span.seed + 1) % SEEDS
    (scenario, summary), as_it_is = trials.runs((best, None), seed)
    fresh = estimate_of(summary, figure)
    broken = tuple(limit for limit in limits_of(trials.optimization, *as_it_is) if limit.by)
    base, (dearer,) = differences(trials, (None, best), seed)
    ends = [_as_good(trials, best, number) for number in range(len(trials.axes))]
    choices = (
        Choice(axis.decision.target, axis.text(at), axis.assignment(at), *end, axis.decision.unit, axis.decision.note)
        for axis, at, end in zip(trials.axes, best, ends, strict=True)
    )
    return Optimum(
        scenario=scenario,
        computed=trials.computed,
        minimise=figure,
        choices=tuple(choices),
        searched=searched,
        fresh=fresh,
        optimism=_moved(fresh, -searched),
        as_it_is=base,
        broken=broken,
        saving=dearer.negated(),
        limits=limits_of(trials.optimization, scenario, summary),
        frontier=frontier_of(trials.axes, trials.found.values(), most=points),
        trials=len(trials.found),
        fresh_seed=seed,
        ratios=ratios,
        prepaid=unevenly_prepaid(_beside(trials, best)),
    )


def _beside(trials: Trials, best: Point) -> Iterator[Scenario]:
    """Yield the file as it is, the best point, and of each decision the ends or other choices that were tried beside it."""
    yield trials.scenario(None)
    yield trials.scenario(best)
    for point in trials.found:
        moved = [(axis, at) for axis, at, chosen in zip(trials.axes, point, best, strict=True) if at != chosen]
        if len(moved) == 1 and (not moved[0][0].ordered or moved[0][1] in (0.0, moved[0][0].last)):
            yield trials.scenario(point)


def differences(trials: Trials, points: Sequence[Point | None], seed: int) -> tuple[float, list[Estimate]]:
    """Return the figure at the first point, and how much more it is at each other, paired; None is the file as it is."""
    figure = trials.optimization.minimise
    kernels = trials.kernels([trials.plan(point)[1] for point in points], runs=1)
    workers = trials.span.workers or workers_beside(kernels)
    levels = () if figure.level is None else (figure.level,)
    found = paired_run(kernels, replace(trials.span, seed=seed, workers=workers), levels=levels, distributions=False)
    return value_of(found.totals, figure), [_difference(found, model, figure) for model in range(1, len(points))]


def _difference(found: PairedTotals, model: int, figure: Figure) -> Estimate:
    if figure.level is None:
        return mean_difference(found, model)
    return tail_difference(found, model) if figure.tail else quantile_difference(found, model, figure.level)


def _as_good(trials: Trials, best: Point, number: int) -> tuple[str, str]:
    """Return the ends of what is as good on one axis, the others staying; empty texts where it has no order."""
    axis = trials.axes[number]
    if not axis.ordered:
        return "", ""

    def good(places: Sequence[float]) -> list[bool]:
        points = [(*best[:number], place, *best[number + 1 :]) for place in places]
        allowed = [point for point, trial in zip(points, trials.each(points), strict=True) if not trial.excess]
        _, dearer = differences(trials, (best, *allowed), trials.span.seed)
        kept = {point for point, apart in zip(allowed, dearer, strict=True) if apart.low is None or apart.low <= 0.0}
        return [point in kept for point in points]

    ends = (0.0, axis.last)
    low, high = (
        end if as_good else _farthest(axis, best[number], end, good) for end, as_good in zip(ends, good(ends), strict=True)
    )
    return axis.text(low), axis.text(high)


def _farthest(axis: Axis, place: float, end: float, good: Callable[[Sequence[float]], list[bool]]) -> float:
    """Return the place farthest towards an end, which is not good, that is good, as if what is good were one stretch."""
    for _ in range(DIVISIONS):
        stations = dict.fromkeys(axis.nearest(station) for station in np.linspace(place, end, PARTS + 1).tolist())
        between = [station for station in stations if station not in (place, end)]
        if not between:
            break
        reached = [*good(between), False].index(False)
        place, end = (place, *between)[reached], (*between, end)[reached]
    return place


def _moved(estimate: Estimate, by: float) -> Estimate:
    ends = (None if end is None else end + by for end in (estimate.low, estimate.high))
    return Estimate(estimate.value + by, *ends)
