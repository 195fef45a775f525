"""Order statistics of a column that is counted in cells: values of ranks, and ranks of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.atoms import atoms_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.atoms import Atoms
    from simcost_kernels.summaries.cells import Runs

ROUNDING = 4e-9
"""Of a value, by how much a sum that is asked about may exceed it and still be meant to be it."""


def order_statistics(place: NDArray[np.int64], count: NDArray[np.int64], low: Array, high: Array) -> tuple[Array, Array]:
    """Values of some ranks and the standard error of each, from the cells that they lie in.

    Parameters
    ----------
    place
        Rank of each among the values of its cell, from 0.
    count, low, high
        Number of values of each one's cell, the smallest and the largest.

    Returns
    -------
    values, errors
        Rank i of the m values in a cell is interpolated between smallest and largest at i / (m - 1). For m - 2 values
        spread evenly between the two, that is the mean of a beta variable, and the error its standard deviation
        (David and Nagaraja, "Order Statistics", 2.2). Zero, and the value exact, at both ends of a cell and in ties.
    """
    share = place / np.maximum(count - 1, 1)
    values = np.where(place == count - 1, high, low + (high - low) * share)
    errors = (high - low) * np.sqrt(share * (1.0 - share) / count)
    return values, errors


@dataclass(frozen=True, slots=True)
class Ordered:
    """The occupied cells of a column with their running count: answers for ranks and for values."""

    runs: Runs
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, runs: Runs) -> Ordered:
        """Prepare ``runs`` for queries."""
        return cls(runs, np.cumsum(runs.counts))

    def at_rank(self, ranks: NDArray[np.int64]) -> tuple[Array, Array]:
        """Values of order statistics by 0-based rank, int64, each below the number of values; and the standard error of each."""
        cell = np.searchsorted(self.ends, ranks, side="right")
        count = self.runs.counts[cell]
        place, low, high = ranks - (self.ends[cell] - count), self.runs.lows[cell], self.runs.highs[cell]
        values, errors = order_statistics(place, count, low, high)
        atoms = atoms_in(self.runs, self.ends, cell)
        inside = atoms.found & (place > 0) & (place < count - 1)
        if not inside.any():
            return values, errors
        at, off = _beside_an_atom(place, count, (low, high), values, atoms)
        return np.where(inside, at, values), np.where(inside, off, errors)

    def below(self, values: Array) -> NDArray[np.int64]:
        """Number of column values smaller than each of ``values``: exact unless it falls inside a cell, then interpolated."""
        cell = np.searchsorted(self.runs.highs, values, side="left")
        last = len(self.ends) - 1
        inside = np.minimum(cell, last)
        low, high = self.runs.lows[inside], self.runs.highs[inside]
        count = self.runs.counts[inside]
        width = np.where(high > low, high - low, 1.0)
        share = np.clip((values - low) / width, 0.0, 1.0)
        within = np.where(values > low, np.minimum(1 + np.floor(share * (count - 1)).astype(np.int64), count - 1), 0)
        return np.where(cell > last, self.ends[last], self.ends[inside] - count + within)

    def up_to(self, value: float) -> tuple[int, float]:
        """Return how many column values are at most ``value``, and the standard error of that number.

        Exact, and the error 0.0, unless ``value`` falls inside a cell. There m values spread evenly are taken to be at most
        ``value`` with the share of the cell that it cuts off, and their number to be binomial. But where ``value`` is the
        smallest of the cell it is no chance: a minimum that is paid, which many share. All are taken to be there but as many
        as lie in such a stretch of the cell above; the error is their number.
        """
        runs, found = self.runs, int(self.below(np.array([np.nextafter(value, np.inf)]))[0])
        cell = int(np.searchsorted(runs.highs, value, side="right"))
        if cell == len(runs.counts) or value < runs.lows[cell] or runs.counts[cell] < 3:
            return found, 0.0
        low, width, inside = float(runs.lows[cell]), float(runs.highs[cell] - runs.lows[cell]), int(runs.counts[cell])
        if value - low <= ROUNDING * abs(low):
            beyond = min(max(round(self._density_above(cell) * width), 1), inside - 1)
            return int(self.ends[cell]) - beyond, float(beyond)
        share = (value - low) / width
        atoms = atoms_in(runs, self.ends, np.array([cell]))
        if atoms.found[0]:
            return self._up_to_beside_an_atom(cell, found, share, atoms)
        return found, float(np.sqrt((inside - 2) * share * (1.0 - share)))

    def _up_to_beside_an_atom(self, cell: int, found: int, share: float, atoms: Atoms) -> tuple[int, float]:
        """Return what `up_to` does inside a cell with an atom, of which a value cuts off a share."""
        end, inside, at = int(self.ends[cell]), int(self.runs.counts[cell]), int(atoms.at[0])
        before = end - inside
        if not at:
            return found, float(max(found - before, end - found))
        others, slack = float(atoms.others[0]), float(atoms.slack()[0])
        up_to = before + others * share if at > 0 else end - others * (1.0 - share)
        return int(np.clip(round(up_to), before + 1, end - 1)), min(slack, float(inside))

    def _density_above(self, cell: int) -> float:
        """Values for each unit in the next cell; 0.0 where there is none, or it has a single value."""
        if cell + 1 == len(self.ends):
            return 0.0
        width = float(self.runs.highs[cell + 1] - self.runs.lows[cell + 1])
        return float(self.runs.counts[cell + 1] - 1) / width if width > 0.0 else 0.0


def _beside_an_atom(
    place: NDArray[np.int64],
    count: NDArray[np.int64],
    ends: tuple[Array, Array],
    values: Array,
    atoms: Atoms,
) -> tuple[Array, Array]:
    """Values of ranks in cells with an atom, and how far they may be off.

    Where the atom is an end of the cell, that is the value of all ranks but those of the others; where it is anywhere, a value is
    interpolated and may be off as far as the cell reaches.
    """
    low, high = ends
    from_far = np.where(atoms.at > 0, place, count - 1 - place)  # ranks from the end that is no atom
    share = np.minimum(from_far / atoms.others, 1.0)
    beside = np.where(atoms.at > 0, low + (high - low) * share, high - (high - low) * share)
    surely = from_far > atoms.others + atoms.slack()
    sided = np.where(surely, 0.0, np.maximum(high - beside, beside - low))
    anywhere = np.maximum(high - values, values - low)
    return np.where(atoms.at == 0, values, beside), np.where(atoms.at == 0, anywhere, sided)
