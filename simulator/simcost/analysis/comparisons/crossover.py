"""At which value of one number the cheaper of two models becomes the dearer one: in every future by itself.

The models are run at several values of the number in the same futures, all else as it is drawn. In each future the difference of
the totals is a function of the number, known at these values; where it changes its sign, the choice flips. So the crossover is a
distribution: it depends on how everything else turns out.

Between two values the difference is taken to be linear. Whole machines, commitments and tiers are not: so the flip is reckoned by
the lines on either side too, continued into the interval. Of a bend, and of a curve that bends one way, the flip lies between
these three. Where a percentile of theirs lies further apart than chance accounts for, more values are tried around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.ties import differences_from_first
from simcost.analysis.estimates.shares import Replicates, share_by_section
from simcost.analysis.statistics import PERCENTILES, Statistics, statistics
from simcost.engine.joint import run_jointly
from simcost_kernels.summaries.sections import section_numbers
from simcost_kernels.summaries.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.compile.studies.grid import Grid
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array

    Ready = Callable[[Grid], tuple[Sequence[Kernel], Span]]

FINER = 5
"""Parts of an interval in which a percentile lies that straight lines do not tell well enough."""

LEAST_TOLD = 1e-4
"""Of the range: what straight lines may leave open in any case."""

PASSES = 4
"""Most times that values are tried: the last ones are 125 times closer than the first."""


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where the choice between a model and the base flips; shares of futures, intervals of 95 %.

    Parameters
    ----------
    target, values, unit
        The number, the ascending values that were asked for, and their unit.
    cheaper_at
        Probability at each value that the model costs less than the base.
    flips
        Probability that the choice flips between the first and the last value.
    several
        Share in which it flips more than once; the lowest flip counts.
    always_cheaper, never_cheaper
        Shares in which the model costs less at every value, and at none.
    at
        Distribution of the value at which it flips, over the futures in which it does; None if there is none. Around its
        percentiles more values have been tried.
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
    """A collector (see `simcost.engine.joint`): kernels of each model at each value, model by model, the base first.

    Counts are of each replicate by itself, in their last axis, which has a length of one where scenarios are independent.
    """

    def __init__(self, models: int, values: Sequence[float], sections: int = 0) -> None:
        self._values = np.array(values)
        self._sections = sections
        others, last = models - 1, max(sections, 1)
        # by the line of the interval; the least and the most by this and the two beside it
        self.at = Summary(3 * others, sections)
        self.count = np.zeros(last, dtype=np.int64)
        self.cheaper = np.zeros((others, len(values), last), dtype=np.int64)
        self.flips, self.several, self.always, self.never = (np.zeros((others, last), dtype=np.int64) for _ in range(4))

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Take the totals, the first column of each kernel."""
        points = len(self._values)
        totals = np.stack([each[0] for each in columns]).reshape(-1, points, columns[0].shape[1])
        gaps = differences_from_first(totals)
        finite = np.asarray(np.isfinite(gaps).all(axis=(0, 1)))
        counted = Replicates(section_numbers(start, start + len(finite), max(self._sections, 1)), self._sections).counted
        self.count += counted(finite)
        cheaper = (gaps < 0.0) & finite
        flips = cheaper[:, 1:] != cheaper[:, :-1]
        times = np.count_nonzero(flips, axis=1)
        self.cheaper += counted(cheaper)
        self.flips += counted(times > 0)
        self.several += counted(times > 1)
        self.always += counted(np.asarray(cheaper.all(axis=1)))
        self.never += counted(~cheaper.any(axis=1) & finite)
        self.at.add(start, self._places(gaps, flips))

    def merge(self, other: Crossings) -> None:
        """Take in what another has collected."""
        self.at.merge(other.at)
        for name in ("count", "cheaper", "flips", "several", "always", "never"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def _places(self, gaps: Array, flips: NDArray[np.bool_]) -> Array:
        """Return the value of the lowest flip in each scenario, float64 (3 (k - 1), n), NaN where there is none.

        First those by the line between the two values that it lies between, of all models; then the least and the most by this
        line, that before it and that after it.
        """
        flip, last = flips.argmax(axis=1), len(self._values) - 2
        at = self._by_line(gaps, flip, flip)
        if last:
            before = np.where(flip > 0, self._by_line(gaps, flip, np.maximum(flip - 1, 0)), np.nan)
            after = np.where(flip < last, self._by_line(gaps, flip, np.minimum(flip + 1, last)), np.nan)
        else:  # two values, and nothing that tells how straight it is between them
            before, after = (np.full_like(at, end) for end in self._values)
        reckoned = (at, before, after)
        places = np.concatenate([at, np.fmin.reduce(reckoned), np.fmax.reduce(reckoned)])
        return np.where(np.tile(flips.any(axis=1), (3, 1)), places, np.nan)

    def _by_line(self, gaps: Array, flip: NDArray[np.int64], line: NDArray[np.int64]) -> Array:
        """Return where the line through interval ``line`` is zero, within interval ``flip``; both int64 (k - 1, n)."""
        before, after = (np.take_along_axis(gaps, place[:, None], axis=1)[:, 0] for place in (line, line + 1))
        start, end = self._values[line], self._values[line + 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            at: Array = start + (end - start) * (before / (before - after))
        return np.clip(at, self._values[flip], self._values[flip + 1])


def crossovers(
    ready: Ready, grid: Grid, *, names: Sequence[str], whole: bool, progress: Sequence[Progress | None]
) -> tuple[Crossover, ...]:
    """Run models at every value of a grid, and at more where it takes them, and tell where each crosses the base.

    Parameters
    ----------
    ready
        Gives kernels of each model at each value of a grid, model by model, the base first, and the scenarios to run; the first
        column of each kernel is the total.
    grid
        Its values ascend; two or more.
    names
        Of the models.
    whole
        Whether the number can be a whole one only.
    progress
        Whom to tell of each pass, of `PASSES`.
    """
    tried, found = grid, _tried(*ready(grid), grid, others=len(names) - 1, progress=progress[0])
    for told in progress[1:]:
        if more := _doubtful(found, tried.values, whole):
            tried = replace(grid, values=tuple(sorted({*tried.values, *more})))
            found = _tried(*ready(tried), tried, others=len(names) - 1, progress=told)
        elif told is not None:
            told(1, 1, found.at)
    return _told(found, grid, tried.values, names)


def _tried(kernels: Sequence[Kernel], span: Span, grid: Grid, *, others: int, progress: Progress | None) -> Crossings:
    """Run every kernel."""
    sections = kernels[0].plan.sampling.sections
    collectors = [Crossings(1 + others, grid.values, sections) for _ in range(span.workers)]
    run_jointly(kernels, span, collectors, progress=progress)
    return reduce(_merged, collectors)


def _doubtful(found: Crossings, tried: Sequence[float], whole: bool) -> set[float]:
    """Return values within the intervals in which a percentile is told less well than chance allows."""
    others = len(found.flips)
    columns = [each.percentiles for each in statistics(found.at, PERCENTILES)]
    least_told = LEAST_TOLD * (tried[-1] - tried[0])
    inside: set[float] = set()
    for place in np.flatnonzero(found.flips.sum(axis=-1)):
        for at, low, high in zip(*columns[place::others], strict=True):
            if at.low is None or at.high is None or high.value - low.value <= max((at.high - at.low) / 2.0, least_told):
                continue
            for start, end in pairwise(tried):
                if start <= high.value and low.value <= end:
                    inside |= {float(f"{start + (end - start) * part / FINER:.12g}") for part in range(1, FINER)}
    return {float(round(value)) for value in inside} - set(tried) if whole else inside


def _told(found: Crossings, grid: Grid, tried: Sequence[float], names: Sequence[str]) -> tuple[Crossover, ...]:
    """Return what was found, at the values that were asked for."""
    at = statistics(found.at, PERCENTILES)
    count = max(int(found.count.sum()), 1)
    asked = [tried.index(value) for value in grid.values]
    return tuple(
        Crossover(
            name=name,
            against=names[0],
            target=grid.target,
            values=grid.values,
            unit=grid.unit,
            cheaper_at=tuple(share_by_section(found.cheaper[place, each], found.count) for each in asked),
            flips=share_by_section(found.flips[place], found.count),
            several=int(found.several[place].sum()) / count,
            always_cheaper=int(found.always[place].sum()) / count,
            never_cheaper=int(found.never[place].sum()) / count,
            at=at[place] if found.flips[place].any() else None,
        )
        for place, name in enumerate(names[1:])
    )


def _merged(mine: Crossings, other: Crossings) -> Crossings:
    mine.merge(other)
    return mine
