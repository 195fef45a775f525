"""Inverse distribution functions that are read off a table: polynomials by cell, or the steps of a discrete distribution.

Bodies are as in `elementary`: straight-line code from IEEE operations, the same bits on every back end.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.functions.primitives import as_bits, coefficients, count_below, from_bits, gather, uint64, where

ONE_BITS = uint64(0x3FF0000000000000)
CELL_SHIFT = uint64(48)  # leaves the exponent and four bits of the mantissa: 16 cells an octave
WITHIN_CELL = uint64((1 << 48) - 1)
FIRST_CELL = uint64(0x3CA0000000000000 >> 48)  # of 2**-53
FIRST_CELL_UPPER = uint64((0x3CA0000000000000 >> 48) - 833)


def _table_row(u: Any) -> Any:
    """Row of a table for `smooth_quantile`, a uint64."""
    lower = u < 0.5
    bits = as_bits(where(lower, u, 1.0 - u))
    return (bits >> CELL_SHIFT) - where(lower, FIRST_CELL, FIRST_CELL_UPPER)


def _within_cell(u: Any) -> Any:
    """Place within the cell of `_table_row`, from -1 to 1."""
    bits = as_bits(where(u < 0.5, u, 1.0 - u))
    return (from_bits((bits & WITHIN_CELL) | ONE_BITS) - 1.03125) * 32.0


def _polynomial(t: Any, a0: Any, a1: Any, a2: Any, a3: Any, a4: Any, a5: Any, a6: Any, a7: Any) -> Any:  # noqa: PLR0913, PLR0917
    """Polynomial of degree 7 by Horner's rule."""
    return ((((((a7 * t + a6) * t + a5) * t + a4) * t + a3) * t + a2) * t + a1) * t + a0


def smooth_quantile(u: Any, table: Any) -> Any:
    """Return the inverse of a continuous distribution from its table of piecewise polynomials.

    Parameters
    ----------
    u
        In [2**-53, 1 - 2**-53], with 1 - u exact.
    table
        float64 (1666, 8): 833 rows for u < 1/2 in v = u, then 833 for the rest in v = 1 - u. The rows cut each octave of v from
        2**-53 to 1/2 into 16 cells; a row holds a polynomial, lowest power first, in t, which runs from -1 to 1 over its cell.
        Built by ``simcost.compile.distributions.tables``, where the error is stated.
    """
    a0, a1, a2, a3, a4, a5, a6, a7 = coefficients(table, _table_row(u))
    return _polynomial(_within_cell(u), a0, a1, a2, a3, a4, a5, a6, a7)


def step_quantile(u: Any, table: Any) -> Any:
    """Return the inverse of a discrete distribution: the first value whose cumulative probability reaches u.

    Parameters
    ----------
    table
        float64 (2, m): cumulative probabilities ascending to 1.0, and the values.
    """
    return gather(table[1], count_below(table[0], u))
