"""The search: every point where they are few, a line search along one axis, differential evolution over several.

Trials share their random numbers, so what is searched is a fixed function, without noise; scipy finds its minimum. A point
that exceeds a limit counts as worse than all that do not, and by how much tells the way back (Deb 2000, "An efficient constraint
handling method for genetic algorithms"). What scipy finds is then improved along one axis after the other, and by giving from one
axis to another, which is the way along a limit on their sum, until nothing helps.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import permutations, product
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.optimize.space import size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simcost.analysis.optimize.space import Axis, Point
    from simcost.analysis.optimize.trial import Trial
    from simcost_kernels.arrays import Array

    Run = Callable[[Sequence[Point]], Sequence[Trial]]
    Score = Callable[[Trial], float]

FORBIDDEN = 1e100
"""Score of a point that exceeds a limit, its excess beside it: more than any cost."""

STATIONS = 9
"""Places at which an axis is looked at first, both ends among them."""


class _SpentError(Exception):
    """All trials are spent."""


class Search:
    """Minimises a score of trials.

    Parameters
    ----------
    run
        Gives the trial of each of some points; new ones count.
    score
        Of an allowed trial; the objective itself, or a weighing of mean and risk.
    most
        New trials at most.

    Attributes
    ----------
    finished
        Whether the latest search ended of itself, not because all trials were spent.
    """

    def __init__(self, axes: Sequence[Axis], run: Run, score: Score, most: int) -> None:
        self._axes, self._run, self._score, self._left = tuple(axes), run, score, most
        self._seen: dict[Point, float] = {}
        self.finished = True

    def best(self, start: Point | None = None, *, seed: int = 1) -> Point:
        """Return the best point that was found; ``start`` is one to begin with."""
        try:
            if size(self._axes) <= self._left:
                self._each(list(product(*(np.arange(axis.last + 1.0).tolist() for axis in self._axes))))
                return self._lowest()
            if start is not None:
                self._at(start)
            if len(self._axes) > 1:
                self._evolve(seed)
            self._descend()
        except _SpentError:
            self.finished = False
        return self._lowest()

    def _lowest(self) -> Point:
        return min(self._seen, key=lambda point: (self._seen[point], point))

    def _at(self, point: Sequence[float]) -> float:
        return self._each([point])[0]

    def _each(self, points: Sequence[Sequence[float]]) -> list[float]:
        """Return the scores of points; the trials of those that are new are run together."""
        places = [tuple(axis.nearest(each) for axis, each in zip(self._axes, point, strict=True)) for point in points]
        new = [place for place in dict.fromkeys(places) if place not in self._seen]
        tried = new[: self._left]
        self._left -= len(tried)
        for place, trial in zip(tried, self._run(tried), strict=True):
            self._seen[place] = FORBIDDEN * (1.0 + trial.excess) if trial.excess > 0.0 else self._score(trial)
        if len(tried) < len(new):
            raise _SpentError
        return [self._seen[place] for place in places]

    def _evolve(self, seed: int) -> None:
        """Spend at most two thirds of the trials on the whole space, a generation at a time (Storn and Price 1997)."""
        from scipy.optimize import Bounds, differential_evolution

        population = max(5, min(15, self._left // (8 * len(self._axes))))
        reserve, self._left = self._left // 3, self._left - self._left // 3
        with suppress(_SpentError):
            differential_evolution(
                self._generation,  # type: ignore[arg-type]  # the stubs know no vectorized function
                Bounds(np.zeros(len(self._axes)), np.array([axis.last for axis in self._axes])),
                integrality=[axis.whole for axis in self._axes],
                popsize=population,
                maxiter=1000,
                tol=1e-3,
                polish=False,
                rng=np.random.default_rng(seed),
                vectorized=True,
                updating="deferred",
            )
        self._left += reserve

    def _generation(self, points: Array) -> Array:
        """Return the scores, float64 (k,), of points, float64 (n_axes, k)."""
        return np.array(self._each(points.T.tolist()))

    def _descend(self) -> None:
        """Go along one axis after the other, and exchange between two, until nothing leads lower."""
        before = inf
        while not self._seen or self._seen[self._lowest()] < before:
            before = self._seen[self._lowest()] if self._seen else inf
            for number in range(len(self._axes)):
                self._along(number)
            if len(self._axes) == 1:
                break
            self._exchange()

    def _exchange(self) -> None:
        """Give equal parts of what numbers are worth from one axis to another, in steps that are halved where none helps."""
        numbers = [place for place, axis in enumerate(self._axes) if axis.ordered]
        steps = {
            place: max(self._axes[place].finest, self._axes[place].nearest(self._axes[place].last / 8.0)) for place in numbers
        }
        while True:
            if self._exchanged(steps):
                continue
            finer = {place: max(step / 2.0, self._axes[place].finest) for place, step in steps.items()}
            if finer == steps:
                return
            steps = finer

    def _exchanged(self, steps: Mapping[int, float]) -> bool:
        """Try every pair of axes once; tell whether one helped."""
        before = self._seen[self._lowest()]
        for giver, taker in permutations(steps, 2):
            best = self._lowest()
            worth = steps[giver] * self._axes[giver].scale / self._axes[taker].scale
            moved = list(best)
            moved[giver], moved[taker] = best[giver] - steps[giver], best[taker] + worth
            if moved[giver] >= 0.0 and moved[taker] <= self._axes[taker].last:
                self._at(moved)
        return self._seen[self._lowest()] < before

    def _along(self, number: int) -> None:
        axis = self._axes[number]
        origin = self._lowest() if self._seen else tuple(0.0 for _ in self._axes)

        def scores(places: Sequence[float]) -> list[float]:
            return self._each([(*origin[:number], place, *origin[number + 1 :]) for place in places])

        if not axis.ordered or axis.last < STATIONS:
            stations = np.arange(axis.last + 1.0) if axis.whole else np.linspace(0.0, axis.last, STATIONS)
        else:
            stations = np.linspace(0.0, axis.last, STATIONS)
        _line(scores, axis, stations)


def _line(scores: Callable[[Sequence[float]], list[float]], axis: Axis, stations: Array) -> None:
    """Search one axis: at some stations, then by Brent's method around the lowest, then at its neighbours."""
    from scipy.optimize import minimize_scalar

    def at(place: float) -> float:
        return scores([place])[0]

    looked = scores(stations.tolist())
    lowest = int(np.argmin(looked))
    if not axis.ordered or (axis.whole and len(stations) > axis.last):  # all there are
        return
    low, high = stations[max(lowest - 1, 0)], stations[min(lowest + 1, len(stations) - 1)]
    found = minimize_scalar(at, bounds=(low, high), method="bounded", options={"xatol": axis.finest / 2.0})
    place, score = axis.nearest(float(found.x)), at(float(found.x))
    if looked[lowest] < score:
        place, score = axis.nearest(float(stations[lowest])), looked[lowest]
    step = axis.finest * (1.0 if axis.whole else 4.0)
    for direction in (-step, step):
        while 0.0 <= place + direction <= axis.last and at(place + direction) < score:
            place += direction
            score = at(place)
