"""Several plans over the same scenarios with common random numbers: columns side by side, span by span, to collectors.

A draw is a function of seed, input name, scenario number and period alone, so kernels that run the same scenario numbers under
one seed share the draws of every input that they have in common: the difference of two columns is that of the models. To use it::

    plans = [cut(compiled.plan, ("total",)) for compiled in variants]   # simcost.compile.cut
    kernels = kernels_for(plans, "auto", n=n)                           # simcost.engine.preparation.prepared
    workers = workers_beside(kernels)                                    # simcost.engine.processors
    collectors = [MyCollector() for _ in range(workers)]
    run_jointly(kernels, Span(seed, 0, n), collectors)                  # simcost.engine.spans

and what the collectors hold is merged. Paired columns are told of by `simcost.analysis.comparisons.paired`, which does all this.

Neighbours that are variants of one kernel are run together: what they share is done once (`interpreter.variant_programs`).

Nothing is kept of a block but what the collectors keep, so memory does not depend on the number of scenarios.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

import numpy as np

from simcost.engine.column_memory import ColumnMemory
from simcost.engine.kernels import BatchKernel
from simcost.engine.spans import tiles
from simcost.engine.threads import in_order
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.kernels import Kernel, Runner
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost.engine.threads import Phases
    from simcost_kernels.arrays import Array


class Collector(Protocol):
    """Takes blocks in one thread; another collector, in another thread, takes other blocks of the same run.

    What several have collected must not depend on who had which block, so that the number of workers changes no bit.
    """

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Take the columns of scenarios ``start`` to ``start + k``, all of one block.

        Parameters
        ----------
        columns
            Of each kernel, float64 (its n_columns, k); they are overwritten afterwards, and may be changed.
        """


class Kept:
    """A collector that keeps every column: for samples that fit the memory."""

    def __init__(self) -> None:
        self.blocks: dict[int, Array] = {}

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Keep a block; see `Collector`."""
        self.blocks[start] = np.concatenate(columns)

    def columns(self, others: Sequence[Kept] = ()) -> Array:
        """Return the columns of all kernels one below the other, float64 (columns, n), of this collector and others."""
        blocks = {start: block for each in (self, *others) for start, block in each.blocks.items()}
        return np.concatenate([blocks[start] for start in sorted(blocks)], axis=1)


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring kernels that are run as one; ``ends`` are the numbers of columns up to and with each."""

    runner: Runner
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Workspace:
    """What one worker has for itself: its collector, and memory for a block's columns of each group."""

    collector: Collector
    memory: tuple[Array, ...]


def run_jointly(
    kernels: Sequence[Kernel], span: Span, collectors: Sequence[Collector], *, progress: Progress | None = None
) -> None:
    """Run the scenarios of a span through every kernel, block by block, and give each block to one of the collectors.

    Parameters
    ----------
    kernels
        From back ends of any kind; their plans may have different columns.
    span
        Seed and scenarios; its ``workers`` have no meaning here.
    collectors
        One for each worker. Each worker holds 8 x 65,536 bytes for each column of each kernel.
    progress
        Called after each block with scenarios done, scenarios wanted and a summary of the first kernel's first column.
    """
    watched, groups = Summary(1, kernels[0].plan.sampling.sections), _groups(kernels)

    def work(workspace: _Workspace, start: int, stop: int) -> Phases:
        outs = [memory[:, : stop - start] for memory in workspace.memory]
        yield [
            partial(group.runner.run, span.seed, first, last, out[:, first - start : last - start])
            for group, out in zip(groups, outs, strict=True)
            for first, last in tiles(start, stop, len(collectors))
        ]
        columns = [part for group, out in zip(groups, outs, strict=True) for part in np.split(out, group.ends[:-1])]
        yield [partial(workspace.collector.add, start, columns)]

    with ColumnMemory() as memory:
        workspaces = [_workspace(each, groups, min(BLOCK, span.n), memory) for each in collectors]
        until = None if progress else span.first
        spans = parts_of(span.first, span.first + span.n)
        with closing(in_order(workspaces, spans, work, workers=len(workspaces), until=until)) as done:
            for workspace, start, stop in done:
                if progress:
                    watched.add(start, workspace.memory[0][:1, : stop - start])
                    progress(stop - span.first, span.n, watched)


def _workspace(collector: Collector, groups: Sequence[_Group], width: int, memory: ColumnMemory) -> _Workspace:
    return _Workspace(collector, tuple(memory.columns(group.ends[-1], width) for group in groups))


def _groups(kernels: Sequence[Kernel]) -> list[_Group]:
    """Group neighbours that can be run together."""
    found: list[list[Kernel]] = []
    for kernel in kernels:
        if found and _are_variants(found[-1][0], kernel):
            found[-1].append(kernel)
        else:
            found.append([kernel])
    return [_Group(_runner(group), tuple(accumulate(kernel.plan.n_columns for kernel in group))) for group in found]


def _are_variants(first: Kernel, other: Kernel) -> bool:
    return isinstance(first, BatchKernel) and first.is_variant(other)


def _runner(group: Sequence[Kernel]) -> Runner:
    first = group[0]
    return first.batch(group) if len(group) > 1 and isinstance(first, BatchKernel) else first
