"""Counts by cell and section: how many values of each replicate lie in each cell of a column (see `cells`).

Their spread is what intervals by sectioning are made of. Counts are exact and order-free like those of the cells; a page of
cells takes 2 KB a section: some 0.7 MB a column in 16 sections, 50 MB for the 73 columns of a large model.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from simcost_kernels.draws.sampling import REPLICATES, ROW_BITS
from simcost_kernels.summaries.cells import KEY_SHIFT, PAGE, PAGE_BITS, Runs, cell_keys
from simcost_kernels.system.growth import extended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

LOWEST_PAGE = -(1 << (63 - KEY_SHIFT - PAGE_BITS))
"""Page of the most negative key; there are twice as many from there on."""


def section_numbers(start: int, stop: int, sections: int) -> NDArray[np.int64]:
    """Return the replicate of each of the scenarios ``start`` to ``stop``: int64 (stop - start,)."""
    return (np.arange(start, stop, dtype=np.int64) >> ROW_BITS) % sections


class Counter(Protocol):
    """A way to count a column; all give the same counts as `count_column`."""

    def __call__(self, values: Array, start: int, counts: Sections) -> None:
        """Count the finite ones of the values, float64 (k,), of the scenarios from ``start`` on into ``counts``."""


def count_column(values: Array, start: int, counts: Sections) -> None:
    """Count a column on NumPy: the definition."""
    finite = np.isfinite(values)
    numbers = section_numbers(start, start + len(values), counts.sections)[finite]
    keys = cell_keys(values[finite] + 0.0)  # -0.0 is 0.0
    pages = (keys >> PAGE_BITS) - LOWEST_PAGE
    counts.make(np.flatnonzero(np.bincount(pages)))
    places = ((counts.rows[pages].astype(np.int64) << PAGE_BITS) | (keys & (PAGE - 1))) * counts.sections + numbers
    flat = counts.counts.reshape(-1)
    flat += np.bincount(places, minlength=len(flat)).astype(np.uint32)


class Sections:
    """Counts of one column.

    Parameters
    ----------
    sections
        Number of replicates.

    Attributes
    ----------
    rows
        Row of each page from the lowest on, int16 (32,768,); -1 where it has none.
    counts
        By row, cell of the page and section, uint32 (n_rows, 512, sections); replaced by a larger array when pages come.
    lock
        Held by whoever counts, where several threads may.
    """

    __slots__ = ("_memory", "counts", "lock", "rows", "sections")

    def __init__(self, sections: int) -> None:
        self.lock = Lock()
        self.sections = sections
        self.rows = np.full(-2 * LOWEST_PAGE, -1, dtype=np.int16)
        self._use(np.empty((1, 0)), 0)

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self.rows.nbytes + self.counts.nbytes

    def make(self, pages: NDArray[np.int64]) -> int:
        """Make rows of those pages, each counted from the lowest and given once, that have none; return the first new one."""
        first, new, size = len(self.counts), pages[self.rows[pages] < 0], PAGE * self.sections // 2
        used = first + len(new)
        self._use(extended(self._memory, first * size, used * size, empty=0.0), used * size)
        self.rows[new] = np.arange(first, used)
        return first

    def _use(self, memory: Array, used: int) -> None:
        self._memory = memory
        self.counts = memory[0, :used].view(np.uint32).reshape(-1, PAGE, self.sections)

    def merge(self, other: Sections) -> None:
        """Add the counts of another column of the same kind."""
        pages = np.flatnonzero(other.rows >= 0)
        self.make(pages)
        self.counts[self.rows[pages]] += other.counts[other.rows[pages]]

    def put(self, keys: NDArray[np.int64], counts: NDArray[np.uint32]) -> None:
        """Add counts, uint32 (n_cells, sections), of cells by ascending key."""
        pages = (keys >> PAGE_BITS) - LOWEST_PAGE
        self.make(np.unique(pages))
        self.counts[self.rows[pages], keys & (PAGE - 1)] += counts

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the counts of occupied cells by ascending key: uint32 (n_cells, sections)."""
        found: NDArray[np.uint32] = self.counts[self.rows[(keys >> PAGE_BITS) - LOWEST_PAGE], keys & (PAGE - 1)]
        return found


