"""All tables of a plan in one array: machine code that takes one array serves any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from simcost_kernels.backends.cpu.memory import data
from simcost_kernels.system.aligned import NUMBERS, aligned_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def joined_tables(tables: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.uint64]]:
    """Lay tables one after the other, each from a cache line on.

    Returns
    -------
    tuple
        All numbers, float64 (m,), and where each table begins, its rows and its columns: uint64 (n, 3).
    """
    places = np.zeros((len(tables), 3), dtype=np.uint64)
    begin = 0
    for place, table in zip(places, tables, strict=True):
        place[:] = begin, *table.shape
        begin += -(-table.size // NUMBERS) * NUMBERS
    numbers = aligned_empty((begin,))
    for (first, *_), table in zip(places.tolist(), tables, strict=True):
        numbers[first : first + table.size] = table.ravel()
    return numbers, places


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def table_at(_typing: Any, numbers: Any, places: Any, which: Any) -> Any:  # noqa: ARG001 - numba passes the types of all arguments
    """Return a table of `joined_tables` by its number: float64 (rows, columns)."""
    table = types.Array(types.float64, 2, "C")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        first = builder.mul(arguments[2], arguments[2].type(3))
        known = data(context, builder, signature.args[1], arguments[1])
        begin, rows, columns = (builder.load(builder.gep(known, [builder.add(first, first.type(i))])) for i in range(3))
        made = context.make_array(table)(context, builder)
        size = ir.Constant(columns.type, 8)
        populate_array(
            made,
            data=builder.gep(data(context, builder, signature.args[0], arguments[0]), [begin]),
            shape=[rows, columns],
            strides=[builder.mul(columns, size), size],
            itemsize=size,
            meminfo=None,
        )
        return made._getvalue()  # noqa: SLF001 - numba's own way

    return table(numbers, places, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def get_word(_typing: Any, words: Any, index: Any) -> Any:  # noqa: ARG001
    """Return ``words[index]``, counted through all rows of whole numbers."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(builder.gep(data(context, builder, signature.args[0], arguments[0]), [arguments[1]]))

    return types.uint64(words, types.uint64), code


TABLES: dict[str, Any] = {"table_at": table_at, "get_word": get_word}
"""Everything of this kind that emitted text can call, by name."""
