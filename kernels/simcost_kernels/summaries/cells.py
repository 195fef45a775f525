"""Counts of values by the leading bits of the float: 4,096 cells an octave, the smallest and largest value of each.

The key of a double is its bits as an integer that sorts as the number does, shifted right by 40: sign, exponent and twelve
bits of the mantissa. A cell is at most 2.45e-4 of its value wide at any magnitude, needs no range chosen beforehand, and
counting is exact and order-free. With its smallest and largest value a cell says exactly what a constant, an atom or a
single value is, and bounds everything else; within it, values are taken to lie evenly.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.atoms import is_beyond
from simcost_kernels.summaries.order_statistics import Ordered, order_statistics
from simcost_kernels.system.growth import extended

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

KEY_SHIFT = 40
"""Bits of the double that a key leaves out: 52 of the mantissa less the 12 that make 4,096 cells an octave."""

PAGE_BITS = 9
PAGE = 1 << PAGE_BITS
"""Cells are stored by pages of an eighth of an octave, 12 KB each: a lone zero far from a million costs one page."""

_MAGNITUDE = np.int64(0x7FFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Runs:
    """The occupied cells of one column by ascending key.

    Parameters
    ----------
    keys
        int64 (n_cells,), strictly ascending.
    counts
        Values in each cell, int64.
    lows, highs
        Smallest and largest value of each cell, float64.
    """

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]
    lows: Array
    highs: Array


def cell_keys(values: Array) -> NDArray[np.int64]:
    """Key of each value: ascending with it, equal within a cell; -0.0 must have been made 0.0."""
    bits = values.view(np.int64)
    return (bits ^ ((bits >> 63) & _MAGNITUDE)) >> KEY_SHIFT


def runs_of(ascending: Array) -> Runs:
    """Cells of finite values sorted in ascending order, without -0.0 (float64)."""
    # Most columns are costs: where the smallest is not negative the bits are in order already.
    ordered = len(ascending) > 0 and ascending[0] >= 0
    keys = ascending.view(np.int64) >> KEY_SHIFT if ordered else cell_keys(ascending)
    changes = np.flatnonzero(keys[1:] != keys[:-1])
    starts = np.concatenate((_FIRST[: len(keys)], changes + 1))
    ends = np.concatenate((changes, _FIRST[: len(keys)] + len(keys) - 1))
    return Runs(keys=keys[starts], counts=ends - starts + 1, lows=ascending[starts], highs=ascending[ends])


_FIRST = np.zeros(1, dtype=np.int64)

NOTHING = np.array([[0.0], [np.inf], [-np.inf]])
"""What an empty cell holds: its count, which as an integer has the same bits, smallest and largest value."""


class Cells:
    """The cells of one column, growing where values fall; memory depends on their spread, not on their number.

    Several threads may `add` at once; while counting into `stored` directly, hold the `lock`.

    What is added first is kept as it is, and spread over pages only when more comes: the summary of a single block that
    is merged into another costs nothing beside that merge.
    """

    __slots__ = ("_counts", "_first", "_highs", "_index", "_lows", "_memory", "_rows", "lock")

    def __init__(self) -> None:
        self.lock = Lock()
        self._first: Runs | None = None
        self._rows: dict[int, int] = {}
        self._index: tuple[int, NDArray[np.int64]] = 0, np.zeros(0, dtype=np.int64)
        self._use(np.empty((3, 0)), 0)

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        unspread = sum(getattr(self._first, field.name).nbytes for field in fields(Runs)) if self._first else 0
        return self._counts.nbytes + self._lows.nbytes + self._highs.nbytes + unspread

    @property
    def occupied(self) -> int:
        """Number of cells that hold a value."""
        return len(self._first.keys) if self._first is not None else int(np.count_nonzero(self._counts))

    def add(self, runs: Runs) -> None:
        """Count the values of ``runs`` in."""
        with self.lock:
            if not self._rows and self._first is None:
                self._first = runs
                return
            self._unfold()
            self._spread(runs)

    def merge(self, other: Cells) -> None:
        """Count in all that another holds, which is left as it is."""
        if other._first is not None:
            self.add(other._first)
            return
        rows = np.array(self.make(list(other._rows)), dtype=np.int64) // PAGE  # of its pages, which are listed by their row there
        counts, lows, highs = (each.reshape(-1, PAGE) for each in self.stored())
        other_counts, other_lows, other_highs = (each.reshape(-1, PAGE) for each in other.stored())
        counts[rows] += other_counts
        lows[rows] = np.minimum(lows[rows], other_lows)
        highs[rows] = np.maximum(highs[rows], other_highs)

    def make(self, pages: Sequence[int]) -> list[int]:
        """Return the place of the first cell of each page in the arrays of `stored`; pages that are new are made."""
        self._unfold()
        places = [self._row(page) * PAGE for page in pages]
        used, wanted = len(self._counts), len(self._rows) * PAGE
        if wanted > used:
            self._use(extended(self._memory, used, wanted, empty=NOTHING), wanted)
        return places

    def places(self, first: int, pages: int) -> NDArray[np.int64]:
        """Return where the pages ``first`` to ``first + pages`` are stored, int64; negative for those that are not there yet."""
        self._unfold()
        start, places = self._index
        if first < start or first + pages > start + len(places):
            start, end = min(first, start) if len(places) else first, max(first + pages, start + len(places))
            self._index = start, self._looked_up(start, end)
        return self._index[1][first - self._index[0] :][:pages]

    def stored(self) -> tuple[NDArray[np.int64], Array, Array]:
        """Return counts, lows and highs, for one who counts into them himself; the right ones until a page is made."""
        return self._counts, self._lows, self._highs

    def _looked_up(self, start: int, end: int) -> NDArray[np.int64]:
        return np.array([self._rows.get(page, -1) * PAGE for page in range(start, end)], dtype=np.int64)

    def _unfold(self) -> None:
        if self._first is not None:
            first, self._first = self._first, None
            self._spread(first)

    def _spread(self, runs: Runs) -> None:
        places = self._places(runs.keys)
        self._counts[places] += runs.counts
        self._lows[places] = np.minimum(self._lows[places], runs.lows)
        self._highs[places] = np.maximum(self._highs[places], runs.highs)

    def at_rank(self, ranks: NDArray[np.int64]) -> tuple[Array, Array]:
        """Return what `Ordered.at_rank` does: for a few ranks there is no need to list the cells."""
        if self._first is not None:
            return Ordered.of(self._first).at_rank(ranks)
        _, rows, counts = self._by_page()
        ends = np.cumsum(counts)
        cell = np.searchsorted(ends, ranks, side="right")
        places = rows[cell >> PAGE_BITS] * PAGE + (cell & (PAGE - 1))
        place, low, high = ranks - (ends[cell] - counts[cell]), self._lows[places], self._highs[places]
        beside = np.maximum(counts[np.maximum(cell - 1, 0)], counts[np.minimum(cell + 1, len(counts) - 1)])
        if (is_beyond(counts[cell], np.where(self._at_edge(cell), 0, beside).astype(np.float64)) & (high > low)).any():
            return Ordered.of(self.runs()).at_rank(ranks)  # perhaps an atom: more cells tell
        return order_statistics(place, counts[cell], low, high)

    @staticmethod
    def _at_edge(cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a cell is the first or the last of its page, so that the next one of the list may lie far from it."""
        return np.isin(cell & (PAGE - 1), (0, PAGE - 1))

    def _by_page(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the pages in ascending order, their rows, and the counts of all their cells."""
        pages = np.array(sorted(self._rows), dtype=np.int64)
        rows = np.array([self._rows[page] for page in pages.tolist()], dtype=np.int64)
        return pages, rows, self._counts.reshape(-1, PAGE)[rows].ravel()

    def runs(self) -> Runs:
        """Return the occupied cells by ascending key."""
        if self._first is not None:
            return self._first
        pages, rows, counts = self._by_page()
        occupied = np.flatnonzero(counts)
        page, cell = occupied >> PAGE_BITS, occupied & (PAGE - 1)
        places = rows[page] * PAGE + cell
        return Runs(keys=pages[page] * PAGE + cell, counts=counts[occupied], lows=self._lows[places], highs=self._highs[places])

    def _places(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where each of the ascending keys is stored, new pages made as needed."""
        pages = keys >> PAGE_BITS
        firsts = np.concatenate((_FIRST[: len(keys)], np.flatnonzero(pages[1:] != pages[:-1]) + 1))
        stored = np.array(self.make(pages[firsts].tolist()), dtype=np.int64)
        lengths = np.diff(np.append(firsts, len(keys)))
        return np.repeat(stored, lengths) + (keys & (PAGE - 1))

    def _row(self, page: int) -> int:
        row = self._rows.setdefault(page, len(self._rows))
        start, places = self._index
        if start <= page < start + len(places):
            places[page - start] = row * PAGE
        return row

    def _use(self, memory: Array, used: int) -> None:
        self._memory = memory
        self._counts, self._lows, self._highs = memory[0, :used].view(np.int64), memory[1, :used], memory[2, :used]


STORED = {"keys": np.int32, "counts": np.int64, "lows": np.float64, "highs": np.float64}
"""Types of the fields of `Runs` when stored; of a key 24 bits are in use."""


def stack(columns: Sequence[Cells]) -> dict[str, NDArray[np.generic]]:
    """Write the cells of all columns as flat arrays: ``cell_offsets`` (n_columns + 1), ``cell_keys`` and the rest."""
    offsets = np.concatenate((_FIRST, np.cumsum([cells.occupied for cells in columns], dtype=np.int64)))
    flat: dict[str, NDArray[np.generic]] = {name: np.empty(offsets[-1], dtype=kind) for name, kind in STORED.items()}
    for cells, (first, last) in zip(columns, pairwise(offsets), strict=True):
        runs = cells.runs()  # one column at a time: all of them together would double the memory
        for name, array in flat.items():
            array[first:last] = getattr(runs, name)
    return {"cell_offsets": offsets, **{f"cell_{name}": array for name, array in flat.items()}}


def unstack(arrays: Mapping[str, NDArray[Any]]) -> list[Runs]:
    """Read back what `stack` wrote.

    Raises
    ------
    KeyError, ValueError
        If an array is missing, or they contradict each other.
    """
    offsets = np.asarray(arrays["cell_offsets"], dtype=np.int64)
    flat = {field.name: np.asarray(arrays[f"cell_{field.name}"]) for field in fields(Runs)}
    flat["keys"] = flat["keys"].astype(np.int64)
    if offsets[0] != 0 or (np.diff(offsets) < 0).any() or any(array.shape != (offsets[-1],) for array in flat.values()):
        message = "cells whose lengths differ"
        raise ValueError(message)
    columns = [Runs(**{name: array[first:last] for name, array in flat.items()}) for first, last in pairwise(offsets)]
    if any((np.diff(runs.keys) <= 0).any() for runs in columns):
        message = "cells whose keys do not ascend"
        raise ValueError(message)
    return columns
