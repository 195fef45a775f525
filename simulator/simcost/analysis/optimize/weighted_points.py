"""The points and weights of a newsvendor's total, added up over all scenarios and months by a key of each point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.studies.newsvendor import PARTS
from simcost.engine.joint import run_jointly
from simcost.engine.processors import workers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.compile.studies.newsvendor import Newsvendor
    from simcost.engine.kernels import Kernel
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array

    Floats = Array
    Keys = Callable[[int, Floats], Floats]

ROUNDING = 1e-9
"""Of a total, what its parts may add up to more or less."""


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one decision, equal keys as one.

    Parameters
    ----------
    keys, masses
        Ascending, and the weights of each added up; float64 (k,).
    least, most
        The least and the greatest weight that is not zero; both zero if none is.
    slope
        What a unit costs beside, added up over the scenarios.
    """

    keys: Floats
    masses: Floats
    least: float
    most: float
    slope: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """The points of each decision, and whether the parts add up to the total in every scenario."""

    points: tuple[Points, ...]
    adds_up: bool


def gather(kernel: Kernel, model: Newsvendor, span: Span, *, at: Sequence[float], keys: Keys) -> Gathered:
    """Run a newsvendor's plan over a span.

    Parameters
    ----------
    at
        The decisions that the plan's total has.
    keys
        Gives keys to points, float64 (k,), of a decision; a point whose key is not a number is left out.
    """
    collectors = [_Collector(model, at, keys) for _ in range(span.workers or workers_for(kernel))]
    run_jointly([kernel], replace(span, workers=len(collectors)), collectors)
    blocks = {start: block for each in collectors for start, block in each.blocks.items()}
    ordered = [blocks[start] for start in sorted(blocks)]
    points = tuple(_joined(its) for its in zip(*(each.points for each in ordered), strict=True))
    return Gathered(points, all(each.adds_up for each in ordered))


class _Collector:
    """Gathers the points of each block; see `simcost.engine.joint.Collector`."""

    def __init__(self, model: Newsvendor, at: Sequence[float], keys: Keys) -> None:
        columns = list(model.plan.columns())
        self._total = columns.index(("total", "", -1))
        self._rows = {part: [row for row, (group, _, _) in enumerate(columns) if group == part] for part in PARTS}
        self._model, self._at, self._keys = model, tuple(at), keys
        self.blocks: dict[int, Gathered] = {}

    def add(self, start: int, columns: Sequence[Floats]) -> None:
        """Take a block; see `simcost.engine.joint.Collector`."""
        (rows,) = columns
        base, slopes = rows[self._rows["base"][0]], rows[self._rows["slope"]]
        shape = (len(self._model.hinges), self._model.plan.horizon, rows.shape[1])
        points, weights = (rows[self._rows[part]].reshape(shape) for part in ("point", "weight"))
        points[weights == 0.0] = 0.0  # where a hinge has no weight its point may be undefined
        total = base + np.array(self._at) @ slopes
        for decision, point, weight in zip(self._model.hinges, points, weights, strict=True):
            total += np.sum(weight * np.maximum(point - self._at[decision], 0.0), axis=0)
        adds_up = bool(np.all(np.isfinite(total)) and np.allclose(total, rows[self._total], rtol=ROUNDING, atol=ROUNDING))
        found = []
        for decision, slope in enumerate(slopes):
            mine = np.array([each == decision for each in self._model.hinges], dtype=bool)
            found.append(self._points(decision, float(slope.sum()), points[mine].ravel(), weights[mine].ravel()))
        self.blocks[start] = Gathered(tuple(found), adds_up)

    def _points(self, decision: int, slope: float, points: Floats, weights: Floats) -> Points:
        counted = weights != 0.0
        weight = weights[counted]
        keys, masses = _by_key(self._keys(decision, points[counted]), weight)
        least, most = (float(weight.min()), float(weight.max())) if weight.size else (0.0, 0.0)
        return Points(keys, masses, least, most, slope)


def _by_key(keys: Floats, masses: Floats) -> tuple[Floats, Floats]:
    told = ~np.isnan(keys)
    found, place = np.unique(keys[told], return_inverse=True)
    return found, np.bincount(place, masses[told], len(found)).astype(np.float64)


def _joined(blocks: Sequence[Points]) -> Points:
    """Join the points of one decision, in the order of the blocks."""
    keys, masses = _by_key(np.concatenate([each.keys for each in blocks]), np.concatenate([each.masses for each in blocks]))
    weighed = [each for each in blocks if each.most or each.least]
    least, most = min((each.least for each in weighed), default=0.0), max((each.most for each in weighed), default=0.0)
    return Points(keys, masses, least, most, sum(each.slope for each in blocks))
