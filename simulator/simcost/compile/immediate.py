"""Steps that are carried out at once, by the reference back end's own operations: what a draw is at any u, before a run."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.quantiles import quantile_steps
from simcost_kernels.backends.numpy_text import operation

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from simcost.scenario.distributions import canonical as d
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Table

_operation = cache(operation)


class ImmediateSteps:
    """Keeps a value for each operand."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def number(self, value: float) -> str:
        """Keep a number."""
        return self.keep(np.float64(value))

    def table(self, table: Table) -> str:
        """Keep a table's data."""
        return self.keep(table.data)

    def op(self, name: str, *operands: str) -> str:
        """Carry out an operation."""
        with np.errstate(all="ignore"):
            return self.keep(_operation(name)(*(self.values[int(operand)] for operand in operands)))

    def keep(self, value: Any) -> str:
        """Return the operand of a value."""
        self.values.append(value)
        return str(len(self.values) - 1)


def draws_at(distribution: d.Distribution, u: ArrayLike) -> Array:
    """Return what a run draws at uniforms u: the same bits.

    Parameters
    ----------
    u
        From 2**-53 to 1 - 2**-53, with 1 - u exact; any shape.

    Raises
    ------
    Refusal
        If the inverse is not finite, or no table of it is accurate enough.
    """
    steps, given = ImmediateSteps(), np.asarray(u, dtype=np.float64)
    result = quantile_steps(steps, distribution, steps.keep(np.atleast_1d(given)))
    return np.broadcast_to(steps.values[int(result)], np.atleast_1d(given).shape).reshape(given.shape)
