"""A plan made ready for numba."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from simcost_kernels.backends.cpu.cache import compiled
from simcost_kernels.backends.cpu.counting import CompiledCounter
from simcost_kernels.backends.cpu.reduction import CompiledReduction
from simcost_kernels.backends.cpu.step_layout import step_layout
from simcost_kernels.codegen.lanes import lane_text
from simcost_kernels.draws.sobol import scrambled
from simcost_kernels.sound_plan import verify, verify_parameters
from simcost_kernels.summaries.sections import count_column
from simcost_kernels.system.aligned import aligned_copy

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan


class CpuKernel:
    """A plan compiled for this processor.

    Parameters
    ----------
    plan
        Verified here, and compiled, or fetched from the cache.
    """

    name = "cpu"
    device = f"numba {numba.__version__}"
    releases_gil = True
    on_host = True

    def __init__(self, plan: Plan) -> None:
        verify(plan)
        self.plan = plan
        self.text = lane_text(plan)
        self._dimensions = plan.dimensions() if plan.sampling.method == "sobol" else ()
        self._numbers = np.array(plan.parameters, dtype=np.float64)
        self._arguments: tuple[Any, ...] = (
            np.array(plan.calendar, dtype=np.float64).reshape(-1, plan.horizon),
            laid_out(plan),
            np.array(plan.streams, dtype=np.uint64),
            np.array(plan.first_columns(), dtype=np.uint64),
        )
        self._function = self._compiled()
        self.reduction = CompiledReduction()
        self.counter = CompiledCounter() if plan.sampling.sections else count_column

    def varied(self, parameters: tuple[float, ...]) -> Self:
        """Return the kernel of the same plan with other parameters; it costs next to nothing."""
        other = copy(self)
        other.plan = replace(self.plan, parameters=parameters)
        verify_parameters(other.plan)
        other._numbers = np.array(parameters, dtype=np.float64)  # noqa: SLF001 - its own
        return other

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out`` with the columns of scenarios ``start`` to ``stop``; several threads may call it at once.

        Parameters
        ----------
        seed
            0 to 2**64 - 1.
        out
            float64 (n_columns, stop - start), the values of a row adjacent.
        """
        check_asked(self.plan, stop, out, (self.plan.n_columns, stop - start))
        last = *self._table(seed), np.uint64(self.plan.horizon), out
        self._function(*key_of(seed), np.uint64(start), np.uint64(stop - start), self._numbers, *self._arguments, *last)

    def _table(self, seed: int) -> tuple[NDArray[np.uint64], ...]:
        """Return the Sobol' table of a seed, if the text wants one."""
        return (scrambled(seed, self._dimensions, self.plan.sampling.replicates),) if self.plan.sampling.method == "sobol" else ()

    def _compiled(self) -> Any:
        whole = numba.uint64
        given = tuple(numba.typeof(argument) for argument in (self._numbers, *self._arguments))
        table = (numba.types.Array(whole, 3, "C", readonly=True),) if self.plan.sampling.method == "sobol" else ()
        return compiled(self.text, (whole, whole, whole, whole, *given, *table, whole, numba.float64[:, :]))  # rows may be apart


def laid_out(plan: Plan) -> tuple[NDArray[np.float64], ...]:
    """Return the tables of a plan as compiled code takes them."""
    return tuple((step_layout if table.kind == "step" else aligned_copy)(table.data) for table in plan.tables)


def key_of(seed: int) -> tuple[np.uint64, np.uint64]:
    """Return the two words of a seed."""
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


def check_asked(plan: Plan, stop: int, out: NDArray[np.float64], shape: tuple[int, int]) -> None:
    """Refuse scenarios that there are not, and an array that is not of the wanted shape with adjacent values in its rows."""
    plan.sampling.check(stop)
    if out.dtype != np.float64 or out.shape != shape or (shape[1] > 1 and out.strides[1] != out.itemsize):
        message = f"out is {out.dtype} {out.shape} with strides {out.strides}; float64 {shape} with adjacent values wanted"
        raise ValueError(message)
