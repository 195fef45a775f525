"""The few things that `elementary` and `philox` need beyond + - * /: here for NumPy arrays and NumPy scalars.

A back end that runs the same bodies binds these names anew: numba to functions of one lane (`backends.cpu.bodies`), CUDA to those
of its text (`simcost_kernels.codegen.cxx`). Each is exact or correctly rounded by IEEE 754, so every binding gives the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

where = np.where
sqrt = np.sqrt
floor = np.floor
ceil = np.ceil
rint = np.rint
fabs = np.abs
uint64 = np.uint64


def as_bits(x: Any) -> Any:
    """Reinterpret float64 as uint64."""
    return np.asarray(x, dtype=np.float64).view(np.uint64)


def from_bits(bits: Any) -> Any:
    """Reinterpret uint64 as float64."""
    return np.asarray(bits, dtype=np.uint64).view(np.float64)


def choose(condition: Any, usual: Callable[[Any], Any], rare: Callable[[Any], Any], x: Any) -> Any:
    """Return ``usual(x)`` where the condition holds and ``rare(x)`` elsewhere; ``rare`` sees only the lanes that need it.

    Both are functions of one lane, so what a lane gets does not depend on its neighbours.
    """
    result = usual(x)
    if np.ndim(condition) == 0:
        return result if condition else rare(x)
    lanes = np.flatnonzero(~condition)
    if lanes.size:
        result[lanes] = rare(x[lanes])
    return result


def chop_down(u: Any, trials: Any, odds: Any, none: Any, most: Any) -> Any:
    """Return the least count at which the summed binomial probabilities reach ``u``, ``most`` at the most.

    Parameters
    ----------
    odds
        Probability of a success over that of a failure.
    none
        Probability of no success, where the sum begins.
    """
    u, trials, odds, none, most = (np.array(each, dtype=np.float64) for each in np.broadcast_arrays(u, trials, odds, none, most))
    count, mass, total = np.zeros_like(none), none.copy(), none.copy()
    going = (total < u) & (count < most)
    while going.any():
        count[going] += 1.0
        mass[going] *= (trials[going] - count[going] + 1.0) * odds[going] / count[going]
        total[going] += mass[going]
        going = (total < u) & (count < most)
    return count


def count_below(edges: Any, x: Any) -> Any:
    """Return how many of the ascending ``edges`` lie strictly below ``x``."""
    return np.searchsorted(edges, x, side="left")


def gather(values: Any, index: Any) -> Any:
    """Return ``values[index]``."""
    return np.take(values, index)


def coefficients(table: Any, row: Any) -> Any:
    """Return the eight numbers of a row of an (m, 8) table, one after the other; a row is one cache line."""
    return np.take(table, row, axis=0).T
