"""Bodies of the compiled reduction: passes over one column of one block, each a plain loop.

The table of cells is flat float64, `WIDTH` numbers a cell: count, smallest, largest, and one unused so that a cell never
straddles a cache line. Its pages are those of `simcost_kernels.cells` from the page of the smallest value on; zero has the
last cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.cells import KEY_SHIFT, PAGE, PAGE_BITS
from simcost_kernels.ranges import BLOCK

TABLE_PAGES = 128
"""Pages of the table: sixteen octaves, 2 MiB. What spreads farther is sorted by NumPy."""
WIDTH = 4
ZERO = TABLE_PAGES * PAGE
"""The cell of zero."""
ROW = 256
"""Values of a row: rows of a block are added first, then the values of what is left."""
STEP = 32
"""Rows whose numbers differ by this are taken together: eight of a block, which meet in the first three halvings of its sum."""
CHUNK = BLOCK // STEP
REFUSED = -1

KEY = np.int64(KEY_SHIFT)
PAGE_SHIFT = np.int64(KEY_SHIFT + PAGE_BITS)
SIGN = np.int64(63)
ONE = np.int64(1)
MAGNITUDE = np.int64(0x7FFF_FFFF_FFFF_FFFF)
LOWEST = np.int64(-0x8000_0000_0000_0000)
INFINITY = np.int64(0x7FF0_0000_0000_0000)
NEGATIVE_INFINITY = np.int64(-0x7FF0_0000_0000_0001)


def loop(body: Any) -> Any:
    """Compile a loop."""
    return njit(**OPTIONS)(body)


@loop
def extent(values: Any, low: Any, high: Any) -> Any:
    """Widen the range of ordered integers by the values other than zero."""
    bits = values.view(np.int64)
    for i in range(bits.size):
        ordered = bits[i] ^ ((bits[i] >> SIGN) & MAGNITUDE)
        zero = bits[i] << ONE == 0
        low = min(low, MAGNITUDE if zero else ordered)
        high = max(high, LOWEST if zero else ordered)
    return low, high


@loop
def piece(values: Any, chunk: Any, row: Any) -> Any:
    """Return a row of a chunk, short or empty where the values end."""
    first = min((chunk + row * STEP) * ROW, values.size)
    return values[first : min(first + ROW, values.size)]


@loop
def chunks(values: Any) -> Any:
    """Return how many chunks hold a value."""
    return min(STEP, (values.size + ROW - 1) // ROW)


@loop
def load(values: Any, chunk: Any, buffer: Any) -> None:
    """Copy a chunk, with zeros where there is nothing."""
    for row in range(CHUNK // ROW):
        own = piece(values, chunk, row)
        for i in range(own.size):
            buffer[row * ROW + i] = own[i]
        for i in range(own.size, ROW):
            buffer[row * ROW + i] = 0.0


@loop
def load_squares(values: Any, chunk: Any, mean: Any, buffer: Any) -> None:
    """Copy the squared deviations of a chunk, with zeros where there is nothing."""
    for row in range(CHUNK // ROW):
        own = piece(values, chunk, row)
        for i in range(own.size):
            deviation = own[i] - mean
            buffer[row * ROW + i] = deviation * deviation
        for i in range(own.size, ROW):
            buffer[row * ROW + i] = 0.0


@loop
def halve(buffer: Any, count: Any, left: Any) -> None:
    """Halve as `simcost_kernels.moments.pairwise_sum` does, until so many are left."""
    while count > left:
        count //= 2
        for i in range(count):
            buffer[i] += buffer[count + i]


@loop
def take_sums(buffer: Any, chunk: Any, sums: Any) -> None:
    """Sum a chunk's rows; the buffer is overwritten."""
    halve(buffer, CHUNK, ROW)
    for i in range(ROW):
        sums[chunk * ROW + i] = buffer[i]


@loop
def total_of(sums: Any) -> Any:
    """Sum what the chunks have left."""
    halve(sums, STEP * ROW, 1)
    return sums[0] + 0.0


@loop
def extent_and_sum(values: Any, buffer: Any, sums: Any) -> Any:
    """First pass: smallest and largest ordered integer other than zero (the wrong way round if there is none), and the sum."""
    low, high = MAGNITUDE, LOWEST
    sums[:] = 0.0
    for chunk in range(chunks(values)):
        load(values, chunk, buffer)
        low, high = extent(buffer, low, high)
        take_sums(buffer, chunk, sums)
    return low, high, total_of(sums)


@loop
def squares_about(values: Any, mean: Any, buffer: Any, sums: Any) -> Any:
    """Sum of squared deviations in the defined order."""
    sums[:] = 0.0
    for chunk in range(chunks(values)):
        load_squares(values, chunk, mean, buffer)
        take_sums(buffer, chunk, sums)
    return total_of(sums)


@loop
def find_cells(values: Any, base: Any, slots: Any) -> None:
    """Find the place of each value's cell in the table, whose first key is ``base``."""
    bits = values.view(np.int64)
    for i in range(bits.size):
        ordered = bits[i] ^ ((bits[i] >> SIGN) & MAGNITUDE)
        cell = np.int64(ZERO) if bits[i] << ONE == 0 else (ordered >> KEY) - base
        slots[i] = np.uint32(cell * WIDTH)


