"""A run of several models on common random numbers, and what it says of their totals.

The first model is the base, and every other one is compared with it::

    kernels = kernels_for([cut(compiled.plan, ("total",)) for compiled in variants], backend, n=n)
    found = paired_run(kernels, Span(seed, 0, n, workers))
    mean_difference(found, 1), quantile_difference(found, 1, 0.95), tail_difference(found, 1), share_below(found, 1)

(the last line is of `simcost.analysis.comparisons.paired_differences`). Models of one structure share one compiled kernel.
"""

from __future__ import annotations

from functools import reduce
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired import LEVELS, PairedTotals
from simcost.compile.costs import EVERY, KEPT
from simcost.engine.joint import run_jointly
from simcost.engine.spans import Span
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost_kernels.arrays import Array


class _Pilot:
    """Keeps the columns of the first scenarios."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, list[Array]]] = []

    def add(self, start: int, columns: Sequence[Array]) -> None:
        self.blocks.append((start, [each.copy() for each in columns]))

    def totals(self) -> Array:
        models, stops = len(self.blocks[0][1]), list(accumulate(columns[0].shape[1] for _, columns in self.blocks))
        totals = np.empty((models, stops[-1]))
        for stop, (_, columns) in zip(stops, self.blocks, strict=True):
            for total, each in zip(totals, columns, strict=True):
                total[stop - each.shape[1] : stop] = each[0]
        return totals


def paired_run(
    kernels: Sequence[Kernel],
    span: Span,
    *,
    levels: Sequence[float] = LEVELS,
    distributions: bool = True,
    progress: Progress | None = None,
) -> PairedTotals:
    """Run the scenarios of a span through every kernel and collect their totals, the first column of each plan.

    Parameters
    ----------
    kernels
        The base first; see `simcost.engine.preparation.prepared.kernels_for`.
    span
        Seed, scenarios, and how many workers.
    levels, distributions
        See `PairedTotals`; whether approved sums are kept is collected where the plans tell it of all of a group at once.
    progress
        See `simcost.engine.joint.run_jointly`.
    """
    pilot = _Pilot()
    end = min(span.first + span.n, (-(-span.first // BLOCK) + 1) * BLOCK)
    known = end - span.first
    shown = progress and (lambda done, _, summary: progress(done, span.n, summary))
    run_jointly(kernels, Span(span.seed, span.first, known), [pilot], progress=shown)
    collectors = _collectors(kernels, pilot, span.workers, levels, distributions)
    while pilot.blocks:
        collectors[0].add(*pilot.blocks.pop())
    if known < span.n:
        later = progress and (lambda done, _, summary: progress(known + done, span.n, summary))
        run_jointly(kernels, Span(span.seed, end, span.n - known), collectors, progress=later)
    return reduce(_merged, collectors)


def _collectors(
    kernels: Sequence[Kernel], pilot: _Pilot, workers: int, levels: Sequence[float], distributions: bool
) -> list[PairedTotals]:
    first, judged = pilot.totals(), [_judged(kernel) for kernel in kernels]
    sections = kernels[0].plan.sampling.sections
    reduction = getattr(kernels[0], "reduction", reduce_column)
    return [
        PairedTotals(
            first,
            levels=levels,
            judged=judged,
            sections=sections,
            distributions=distributions,
            reduction=reduction,
        )
        for _ in range(workers)
    ]


def _judged(kernel: Kernel) -> dict[tuple[str, str], int]:
    """Return the numbers of the columns that tell whether approved sums are kept, if a plan tells it of all at once."""
    columns = [(group, label) for group, label, _ in kernel.plan.columns()]
    if not any(group.startswith(EVERY) for group, _ in columns):
        return {}
    return {column: place for place, column in enumerate(columns) if column[0] in KEPT}


def _merged(mine: PairedTotals, other: PairedTotals) -> PairedTotals:
    mine.merge(other)
    return mine
