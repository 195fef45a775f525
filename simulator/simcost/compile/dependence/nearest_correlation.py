"""The correlation matrix nearest to a symmetric one that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array


MAX_ITERATIONS = 2000
"""Convergence is linear; matrices that people write by hand take 20 to 200."""

CONVERGED = 1e-10
"""Largest change of an entry between iterations: a rank correlation has two or three digits."""

ROUNDING = 1e-12
"""An eigenvalue or a pivot above minus this is zero: entries such as 2 sin(pi/6) carry rounding errors of 1e-16 each."""


def is_possible(matrix: Array) -> bool:
    """Tell whether a symmetric matrix with unit diagonal is positive semi-definite, up to rounding."""
    return bool(np.linalg.eigvalsh(matrix)[0] >= -ROUNDING)


def nearest_correlation(matrix: Array, fixed: NDArray[np.bool_] | None = None) -> Array:
    """Return the nearest correlation matrix in the Frobenius norm.

    Parameters
    ----------
    matrix
        Symmetric, unit diagonal, shape (n, n).
    fixed
        Entries to keep, besides the diagonal, if that is possible; shape (n, n).

    Returns
    -------
    matrix
        Positive semi-definite to 1e-15, unit diagonal; within about `CONVERGED` times the number of iterations of the nearest.
        If the fixed entries cannot be kept together, they are not: compare them.

    Notes
    -----
    Alternating projections with Dykstra's correction: Higham (2002), "Computing the nearest correlation matrix - a problem from
    finance", IMA Journal of Numerical Analysis 22(3), algorithm 3.3.
    """
    kept = np.eye(len(matrix), dtype=np.bool_) if fixed is None else fixed | np.eye(len(matrix), dtype=np.bool_)
    y, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(MAX_ITERATIONS):
        before = y
        shifted = y - correction
        x = _semidefinite(shifted)
        correction = x - shifted
        y = np.where(kept, matrix, x)
        if np.abs(y - before).max() < CONVERGED:
            break
    x = _semidefinite(y)
    scale = 1.0 / np.sqrt(np.diag(x))
    x = x * np.outer(scale, scale)
    np.fill_diagonal(x, 1.0)
    return x


def lower_factor(matrix: Array) -> Array:
    """Return the lower-triangular L with L L' = matrix, for a semi-definite one too; each row has length 1.

    The first row is (1, 0, ...): the first member keeps its own score. A pivot that is zero up to rounding is one, so that a
    member which others determine completely gets no score of its own.
    """
    n = len(matrix)
    factor = np.zeros((n, n))
    for j in range(n):
        pivot = matrix[j, j] - factor[j, :j] @ factor[j, :j]
        if pivot > ROUNDING:
            factor[j, j] = np.sqrt(pivot)
            factor[j + 1 :, j] = (matrix[j + 1 :, j] - factor[j + 1 :, :j] @ factor[j, :j]) / factor[j, j]
    lengths: Array = np.linalg.norm(factor, axis=1, keepdims=True)
    return factor / lengths


def _semidefinite(matrix: Array) -> Array:
    """Return the nearest positive semi-definite matrix: negative eigenvalues become 0."""
    values, vectors = np.linalg.eigh(matrix)
    projected: Array = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return (projected + projected.T) / 2.0
