"""A plan on the GPUs of this machine: ranges dealt to whoever is free, less at a time where memory runs out, the CPU at last."""

from __future__ import annotations

from importlib.util import find_spec
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels.backends.cuda.reduction import parts_of
from simcost_kernels.backends.cuda.worker import Worker
from simcost_kernels.plan import verify
from simcost_kernels.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.backends.cuda.device import Device
    from simcost_kernels.plan import Plan

LAUNCH_BYTES = 1 << 30
"""Columns in a device's memory at once, in bytes, for each queue of work."""

SPAN_BLOCKS = 1024
"""Blocks that are best summarised at a time: 67 million scenarios; the cells of so many are then fetched once."""

QUEUES = 2
"""Queues of work for each device: while one's summary is put together by the processor, the other keeps the device busy."""


class CudaKernel:
    """A plan ready to run on GPUs; several threads may call it at once.

    ``name`` and ``device`` say what has run so far: ``cuda``, the processor's kernel, or one after the other.

    Parameters
    ----------
    plan
        Verified here, and compiled for each device, or fetched from the cache.
    devices
        Queues of work; else `QUEUES` for every GPU that CuPy finds.
    notice
        Told when memory runs out for good and the processor takes over.

    Raises
    ------
    RuntimeError
        If CuPy finds no GPU, or cannot be used; the message says why.
    """

    releases_gil = True
    on_host = False
    span = SPAN_BLOCKS * BLOCK

    def __init__(
        self,
        plan: Plan,
        *,
        devices: Sequence[Device] | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        verify(plan)
        self.plan = plan
        self.name = "cuda"
        chosen = _gpus() if devices is None else devices
        self.device = ", ".join(dict.fromkeys(device.name for device in chosen))
        self.queues = len(chosen)
        self._notice = notice
        blocks = max(1, LAUNCH_BYTES // (max(plan.n_columns, 1) * BLOCK * 8))
        self._free: SimpleQueue[Worker | None] = SimpleQueue()
        for device in chosen:
            self._free.put(Worker(plan, device, blocks))
        self._left = len(chosen)
        self._served = False
        self._processor: Any = None
        self._lock = Lock()

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out`` with the columns of scenarios ``start`` to ``stop``.

        Parameters
        ----------
        seed
            0 to 2**64 - 1.
        out
            float64 (n_columns, stop - start).
        """

        def fill(worker: Worker) -> bool:
            worker.run(seed, start, stop, out)
            return True

        if not self._on_a_device(fill):
            self._instead().run(seed, start, stop, out)

    def summarize(self, summary: Summary, seed: int, start: int, stop: int, out: NDArray[np.float64] | None = None) -> None:
        """Add scenarios ``start`` to ``stop`` to ``summary``; their columns leave the device only if ``out`` is given."""
        arrays = self._on_a_device(lambda worker: worker.summarize(seed, start, stop, out))
        if arrays is not None:
            summary.merge(Summary.from_arrays(arrays))
        else:
            summarize_blocks(self._instead(), summary, seed, (start, stop), out)

    def _on_a_device(self, work: Callable[[Worker], Any]) -> Any:
        """Return what a free worker makes of the work; None if no worker is left that has memory for one block."""
        while (worker := self._free.get()) is not None:
            try:
                made = _with_less_and_less(worker, work)
            except BaseException:
                self._free.put(worker)
                raise
            if made is not None:
                self._served = True
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

    def _instead(self) -> Any:
        """Return a kernel of the processor, which gives the same bits."""
        with self._lock:
            if self._processor is None:
                processor = self._processor = _processor_kernel(self.plan)
                if self._notice is not None:
                    less = f"The memory of {self.device} does not hold a block of this model"
                    self._notice(f"{less}: {processor.name} goes on, with the same answer.")
                ran = ((self.name, self.device),) if self._served else ()
                names, devices = zip(*ran, (processor.name, processor.device), strict=True)
                self.name, self.device = "+".join(names), ", ".join(devices)
            return self._processor


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


def summarize_blocks(kernel: Any, summary: Summary, seed: int, ends: tuple[int, int], out: NDArray[np.float64] | None) -> None:
    """Add a range to ``summary`` by a kernel of the processor, block by block."""
    start, stop = ends
    for first, last in parts_of(start, stop):
        columns = np.empty((kernel.plan.n_columns, last - first)) if out is None else out[:, first - start : last - start]
        kernel.summarize(summary, seed, first, last, columns)


def _gpus() -> Sequence[Device]:
    from simcost_kernels.backends.cuda.cupy_device import gpus

    return gpus(QUEUES)


def _processor_kernel(plan: Plan) -> Any:
    if find_spec("numba") is not None:
        from simcost_kernels.backends.cpu import CpuKernel

        return CpuKernel(plan)
    from simcost_kernels.backends.reference import ReferenceKernel

    return ReferenceKernel(plan)
