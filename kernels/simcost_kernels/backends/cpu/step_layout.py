"""How a discrete distribution's table lies in memory for a search: edges, values, and where to begin.

Source: the method of guide tables (Chen and Asau 1974, "On generating random variates from an empirical distribution"; Devroye
1986, "Non-Uniform Random Variate Generation", III.2.4). With as many cells as edges or more, a search takes one step on average.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.system.aligned import aligned_copy

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_EDGES = 16
"""Edges up to which comparing with each is quicker than searching."""

LEAST_CELLS = 1024


def step_layout(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the table as a kernel takes it.

    Parameters
    ----------
    table
        float64 (2, m): cumulative probabilities ascending to 1.0, and the values.

    Returns
    -------
    float64 (2, m) if there are few edges. Else (3, cells): edges and values, the last of each repeated, and for each of so many
    equal cells of (0, 1) the number of edges below where it begins.
    """
    edges, values = table
    if len(edges) <= FEW_EDGES:
        return aligned_copy(table)
    cells = max(len(edges), LEAST_CELLS)
    more = cells - len(edges)
    begins = np.searchsorted(edges, np.arange(cells) / cells)
    return aligned_copy(np.array([np.pad(edges, (0, more), "edge"), np.pad(values, (0, more), "edge"), begins], dtype=np.float64))
