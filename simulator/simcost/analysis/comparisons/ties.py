"""Totals that are the same but for rounding: a sum in another order, a price as 0.3 a GPU or as 3 for ten.

Such totals differ in their last bits, now up and now down. Taken at their word they would make one model "cheaper" in some
percent of the futures and neither dominate, though nobody ever pays less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


ROUNDING = 1e-12
"""Of a total, what a sum of thousands of terms may err by: less than a cent of ten billion."""


def differences_from_first(totals: Array) -> Array:
    """Return how much more each total is than the first, exactly zero where only rounding tells them apart.

    Parameters
    ----------
    totals
        In one currency, along the first axis: float64 (k, ...).

    Returns
    -------
    ndarray
        float64 (k - 1, ...).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        apart: Array = totals[1:] - totals[0]
        apart[np.abs(apart) < ROUNDING * np.abs(totals[0])] = 0.0  # never of an infinite total
    return apart


def tie_to_first(totals: Array) -> None:
    """Give totals that only rounding tells from the first the first's value, in place and one model at a time."""
    for each in totals[1:]:
        (apart,) = differences_from_first(np.stack((totals[0], each)))
        np.copyto(each, totals[0], where=apart == 0.0)
