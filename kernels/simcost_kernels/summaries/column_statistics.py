"""Statistics of the columns of a run, from what is held of them: moments, extremes and counts by cell.

Percentiles and histograms are read off the cells, each of which knows its smallest and largest value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.cells import Cells
from simcost_kernels.summaries.moments import no_moments
from simcost_kernels.summaries.order_statistics import Ordered
from simcost_kernels.summaries.ranges import Ranges
from simcost_kernels.summaries.sections import SectionedColumns, counts_around

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.cells import Runs
    from simcost_kernels.summaries.moments import Moments
    from simcost_kernels.summaries.sections import SectionCounts


class ColumnStatistics:
    """What is held of the columns of a run, and what can be asked of it; `summary.Summary` counts into it.

    Parameters
    ----------
    n_columns
        Number of columns.
    sections
        Number of replicates that scenarios are dealt out to (see `draws.sampling`), each counted by itself too; 0 where
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

    def mean(self) -> Array:
        """Mean of each column; NaN where no value is finite."""
        return np.where(self.count() > 0, self._moments().mean, np.nan)

    def sd(self) -> Array:
        """Standard deviation of each column with divisor n - 1; NaN below two values, infinite beyond about 1e154."""
        count = self.count()
        return np.where(count > 1, np.sqrt(self._moments().squares / np.maximum(count - 1, 1)), np.nan)

    def minimum(self) -> Array:
        """Smallest finite value of each column; NaN if none."""
        return np.where(self.count() > 0, self._minimum, np.nan)

    def maximum(self) -> Array:
        """Largest finite value of each column; NaN if none."""
        return np.where(self.count() > 0, self._maximum, np.nan)

    def at_rank(self, column: int, ranks: ArrayLike) -> Array:
        """Order statistics of a column by 0-based rank among its finite values, interpolated within a cell.

        Exact for ties, for atoms alone in a cell or at an end of it, and wherever a cell holds one or two values; off by less
        than 2.45e-4 of the value at worst, and by `rank_error` as a rule.
        """
        return self._cells[column].at_rank(self._ranks(column, ranks))[0]

    def rank_error(self, column: int, ranks: ArrayLike) -> Array:
        """Standard error of `at_rank`, in the column's unit; 0.0 where that is exact."""
        return self._cells[column].at_rank(self._ranks(column, ranks))[1]

    def count_up_to(self, column: int, value: float) -> tuple[int, float]:
        """Return how many finite values of a column are at most ``value``, and the standard error: `Ordered.up_to`."""
        return self._ordered(column).up_to(value)

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
