"""The reference back end while a kernel is compiled beside it, and the compiled kernel from then on.

Both give the same bits, so no figure tells which of them ran when; the names in the result do. Nothing that this starts outlives
the run.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition, Thread
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simcost.engine.kernels import HostKernel
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.column import Reduction
    from simcost_kernels.summaries.sections import Counter


class Compilation(Protocol):
    """A kernel in the making; see `simcost_kernels.backends.cpu.compiler`."""

    def wait(self) -> bool:
        """Wait until it has ended, and tell whether the kernel is there."""

    def stop(self) -> None:
        """End it, wherever it is."""


class OverlappedKernel:
    """Two kernels of one plan: the first until the second is ready.

    Parameters
    ----------
    first
        Runs at once; in one thread at a time unless several run it faster.
    compilation
        Goes on beside it.
    second
        Fetches the other kernel when the compilation has ended well.

    Attributes
    ----------
    name, device
        What has run so far, in that order, each back end once: ``reference``, ``reference+cpu`` or ``cpu``.
    compiled
        Whether the compilation has ended well.
    """

    releases_gil = True
    on_host = True

    def __init__(self, first: HostKernel, compilation: Compilation, second: Callable[[], HostKernel]) -> None:
        self.plan, self.name, self.device = first.plan, first.name, first.device
        self.compiled = False
        self._first, self._compilation, self._make = first, compilation, second
        self._second: HostKernel | None = None
        self._used: list[HostKernel] = []
        self._turn = Condition()
        self._taken = self._over = False
        self._watch = Thread(target=self._fetch, name="simcost-compilation", daemon=True)
        self._watch.start()

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out``; see `kernels.Kernel`."""
        with self._kernel() as kernel:
            kernel.run(seed, start, stop, out)

    @property
    def reduction(self) -> Reduction:
        """How columns are reduced: by what there is by now."""
        return (self._second or self._first).reduction

    @property
    def counter(self) -> Counter:
        """How columns are counted by section: by what there is by now."""
        return (self._second or self._first).counter

    def close(self, *, wait: bool = False) -> None:
        """End the compilation, at once or when it is done; Ctrl-C ends a wait, and that alone."""
        self._over = True
        try:
            if wait:
                self._watch.join()
        except KeyboardInterrupt:
            pass
        finally:
            self._compilation.stop()
            self._watch.join()

    @contextmanager
    def _kernel(self) -> Iterator[HostKernel]:
        """Give the kernel that is to run next: the second to all threads, a first that keeps the lock to one after the other."""
        with self._turn:
            self._turn.wait_for(lambda: self._second is not None or not self._taken)
            kernel = self._second or self._first
            self._taken = self._taken or (kernel is self._first and not kernel.releases_gil)
            if kernel not in self._used:
                self._used.append(kernel)
                self.name = "+".join(dict.fromkeys(each.name for each in self._used))
                self.device = ", ".join(dict.fromkeys(each.device for each in self._used))
        try:
            yield kernel
        finally:
            if kernel is self._first:
                with self._turn:
                    self._taken = False
                    self._turn.notify_all()

    def _fetch(self) -> None:
        """Wait for the compilation, then fetch its kernel; a failure leaves everything to the first."""
        self.compiled = self._compilation.wait()
        if self.compiled and not self._over:
            try:
                second = self._make()
            except Exception:  # noqa: BLE001 - whatever it is, the first kernel can do without the second
                return
            with self._turn:
                self._second = second
                self._turn.notify_all()
