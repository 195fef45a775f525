"""Running a plan over a range of scenarios: spans in, one merged summary out, kept samples to the sinks on the way."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from simcost.engine.threads import in_order
from simcost_kernels.aligned import aligned_empty
from simcost_kernels.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan

    Columns = NDArray[np.float64] | None
    Progress = Callable[[int, int, Summary], None]


class Kernel(Protocol):
    """A plan made ready by a back end.

    ``releases_gil`` says whether several threads run it faster than one. ``span`` is how many scenarios it likes to be asked for
    at once, a multiple of `BLOCK`. ``on_host`` says that columns pass through the host's memory anyway: it is always given some.
    A kernel that is not on the host says with ``queues`` how many threads it serves at once.
    """

    plan: Plan
    name: str
    device: str
    releases_gil: bool
    span: int
    on_host: bool

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out``, float64 (n_columns, stop - start), with the columns of scenarios ``start`` to ``stop``."""

    def summarize(self, summary: Summary, seed: int, start: int, stop: int, out: NDArray[np.float64] | None) -> None:
        """Add scenarios ``start`` to ``stop``, all of one span, to ``summary``; fill ``out`` as `run` does unless it is None."""


class Sink(Protocol):
    """Takes columns as they come, in ascending order of scenarios, from one thread."""

    def write(self, start: int, columns: NDArray[np.float64]) -> None:
        """Take the columns, float64 (n_columns, k), of scenarios ``start`` to ``start + k``; they are overwritten afterwards."""


def spans(first: int, n: int, span: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of the scenarios ``first`` to ``first + n``, cut at multiples of ``span``."""
    start, end = first, first + n
    while start < end:
        stop = min((start // span + 1) * span, end)
        yield start, stop
        start = stop


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker has: a summary of what it has run, its cells shared on the host, and memory for a span's columns."""

    summary: Summary
    columns: NDArray[np.float64]


def simulate(  # noqa: PLR0913 - a run is that many choices, all but four with a default
    kernel: Kernel,
    *,
    seed: int,
    first: int,
    n: int,
    workers: int = 1,
    sinks: Sequence[Sink] = (),
    wanted: int | None = None,
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
        Threads; each has the columns of a span (8 x n_columns x span bytes) of its own, of a block where a device keeps them, and
        all count into one summary (some 20 MB for 75 columns), those of a device each into one of its own.
    sinks
        Given every span that holds a scenario that they want, in order.
    wanted
        How many scenarios the sinks want, the first ones; all if None.
    progress
        Called after each span with scenarios done, scenarios wanted and a summary whose first column is the plan's first.
    """
    ordered = first + (n if wanted is None else wanted) if sinks else first
    fetched = n if kernel.on_host else _to_a_block(first, n, wanted if sinks else 0)
    width = min(kernel.span if kernel.on_host else BLOCK, fetched)
    desks = tuple(_desks(kernel, width, workers))
    watched = Summary(1, kernel.plan.sampling.sections)

    def columns_of(desk: Desk, start: int, stop: int) -> Columns:
        return desk.columns[:, : stop - start] if start < first + fetched else None

    def summarize(desk: Desk, start: int, stop: int) -> None:
        kernel.summarize(desk.summary, seed, start, stop, columns_of(desk, start, stop))

    with closing(in_order(desks, _asked_for(kernel, first, n, fetched), summarize, until=ordered)) as done:
        ran = 0
        for desk, start, stop in done:
            ran += stop - start
            columns = columns_of(desk, start, stop)
            if columns is not None and start < ordered:
                for sink in sinks:
                    sink.write(start, columns)
            if progress:
                watch(watched, start, columns)
                progress(ran, n, watched if columns is not None else desk.summary)
    return _merged(desks)


def _to_a_block(first: int, n: int, wanted: int | None) -> int:
    """Return how many of n scenarios are fetched from a device for those that are wanted: to the end of their last block."""
    if wanted is None or wanted >= n:
        return n
    return min(-(-(first + wanted) // BLOCK) * BLOCK - first, n) if wanted else 0


def _asked_for(kernel: Kernel, first: int, n: int, fetched: int) -> Iterator[tuple[int, int]]:
    """Yield what a kernel is asked for: its spans, but blocks as far as columns are fetched from a device."""
    if kernel.on_host:
        yield from spans(first, n, kernel.span)
        return
    yield from spans(first, fetched)
    yield from spans(first + fetched, n - fetched, kernel.span)


def _desks(kernel: Kernel, width: int, workers: int) -> Iterator[Desk]:
    """Yield a desk for each worker; on the host all count into the same cells, which spares memory and the merging of them."""
    n_columns = kernel.plan.n_columns
    whole = Summary(n_columns, kernel.plan.sampling.sections)
    for worker in range(workers):
        own = whole if not worker else whole.beside() if kernel.on_host else Summary(n_columns, whole.sections)
        yield Desk(own, aligned_empty((n_columns, width)))


def watch(watched: Summary, start: int, columns: Columns) -> None:
    """Follow the first column: no worker's summary knows all of it, and that of another may be changing."""
    if columns is not None:
        for first, last in spans(start, columns.shape[1]):
            watched.add(first, columns[:1, first - start : last - start])


def _merged(desks: Sequence[Desk]) -> Summary:
    """Return the summary of all desks, merged into that of the first."""
    total, *others = (desk.summary for desk in desks)
    for other in others:
        total.merge(other)
    return total
