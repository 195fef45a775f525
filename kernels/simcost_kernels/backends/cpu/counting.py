"""A column counted by cell and section by compiled code: the counts of `simcost_kernels.summaries.sections.count_column`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from simcost_kernels.backends.cpu.cache import compiled
from simcost_kernels.backends.cpu.keys import MISSING, NO_KEY, find_keys
from simcost_kernels.draws.sampling import ROW, ROW_BITS
from simcost_kernels.summaries.cells import PAGE, PAGE_BITS
from simcost_kernels.summaries.sections import count_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.summaries.sections import Sections

INTEGERS = numba.int64[::1]
COUNT = (INTEGERS, *[numba.int64] * 3, numba.int16[::1], numba.uint32[::1], numba.uint32[::1], INTEGERS)


def count_sections(  # noqa: PLR0913, PLR0917 - called in one place
    bits: Any, start: Any, first: Any, sections: Any, rows: Any, counts: Any, keys: Any, seen: Any
) -> Any:
    """Count values, given by their bits, whose page has a row from number ``first`` on; return how many have none, marked.

    ``sections`` is a power of two. The counts are read once in their order, which the processor foresees, so that they are in the
    cache when they are wanted in no order: twice as fast with many columns. ``seen``, one number, keeps the compiler from leaving
    that out. A row's scenarios, which are all of one section, have their keys found together: ``keys`` is as long as a row.
    """
    seen[0] = missing = 0
    for i in range(0, counts.size, 16):
        seen[0] += counts[i]
    for number in range(start >> ROW_BITS, ((start + bits.size - 1) >> ROW_BITS) + 1):
        own = bits[max((number << ROW_BITS) - start, 0) : ((number + 1) << ROW_BITS) - start]
        find_keys(own, keys)
        for i in range(own.size):
            if keys[i] == NO_KEY:
                continue
            page = keys[i] >> PAGE_BITS
            row = rows[page]
            if row >= first:
                cell = (row << PAGE_BITS) | (keys[i] & (PAGE - 1))
                counts[cell * sections + (number & (sections - 1))] += 1
            elif row < 0:
                rows[page] = MISSING
                missing += 1
    return missing


class CompiledCounter:
    """Counts columns as `simcost_kernels.summaries.sections.Counter` says; several threads may call it at once."""

    def __init__(self) -> None:
        self._count = compiled(inspect.getsource(count_sections), COUNT, name="count_sections")

    def __call__(self, values: NDArray[np.float64], start: int, counts: Sections) -> None:
        """Count the finite ones of the values into ``counts``."""
        if not values.flags.c_contiguous:
            count_column(values, start, counts)
            return
        bits, keys, seen, first = values.view(np.int64), np.empty(ROW, dtype=np.uint32), np.empty(1, dtype=np.int64), 0
        while self._count(bits, start, first, counts.sections, counts.rows, counts.counts.reshape(-1), keys, seen):
            first = counts.make(np.flatnonzero(counts.rows == MISSING))
