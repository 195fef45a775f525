"""Running a plan over a range of scenarios: blocks in, one merged summary out, kept samples to the sinks on the way."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import numpy as np

from simcost_kernels.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan

    Progress = Callable[[int, int, Summary], None]


class Kernel(Protocol):
    """A plan made ready by a back end.

    ``releases_gil`` says whether several threads run it faster than one.
    """

    plan: Plan
    name: str
    device: str
    releases_gil: bool

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out``, float64 (n_columns, stop - start), with the columns of scenarios ``start`` to ``stop``."""


class Sink(Protocol):
    """Takes columns as they come, in ascending order of scenarios, from one thread."""

    def write(self, start: int, columns: NDArray[np.float64]) -> None:
        """Take the columns, float64 (n_columns, k), of scenarios ``start`` to ``start + k``; they are overwritten afterwards."""


def blocks(first: int, n: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of the scenarios ``first`` to ``first + n``, cut at multiples of `BLOCK`."""
    start, end = first, first + n
    while start < end:
        stop = min((start // BLOCK + 1) * BLOCK, end)
        yield start, stop
        start = stop


def simulate(
    kernel: Kernel,
    *,
    seed: int,
    first: int,
    n: int,
    workers: int = 1,
    sinks: Sequence[Sink] = (),
    progress: Progress | None = None,
) -> Summary:
    """Run scenarios ``first`` to ``first + n`` and return their summary.

    Parameters
    ----------
    kernel
        From a back end.
    seed
        0 to 2**64 - 1.
    workers
        Threads; each works on a block of its own, so memory is about ``workers`` x 65,536 x n_columns x 8 bytes.
    sinks
        Given every block in order.
    progress
        Called after each block with scenarios done, scenarios wanted and the summary so far.
    """
    width = min(BLOCK, n)
    total = Summary(kernel.plan.n_columns)
    buffers = deque(np.empty((kernel.plan.n_columns, width)) for _ in range(workers))
    running: deque[tuple[int, int, NDArray[np.float64], Future[Summary]]] = deque()
    ahead = blocks(first, n)
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while buffers and (block := next(ahead, None)):
                    buffer = buffers.popleft()
                    running.append((*block, buffer, pool.submit(_run_block, kernel, seed, *block, buffer)))
                if not running:
                    return total
                start, stop, buffer, summary = running.popleft()
                total.merge(summary.result())
                for sink in sinks:
                    sink.write(start, buffer[:, : stop - start])
                buffers.append(buffer)
                if progress:
                    progress(stop - first, n, total)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _run_block(kernel: Kernel, seed: int, start: int, stop: int, buffer: NDArray[np.float64]) -> Summary:
    columns = buffer[:, : stop - start]
    kernel.run(seed, start, stop, columns)
    summary = Summary(kernel.plan.n_columns)
    summary.add(start, columns)
    return summary
