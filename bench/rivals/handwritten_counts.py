"""Percentiles of the hand-written kernel: counts over the bits of the float, 512 cells an octave, interpolated within a cell."""

import numpy as np
from handwritten_draws import lane, whole
from numpy_script import PERCENTILES

SHIFT = whole(52 - 9)
OCTAVES = 36
CELLS = OCTAVES * 512
FIRST_KEY = 1023 << 9  # of 1.0: whatever is smaller, such as 0, is counted in the first cell


@lane
def count(w, first, row, lanes, keys, counts):
    """Count the columns of some scenarios side by side, in rows of w from first on."""
    for column in range(counts.shape[0]):
        start = first + whole(column) * row
        for i in range(lanes):
            key = np.int64(np.float64(w[start + i]).view(np.uint64) >> SHIFT) - FIRST_KEY
            keys[i] = whole(min(max(key, 0), CELLS - 1))
        for i in range(lanes):
            counts[column, keys[i]] += 1


def percentiles(counts):
    """Percentiles of every column, interpolated within a cell: float64 (7, 31)."""
    edges = ((np.arange(CELLS + 1, dtype=np.uint64) + whole(FIRST_KEY)) << SHIFT).view(np.float64)
    edges[0] = edges[1] = 0.0
    return np.array([percentiles_of(column, edges) for column in counts]).T


def percentiles_of(counts, edges):
    below = np.cumsum(counts)
    ranks = np.array(PERCENTILES) / 100 * (below[-1] - 1)
    cell = np.searchsorted(below, ranks, side="right")
    share = (ranks - (below[cell] - counts[cell]) + 0.5) / counts[cell]
    return edges[cell] + share * (edges[cell + 1] - edges[cell])
