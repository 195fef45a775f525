"""Which scenario of a run has the total that is nearest to a wanted one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.cut import cut
from simcost.engine.backend import AUTO, prepared
from simcost.engine.processors import workers_for
from simcost.engine.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simcost.engine.simulate import Progress
    from simcost.engine.stopping import Span
    from simcost_kernels.plan import Plan

MOST_SEARCHED = 10_000_000
"""Scenarios whose totals are recomputed at most, the first ones: 80 MB, and nearer than any interval's width by far."""


class _Totals:
    """Keeps the totals of a range as its spans come."""

    def __init__(self, first: int, n: int) -> None:
        self._first = first
        self.values = np.empty(n)

    def write(self, start: int, columns: NDArray[np.float64]) -> None:
        place = start - self._first
        self.values[place : place + columns.shape[1]] = columns[0]


def totals(
    plan: Plan,
    span: Span,
    *,
    backend: str = AUTO,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> NDArray[np.float64]:
    """Recompute the total of every scenario of a span.

    Returns
    -------
    float64 (n,)
    """
    kept = _Totals(span.first, span.n)
    with prepared(cut(plan, ("total",)), backend, n=span.n, notice=notice) as kernel:
        simulate(
            kernel,
            seed=span.seed,
            first=span.first,
            n=span.n,
            workers=span.workers or workers_for(kernel),
            sinks=(kept,),
            progress=progress,
        )
    return kept.values


def nearest(values: NDArray[np.float64], wanted: float) -> int:
    """Return the place of the value that is nearest to a wanted one, the first if several are.

    Parameters
    ----------
    values
        float64 (n,), at least one of them finite.
    """
    return int(np.nanargmin(np.where(np.isfinite(values), np.abs(values - wanted), np.nan)))
