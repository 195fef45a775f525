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

from simcost_kernels.cells import Cells, stack, unstack
from simcost_kernels.column import reduce_column
from simcost_kernels.moments import Moments, no_moments
from simcost_kernels.order_statistics import Ordered
from simcost_kernels.ranges import BLOCK, Node, Ranges, arrays_of, nodes_of
from simcost_kernels.sections import SectionCounts, SectionedColumns, count_column, counts_around, sections_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from simcost_kernels.cells import Runs
    from simcost_kernels.column import Reduction
    from simcost_kernels.sections import Counter

__all__ = ["BLOCK", "Summary"]


class Summary:
    """What is kept of all scenarios of a run.

    Values that are not finite are counted by column and left out of everything else. Not safe for several threads at once:
    give each its own, one `beside` the first, and merge them.

    Parameters
    ----------
    n_columns
        Number of columns.
    sections
        Number of replicates that scenarios are dealt out to (see `simcost_kernels.sampling`), each counted by itself too; 0 where
        scenarios are independent.

    Attributes
    ----------
    non_finite
        Values of each column that are not finite, int64 (n_columns,).
    non_finite_scenarios
        Scenarios with at least one such value.
    first_non_finite
        The lowest number of such a scenario; -1 if there is none.
    """

    def __init__(self, n_columns: int, sections: int = 0) -> None:
        self.non_finite = np.zeros(n_columns, dtype=np.int64)
        self.non_finite_scenarios = 0
        self.first_non_finite = -1
        self._minimum = np.full(n_columns, np.inf)
        self._maximum = np.full(n_columns, -np.inf)
        self._ranges = Ranges()
        self._cells = [Cells() for _ in range(n_columns)]
        self._sections = SectionedColumns(n_columns, sections)
        self._folded: Moments | None = None
        self._answer: tuple[int, Ordered] | None = None

    def add(
        self,
        start: int,
        columns: NDArray[np.float64],
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
        stop = start + self._width(columns)
        if start < 0 or start // BLOCK != (stop - 1) // BLOCK:
            message = f"scenarios {start} to {stop - 1} are not within one block of {BLOCK}. Cut at multiples of {BLOCK}."
            raise ValueError(message)
        self._refuse_overlap(start, stop)
        moments = self._add_columns(start, columns, reduction)
        self._sections.add(start, columns, counter)
        self._ranges.insert(Node(start, stop, moments))
        self._forget()

    def beside(self) -> Summary:
        """Return an empty summary for another thread, which counts into the very cells of this one.

        Both may `add` at once, other scenarios each. What has been counted is whole when one is merged into the other; until
        then neither answers anything.
        """
        other = Summary(self.n_columns, self.sections)
        other._cells = self._cells
        return other

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
            if others is not mine:
                mine.merge(others)
        self._sections.merge(other._sections)
        self._minimum = np.minimum(self._minimum, other._minimum)
        self._maximum = np.maximum(self._maximum, other._maximum)
        self.non_finite = self.non_finite + other.non_finite
        self._count_scenarios(other.non_finite_scenarios, other.first_non_finite)
        self._forget()

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self._cells)

    @property
    def sections(self) -> int:
        """Number of replicates that are told apart; 0 where scenarios are independent."""
        return self._sections.sections

    @property
    def n(self) -> int:
        """Number of scenarios."""
        return self._ranges.n

    @property
    def nbytes(self) -> int:
        """Memory that the counts hold, in bytes; the rest is negligible."""
        return sum(cells.nbytes for cells in self._cells) + self._sections.nbytes

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Scenarios that are here, as ascending (start, stop); neighbours are not always joined."""
        return tuple((node.start, node.stop) for node in self._ranges.nodes)

    def count(self) -> NDArray[np.int64]:
        """Finite values of each column, int64 (n_columns,)."""
        return self.n - self.non_finite

    def mean(self) -> NDArray[np.float64]:
        """Mean of each column; NaN where no value is finite."""
        return np.where(self.count() > 0, self._moments().mean, np.nan)

    def sd(self) -> NDArray[np.float64]:
        """Standard deviation of each column with divisor n - 1; NaN below two values, infinite beyond about 1e154."""
        count = self.count()
        return np.where(count > 1, np.sqrt(self._moments().squares / np.maximum(count - 1, 1)), np.nan)

    def minimum(self) -> NDArray[np.float64]:
        """Smallest finite value of each column; NaN if none."""
        return np.where(self.count() > 0, self._minimum, np.nan)

    def maximum(self) -> NDArray[np.float64]:
        """Largest finite value of each column; NaN if none."""
        return np.where(self.count() > 0, self._maximum, np.nan)

    def at_rank(self, column: int, ranks: ArrayLike) -> NDArray[np.float64]:
        """Order statistics of a column by 0-based rank among its finite values, interpolated within a cell.

        Exact for ties, atoms, and wherever a cell holds one or two values; off by less than 2.45e-4 of the value at
        worst, and by `rank_error` as a rule.
        """
        return self._cells[column].at_rank(self._ranks(column, ranks))[0]

    def rank_error(self, column: int, ranks: ArrayLike) -> NDArray[np.float64]:
        """Standard error of `at_rank`, in the column's unit; 0.0 where that is exact."""
        return self._cells[column].at_rank(self._ranks(column, ranks))[1]

    def count_up_to(self, column: int, value: float) -> tuple[int, float]:
        """Return how many finite values of a column are at most ``value``, and the standard error of that number.

        Exact, and the error 0.0, unless ``value`` falls inside a cell; there m values spread evenly are taken to be at most
        ``value`` with the share of the cell that it cuts off, and their number to be binomial.
        """
        runs = self._ordered(column).runs
        found = int(self._ordered(column).below(np.array([np.nextafter(value, np.inf)]))[0])
        cell = int(np.searchsorted(runs.highs, value, side="right"))
        if cell == len(runs.counts) or value < runs.lows[cell] or runs.counts[cell] < 3:
            return found, 0.0
        share = (value - runs.lows[cell]) / (runs.highs[cell] - runs.lows[cell])
        return found, float(np.sqrt((runs.counts[cell] - 2) * share * (1.0 - share)))

    def cells(self, column: int) -> Runs:
        """Occupied cells of a column by ascending key: counts, smallest and largest value of each."""
        return self._ordered(column).runs

    def count_true(self, column: int) -> int:
        """Exact number of nonzero values of a column of zeros and ones."""
        runs = self._ordered(column).runs
        return int(runs.counts[(runs.lows != 0.0) | (runs.highs != 0.0)].sum())

    def sections_around(self, column: int, ranks: ArrayLike) -> SectionCounts:
        """What each section of a column holds around 0-based ranks of its finite values."""
        runs = self._ordered(column).runs
        return counts_around(runs, self._sections.columns[column].of(runs.keys), self._ranks(column, ranks))

    def sections_true(self, column: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Exact numbers of nonzero and of all values of each section of a column of zeros and ones, int64 (sections,)."""
        runs = self._ordered(column).runs
        counts = self._sections.columns[column].of(runs.keys).astype(np.int64)
        return counts[(runs.lows != 0.0) | (runs.highs != 0.0)].sum(axis=0), counts.sum(axis=0)

    def histogram(self, column: int, edges: ArrayLike) -> NDArray[np.int64]:
        """Values between neighbouring edges, the last edge included, int64 (n_edges - 1,).

        An edge inside a cell splits it by interpolation; values outside the edges are not counted.
        """
        places = np.asarray(edges, dtype=np.float64)
        if not self.count()[column]:
            return np.zeros(len(places) - 1, dtype=np.int64)
        upper = np.append(places[:-1], np.nextafter(places[-1], np.inf))
        return np.diff(self._ordered(column).below(upper))

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

    def _width(self, columns: NDArray[np.float64]) -> int:
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

    def _add_columns(self, start: int, columns: NDArray[np.float64], reduction: Reduction) -> Moments:
        moments = no_moments(self.n_columns)
        work = np.empty((2, columns.shape[1]))
        suspects: list[int] = []
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for column in _apart(start // BLOCK, self.n_columns):
                values = columns[column]
                reduced = reduction(values, self._cells[column], work)
                moments.count[column], moments.mean[column], moments.squares[column] = reduced.moments
                self._minimum[column] = min(self._minimum[column], reduced.minimum)
                self._maximum[column] = max(self._maximum[column], reduced.maximum)
                if reduced.moments[0] < len(values):
                    suspects.append(column)
        self.non_finite += columns.shape[1] - moments.count
        if suspects:
            broken = ~np.isfinite(columns[suspects]).all(axis=0)
            self._count_scenarios(int(broken.sum()), start + int(broken.argmax()))
        return moments

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

    def _ranks(self, column: int, ranks: ArrayLike) -> NDArray[np.int64]:
        whole = np.asarray(ranks, dtype=np.int64)
        count = int(self.count()[column])
        if whole.size and not (whole.min() >= 0 and whole.max() < count):
            message = f"ranks {whole.min()} to {whole.max()} of column {column}, which has {count} values. Give 0 to {count - 1}."
            raise ValueError(message)
        return whole

    def _moments(self) -> Moments:
        if self._folded is None:
            self._folded = self._ranges.fold().moments if self._ranges.nodes else no_moments(self.n_columns)
        return self._folded

    def _ordered(self, column: int) -> Ordered:
        """Prepare a column for questions; kept until another is asked about, since all of them together are large."""
        if self._answer is None or self._answer[0] != column:
            self._answer = column, Ordered.of(self._cells[column].runs())
        return self._answer[1]

    def _forget(self) -> None:
        self._folded = None
        self._answer = None


def _apart(block: int, n_columns: int) -> Iterator[int]:
    """Yield the columns from another one on for each block: threads at different blocks hardly ever want the same cells."""
    first = int(block * GOLDEN_RATIO % 1.0 * n_columns)
    yield from range(first, n_columns)
    yield from range(first)


GOLDEN_RATIO = (5**0.5 - 1) / 2
"""Its multiples lie far from each other modulo one (Knuth, The Art of Computer Programming 3, section 6.4)."""
