"""What columns are summarised to, as a run of them would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def summary_of(values: ArrayLike, sections: int = 0) -> Summary:
    """Summarise a column, or several below each other, of scenarios from the first on, block by block."""
    columns = np.atleast_2d(np.asarray(values, dtype=np.float64))
    summary = Summary(len(columns), sections)
    for start in range(0, columns.shape[1], BLOCK):
        summary.add(start, np.ascontiguousarray(columns[:, start : start + BLOCK]))
    return summary
