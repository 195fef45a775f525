"""A column reduced by compiled code: the bits of `simcost_kernels.summaries.column.reduce_column` without its sorting.

Values are counted into a table of cells that stays in the second-level cache; a first pass, over the bits ordered as the numbers
are, finds which cells there can be. Zero has a cell of its own, so that a cost that is zero without its event needs no table from
zero up to it. What this cannot do, or not fast (infinities, sixteen octaves), is left to NumPy.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numba
import numpy as np

from simcost_kernels.backends.cpu.cache import compiled
from simcost_kernels.backends.cpu.folding import REFUSED, SCRATCH, reduce_values
from simcost_kernels.backends.cpu.table import CHUNK, TABLE_PAGES, WIDTH, ZERO, merge_cells
from simcost_kernels.summaries.column import Reduced, reduce_column
from simcost_kernels.system.aligned import aligned_empty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.summaries.cells import Cells

FLOATS, WHOLES = numba.float64[::1], numba.int64[::1]
REDUCE = (FLOATS, FLOATS, FLOATS, numba.uint32[::1], FLOATS)
MERGE = (FLOATS, WHOLES, numba.int64, numba.boolean[::1], WHOLES, FLOATS, FLOATS)


class Memory:
    """What one call works with: 2.6 MB that take a millisecond to make."""

    __slots__ = ("found", "scratch", "slots", "table", "wanted")

    def __init__(self) -> None:
        table = aligned_empty((ZERO + 1, WIDTH))
        table[:] = 0.0
        table[:, 1] = table[:, 2] = -np.inf
        self.table = table.ravel()
        self.scratch = aligned_empty((SCRATCH,))
        self.slots = np.empty(CHUNK, dtype=np.uint32)
        self.found = np.zeros(6)
        self.wanted = np.empty(TABLE_PAGES, dtype=np.bool_)


class CompiledReduction:
    """Reduces columns of at most a block, as `summaries.column.Reduction` says; several threads may call it at once."""

    def __init__(self) -> None:
        self._reduce = compiled(inspect.getsource(reduce_values), REDUCE, name="reduce_values")
        self._merge = compiled(inspect.getsource(merge_cells), MERGE, name="merge_cells")
        self._spare: list[Memory] = []

    def __call__(self, values: NDArray[np.float64], cells: Cells, work: NDArray[np.float64]) -> Reduced:
        """Count the values into ``cells``, and return the rest."""
        if not values.flags.c_contiguous:
            return reduce_column(values, cells, work)
        own = self._take()
        pages = self._reduce(values, own.table, own.scratch, own.slots, own.found)
        mean, squares, minimum, maximum, first, zeros = own.found.tolist()
        if pages != REFUSED:
            self._add(own, cells, int(first), pages, zeros=zeros > 0)
        self._spare.append(own)
        if pages == REFUSED:
            return reduce_column(values, cells, work)
        return Reduced((len(values), mean, squares), minimum, maximum)

    def _take(self) -> Memory:
        """Return memory that no other call works with; whoever has done with it puts it back, its table empty."""
        try:
            return self._spare.pop()
        except IndexError:
            return Memory()

    def _add(self, own: Memory, cells: Cells, first: int, pages: int, *, zeros: bool) -> None:
        """Move the table into the cells: first into pages that are there, then the rest into pages made for it."""
        wanted = own.wanted[:pages]
        wanted[:] = True
        with cells.lock:
            zero_place = cells.make([0])[0] if zeros else -1
            if self._merge(own.table, cells.places(first, pages), zero_place, wanted, *cells.stored()):
                cells.make((first + np.flatnonzero(wanted)).tolist())
                self._merge(own.table, cells.places(first, pages), -1, wanted, *cells.stored())
