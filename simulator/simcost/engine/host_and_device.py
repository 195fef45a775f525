"""Where scenarios are run and summarised: the host's memory, which its threads share, or that of devices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

from simcost.engine.spans import shares, tiles
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from simcost.engine.column_memory import ColumnMemory
    from simcost.engine.kernels import DeviceKernel, HostKernel
    from simcost.engine.spans import Span
    from simcost.engine.threads import Phases
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.block_reduction import BlockReduction
    from simcost_kernels.summaries.column import Reduction

    Columns = Array


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a span is worked on with: memory for its columns, and the summary that it is added to."""

    columns: Columns
    summary: Summary


class Host:
    """Blocks in the host's memory: run in pieces of scenarios, then reduced in pieces of columns, into one summary.

    Parameters
    ----------
    memory
        For columns.
    watching
        Whether somebody follows the first column.

    Attributes
    ----------
    lock
        Held by whoever takes in a block, and by whoever looks at what has been taken in.
    """

    def __init__(self, kernel: HostKernel, span: Span, *, memory: ColumnMemory, watching: bool) -> None:
        self._kernel, self._seed, self._workers = kernel, span.seed, span.workers
        n_columns, sections = kernel.plan.n_columns, kernel.plan.sampling.sections
        self.spans = parts_of(span.first, span.first + span.n)
        workspaces = min(span.workers, (span.first + span.n - 1) // BLOCK - span.first // BLOCK + 1)
        self._whole = Summary(n_columns, sections)
        self._watched = Summary(1, sections) if watching else None
        self.lock = Lock()
        self.workspaces = [Workspace(memory.columns(n_columns, min(BLOCK, span.n)), self._whole) for _ in range(workspaces)]

    def work(self, workspace: Workspace, start: int, stop: int) -> Phases:
        """Yield the phases of a block."""
        columns = self.columns(workspace, start, stop)
        yield [
            partial(self._kernel.run, self._seed, first, last, columns[:, first - start : last - start])
            for first, last in tiles(start, stop, self._workers)
        ]
        with self.lock:
            block = self._whole.open(start, columns)
        reduction, counter = self._kernel.reduction, self._kernel.counter
        yield [partial(block.reduce, which, reduction, counter) for which in shares(len(columns), self._workers)]
        yield [partial(self._take_in, block, reduction)]

    def columns(self, workspace: Workspace, start: int, stop: int) -> Columns:
        """Return the columns of a block."""
        return workspace.columns[:, : stop - start]

    def so_far(self, _: Workspace) -> Summary:
        """Return a summary whose first column is the plan's, of the blocks taken in."""
        return self._whole if self._watched is None else self._watched

    def summary(self) -> Summary:
        """Return the summary of all blocks."""
        return self._whole

    def _take_in(self, block: BlockReduction, reduction: Reduction) -> None:
        with self.lock:
            self._whole.close(block)
            if self._watched:
                self._watched.add(block.start, block.columns[:1], reduction=reduction)


class Device:
    """Spans in the memory of devices, one for each queue and thread, which has a summary of its own.

    Parameters
    ----------
    wanted
        How many scenarios' columns somebody wants on the host, the first ones; all if None.
    """

    def __init__(self, kernel: DeviceKernel, span: Span, *, memory: ColumnMemory, wanted: int | None) -> None:
        self._kernel, self._seed = kernel, span.seed
        self.lock = Lock()
        fetched = _to_a_block(span.first, span.n, wanted)
        self._fetched_to = span.first + fetched
        self.spans = chain(parts_of(span.first, self._fetched_to), parts_of(self._fetched_to, span.first + span.n, kernel.span))
        n_columns, sections = kernel.plan.n_columns, kernel.plan.sampling.sections
        width = min(BLOCK, fetched)
        self.workspaces = [Workspace(memory.columns(n_columns, width), Summary(n_columns, sections)) for _ in range(span.workers)]

    def work(self, workspace: Workspace, start: int, stop: int) -> Phases:
        """Yield the one phase and piece of a span."""
        out = self.columns(workspace, start, stop)
        yield [partial(self._kernel.summarize, workspace.summary, self._seed, start, stop, out)]

    def columns(self, workspace: Workspace, start: int, stop: int) -> Columns | None:
        """Return the columns of a span; None where they are not fetched."""
        return workspace.columns[:, : stop - start] if start < self._fetched_to else None

    def so_far(self, workspace: Workspace) -> Summary:
        """Return the summary of what was done in a workspace."""
        return workspace.summary

    def summary(self) -> Summary:
        """Return the summary of all workspaces, merged into that of the first."""
        total, *others = (workspace.summary for workspace in self.workspaces)
        for other in others:
            total.merge(other)
        return total


def _to_a_block(first: int, n: int, wanted: int | None) -> int:
    """Return how many of n scenarios are fetched from a device for those that are wanted: to the end of their last block."""
    if wanted is None or wanted >= n:
        return n
    return min(-(-(first + wanted) // BLOCK) * BLOCK - first, n) if wanted else 0
