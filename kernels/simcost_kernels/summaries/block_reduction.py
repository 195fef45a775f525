"""The columns of one block on their way into a summary, each by whichever thread is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.moments import no_moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.cells import Cells
    from simcost_kernels.summaries.column import Reduction
    from simcost_kernels.summaries.sections import Counter, SectionedColumns


class BlockReduction:
    """Counts the columns of a block into the cells of a summary, and holds their moments until all are there.

    Threads may `reduce` at once: other columns of this block, or any of another block of the same summary.

    Parameters
    ----------
    start
        Absolute number of the first scenario.
    columns
        float64 (n_columns, k); read only.
    cells, sections
        Of the summary.

    Attributes
    ----------
    moments
        Of the columns reduced so far.
    minimum, maximum
        Of their finite values, float64 (n_columns,); infinite where there is none.
    """

    __slots__ = ("_cells", "_sections", "columns", "maximum", "minimum", "moments", "start")

    def __init__(self, start: int, columns: Array, cells: Sequence[Cells], sections: SectionedColumns) -> None:
        self.start, self.columns = start, columns
        self.moments = no_moments(len(columns))
        self.minimum, self.maximum = np.full(len(columns), np.inf), np.full(len(columns), -np.inf)
        self._cells, self._sections = cells, sections

    @property
    def stop(self) -> int:
        """One more than the number of the last scenario."""
        return self.start + int(self.columns.shape[1])

    def reduce(self, which: Iterable[int], reduction: Reduction, counter: Counter) -> None:
        """Take in some columns, each once; see `simcost_kernels.summaries.summary.Summary.add`."""
        work = np.empty((2, self.columns.shape[1]))
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for column in which:
                values = self.columns[column]
                reduced = reduction(values, self._cells[column], work)
                self.moments.count[column], self.moments.mean[column], self.moments.squares[column] = reduced.moments
                self.minimum[column], self.maximum[column] = reduced.minimum, reduced.maximum
                self._sections.add(column, self.start, values, counter)

    def broken(self) -> NDArray[np.int64]:
        """Return the ascending numbers of the scenarios with a value that is not finite, once all columns are reduced."""
        suspects = np.flatnonzero(self.moments.count < self.columns.shape[1])
        finite = np.isfinite(self.columns[suspects]).all(axis=0)
        return self.start + np.flatnonzero(~finite)
