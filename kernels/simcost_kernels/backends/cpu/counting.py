"""A column counted by cell and section by compiled code: the counts of `simcost_kernels.sections.count_column`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from simcost_kernels.backends.cpu.cache import compiled
from simcost_kernels.cells import KEY_SHIFT
from simcost_kernels.sampling import ROW_BITS
from simcost_kernels.sections import LOWEST_PAGE, PAGE, PAGE_BITS, count_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.sections import Sections

COUNT = (numba.int64[::1], *[numba.int64] * 3, numba.int16[::1], numba.uint32[::1], *[numba.int64[::1]] * 2)
SHIFTS = np.array([KEY_SHIFT, KEY_SHIFT + PAGE_BITS, LOWEST_PAGE, PAGE - 1, PAGE_BITS, ROW_BITS], dtype=np.int64)
"""What the compiled text needs to know of cells and rows."""

MISSING = -2
"""The row of a page that has none and holds a value."""


def count_sections(  # noqa: PLR0913, PLR0917 - called in one place
    bits: Any, start: Any, first: Any, sections: Any, rows: Any, counts: Any, shifts: Any, seen: Any
) -> Any:
    """Count values, given by their bits, whose page has a row from number ``first`` on; return how many have none, marked.

    ``sections`` is a power of two. The counts are read once in their order, which the processor foresees, so that they are in the
    cache when they are wanted in no order: twice as fast with many columns. ``seen``, one number, keeps the compiler from leaving
    that out.
    """
    seen[0] = missing = 0
    for i in range(0, counts.size, 16):
        seen[0] += counts[i]
    for i in range(bits.size):
        if (bits[i] >> 52) & 2047 == 2047:
            continue  # infinite or undefined
        plain = 0 if bits[i] << 1 == 0 else bits[i]  # -0.0 is 0.0
        ordered = plain ^ ((plain >> 63) & 0x7FFFFFFFFFFFFFFF)
        page = (ordered >> shifts[1]) - shifts[2]
        row = rows[page]
        if row < first:
            if row < 0:
                rows[page] = -2  # MISSING
                missing += 1
            continue
        cell = (row << shifts[4]) | ((ordered >> shifts[0]) & shifts[3])
        counts[cell * sections + (((start + i) >> shifts[5]) & (sections - 1))] += 1
    return missing


class CompiledCounter:
    """Counts columns as `simcost_kernels.sections.Counter` says; several threads may call it at once."""

    def __init__(self) -> None:
        self._count = compiled(inspect.getsource(count_sections), COUNT, name="count_sections")

    def __call__(self, values: NDArray[np.float64], start: int, counts: Sections) -> None:
        """Count the finite ones of the values into ``counts``."""
        if not values.flags.c_contiguous:
            count_column(values, start, counts)
            return
        bits, seen, first = values.view(np.int64), np.empty(1, dtype=np.int64), 0
        while self._count(bits, start, first, counts.sections, counts.rows, counts.counts.reshape(-1), SHIFTS, seen):
            first = counts.make(np.flatnonzero(counts.rows == MISSING))
