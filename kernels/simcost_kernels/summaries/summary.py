"""Mergeable summary of simulated columns: moments, extremes and counts by cell, the same bits whatever the order.

Any division of a range of scenarios into blocks, workers and machines, added or merged in any order, gives identical arrays
as long as the cuts lie on multiples of `BLOCK`; with other cuts counts stay exact and moments agree up to rounding.
Memory depends on how far the values spread, not on the number of scenarios: about 100 KB for each factor of two that a
column's values span, so some 20 MB for 75 columns. Ten times the scenarios reach farther into the tails: a tenth more.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.block_reduction import BlockReduction
from simcost_kernels.summaries.cells import stack, unstack
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.column_statistics import ColumnStatistics
from simcost_kernels.summaries.ranges import BLOCK, Node, arrays_of, nodes_of
from simcost_kernels.summaries.sections import count_column, sections_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.column import Reduction
    from simcost_kernels.summaries.sections import Counter

__all__ = ["BLOCK", "Summary"]


class Summary(ColumnStatistics):
    """What is kept of all scenarios of a run; what can be asked of it, and its parameters, are those of `ColumnStatistics`.

    Values that are not finite are counted by column and left out of everything else. Not safe for several threads at once, but
    for the columns of blocks that are `open`.
    """

    def add(
        self,
        start: int,
        columns: Array,
        *,
        reduction: Reduction = reduce_column,
        counter: Counter = count_column,
    ) -> None:
        """Take in the scenarios ``start`` to ``start + k - 1``, all of one block.

        Parameters
        ----------
        start
            Absolute number of the first scenario.
        columns
            float64 (n_columns, k); read only.
        reduction, counter
            How a column is reduced, and counted by section; no choice changes a bit.

        Raises
        ------
        ValueError
            If the shape is wrong, the scenarios span two blocks, or some of them are here already.
        """
        block = self.open(start, columns)
        block.reduce(range(self.n_columns), reduction, counter)
        self.close(block)

    def open(self, start: int, columns: Array) -> BlockReduction:
        """Begin to take in what `add` takes in at once: several threads may reduce its columns, and those of other blocks.

        Nothing else may be asked of the summary until each block that was opened is closed.

        Raises
        ------
        ValueError
            As `add` does.
        """
        stop = start + self._width(columns)
        if start < 0 or start // BLOCK != (stop - 1) // BLOCK:
            message = f"scenarios {start} to {stop - 1} are not within one block of {BLOCK}. Cut at multiples of {BLOCK}."
            raise ValueError(message)
        self._refuse_overlap(start, stop)
        return BlockReduction(start, columns, self._cells, self._sections)

    def close(self, block: BlockReduction) -> None:
        """Take in an opened block, each column of which has been reduced; by one thread at a time."""
        self._minimum = np.minimum(self._minimum, block.minimum)
        self._maximum = np.maximum(self._maximum, block.maximum)
        self.non_finite += block.stop - block.start - block.moments.count
        broken = block.broken()
        if len(broken):
            self._count_scenarios(len(broken), int(broken[0]))
        self._ranges.insert(Node(block.start, block.stop, block.moments))
        self._forget()

    def merge(self, other: Summary) -> None:
        """Take in all of another summary of the same columns, which is left as it is.

        Raises
        ------
        ValueError
            If the numbers of columns differ, or some scenarios are in both.
        """
        if (other.n_columns, other.sections) != (self.n_columns, self.sections):
            theirs, ours = (f"{each.n_columns} columns and {each.sections} sections" for each in (other, self))
            message = f"a summary of {theirs} does not merge into one of {ours}. Use one plan and one way of sampling."
            raise ValueError(message)
        for node in other._ranges.nodes:
            self._refuse_overlap(node.start, node.stop)
        for node in other._ranges.nodes:
            self._ranges.insert(node)
        for mine, others in zip(self._cells, other._cells, strict=True):
            mine.merge(others)
        self._sections.merge(other._sections)
        self._minimum = np.minimum(self._minimum, other._minimum)
        self._maximum = np.maximum(self._maximum, other._maximum)
        self.non_finite = self.non_finite + other.non_finite
        self._count_scenarios(other.non_finite_scenarios, other.first_non_finite)
        self._forget()

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything as arrays, for storing and for merging elsewhere; equal summaries give equal bits."""
        return {
            **arrays_of(self._ranges.nodes, self.n_columns),
            "minimum": self._minimum.copy(),
            "maximum": self._maximum.copy(),
            "non_finite": self.non_finite.copy(),
            "non_finite_scenarios": np.array([self.non_finite_scenarios, self.first_non_finite], dtype=np.int64),
            **stack(self._cells),
            **self._sections.to_arrays(cells.runs() for cells in self._cells),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Summary:
        """Rebuild a summary from what `to_arrays` gave.

        Raises
        ------
        ValueError
            If an array is missing or they contradict each other.
        """
        try:
            summary = cls(len(arrays["minimum"]), sections_in(arrays))
            summary._restore(arrays)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            message = f"the arrays of a summary are damaged: {error}. Run the simulation again."
            raise ValueError(message) from error
        return summary

    def digest(self) -> str:
        """SHA-256 over names, types, shapes and bytes of all arrays."""
        state = hashlib.sha256()
        for name, array in sorted(self.to_arrays().items()):
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            state.update(f"{name} {little.dtype.str} {little.shape};".encode())
            state.update(np.ascontiguousarray(little).ravel().view(np.uint8).data)
        return state.hexdigest()

    def _width(self, columns: Array) -> int:
        if columns.ndim != 2 or len(columns) != self.n_columns or not columns.shape[1] or columns.dtype != np.float64:
            message = f"{columns.dtype} columns of shape {columns.shape}; float64 ({self.n_columns}, k) with k >= 1 wanted."
            raise ValueError(message)
        return int(columns.shape[1])

    def _refuse_overlap(self, start: int, stop: int) -> None:
        node = self._ranges.overlap(start, stop)
        if node is not None:
            message = (
                f"scenarios {start} to {stop - 1} overlap {node.start} to {node.stop - 1}, which are here already. Add each once."
            )
            raise ValueError(message)

    def _count_scenarios(self, count: int, first: int) -> None:
        self.non_finite_scenarios += count
        if count and (self.first_non_finite < 0 or first < self.first_non_finite):
            self.first_non_finite = first

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        for node in nodes_of(arrays, self.n_columns):
            self._refuse_overlap(node.start, node.stop)
            self._ranges.insert(node)
        self._minimum = np.array(arrays["minimum"], dtype=np.float64)
        self._maximum = np.array(arrays["maximum"], dtype=np.float64).reshape(self.n_columns)
        self.non_finite = np.array(arrays["non_finite"], dtype=np.int64).reshape(self.n_columns)
        self.non_finite_scenarios, self.first_non_finite = map(int, arrays["non_finite_scenarios"])
        for cells, runs, count in zip(self._cells, unstack(arrays), self.count(), strict=True):
            if runs.counts.sum() != count or (runs.counts < 1).any():
                message = f"cells that count {runs.counts.sum()} values where the moments count {count}"
                raise ValueError(message)
            cells.add(runs)
        self._sections.restore(arrays, (cells.runs() for cells in self._cells))
