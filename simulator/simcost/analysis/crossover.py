"""At which value of one number the cheaper of two models becomes the dearer one: in every future by itself.

The models are run at several values of the number in the same futures, all else as it is drawn. In each future the difference of
the totals is a function of the number, known at these values and taken to be linear between them; where it changes its sign, the
choice flips. So the crossover is a distribution: it depends on how everything else turns out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.figures import PERCENTILES, Statistics, statistics
from simcost.analysis.intervals import Estimate, proportion
from simcost.engine.joint import run_jointly
from simcost_kernels.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost.compile.grid import Grid
    from simcost.engine.simulate import Kernel, Progress
    from simcost.engine.stopping import Span


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where the choice between a model and the base flips; shares of futures, intervals of 95 %.

    Parameters
    ----------
    target, values, unit
        The number, ascending values at which it was run, and their unit.
    cheaper_at
        Probability at each value that the model costs less than the base.
    flips
        Probability that the choice flips between the first and the last value.
    several
        Share in which it flips more than once; the lowest flip counts.
    always_cheaper, never_cheaper
        Shares in which the model costs less at every value, and at none.
    at
        Distribution of the value at which it flips, over the futures in which it does; None if there is none.
    """

    name: str
    against: str
    target: str
    values: tuple[float, ...]
    unit: str
    cheaper_at: tuple[Estimate, ...]
    flips: Estimate
    several: float
    always_cheaper: float
    never_cheaper: float
    at: Statistics | None


class Crossings:
    """A collector (see `simcost.engine.joint`): kernels of each model at each value, model by model, the base first."""

    def __init__(self, models: int, values: Sequence[float]) -> None:
        self._values = np.array(values)
        others = models - 1
        self.at = Summary(others)
        self.count = 0
        self.cheaper = np.zeros((others, len(values)), dtype=np.int64)
        self.flips, self.several, self.always, self.never = (np.zeros(others, dtype=np.int64) for _ in range(4))

    def add(self, start: int, columns: Sequence[NDArray[np.float64]]) -> None:
        """Take the totals, the first column of each kernel."""
        points = len(self._values)
        totals = np.stack([each[0] for each in columns]).reshape(-1, points, columns[0].shape[1])
        with np.errstate(invalid="ignore", over="ignore"):
            gaps = totals[1:] - totals[0]
        finite = np.isfinite(gaps).all(axis=(0, 1))
        self.count += int(np.count_nonzero(finite))
        cheaper = (gaps < 0.0) & finite
        flips = cheaper[:, 1:] != cheaper[:, :-1]
        times = np.count_nonzero(flips, axis=1)
        self.cheaper += np.count_nonzero(cheaper, axis=2)
        self.flips += np.count_nonzero(times > 0, axis=1)
        self.several += np.count_nonzero(times > 1, axis=1)
        self.always += np.count_nonzero(cheaper.all(axis=1), axis=1)
        self.never += np.count_nonzero(~cheaper.any(axis=1) & finite, axis=1)
        self.at.add(start, self._places(gaps, flips))

    def merge(self, other: Crossings) -> None:
        """Take in what another has collected."""
        self.at.merge(other.at)
        for name in ("count", "cheaper", "flips", "several", "always", "never"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def _places(self, gaps: NDArray[np.float64], flips: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the value of the lowest flip of each model in each scenario, float64 (k - 1, n); NaN where there is none."""
        first = flips.argmax(axis=1)[:, None]
        before, after = (np.take_along_axis(gaps, place, axis=1)[:, 0] for place in (first, first + 1))
        low, high = self._values[first[:, 0]], self._values[first[:, 0] + 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            at = low + (high - low) * (before / (before - after))
        return np.where(flips.any(axis=1), at, np.nan)


def crossovers(
    kernels: Sequence[Kernel], span: Span, grid: Grid, *, names: Sequence[str], progress: Progress | None = None
) -> tuple[Crossover, ...]:
    """Run models at every value of a grid and tell where each crosses the base.

    Parameters
    ----------
    kernels
        Of each model at each value, model by model, the base first; the first column of each is the total.
    grid
        Its values ascend; two or more.
    names
        Of the models.
    """
    collectors = [Crossings(len(names), grid.values) for _ in range(span.workers)]
    run_jointly(kernels, span, collectors, progress=progress)
    found = reduce(_merged, collectors)
    at = statistics(found.at, PERCENTILES)
    count = max(found.count, 1)
    return tuple(
        Crossover(
            name=name,
            against=names[0],
            target=grid.target,
            values=grid.values,
            unit=grid.unit,
            cheaper_at=tuple(proportion(int(each), found.count) for each in found.cheaper[place]),
            flips=proportion(int(found.flips[place]), found.count),
            several=int(found.several[place]) / count,
            always_cheaper=int(found.always[place]) / count,
            never_cheaper=int(found.never[place]) / count,
            at=at[place] if found.flips[place] else None,
        )
        for place, name in enumerate(names[1:])
    )


def _merged(mine: Crossings, other: Crossings) -> Crossings:
    mine.merge(other)
    return mine