@loop
def count_cells(values: Any, base: Any, table: Any, slots: Any) -> None:
    """Count values into the table."""
    for first in range(0, values.size, CHUNK):
        own = values[first : min(first + CHUNK, values.size)]
        find_cells(own, base, slots)
        for i in range(own.size):
            slot = np.uint64(slots[i])
            x = own[i] + 0.0  # -0.0 is 0.0
            table[slot] += 1.0
            low = table[slot + np.uint64(1)]
            table[slot + np.uint64(1)] = min(low, x)
            high = table[slot + np.uint64(2)]
            table[slot + np.uint64(2)] = max(high, x)


@loop
def count_one_cell(values: Any, cell: Any, low: Any, high: Any, table: Any) -> None:
    """Count values of which none but zeros is outside one cell: its extremes are known already."""
    zeros = 0
    for i in range(values.size):
        zeros += values[i] == 0.0
    if zeros:
        table[ZERO * WIDTH], table[ZERO * WIDTH + 1], table[ZERO * WIDTH + 2] = zeros, 0.0, 0.0
    if zeros < values.size:
        table[cell * WIDTH], table[cell * WIDTH + 1], table[cell * WIDTH + 2] = values.size - zeros, low, high


@loop
def float_of(ordered: Any) -> Any:
    """Return the value of an ordered integer."""
    one = np.empty(1, np.int64)
    one[0] = ordered ^ ((ordered >> SIGN) & MAGNITUDE)
    return one.view(np.float64)[0]


def reduce_values(values: Any, table: Any, scratch: Any, slots: Any, found: Any) -> Any:
    """Reduce a column.

    Parameters
    ----------
    values
        float64 (k,).
    table
        Empty cells; afterwards those of the values.
    scratch
        float64 (CHUNK + BLOCK / 8,); overwritten.
    slots
        uint32 (CHUNK,); overwritten.
    found
        Filled with mean, squares, minimum, maximum, number of the first page, and 1.0 if there are zeros.

    Returns
    -------
    int
        Pages of the table that may be in use, or `REFUSED`: nothing is counted then.
    """
    buffer, sums = scratch[:CHUNK], scratch[CHUNK:]
    low, high, total = extent_and_sum(values, buffer, sums)
    none = low > high
    first, last = (np.int64(0), np.int64(-1)) if none else (low >> PAGE_SHIFT, high >> PAGE_SHIFT)
    finite = none or (low > NEGATIVE_INFINITY and high < INFINITY and np.isfinite(total))
    if not finite or last - first >= TABLE_PAGES:
        return REFUSED
    base = first << PAGE_BITS
    smallest, largest = (0.0, 0.0) if none else (float_of(low), float_of(high))
    if none or low >> KEY == high >> KEY:
        count_one_cell(values, (low >> KEY) - base, smallest, largest, table)
    else:
        count_cells(values, base, table, slots)
    zeros = table[ZERO * WIDTH] > 0.0
    if zeros:
        smallest, largest = min(smallest, 0.0), max(largest, 0.0)
    mean = total / values.size
    mean = max(mean, smallest)
    mean = min(mean, largest)
    found[0], found[1] = mean, squares_about(values, mean, buffer, sums)
    found[2], found[3], found[4], found[5] = smallest, largest, first, zeros
    return last - first + 1


@loop
def merge_cell(table: Any, slot: Any, place: Any, counts: Any, lows: Any, highs: Any) -> None:
    """Add one cell of the table to where cells are stored, and empty it."""
    counts[place] += np.int64(table[slot])
    lows[place] = min(lows[place], table[slot + 1])
    highs[place] = max(highs[place], table[slot + 2])
    table[slot], table[slot + 1], table[slot + 2] = 0.0, np.inf, -np.inf


@loop
def holds_any(table: Any, page: Any) -> Any:
    """Tell whether a page of the table holds something."""
    cell, end = page * PAGE, (page + 1) * PAGE
    while cell < end and table[cell * WIDTH] == 0.0:
        cell += 1
    return cell < end


def merge_cells(table: Any, places: Any, zero_place: Any, wanted: Any, counts: Any, lows: Any, highs: Any) -> Any:
    """Add the table to where cells are stored, and empty it, but for pages that are stored nowhere.

    Parameters
    ----------
    places
        Where each page of the table is stored; negative if nowhere.
    zero_place
        Where zero is stored; negative if there is none to add.
    wanted
        Which pages hold something and are stored nowhere; filled.
    counts, lows, highs
        See `simcost_kernels.cells.Cells.stored`.

    Returns
    -------
    int
        How many pages are wanted.
    """
    missing = 0
    for page in range(places.size):
        wanted[page] = places[page] < 0 and holds_any(table, page)
        missing += wanted[page]
        if places[page] >= 0:
            for cell in range(PAGE):
                merge_cell(table, (page * PAGE + cell) * WIDTH, places[page] + cell, counts, lows, highs)
    if zero_place >= 0:
        merge_cell(table, ZERO * WIDTH, zero_place, counts, lows, highs)
    return missing


FOLDING: dict[str, Any] = {
    body.__name__: body for body in (extent_and_sum, squares_about, count_cells, count_one_cell, float_of, holds_any, merge_cell)
} | {
    "np": np,
    **{name: value for name, value in globals().items() if name.isupper() and isinstance(value, int | np.integer)},
}
"""Everything that `reduce_values` and `merge_cells` can name when they are compiled from their own text."""
