"""Who works: queues of several devices, each taken by one thread at a time, with less and less at once where memory runs out."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost_kernels.backends.cuda.worker import Worker


class Workers:
    """Workers of one plan, or of plans that differ in their parameters alone; several threads may ask at once.

    Parameters
    ----------
    workers
        One for each queue of work.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._free: SimpleQueue[Worker | None] = SimpleQueue()
        for worker in workers:
            self._free.put(worker)
        self._left = len(workers)
        self._lock = Lock()

    def do(self, work: Callable[[Worker], Any]) -> Any:
        """Return what a free worker makes of the work; None if no worker is left that has memory for one block."""
        while (worker := self._free.get()) is not None:
            try:
                made = _with_less_and_less(worker, work)
            except BaseException:
                self._free.put(worker)
                raise
            if made is not None:
                self._free.put(worker)
                return made
            self._give_up_one()
        self._free.put(None)  # for whoever asks next
        return None

    def _give_up_one(self) -> None:
        """Do without a worker, whose memory the others then have; the end of the queue says that none is left."""
        with self._lock:
            self._left -= 1
            if not self._left:
                self._free.put(None)


def _with_less_and_less(worker: Worker, work: Callable[[Worker], Any]) -> Any:
    """Return what a worker makes of the work, with fewer blocks at once where memory runs out; None if one is too many."""
    while True:
        try:
            return work(worker)
        except MemoryError:
            pass  # the exception holds the frames, and they the arrays: free them once it is gone
        worker.device.free()
        if worker.blocks == 1:
            return None
        worker.blocks //= 2
