"""Bodies of the compiled reduction: passes over one column of one block, each a plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np

from simcost_kernels.backends.cpu.table import (
    CHUNK,
    KEY,
    MAGNITUDE,
    ONE,
    SIGN,
    TABLE_PAGES,
    WIDTH,
    ZERO,
    count_cells,
    count_one_cell,
    loop,
)
from simcost_kernels.summaries.cells import KEY_SHIFT, PAGE_BITS
from simcost_kernels.summaries.ranges import BLOCK

ROW = 256
"""Values of a row: rows of a block are added first, then the values of what is left."""
STEP = BLOCK // CHUNK
"""Rows whose numbers differ by this are taken together: eight of a block, which meet in the first three halvings of its sum."""
REFUSED = -1

PAGE_SHIFT = np.int64(KEY_SHIFT + PAGE_BITS)
LOWEST = np.int64(-0x8000_0000_0000_0000)
INFINITY = np.int64(0x7FF0_0000_0000_0000)
NEGATIVE_INFINITY = np.int64(-0x7FF0_0000_0000_0001)


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
    """Halve as `simcost_kernels.summaries.moments.pairwise_sum` does, until so many are left."""
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
    """First passes: smallest and largest ordered integer other than zero (the wrong way round if there is none), and the sum.

    The values come from memory, and the processor fetches ahead of whoever goes straight through them; the sum jumps.
    """
    low, high = extent(values, MAGNITUDE, LOWEST)
    sums[:] = 0.0
    for chunk in range(chunks(values)):
        load(values, chunk, buffer)
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


FOLDING: dict[str, Any] = {
    body.__name__: body for body in (extent_and_sum, squares_about, count_cells, count_one_cell, float_of)
} | {
    "np": np,
    **{name: value for name, value in globals().items() if name.isupper() and isinstance(value, int | np.integer)},
}
"""Everything that `reduce_values` can name when it is compiled from its own text."""
