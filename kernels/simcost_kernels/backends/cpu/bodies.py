"""The bodies of `elementary`, `philox`, ... compiled for one lane: the same code objects with other primitives."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from simcost_kernels.backends.cpu.memory import as_bits, from_bits, get_coefficient
from simcost_kernels.backends.cpu.options import INLINE, OPTIONS, PAIRS
from simcost_kernels.draws import latin_hypercube, philox
from simcost_kernels.functions import binomial, elementary, table_quantiles
from simcost_kernels.functions.primitives import uint64

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMN_0, COLUMN_1, COLUMN_2, COLUMN_3, COLUMN_4, COLUMN_5, COLUMN_6, COLUMN_7 = (uint64(i) for i in range(8))
ONE = uint64(1)


def lane(body: Callable[..., Any]) -> Any:
    """Compile a body for one lane, to be inlined."""
    return njit(**INLINE)(body)


def row_function(body: Callable[..., Any]) -> Any:
    """Compile a function over rows."""
    return njit(**OPTIONS)(body)


def row_function_in_pairs(body: Callable[..., Any]) -> Any:
    """Compile a function over rows whose loops keep many values."""
    return njit(**PAIRS)(body)


@lane
def where(condition: Any, a: Any, b: Any) -> Any:
    """Select; both are evaluated."""
    return a if condition else b


@lane
def sqrt(x: Any) -> Any:
    """Square root."""
    return np.sqrt(x)


@lane
def floor(x: Any) -> Any:
    """Round down."""
    return np.floor(x)


@lane
def ceil(x: Any) -> Any:
    """Round up."""
    return np.ceil(x)


@lane
def rint(x: Any) -> Any:
    """Round half to even."""
    return np.rint(x)


@lane
def fabs(x: Any) -> Any:
    """Absolute value."""
    return np.abs(x)


def choose(condition: Any, usual: Any, rare: Any, x: Any) -> Any:
    """Evaluate both and select: a branch would stop vectorisation. `rows` treats the rare lanes apart where that pays."""
    first, second = usual(x), rare(x)
    return first if condition else second


@lane
def coefficients(table: Any, row: Any) -> Any:
    """Return the eight numbers of a row."""
    return (
        get_coefficient(table, row, COLUMN_0),
        get_coefficient(table, row, COLUMN_1),
        get_coefficient(table, row, COLUMN_2),
        get_coefficient(table, row, COLUMN_3),
        get_coefficient(table, row, COLUMN_4),
        get_coefficient(table, row, COLUMN_5),
        get_coefficient(table, row, COLUMN_6),
        get_coefficient(table, row, COLUMN_7),
    )


@lane
def count_below(edges: Any, x: Any) -> Any:
    """Binary search."""
    low, high = uint64(0), uint64(edges.size)
    while low < high:
        middle = (low + high) >> ONE
        if edges[middle] < x:
            low = middle + ONE
        else:
            high = middle
    return low


@lane
def chop_down(u: Any, trials: Any, odds: Any, none: Any, most: Any) -> Any:
    """Sum binomial probabilities until they reach u."""
    count = 0.0
    mass = total = none
    while total < u and count < most:
        count += 1.0
        mass *= (trials - count + 1.0) * odds / count
        total += mass
    return count


@lane
def gather(values: Any, index: Any) -> Any:
    """Return one value."""
    return values[index]


PRIMITIVES: dict[str, Any] = {
    body.__name__: body for body in (where, sqrt, floor, ceil, rint, fabs, coefficients, count_below, chop_down, gather)
} | {"as_bits": as_bits, "from_bits": from_bits}


def _bound() -> dict[str, Any]:
    """Return the bodies with these primitives, each compiled when first used."""
    names = dict(PRIMITIVES)
    for module in (elementary, philox, latin_hypercube, binomial, table_quantiles):
        for name, body in vars(module).items():
            if isinstance(body, FunctionType) and body.__module__ == module.__name__:
                own = {
                    "choose": lane(FunctionType(choose.__code__, globals(), name))
                }  # numba caches no function that several use
                names[name] = lane(FunctionType(body.__code__, {**body.__globals__, **names, **own}, name))
    return names


BODIES = _bound()
"""Everything that emitted text and `rows` can call, by name."""
