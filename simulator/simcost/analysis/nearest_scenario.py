"""Which scenario of a run has the total that is nearest to a wanted one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import probability, quantile_rank
from simcost.compile.cut import cut
from simcost.engine.preparation.prepared import prepared
from simcost.engine.processors import workers_for
from simcost.engine.simulate import simulate
from simcost.errors import UndefinedCostError

if TYPE_CHECKING:
    from simcost.analysis.work import Work
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan

MOST_SEARCHED = 10_000_000
"""Scenarios whose totals are recomputed at most, the first ones: 80 MB, and nearer than any interval's width by far."""


@dataclass(frozen=True, slots=True)
class Near:
    """How a scenario was picked.

    Parameters
    ----------
    percentile
        In percent.
    value
        That percentile of the total.
    searched
        How many scenarios were looked through for the one nearest to it.
    """

    percentile: float
    value: float
    searched: int


class _Totals:
    """Keeps the totals of a range as its spans come."""

    def __init__(self, first: int, n: int) -> None:
        self._first = first
        self.values = np.empty(n)

    def write(self, start: int, columns: Array) -> None:
        place = start - self._first
        self.values[place : place + columns.shape[1]] = columns[0]


def totals(plan: Plan, work: Work) -> Array:
    """Recompute the total of every scenario of a span.

    Returns
    -------
    float64 (n,)
    """
    span = work.span
    kept = _Totals(span.first, span.n)
    with prepared(cut(plan, ("total",)), work.backend, n=span.n, workers=span.workers or None, notice=work.notice) as kernel:
        ready = replace(span, workers=span.workers or workers_for(kernel))
        simulate(kernel, ready, sinks=(kept,), progress=work.progress)
    return kept.values


def nearest_to_percentile(values: Array, percentile: float) -> tuple[int, Near]:
    """Return the place of the value that is a percentile of all, an order statistic; the first if several are.

    Raises
    ------
    UndefinedCostError
        If none of them is finite.
    """
    finite = np.sort(values[np.isfinite(values)])
    if not len(finite):
        message = "no scenario has a finite total, so none is near a percentile. Replay one by its number: `scenario=0`."
        raise UndefinedCostError(message)
    wanted = float(finite[quantile_rank(len(finite), probability(percentile))])
    return nearest(values, wanted), Near(percentile, wanted, len(values))


def nearest(values: Array, wanted: float) -> int:
    """Return the place of the value that is nearest to a wanted one, the first if several are.

    Parameters
    ----------
    values
        float64 (n,), at least one of them finite.
    """
    return int(np.nanargmin(np.where(np.isfinite(values), np.abs(values - wanted), np.nan)))
