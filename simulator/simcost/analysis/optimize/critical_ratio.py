"""The best decision where it is a quantile: no search, two passes over the draws of a trial.

Of a total that is slope d + sum_h weight_h max(point_h - d, 0) and what d does not move, with no weight below zero, the mean is
convex in d, and falls while the weights of the points above d add up to more than the slope. So the best d is a quantile of the
points of all scenarios and months together, each counted with its weight, at the newsvendor's critical ratio (Arrow, Harris and
Marschak 1951, "Optimal inventory policy"). Of several decisions each has its own, where no hinge has two of them.

Selecting among more points than fit the memory takes two passes (Munro and Paterson 1980, "Selection and sorting with limited
storage"): the first adds up the points of each cell of the range, the second has those of one cell by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.optimize.entering import entrance
from simcost.analysis.optimize.weighted_points import gather
from simcost.compile.studies.newsvendor import compile_newsvendor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.optimize.space import Axis, Point
    from simcost.analysis.optimize.trial import Trials
    from simcost.analysis.optimize.weighted_points import Points
    from simcost_kernels.arrays import Array

CELLS = 4096
"""Of the range of a decision in the first pass."""

MOST_COLUMNS = 256
"""Of a plan that tells points and weights by month, 128 MiB for each worker; a larger model is searched."""

BEYOND = CELLS + 1.0
"""The cell of all points above the range."""

PASSES = 2

ROUNDING = 1e-9
"""Of the greatest weight, what one that is a sum may be below zero, and what weights may differ by and be equal."""


@dataclass(frozen=True, slots=True)
class CriticalRatio:
    """Why a decision is best as it is; money in the scenario's currency, the mean over the scenarios of the whole run.

    Parameters
    ----------
    exceeded
        Part of the points, counted with their weights, that lies above the best value: 0 to 1.
    too_many, too_few
        What one unit (of the decision) more costs where none of it is needed, and saves where all of it is.
    weighed
        Whether points have different weights.
    end
        ``low`` or ``high`` where the quantile lies beyond that end of what may be decided; else empty.
    """

    target: str
    unit: str
    exceeded: float
    too_many: float
    too_few: float
    weighed: bool
    end: str


def critical_ratios(trials: Trials) -> tuple[Point, tuple[CriticalRatio, ...]] | None:
    """Return the point with the least mean and why it is; None where the mean is minimised by no quantile.

    Limits are not looked at: it is the best point if it keeps them.
    """
    found = entrance(trials) if trials.optimization.minimise.level is None else None
    if found is None:
        return None
    events = found.scenario.optimization.events if found.scenario.optimization else ()
    model = compile_newsvendor(found.scenario, events, found.inputs, len(trials.axes))
    if model is None or model.plan.n_columns > MOST_COLUMNS:
        return None
    kernel = trials.kernels([model.plan], runs=PASSES)[0]

    def cells(decision: int, points: Array) -> Array:
        return _cells(trials.axes[decision], points)

    def of_the_cell(decision: int, points: Array) -> Array:
        return np.where(cells(decision, points) == chosen[decision], points, np.nan)

    first = gather(kernel, model, trials.span, at=found.at, keys=cells)
    if not first.adds_up or any(each.least < -ROUNDING * each.most for each in first.points):
        return None
    chosen = [_cell_of_the_quantile(each) for each in first.points]
    within = gather(kernel, model, trials.span, at=found.at, keys=of_the_cell).points
    values = map(_quantile, trials.axes, chosen, first.points, within)
    ratios = (_ratio(*each, trials.span.n) for each in zip(trials.axes, chosen, first.points, strict=True))
    return _cheapest_beside(trials, tuple(values)), tuple(ratios)


def _cells(axis: Axis, points: Array) -> Array:
    """Return in which cell each point lies: 0 up to the least that may be decided, `BEYOND` above the most."""
    low, high = axis.number(0.0), axis.number(axis.last)
    return np.clip(np.ceil((points - low) / ((high - low) / CELLS)), 0.0, BEYOND)


def _above(points: Points) -> Array:
    """Return what weighs more than each key, float64 (k,)."""
    return np.append(np.cumsum(points.masses[:0:-1])[::-1], 0.0)[-len(points.keys) :] if len(points.keys) else np.empty(0)


def _cell_of_the_quantile(cells: Points) -> float:
    """Return the least cell above which there is no more than the slope; 0 where nothing pays, `BEYOND` where everything does."""
    if cells.masses.sum() <= cells.slope:
        return 0.0
    enough = np.flatnonzero(_above(cells) <= cells.slope)
    return float(cells.keys[enough[0]]) if enough.size else BEYOND


def _quantile(axis: Axis, cell: float, cells: Points, within: Points) -> float:
    """Return the least point above which there is no more than the slope, or the end that it lies beyond."""
    if cell in (0.0, BEYOND):
        return axis.number(axis.last if cell else 0.0)
    beyond = _above(cells)[np.searchsorted(cells.keys, cell)]
    return float(within.keys[np.flatnonzero(beyond + _above(within) <= cells.slope)[0]])


def _ratio(axis: Axis, cell: float, cells: Points, n: int) -> CriticalRatio:
    mass = float(cells.masses.sum())
    return CriticalRatio(
        axis.decision.target,
        axis.decision.unit,
        min(max(cells.slope / mass, 0.0), 1.0) if mass else 0.0,
        cells.slope / n,
        (mass - cells.slope) / n,
        cells.most - cells.least > ROUNDING * cells.most,
        {0.0: "low", BEYOND: "high"}.get(cell, ""),
    )


def _cheapest_beside(trials: Trials, values: Sequence[float]) -> Point:
    """Return the point of these values; where an axis has steps, that of the two beside its value which costs less."""
    places = [(value - axis.number(0.0)) / axis.scale for axis, value in zip(trials.axes, values, strict=True)]
    below = tuple(axis.nearest(floor(place) if axis.whole else place) for axis, place in zip(trials.axes, places, strict=True))
    best = list(below)
    for number, (axis, place) in enumerate(zip(trials.axes, places, strict=True)):
        above = axis.nearest(ceil(place)) if axis.whole else below[number]
        beside = (*below[:number], above, *below[number + 1 :])
        if beside != below and trials(beside).objective < trials(below).objective:
            best[number] = above
    return tuple(best)
