"""Bodies of the compiled reduction: passes over one column of one block, each a plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np

from simcost_kernels.backends.cpu.table import (
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

EIGHTH = BLOCK // 8
"""Values that lie so far apart meet in the first three halvings of a block's sum: eight are added in registers."""
STRIP = 256
"""Sums of eights that are made together, few enough for the first-level cache."""
SCRATCH = BLOCK + EIGHTH + 2 * STRIP
"""Numbers of memory that a column is reduced in."""
REFUSED = -1

PAGE_SHIFT = np.int64(KEY_SHIFT + PAGE_BITS)
LOWEST = np.int64(-0x8000_0000_0000_0000)


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
def whole_block(values: Any, filler: Any, block: Any) -> Any:
    """Return the values if they are a block, else ``block`` with a copy of them and fillers where there is nothing."""
    if values.size == BLOCK:
        return values
    block[: values.size] = values
    block[values.size :] = filler
    return block


@loop
def eight_strips(block: Any, first: Any) -> Any:
    """Return what ``first`` to ``first + STRIP`` of each eighth of a block hold."""
    return (
        block[first : first + STRIP],
        block[EIGHTH + first : EIGHTH + first + STRIP],
        block[2 * EIGHTH + first : 2 * EIGHTH + first + STRIP],
        block[3 * EIGHTH + first : 3 * EIGHTH + first + STRIP],
        block[4 * EIGHTH + first : 4 * EIGHTH + first + STRIP],
        block[5 * EIGHTH + first : 5 * EIGHTH + first + STRIP],
        block[6 * EIGHTH + first : 6 * EIGHTH + first + STRIP],
        block[7 * EIGHTH + first : 7 * EIGHTH + first + STRIP],
    )


@loop
def total_of(sums: Any) -> Any:
    """Halve sums of eights until one is left, as `simcost_kernels.summaries.moments.pairwise_sum` does."""
    count = sums.size
    while count > 1:
        count //= 2
        for i in range(count):
            sums[i] += sums[count + i]
    return sums[0] + 0.0


@loop
def ends_and_sum(block: Any, sums: Any, ends: Any) -> Any:
    """First pass: smallest and largest value of a block, of no use if one is NaN, and its sum in the defined order."""
    lows, highs = ends[:STRIP], ends[STRIP:]
    lows[:], highs[:] = np.inf, -np.inf
    for first in range(0, EIGHTH, STRIP):
        a, b, c, d, e, f, g, h = eight_strips(block, first)
        own = sums[first : first + STRIP]
        for i in range(STRIP):
            own[i] = ((a[i] + e[i]) + (c[i] + g[i])) + ((b[i] + f[i]) + (d[i] + h[i]))
            lows[i] = min(lows[i], a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i])
            highs[i] = max(highs[i], a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i])
    return lows.min(), highs.max(), total_of(sums)


@loop
def squares_about(block: Any, mean: Any, sums: Any) -> Any:
    """Sum of squared deviations in the defined order."""
    for first in range(0, EIGHTH, STRIP):
        a, b, c, d, e, f, g, h = eight_strips(block, first)
        own = sums[first : first + STRIP]
        for i in range(STRIP):
            even = (square(a[i] - mean) + square(e[i] - mean)) + (square(c[i] - mean) + square(g[i] - mean))
            odd = (square(b[i] - mean) + square(f[i] - mean)) + (square(d[i] - mean) + square(h[i] - mean))
            own[i] = even + odd
    return total_of(sums)


@loop
def square(x: Any) -> Any:
    """Return the square."""
    return x * x


@loop
def ordered_of(value: Any) -> Any:
    """Return a value's bits, ordered as the numbers are."""
    one = np.empty(1, np.float64)
    one[0] = value
    bits = one.view(np.int64)[0]
    return bits ^ ((bits >> SIGN) & MAGNITUDE)


@loop
def extent_and_sum(values: Any, block: Any, sums: Any, ends: Any) -> Any:
    """Smallest and largest ordered integer other than zero (the wrong way round if there is none), the sum, and a promise.

    The promise is that all values are larger than zero; it is not given for values that are no whole block.
    """
    low, high, total = ends_and_sum(whole_block(values, 0.0, block), sums, ends)
    if low > 0.0 or high < 0.0:
        return ordered_of(low), ordered_of(high), total, low > 0.0
    return (*extent(values, MAGNITUDE, LOWEST), total, False)


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
        float64 (SCRATCH,); overwritten.
    slots
        uint32 (CHUNK,); overwritten.
    found
        Filled with mean, squares, minimum, maximum, number of the first page, and 1.0 if there are zeros.

    Returns
    -------
    int
        Pages of the table that may be in use, or `REFUSED`: nothing is counted then.
    """
    block, sums, ends = scratch[:BLOCK], scratch[BLOCK : BLOCK + EIGHTH], scratch[BLOCK + EIGHTH :]
    low, high, total, positive = extent_and_sum(values, block, sums, ends)
    none = low > high
    first, last = (np.int64(0), np.int64(-1)) if none else (low >> PAGE_SHIFT, high >> PAGE_SHIFT)
    if not np.isfinite(total) or last - first >= TABLE_PAGES:  # a value that is not finite makes such a sum
        return REFUSED
    base = first << PAGE_BITS
    smallest, largest = (0.0, 0.0) if none else (float_of(low), float_of(high))
    if none or low >> KEY == high >> KEY:
        count_one_cell(values, (low >> KEY) - base, smallest, largest, table)
    else:
        count_cells(values, base, table, slots, positive)
    zeros = table[ZERO * WIDTH] > 0.0
    if zeros:
        smallest, largest = min(smallest, 0.0), max(largest, 0.0)
    mean = total / values.size
    mean = max(mean, smallest)
    mean = min(mean, largest)
    found[0], found[1] = mean, squares_about(whole_block(values, mean, block), mean, sums)
    found[2], found[3], found[4], found[5] = smallest, largest, first, zeros
    return last - first + 1


FOLDING: dict[str, Any] = {
    body.__name__: body for body in (extent_and_sum, squares_about, whole_block, count_cells, count_one_cell, float_of)
} | {
    "np": np,
    **{name: value for name, value in globals().items() if name.isupper() and isinstance(value, int | np.integer)},
}
"""Everything that `reduce_values` can name when it is compiled from its own text."""
