"""Mean and centred sum of squares, summed in a defined order so that every back end gets the same bits.

Sums: the values are padded with zeros to a power of two and halved repeatedly, ``x[:h] + x[h:]``, until one is left. Adding
a zero changes nothing, so padding to the next power of two or to a whole block gives the same bits. Each step is a plain
vector addition; the error grows with the logarithm of the count (Higham 1993, "The accuracy of floating point summation").
Parts are combined by the formula of Chan, Golub and LeVeque (1983, "Algorithms for computing the sample variance").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

_DOWN, _UP = 2.0**-32, 2.0**32
"""Exact scaling for sums that leave the range of float64 though their mean does not."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of some scenarios, one entry a column.

    Parameters
    ----------
    count
        Finite values, int64 (n_columns,).
    mean
        Their mean, in the column's unit; 0.0 where there is none.
    squares
        Sum of squared deviations from the mean, in the unit squared.
    """

    count: NDArray[np.int64]
    mean: Array
    squares: Array


def no_moments(n_columns: int) -> Moments:
    """Moments of no scenarios."""
    return Moments(np.zeros(n_columns, dtype=np.int64), np.zeros(n_columns), np.zeros(n_columns))


def pairwise_sum(values: Array, scratch: Array) -> float:
    """Sum in the defined order.

    Parameters
    ----------
    values
        float64 (k,), left as they are.
    scratch
        float64, at least half of the next power of two from k; overwritten.

    Returns
    -------
    float
        The sum; 0.0 of nothing, never -0.0.
    """
    count = len(values)
    if count < 2:
        return float(values[0]) + 0.0 if count else 0.0
    half = 1 << ((count - 1).bit_length() - 1)
    paired = count - half
    np.add(values[:paired], values[half:], out=scratch[:paired])
    scratch[paired:half] = values[paired:half]
    while half > 1:
        half //= 2
        np.add(scratch[:half], scratch[half : 2 * half], out=scratch[:half])
    return float(scratch[0]) + 0.0


def mean_of(values: Array, count: int, bounds: tuple[float, float], scratch: Array) -> float:
    """Mean of ``count`` finite values (anything else in ``values`` is zero), held within their smallest and largest.

    The bounds make the mean of a constant that constant, whatever the rounding of its sum.
    """
    total = pairwise_sum(values, scratch)
    mean = total / count if np.isfinite(total) else pairwise_sum(values * _DOWN, scratch) / count * _UP
    return min(max(mean, bounds[0]), bounds[1])


def squares_about(values: Array, mean: float, work: Array, scratch: Array) -> float:
    """Sum of squared deviations from ``mean``; ``work`` (k,) is overwritten. Infinite from deviations of about 1e154 on."""
    np.subtract(values, mean, out=work)
    np.multiply(work, work, out=work)
    return pairwise_sum(work, scratch)


def combine(left: Moments, right: Moments) -> Moments:
    """Moments of two disjoint sets together (Chan, Golub and LeVeque); ``left`` holds the lower scenario numbers."""
    count = left.count + right.count
    share = right.count / np.maximum(count, 1)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        difference = right.mean - left.mean
        between = difference * difference * (left.count * share)
        mean = left.mean + difference * share
        squares = left.squares + right.squares + np.where(share > 0, between, 0.0)
    mean = np.where(left.count == 0, right.mean, np.where(right.count == 0, left.mean, mean))
    return Moments(count=count, mean=mean, squares=squares)
