"""Running a plan over a range of scenarios: spans in, one merged summary out, kept samples to the sinks on the way."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol, cast

from simcost.engine.column_memory import ColumnMemory
from simcost.engine.host_and_device import Device, Host
from simcost.engine.threads import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.engine.kernels import DeviceKernel, HostKernel, Kernel
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

    Progress = Callable[[int, int, Summary], None]


class Sink(Protocol):
    """Takes columns as they come, in ascending order of scenarios, from one thread."""

    def write(self, start: int, columns: Array) -> None:
        """Take the columns, float64 (n_columns, k), of scenarios ``start`` to ``start + k``; they are overwritten afterwards."""


def simulate(
    kernel: Kernel,
    span: Span,
    *,
    sinks: Sequence[Sink] = (),
    wanted: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Run the scenarios of a span and return their summary.

    Parameters
    ----------
    kernel
        From a back end.
    span
        Each of its ``workers``, threads, has the columns of a block (8 x n_columns x 65,536 bytes) of its own as far as there are
        so many blocks; on the host all count into one summary (some 20 MB for 75 columns), those of a device's queues each into
        one of its own.
    sinks
        Given every span that holds a scenario that they want, in order.
    wanted
        How many scenarios the sinks want, the first ones; all if None.
    progress
        Called after each span with scenarios done, scenarios wanted and a summary whose first column is the plan's first.
    """
    ordered = span.first + (span.n if wanted is None else wanted) if sinks else span.first
    held = None if progress and not kernel.on_host else ordered  # what a queue has done is looked at while it rests
    with ColumnMemory() as memory:
        place: Host | Device = (
            Host(cast("HostKernel", kernel), span, memory=memory, watching=progress is not None)
            if kernel.on_host
            else Device(cast("DeviceKernel", kernel), span, memory=memory, wanted=wanted if sinks else 0)
        )
        ran = 0
        with closing(in_order(place.workspaces, place.spans, place.work, workers=span.workers, until=held)) as done:
            for workspace, start, stop in done:
                ran += stop - start
                columns = place.columns(workspace, start, stop)
                if columns is not None and start < ordered:
                    for sink in sinks:
                        sink.write(start, columns)
                if progress:
                    with place.lock:
                        progress(ran, span.n, place.so_far(workspace))
    return place.summary()
