"""Chebyshev points of the first kind, and from values at them to the coefficients of a Chebyshev series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


def chebyshev_points(n: int) -> Array:
    """Return n points on -1 to 1, the largest first."""
    return np.cos(np.pi * (np.arange(n) + 0.5) / n)


def to_chebyshev(n: int) -> Array:
    """Return the matrix from values at n Chebyshev points to n Chebyshev coefficients."""
    matrix = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(n) + 0.5) / n) * 2.0 / n
    matrix[0] /= 2.0
    return matrix
