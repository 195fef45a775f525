"""A plan run by several processes, each of which runs the reference."""

from __future__ import annotations

import pickle
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

from simcost_kernels.backends.processes.request import REQUEST, pieces
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.system.child import Child

if TYPE_CHECKING:
    from types import TracebackType

    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan


class ReferenceProcesses:
    """A plan ready to run on NumPy in several processes at once; to be used in a ``with`` statement, whose end also ends them.

    As many threads as there are processes may call `run` at once; more wait until one is free. What no process can do, since
    there is none to be had or it has ended, the calling thread does itself.

    Parameters
    ----------
    plan
        Verified here.
    count
        Processes.
    """

    releases_gil = True
    on_host = True
    name, device = ReferenceKernel.name, ReferenceKernel.device
    reduction, counter = staticmethod(ReferenceKernel.reduction), staticmethod(ReferenceKernel.counter)

    def __init__(self, plan: Plan, count: int) -> None:
        self.plan = plan
        self._own = ReferenceKernel(plan)
        self._workers = [Worker(self._own) for _ in range(count)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.stop()

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out``; see `ReferenceKernel.run`."""
        worker = self._free.get()
        try:
            worker.run(seed, start, stop, out)
        finally:
            self._free.put(worker)


class Worker:
    """A process that runs a kernel's plan, or the kernel itself where there is no process: one call at a time."""

    def __init__(self, kernel: ReferenceKernel) -> None:
        self._kernel = kernel
        try:
            self._child: Child | None = Child(__package__, answers=True)
        except OSError:  # no more processes to be had
            self._child = None
        self._knows_plan = False

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out``; see `ReferenceKernel.run`."""
        if self._child is not None:
            try:
                return self._ask(self._child, seed, start, stop, out)
            except (OSError, EOFError):  # it has ended
                self.stop()
            except BaseException:
                self.stop()  # its next answer would be the rest of this one
                raise
        return self._kernel.run(seed, start, stop, out)

    def stop(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _ask(self, child: Child, seed: int, start: int, stop: int, out: Array) -> None:
        """Have the process fill ``out``, row by row of one piece of scenarios after the other."""
        plan = b"" if self._knows_plan else pickle.dumps(self._kernel.plan)
        child.tell(plan, REQUEST.pack(seed, start, stop))
        self._knows_plan = True
        for first, last in pieces(start, stop):
            for row in out[:, first - start : last - start]:
                child.read(memoryview(row).cast("B"))
