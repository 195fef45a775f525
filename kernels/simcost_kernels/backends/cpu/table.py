"""The table of cells that one column of one block is counted into; it stays in the second-level cache.

It is flat float64, `WIDTH` numbers a cell: count, smallest value negated, largest value, and one unused. So one vector holds a
cell, and one maximum widens both of its ends: a value costs a load and a store. An empty cell is 0, -inf, -inf, 0. Pages are
those of `simcost_kernels.summaries.cells` from the page of the smallest value on; zero has the last cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.summaries.cells import KEY_SHIFT, PAGE
from simcost_kernels.summaries.ranges import BLOCK

TABLE_PAGES = 128
"""Pages of the table: sixteen octaves, 2 MiB. What spreads farther is sorted by NumPy."""
WIDTH = 4
ZERO = TABLE_PAGES * PAGE
"""The cell of zero."""
CHUNK = BLOCK // 32
"""Values taken together, few enough for the first-level cache."""

KEY = np.int64(KEY_SHIFT)
SIGN = np.int64(63)
ONE = np.int64(1)
MAGNITUDE = np.int64(0x7FFF_FFFF_FFFF_FFFF)


def loop(body: Any) -> Any:
    """Compile a loop."""
    return njit(**OPTIONS)(body)


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def count_value(_typing: Any, table: Any, slot: Any, value: Any) -> Any:  # noqa: ARG001 - numba passes the types of all arguments
    """Count a value, which is neither NaN nor -0.0, into the cell at ``table[slot]``.

    The sign is changed by a product and nothing but -0.0 is added to the ends: both are exact, and keep the sign of zero.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        cell = ir.VectorType(ir.DoubleType(), WIDTH)
        start = context.make_array(signature.args[0])(context, builder, value=arguments[0]).data
        place = builder.bitcast(builder.gep(start, [arguments[1]]), cell.as_pointer())
        held = builder.load(place, align=8)
        signed = builder.fmul(_in_all_lanes(builder, arguments[2], cell), cell([1.0, -1.0, 1.0, 1.0]))
        larger = builder.select(builder.fcmp_ordered(">", signed, held), signed, held)
        widened = builder.select(ir.VectorType(ir.IntType(1), WIDTH)([0, 1, 1, 0]), larger, held)
        builder.store(builder.fadd(widened, cell([1.0, -0.0, -0.0, -0.0])), place, align=8)
        return context.get_dummy_value()

    return types.void(table, types.uint64, types.float64), code


def _in_all_lanes(builder: Any, value: Any, vector: Any) -> Any:
    """Return a vector of one value."""
    none = vector(ir.Undefined)
    first = builder.insert_element(none, value, ir.IntType(32)(0))
    return builder.shuffle_vector(first, none, ir.VectorType(ir.IntType(32), WIDTH)([0] * WIDTH))


@loop
def find_cells(values: Any, base: Any, slots: Any) -> None:
    """Find the place of each value's cell in the table, whose first key is ``base``."""
    bits = values.view(np.int64)
    for i in range(bits.size):
        ordered = bits[i] ^ ((bits[i] >> SIGN) & MAGNITUDE)
        cell = np.int64(ZERO) if bits[i] << ONE == 0 else (ordered >> KEY) - base
        slots[i] = np.uint32(cell * WIDTH)


@loop
def find_positive_cells(values: Any, base: Any, slots: Any) -> None:
    """Do what `find_cells` does for values that are all larger than zero, in half the time."""
    bits, low = values.view(np.uint64), np.uint32(base)
    for i in range(bits.size):
        slots[i] = (np.uint32(bits[i] >> np.uint64(KEY)) - low) * np.uint32(WIDTH)


@loop
def count_cells(values: Any, base: Any, table: Any, slots: Any, positive: Any) -> None:
    """Count values into the table; ``positive`` if all of them are larger than zero."""
    for first in range(0, values.size, CHUNK):
        own = values[first : min(first + CHUNK, values.size)]
        if positive:
            find_positive_cells(own, base, slots)
        else:
            find_cells(own, base, slots)
        for i in range(own.size):
            count_value(table, np.uint64(slots[i]), own[i] + 0.0)  # -0.0 is 0.0


@loop
def count_one_cell(values: Any, cell: Any, low: Any, high: Any, table: Any) -> None:
    """Count values of which none but zeros is outside one cell: its extremes are known already."""
    zeros = 0
    for i in range(values.size):
        zeros += values[i] == 0.0
    if zeros:
        table[ZERO * WIDTH], table[ZERO * WIDTH + 1], table[ZERO * WIDTH + 2] = zeros, -0.0, 0.0
    if zeros < values.size:
        table[cell * WIDTH], table[cell * WIDTH + 1], table[cell * WIDTH + 2] = values.size - zeros, -low, high


@loop
def holds_any(table: Any, page: Any) -> Any:
    """Tell whether a page of the table holds something."""
    cell, end = page * PAGE, (page + 1) * PAGE
    while cell < end and table[cell * WIDTH] == 0.0:
        cell += 1
    return cell < end


@loop
def merge_run(table: Any, cell: Any, counts: Any, lows: Any, highs: Any) -> None:
    """Add cells of the table from a first one on to as many that are stored, and empty them."""
    own = table[cell * WIDTH : (cell + counts.size) * WIDTH]
    for i in range(counts.size):
        counts[i] += np.int64(own[i * WIDTH])
        lows[i] = min(lows[i], -own[i * WIDTH + 1])
        highs[i] = max(highs[i], own[i * WIDTH + 2])
    for i in range(counts.size):
        own[i * WIDTH] = own[i * WIDTH + 3] = 0.0
        own[i * WIDTH + 1] = own[i * WIDTH + 2] = -np.inf


def merge_cells(table: Any, places: Any, zero_place: Any, wanted: Any, counts: Any, lows: Any, highs: Any) -> Any:
    """Add the table's wanted pages, and zero, to where cells are stored, and empty them.

    Parameters
    ----------
    places
        Where each page of the table is stored; negative if nowhere.
    zero_place
        Where zero is stored; negative if there is none to add.
    wanted
        Which pages to add; afterwards those of them that hold something and are stored nowhere.
    counts, lows, highs
        See `simcost_kernels.summaries.cells.Cells.stored`.

    Returns
    -------
    int
        How many pages are wanted then.
    """
    missing = 0
    for page in range(places.size):
        if wanted[page] and places[page] >= 0:
            first, last = places[page], places[page] + PAGE
            merge_run(table, page * PAGE, counts[first:last], lows[first:last], highs[first:last])
        wanted[page] = wanted[page] and places[page] < 0 and holds_any(table, page)
        missing += wanted[page]
    if zero_place >= 0:
        first, last = zero_place, zero_place + 1
        merge_run(table, ZERO, counts[first:last], lows[first:last], highs[first:last])
    return missing


TABLE: dict[str, Any] = {"holds_any": holds_any, "merge_run": merge_run, "PAGE": PAGE, "WIDTH": WIDTH, "ZERO": ZERO}
"""Everything that `merge_cells` can name when it is compiled from its own text."""
