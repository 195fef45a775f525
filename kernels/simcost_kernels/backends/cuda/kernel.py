"""A plan on the GPUs of this machine: ranges dealt to whoever is free, less at a time where memory runs out, the CPU at last."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from simcost_kernels.backends.cuda.worker import Worker
from simcost_kernels.backends.cuda.workers import Workers
from simcost_kernels.sound_plan import verify, verify_parameters
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK, Summary
from simcost_kernels.system.aligned import aligned_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost_kernels.arrays import Array
    from simcost_kernels.backends.cuda.device import Device
    from simcost_kernels.plan import Plan
    from simcost_kernels.summaries.column import Reduction

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
        chosen = _gpus() if devices is None else devices
        self.queues = len(chosen)
        self._gpus = ", ".join(dict.fromkeys(device.name for device in chosen))
        blocks = max(1, LAUNCH_BYTES // (max(plan.n_columns, 1) * BLOCK * 8))
        self._workers = Workers([Worker(plan, device, blocks) for device in chosen])
        self._processors = _Processors(self._gpus, notice)
        self._lock = Lock()
        self._begin(plan)

    def varied(self, parameters: tuple[float, ...]) -> CudaKernel:
        """Return the kernel of the same plan with other parameters; it costs next to nothing, and shares the queues of work."""
        other = copy(self)
        plan = replace(self.plan, parameters=parameters)
        verify_parameters(plan)
        other._begin(plan)  # noqa: SLF001 - its own
        return other

    @cached_property
    def reduction(self) -> Reduction:
        """What reduces columns that are wanted in the host's memory, as those of plans side by side."""
        if find_spec("numba") is None:
            return reduce_column
        from simcost_kernels.backends.cpu.reduction import CompiledReduction

        return CompiledReduction()

    def _begin(self, plan: Plan) -> None:
        """Take a plan of which nothing has run yet."""
        self.plan = plan
        self.name, self.device = "cuda", self._gpus
        self._served = False
        self._processor: Any = None

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
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

    def summarize(self, summary: Summary, seed: int, start: int, stop: int, out: Array | None = None) -> None:
        """Add scenarios ``start`` to ``stop`` to ``summary``; their columns leave the device only if ``out`` is given."""
        arrays = self._on_a_device(lambda worker: worker.summarize(seed, start, stop, out))
        if arrays is not None:
            summary.merge(Summary.from_arrays(arrays))
        else:
            summarize_blocks(self._instead(), summary, seed, (start, stop), out)

    def _on_a_device(self, work: Callable[[Worker], Any]) -> Any:
        """Return what a worker makes of the work on this plan; None if none is left."""

        def of_this_plan(worker: Worker) -> Any:
            worker.parameters = self.plan.parameters
            return work(worker)

        made = self._workers.do(of_this_plan)
        self._served = self._served or made is not None
        return made

    def _instead(self) -> Any:
        """Return a kernel of the processor, which gives the same bits."""
        with self._lock:
            if self._processor is None:
                processor = self._processor = self._processors.kernel(self.plan)
                ran = ((self.name, self.device),) if self._served else ()
                names, devices = zip(*ran, (processor.name, processor.device), strict=True)
                self.name, self.device = "+".join(names), ", ".join(devices)
            return self._processor


class _Processors:
    """The processor's kernels of a plan and of its variants: compiled once, when the first is wanted.

    Parameters
    ----------
    device
        Whose memory does not suffice.
    notice
        Told so.
    """

    def __init__(self, device: str, notice: Callable[[str], None] | None) -> None:
        self._device, self._notice = device, notice
        self._first: Any = None

    def kernel(self, plan: Plan) -> Any:
        """Return a kernel of a plan; one thread at a time may ask."""
        if self._first is None:
            self._first = _processor_kernel(plan)
            if self._notice is not None:
                less = f"The memory of {self._device} does not hold a block of this model"
                self._notice(f"{less}: {self._first.name} goes on, with the same answer.")
        return self._first if plan is self._first.plan else self._first.varied(plan.parameters)


def summarize_blocks(kernel: Any, summary: Summary, seed: int, ends: tuple[int, int], out: Array | None) -> None:
    """Add a range to ``summary`` by a kernel of the processor, block by block."""
    start, stop = ends
    for first, last in parts_of(start, stop):
        columns = aligned_columns(kernel.plan.n_columns, last - first) if out is None else out[:, first - start : last - start]
        kernel.run(seed, first, last, columns)
        summary.add(first, columns, reduction=kernel.reduction, counter=kernel.counter)


def _gpus() -> Sequence[Device]:
    from simcost_kernels.backends.cuda.cupy_device import gpus

    return gpus(QUEUES)


def _processor_kernel(plan: Plan) -> Any:
    if find_spec("numba") is not None:
        from simcost_kernels.backends.cpu import CpuKernel

        return CpuKernel(plan)
    from simcost_kernels.backends.reference import ReferenceKernel

    return ReferenceKernel(plan)
