"""Counts by cell and section: how many values of each replicate lie in each cell of a column (see `cells`).

Their spread is what intervals by sectioning are made of. Counts are exact and order-free like those of the cells; a page of
cells takes 2 KB a section, some 4 MB a column that spreads over two octaves in 16 sections.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.cells import KEY_SHIFT, Runs, cell_keys
from simcost_kernels.sampling import ROW_BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from numpy.typing import NDArray

PAGE_BITS = 9
PAGE = 1 << PAGE_BITS
"""Cells counted together, an eighth of an octave."""

assert KEY_SHIFT + PAGE_BITS < 52  # noqa: S101 - pages lie within an octave


def section_numbers(start: int, stop: int, sections: int) -> NDArray[np.int64]:
    """Return the replicate of each of the scenarios ``start`` to ``stop``: int64 (stop - start,)."""
    return (np.arange(start, stop, dtype=np.int64) >> ROW_BITS) % sections


class Sections:
    """Counts of one column.

    Parameters
    ----------
    sections
        Number of replicates.
    """

    __slots__ = ("_pages", "_sections")

    def __init__(self, sections: int) -> None:
        self._sections = sections
        self._pages: dict[int, NDArray[np.uint32]] = {}

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return sum(page.nbytes for page in self._pages.values())

    def add(self, values: NDArray[np.float64], numbers: NDArray[np.int64]) -> None:
        """Count finite values, float64 (k,), of the sections ``numbers``, int64 (k,)."""
        if not len(values):
            return
        keys = cell_keys(values + 0.0)  # -0.0 is 0.0
        pages = keys >> PAGE_BITS
        first = int(pages.min())
        present = np.flatnonzero(np.bincount(pages - first))
        row = np.zeros(present[-1] + 1, dtype=np.int64)
        row[present] = np.arange(len(present))
        places = ((row[pages - first] << PAGE_BITS) | (keys & (PAGE - 1))) * self._sections + numbers
        counts = np.bincount(places, minlength=len(present) * PAGE * self._sections).astype(np.uint32)
        for page, counted in zip(present.tolist(), counts.reshape(-1, PAGE, self._sections), strict=True):
            self._add_page(first + page, counted)

    def merge(self, other: Sections) -> None:
        """Add the counts of another column of the same kind."""
        for page, counts in other._pages.items():
            self._add_page(page, counts)

    def put(self, keys: NDArray[np.int64], counts: NDArray[np.uint32]) -> None:
        """Add counts, uint32 (n_cells, sections), of cells by ascending key."""
        pages = keys >> PAGE_BITS
        borders = [0, *(np.flatnonzero(np.diff(pages)) + 1).tolist(), len(keys)]
        for first, last in pairwise(borders if len(keys) else []):
            page = np.zeros((PAGE, self._sections), dtype=np.uint32)
            page[keys[first:last] & (PAGE - 1)] = counts[first:last]
            self._add_page(int(pages[first]), page)

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the counts of occupied cells by ascending key: uint32 (n_cells, sections)."""
        pages = sorted(self._pages)
        if not pages:
            return np.zeros((0, self._sections), dtype=np.uint32)
        row = np.searchsorted(pages, keys >> PAGE_BITS)
        everything = np.concatenate([self._pages[page] for page in pages])
        found: NDArray[np.uint32] = everything[(row << PAGE_BITS) | (keys & (PAGE - 1))]
        return found

    def _add_page(self, page: int, counts: NDArray[np.uint32]) -> None:
        if page in self._pages:
            self._pages[page] += counts
        else:
            self._pages[page] = counts.copy()


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
    share: NDArray[np.float64]


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

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return sum(column.nbytes for column in self.columns)

    def __init__(self, n_columns: int, sections: int) -> None:
        self.sections = sections
        self.columns = tuple(Sections(sections) for _ in range(n_columns if sections else 0))

    def add(self, start: int, columns: NDArray[np.float64]) -> None:
        """Count scenarios ``start`` to ``start + k``, float64 (n_columns, k); what is not finite is left out."""
        if not self.sections:
            return
        numbers = section_numbers(start, start + columns.shape[1], self.sections)
        for counts, values in zip(self.columns, columns, strict=True):
            finite = np.isfinite(values)
            counts.add(*((values, numbers) if finite.all() else (values[finite], numbers[finite])))

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
