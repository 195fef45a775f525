"""Columns in a device's memory -> a summary: what ``reduction.cuh`` computes, launched, fetched and put into arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels.summaries.cells import KEY_SHIFT, PAGE, PAGE_BITS
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.backends.cuda.device import Buffer, Device, Module

THREADS = 512
"""Of a group; a power of two. It never changes a figure."""

PARTS_EACH = 4
"""Parts of a column that a group counts before it adds its counts to those of the device."""

PAGES = 1 << (64 - KEY_SHIFT - PAGE_BITS)
"""Pages of a column; ``reduction.cuh`` has this number and `PAGE` as its own."""

_FIRST_PAGES = 32
"""Pages that a column has room for at first, four octaves; more are made as needed."""

_MOST_PAGES = (1 << 32) // PAGE
"""So that a cell has a number of 32 bits; they would take 100 GB."""

_HALF_KEYS = 1 << (63 - KEY_SHIFT)
_SIGN = np.uint64(1 << 63)
_ONES = 0xFF
"""Byte of -1, and of the largest of unsigned numbers."""


def reduction_text() -> str:
    """Return the C++ text of the reduction, for any target."""
    return f"#define THREADS {THREADS}\n" + Path(__file__).with_name("reduction.cuh").read_text(encoding="utf-8")


class Reduction:
    """The summary of a range of scenarios as it grows in a device's memory.

    Parameters
    ----------
    device
        Active.
    module
        `reduction_text`, loaded there.
    n_columns
        Columns of the plan.
    start, stop
        The range. All of it is to be added before the summary is asked for.
    width
        Scenarios added at once, at most.
    sections
        Number of replicates that are told apart, or 0; see `simcost_kernels.draws.sampling`.
    """

    def __init__(
        self, device: Device, module: Module, n_columns: int, *, start: int, stop: int, width: int, sections: int = 0
    ) -> None:
        self._device, self._module, self._n_columns, self._sections = device, module, n_columns, sections
        self._parts = list(parts_of(start, stop))
        shape = (len(self._parts), n_columns)
        self._counts = device.empty(shape, np.int64)
        self._lows, self._highs, self._means, self._squares = (device.empty(shape, np.float64) for _ in range(4))
        self._marks = device.filled((n_columns, PAGES), np.uint8, 0)
        self._rows = device.filled((n_columns, PAGES), np.int32, _ONES)
        self._used = device.filled((1,), np.uint32, 0)
        self._cells = self._empty_cells(n_columns * _FIRST_PAGES)
        self._broken = device.filled((width,), np.uint8, 0)
        self._found = device.upload(np.array([0, ~np.uint64(0)], dtype=np.uint64))

    def add(self, first: int, n: int, columns: Buffer) -> None:
        """Take in columns, float64 (n_columns, n), of the scenarios from ``first``; ``first`` is an edge of a part."""
        parts = sum(1 for _ in parts_of(first, first + n))
        place = first // BLOCK - self._parts[0][0] // BLOCK
        here = slice(place, place + parts)
        head, width = np.uint64(min(BLOCK - first % BLOCK, n)), np.uint64(self._n_columns)
        given = columns, np.uint64(n), head, width
        figures = self._counts[here], self._lows[here], self._highs[here], self._means[here]
        self._launch("centre", parts * self._n_columns, *given, *figures, self._marks, self._broken)
        self._launch("find_broken", -(-n // THREADS), np.uint64(first), np.uint64(n), self._broken, self._found)
        pages = self._n_columns * PAGES
        self._launch("place_pages", -(-pages // THREADS), np.uint64(pages), self._marks, self._rows, self._used)
        self._make_room()
        grouped = np.uint64(parts), np.uint64(PARTS_EACH), self._counts[here], self._highs[here], self._means[here]
        groups = -(-parts // PARTS_EACH) * self._n_columns
        self._launch("count_cells", groups, *given, *grouped, self._rows, self._squares[here], *self._cells[:2])
        if self._sections:
            dealt = np.uint64(first), np.uint64(self._sections), self._rows, self._cells[2]
            self._launch("count_sections", -(-n // BLOCK) * self._n_columns, columns, np.uint64(n), width, *dealt)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Fetch everything, as `simcost_kernels.summaries.summary.Summary.to_arrays` writes it."""
        counts, lows, highs, means, squares, found = map(
            self._device.fetch, (self._counts, self._lows, self._highs, self._means, self._squares, self._found)
        )
        lengths = np.array([stop - start for start, stop in self._parts])
        broken, lowest = map(int, found)
        return {
            "ranges": np.array(self._parts),
            "count": counts,
            "mean": means,
            "squares": squares,
            "minimum": lows.min(axis=0),
            "maximum": highs.max(axis=0),
            "non_finite": (lengths[:, None] - counts).sum(axis=0),
            "non_finite_scenarios": np.array([broken, lowest if broken else -1]),
            **self._occupied(),
        }

    def _occupied(self) -> dict[str, NDArray[np.generic]]:
        """Return the occupied cells as `simcost_kernels.summaries.cells.stack` writes them."""
        rows = self._device.fetch(self._rows)
        column, page = np.nonzero(rows >= 0)
        order = rows[column, page]
        counts, extremes, *sections = (self._device.fetch(each[: len(order)])[order] for each in self._cells)
        occupied = counts > 0
        keys = (page[:, None] * PAGE + np.arange(PAGE)) - _HALF_KEYS
        cells = np.bincount(column, weights=occupied.sum(axis=1), minlength=self._n_columns)
        return {
            "cell_offsets": np.concatenate(([0], np.cumsum(cells))).astype(np.int64),
            "cell_keys": keys[occupied].astype(np.int32),
            "cell_counts": counts[occupied].astype(np.int64),
            "cell_lows": _values(extremes[..., 0][occupied]),
            "cell_highs": _values(~extremes[..., 1][occupied]),
            **({"cell_sections": sections[0][occupied]} if sections else {}),
        }

    def _launch(self, kernel: str, groups: int, *arguments: Buffer | np.uint64) -> None:
        self._module.launch(kernel, groups, THREADS, np.uint64(groups), *arguments)

    def _make_room(self) -> None:
        """Make cells for all rows in use."""
        used, room = int(self._device.fetch(self._used)[0]), len(self._cells[0])
        if used > _MOST_PAGES:
            message = f"{used} pages of cells, {_MOST_PAGES} at most"
            raise MemoryError(message)
        if used > room:
            more = self._empty_cells(used + used // 4)
            for new, old in zip(more, self._cells, strict=True):
                new[:room] = old
            self._cells = more

    def _empty_cells(self, pages: int) -> tuple[Buffer, ...]:
        """Return counts, extremes and, if there are sections, their counts."""
        filled = self._device.filled
        sections = (filled((pages, PAGE, self._sections), np.uint32, 0),) if self._sections else ()
        return filled((pages, PAGE), np.uint64, 0), filled((pages, PAGE, 2), np.uint64, _ONES), *sections


def _values(ordered: NDArray[np.uint64]) -> Array:
    """Return the values of whole numbers that sort as they do: ``ordered`` in ``reduction.cuh``, backwards."""
    return np.where(ordered & _SIGN, ordered ^ _SIGN, ~ordered).view(np.float64)
