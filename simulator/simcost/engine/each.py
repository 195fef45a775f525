"""Several models over the same scenarios, each summarised by itself: what `simulate` gives of each, in less time.

Variants of one kernel share their draws (see `simcost.engine.joint`), so forty models of a search take the time of some six runs.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, cast

from simcost.engine.joint import run_jointly
from simcost.engine.simulate import simulate
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost.engine.kernels import HostKernel, Kernel
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array

MOST_NUMBERS = 1 << 23
"""Of the columns of a block of all models that are run at a time: 64 MB for every worker."""


def simulate_each(kernels: Sequence[Kernel], span: Span) -> tuple[Summary, ...]:
    """Run the scenarios of a span through every kernel, and return the summary of each, which is that of a run by itself.

    Parameters
    ----------
    span
        Seed, scenarios, and how many workers.
    """
    if len(kernels) == 1 or not all(kernel.on_host for kernel in kernels):
        return tuple(simulate(kernel, span) for kernel in kernels)
    return tuple(
        summary for batch in _batches(cast("Sequence[HostKernel]", kernels), span.n) for summary in _jointly(batch, span)
    )


def _batches(kernels: Sequence[HostKernel], n: int) -> Iterator[list[HostKernel]]:
    """Yield neighbours of which a block's columns are not too many, at least one."""
    batch: list[HostKernel] = []
    for kernel in kernels:
        if batch and sum(each.plan.n_columns for each in (*batch, kernel)) * min(n, BLOCK) > MOST_NUMBERS:
            yield batch
            batch = []
        batch.append(kernel)
    yield batch


def _jointly(kernels: Sequence[HostKernel], span: Span) -> list[Summary]:
    collectors = [_Summaries(kernels) for _ in range(span.workers)]
    run_jointly(kernels, span, collectors)
    return reduce(_merged, (each.summaries for each in collectors))


class _Summaries:
    """A collector that summarises the columns of each kernel; see `simcost.engine.joint.Collector`."""

    def __init__(self, kernels: Sequence[HostKernel]) -> None:
        self._kernels = kernels
        self.summaries = [Summary(each.plan.n_columns, each.plan.sampling.sections) for each in kernels]

    def add(self, start: int, columns: Sequence[Array]) -> None:
        for kernel, summary, own in zip(self._kernels, self.summaries, columns, strict=True):
            summary.add(start, own, reduction=kernel.reduction, counter=kernel.counter)


def _merged(mine: list[Summary], others: list[Summary]) -> list[Summary]:
    for summary, other in zip(mine, others, strict=True):
        summary.merge(other)
    return mine