def sections_in(arrays: Mapping[str, NDArray[Any]]) -> int:
    """Return how many sections stored arrays have, 0 if none; a ValueError if that is no number of replicates."""
    if "cell_sections" not in arrays:
        return 0
    sections = arrays["cell_sections"].shape[1]
    if sections not in REPLICATES:
        message = f"{sections} sections"
        raise ValueError(message)
    return int(sections)


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """What the sections of a column hold around some ranks of the whole.

    Parameters
    ----------
    totals
        Finite values of each section, int64 (sections,).
    below
        Of each section, how many lie in lower cells than the rank's: int64 (n_ranks, sections).
    inside
        How many lie in the same cell, int64 (n_ranks, sections).
    share
        Which part of that cell's values has a rank up to the rank, float64 (n_ranks,), above 0 and at most 1.
    """

    totals: NDArray[np.int64]
    below: NDArray[np.int64]
    inside: NDArray[np.int64]
    share: Array


def counts_around(runs: Runs, counts: NDArray[np.uint32], ranks: NDArray[np.int64]) -> SectionCounts:
    """Find the cells of 0-based ranks in a column, and what each section has there.

    Parameters
    ----------
    counts
        Of the cells of ``runs``, uint32 (n_cells, sections).
    """
    ends = np.cumsum(runs.counts)
    cell = np.searchsorted(ends, ranks, side="right")
    upto = np.cumsum(counts, axis=0, dtype=np.int64)
    inside = counts[cell].astype(np.int64)
    share = (ranks + 1 - (ends[cell] - runs.counts[cell])) / runs.counts[cell]
    return SectionCounts(totals=upto[-1], below=upto[cell] - inside, inside=inside, share=share)


class SectionedColumns:
    """The counts of all columns of a summary; without sections it holds nothing and does nothing.

    Parameters
    ----------
    n_columns, sections
        Numbers of columns and of replicates; 0 sections for independent scenarios.
    """

    __slots__ = ("columns", "sections")

    def __init__(self, n_columns: int, sections: int) -> None:
        self.sections = sections
        self.columns = tuple(Sections(sections) for _ in range(n_columns if sections else 0))

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return sum(column.nbytes for column in self.columns)

    def add(self, column: int, start: int, values: Array, counter: Counter) -> None:
        """Count a column of scenarios ``start`` to ``start + k``, float64 (k,), if there are sections; threads may at once."""
        if self.sections:
            counts = self.columns[column]
            with counts.lock:
                counter(values, start, counts)

    def merge(self, other: SectionedColumns) -> None:
        """Add the counts of other scenarios."""
        for counts, further in zip(self.columns, other.columns, strict=True):
            counts.merge(further)

    def to_arrays(self, runs: Iterable[Runs]) -> dict[str, NDArray[np.generic]]:
        """Return ``cell_sections``, uint32 (cells of all columns, sections); nothing without sections."""
        if not self.sections:
            return {}
        flat = [counts.of(cells.keys) for counts, cells in zip(self.columns, runs, strict=True)]
        return {"cell_sections": np.concatenate([np.zeros((0, self.sections), dtype=np.uint32), *flat])}

    def restore(self, arrays: Mapping[str, NDArray[Any]], runs: Iterable[Runs]) -> None:
        """Read back what `to_arrays` gave.

        Raises
        ------
        ValueError
            If the counts of a cell's sections do not sum to the cell's.
        """
        place = 0
        for counts, cells in zip(self.columns, runs, strict=False):
            own = np.asarray(arrays["cell_sections"], dtype=np.uint32)[place : place + len(cells.keys)]
            if (own.sum(axis=1, dtype=np.int64) != cells.counts).any():
                message = "sections that count other values than the cells"
                raise ValueError(message)
            counts.put(cells.keys, own)
            place += len(cells.keys)
