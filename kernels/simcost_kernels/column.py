"""One column of one block reduced to what a summary takes in: moments, extremes, cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.cells import Runs, runs_of
from simcost_kernels.moments import mean_of, squares_about

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Reduced:
    """The finite values of a column within a block.

    Parameters
    ----------
    moments
        Their count, mean (0.0 where there is none) and sum of squared deviations.
    minimum, maximum
        Infinite, with the sign that any value beats, where there is none.
    runs
        Their cells.
    """

    moments: tuple[int, float, float]
    minimum: float
    maximum: float
    runs: Runs


def reduce_column(values: NDArray[np.float64], work: NDArray[np.float64]) -> Reduced:
    """Reduce one column.

    Parameters
    ----------
    values
        float64 (k,), left as they are; what is not finite is left out (and adds a zero to the sums).
    work
        float64 (2, k), overwritten.
    """
    scratch, kept = work
    np.add(values, 0.0, out=kept)  # a copy in which -0.0 is 0.0
    kept.sort()
    # NaN sorts last: where both ends are finite, everything is.
    if np.isfinite(kept[0]) and np.isfinite(kept[-1]):
        return _reduce(values, kept, scratch, None)
    return _reduce(values, kept, scratch, np.isfinite(values))


def _reduce(
    values: NDArray[np.float64],
    ascending: NDArray[np.float64],
    scratch: NDArray[np.float64],
    finite: NDArray[np.bool_] | None,
) -> Reduced:
    kept = ascending if finite is None else ascending[np.isfinite(ascending)]
    runs = runs_of(kept)
    count = len(kept)
    if not count:
        return Reduced((0, 0.0, 0.0), np.inf, -np.inf, runs)
    low, high = float(kept[0]), float(kept[-1])
    mean = mean_of(values if finite is None else np.where(finite, values, 0.0), count, (low, high), scratch)
    # The sorted copy has served; its memory takes the deviations.
    squares = squares_about(values if finite is None else np.where(finite, values, mean), mean, ascending, scratch)
    return Reduced((count, mean, squares), low, high, runs)
