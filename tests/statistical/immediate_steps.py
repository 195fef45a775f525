"""Steps that are carried out at once, by the reference back end's own operations: any u can be looked at, not only drawn ones."""

from __future__ import annotations

import numpy as np

from simcost.compile.quantiles import quantile_steps
from simcost_kernels.backends.reference import operation


class ImmediateSteps:
    """Keeps a value for each operand."""

    def __init__(self):
        self.values = []

    def number(self, value):
        return self.keep(np.float64(value))

    def table(self, table):
        return self.keep(table.data)

    def op(self, name, *operands):
        with np.errstate(all="ignore"):
            return self.keep(operation(name)(*(self.values[int(operand)] for operand in operands)))

    def keep(self, value):
        self.values.append(value)
        return str(len(self.values) - 1)


def evaluate(distribution, u=None, z=None):
    """Return the values at uniforms u, or at normal scores z."""
    steps = ImmediateSteps()
    if z is None:
        result = quantile_steps(steps, distribution, steps.keep(np.asarray(u)))
        return np.broadcast_to(steps.values[int(result)], np.shape(u))
    result = quantile_steps(steps, distribution, "", steps.keep(np.asarray(z)))
    return np.broadcast_to(steps.values[int(result)], np.shape(z))
