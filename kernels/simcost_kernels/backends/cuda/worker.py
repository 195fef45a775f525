"""A plan on one device: its kernel and its numbers there, and how much of a range is taken at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels.backends.cuda.reduction import Reduction, reduction_text
from simcost_kernels.codegen.divisions import divisors, reciprocals
from simcost_kernels.codegen.scenario_text import THREADS, scenario_text
from simcost_kernels.draws.sobol import scrambled
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.backends.cuda.device import Buffer, Device
    from simcost_kernels.plan import Plan


class Worker:
    """A plan on one device; one thread at a time may use it.

    Parameters
    ----------
    plan
        Verified.
    device
        Where to run it.
    blocks
        Blocks of 65,536 scenarios whose columns are in the device's memory at once. It never changes a figure.
    bounds
        CUDA's launch bounds of the plan's kernel, if not the text's: threads of a group, groups that are to fit a multiprocessor.

    Attributes
    ----------
    scenarios
        The plan's kernel, ``run``.
    parameters
        What the next launches take for the plan's: those of a variant of it.
    """

    def __init__(self, plan: Plan, device: Device, blocks: int, *, bounds: tuple[int, ...] = ()) -> None:
        self.plan, self.device, self.blocks = plan, device, blocks
        self.parameters = plan.parameters
        self._threads = (*bounds, THREADS)[0]
        with device.active():
            given = f"#define LAUNCH_BOUNDS {', '.join(map(str, bounds))}\n" if bounds else ""
            self.scenarios = device.load(given + scenario_text(plan, target=device.target))
            self._reduction = device.load(reduction_text())
        self._tables: list[Buffer] = []
        self._uploaded: tuple[tuple[float, ...], Buffer] | None = None
        self._numbers: tuple[Any, ...] | None = None
        self._points: tuple[int, tuple[Any, ...]] | None = None

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out``, float64 (n_columns, stop - start)."""
        with self.device.active():
            for first, last in self._launches(start, stop):
                out[:, first - start : last - start] = self.device.fetch(self.columns(seed, first, last))

    def summarize(self, seed: int, start: int, stop: int, out: Array | None) -> dict[str, NDArray[Any]]:
        """Return the summary of a range as arrays; its columns leave the device only if ``out`` is given.

        Replicates are told apart where the plan deals scenarios out to some.
        """
        with self.device.active():
            width, sections = min(self.blocks * BLOCK, stop - start), self.plan.sampling.sections
            size = {"start": start, "stop": stop, "width": width, "sections": sections}
            reduction = Reduction(self.device, self._reduction, self.plan.n_columns, **size)
            for first, last in self._launches(start, stop):
                columns = self.columns(seed, first, last)
                reduction.add(first, last - first, columns)
                if out is not None:
                    out[:, first - start : last - start] = self.device.fetch(columns)
                del columns  # before the next ones are made
            return reduction.to_arrays()

    def _launches(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Cut a range into what is in memory at once; a ValueError if the method of sampling has no such scenarios."""
        self.plan.sampling.check(stop)
        return list(parts_of(start, stop, self.blocks * BLOCK))

    def columns(self, seed: int, first: int, last: int) -> Buffer:
        """Return columns, float64 (n_columns, last - first), in the memory of the device, which is active."""
        n = last - first
        out = self.device.empty((self.plan.n_columns, n), np.float64)
        keys = (np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32), np.uint64(first), np.uint64(n))
        given = *keys, self._parameters(), *self._arguments(), *self._sobol(seed), out
        self.scenarios.launch("run", -(-n // self._threads), self._threads, *given)
        return out

    def _parameters(self) -> Buffer:
        """Return the parameters, and the reciprocals of those that are divided by, in the device's memory."""
        if self._uploaded is None or self._uploaded[0] is not self.parameters:
            inverse = reciprocals([self.parameters[number] for number in divisors(self.plan)])
            self._uploaded = self.parameters, self.device.upload(np.array([*self.parameters, *inverse, 0.0]))  # never empty
        return self._uploaded[1]

    def _arguments(self) -> tuple[Any, ...]:
        """Return the plan's other numbers in the device's memory."""
        if self._numbers is None:
            plan, upload = self.plan, self.device.upload
            self._tables = [upload(np.ascontiguousarray(table.data)) for table in plan.tables]
            places = [(self.device.address(table), table.shape[1]) for table in self._tables]
            self._numbers = (
                upload(np.array([*(number for month in zip(*plan.calendar, strict=True) for number in month), 0.0])),
                upload(np.array([*places, (0, 0)], dtype=np.uint64)),
                upload(np.array([*plan.streams, 0], dtype=np.uint64)),
                upload(np.array([*plan.first_columns(), 0], dtype=np.uint64)),
                np.uint64(plan.horizon),
            )
        return self._numbers

    def _sobol(self, seed: int) -> tuple[Any, ...]:
        """Return the table of a seed's Sobol' points and its shape, if the text wants them."""
        if self.plan.sampling.method != "sobol":
            return ()
        if self._points is None or self._points[0] != seed:
            table = scrambled(seed, self.plan.dimensions(), self.plan.sampling.replicates)
            self._points = seed, (self.device.upload(table), np.uint64(table.shape[1]), np.uint64(table.shape[0]))
        return self._points[1]
