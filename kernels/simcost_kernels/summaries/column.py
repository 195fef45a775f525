"""One column of one block reduced to what a summary takes in: moments, extremes, cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from simcost_kernels.summaries.cells import runs_of
from simcost_kernels.summaries.moments import mean_of, squares_about

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.cells import Cells


@dataclass(frozen=True, slots=True)
class Reduced:
    """The finite values of a column within a block.

    Parameters
    ----------
    moments
        Their count, mean (0.0 where there is none) and sum of squared deviations.
    minimum, maximum
        Infinite, with the sign that any value beats, where there is none.
    """

    moments: tuple[int, float, float]
    minimum: float
    maximum: float


class Reduction(Protocol):
    """A way to reduce columns; all give the same bits as `reduce_column`."""

    def __call__(self, values: Array, cells: Cells, work: Array) -> Reduced:
        """Count the values into ``cells``, and return the rest."""


def reduce_column(values: Array, cells: Cells, work: Array) -> Reduced:
    """Reduce one column on NumPy: the definition.

    Parameters
    ----------
    values
        float64 (k,), left as they are; what is not finite is left out (and adds a zero to the sums).
    cells
        Of this column; the values are counted in.
    work
        float64 (2, k), overwritten.
    """
    scratch, kept = work
    np.add(values, 0.0, out=kept)  # a copy in which -0.0 is 0.0
    kept.sort()
    # NaN sorts last: where both ends are finite, everything is.
    if np.isfinite(kept[0]) and np.isfinite(kept[-1]):
        return _reduce(values, kept, scratch, None, cells)
    return _reduce(values, kept, scratch, np.isfinite(values), cells)


def _reduce(
    values: Array,
    ascending: Array,
    scratch: Array,
    finite: NDArray[np.bool_] | None,
    cells: Cells,
) -> Reduced:
    kept = ascending if finite is None else ascending[np.isfinite(ascending)]
    cells.add(runs_of(kept))
    count = len(kept)
    if not count:
        return Reduced((0, 0.0, 0.0), np.inf, -np.inf)
    low, high = float(kept[0]), float(kept[-1])
    mean = mean_of(values if finite is None else np.where(finite, values, 0.0), count, (low, high), scratch)
    # The sorted copy has served; its memory takes the deviations.
    squares = squares_about(values if finite is None else np.where(finite, values, mean), mean, ascending, scratch)
    return Reduced((count, mean, squares), low, high)
