"""Atoms within cells: a value that many scenarios share, such as a cap, beside others that lie about it.

A cell says how many values it has, the smallest and the largest, not which of them many share. The cells about it say how many
of its values would be there without an atom. If it has far more, and the others lie on one side alone, the atom is an end of the
cell: the largest value where a cap cuts off what lies above, the smallest where a minimum cuts off what lies below. If they lie
on both sides, the atom is anywhere within the cell, and so may each of its order statistics be. If there are none, nothing tells
an atom from values that all lie within a cell, and they are taken to lie evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.cells import Runs

WINDOW = 64
"""Cells on either side that tell how densely values lie: 0.8 to 1.6 % of the value."""

ONE_SIDED = 0.1
"""Share of the denser side's values that the other side may have where an end of the cell is taken to be the atom."""

CELL_EXPONENT = -13
"""Width of a cell, as a power of two, from the exponent that `numpy.frexp` gives: 4,096 cells an octave."""


@dataclass(frozen=True, slots=True)
class Atoms:
    """What some cells have beside an atom; arrays (k,).

    Parameters
    ----------
    found
        Whether a cell has an atom beside other values, bool.
    at
        Where it is: -1 the smallest value, 1 the largest, 0 unknown, int64.
    others
        About how many of the cell's values lie beside it, float64.
    """

    found: NDArray[np.bool_]
    at: NDArray[np.int64]
    others: Array

    def slack(self) -> Array:
        """Return by how many the number of the others may be wrong: four standard deviations."""
        return 4.0 * np.sqrt(self.others) + 4.0


def is_beyond(count: NDArray[np.int64], expected: Array) -> NDArray[np.bool_]:
    """Tell where a cell has far more values than are expected, six standard deviations of a difference of counts."""
    return count > expected + 9.0 * np.sqrt(expected) + 9.0


def atoms_in(runs: Runs, ends: NDArray[np.int64], cell: NDArray[np.int64]) -> Atoms:
    """Find the atoms of some cells.

    Parameters
    ----------
    runs
        The occupied cells of a column.
    ends
        Running count of their values.
    cell
        Numbers of the cells among ``runs``, int64 (k,).
    """
    keys, before = runs.keys, np.concatenate((np.zeros(1, dtype=np.int64), ends))
    first, last = (np.searchsorted(keys, keys[cell] + by) for by in (-WINDOW, WINDOW + 1))
    below = (before[cell] - before[first]) / WINDOW
    above = (before[last] - before[cell + 1]) / WINDOW
    expected = np.maximum.reduce([below, above, *(_beside(runs, cell, by) for by in (-1, 1))])
    low, high = runs.lows[cell], runs.highs[cell]
    _, exponent = np.frexp(np.maximum(np.abs(low), np.abs(high)))
    share = np.minimum((high - low) / np.maximum(np.ldexp(1.0, exponent + CELL_EXPONENT), np.finfo(np.float64).tiny), 1.0)
    at = np.where(above <= ONE_SIDED * below, 1, np.where(below <= ONE_SIDED * above, -1, 0))
    return Atoms(
        found=(high > low) & (below + above > 0.0) & is_beyond(runs.counts[cell], expected),
        at=at,
        others=np.maximum(np.maximum(below, above) * share, 1.0),
    )


def _beside(runs: Runs, cell: NDArray[np.int64], by: int) -> Array:
    """Return how many values the very next cell below or above has."""
    place = np.clip(cell + by, 0, len(runs.keys) - 1)
    return np.where(runs.keys[place] == runs.keys[cell] + by, runs.counts[place], 0).astype(np.float64)
