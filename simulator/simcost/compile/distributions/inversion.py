"""Inverse of an increasing function at many points at once, by bracketing: it cannot diverge, whatever the tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

    Function = Callable[[Array, NDArray[np.intp]], Array]

MAX_ITERATIONS = 120
"""Chandrupatla's method needs about 10; bisection of a float64 bracket at most 1,100, but never on a scaled probability."""

ULP = 2.0**-52


def increasing_root(function: Function, low: Array, high: Array) -> Array:
    """Find where an increasing function is 0, for many brackets at once.

    Parameters
    ----------
    function
        ``function(x, which)`` is the value at ``x`` for the brackets numbered ``which``.
    low, high
        Brackets, shape (n,), finite.

    Returns
    -------
    x
        Shape (n,), within 2 ulp of the bracket's own magnitude where the function is that well defined. Where the function has
        one sign in the bracket, as rounding may have it, the end with the value nearer to 0.

    Notes
    -----
    Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function without using
    derivatives", Advances in Engineering Software 28(3), 145-149.
    """
    which = np.arange(low.size)
    root = np.array(low, dtype=np.float64)
    a, b = np.array(high, dtype=np.float64), np.array(low, dtype=np.float64)
    value_a, value_b = function(a, which), function(b, which)
    outside = np.where(value_b >= 0.0, low, high), (value_b >= 0.0) | (value_a <= 0.0)
    c, value_c = a.copy(), value_a.copy()
    share = np.full(low.size, 0.5)
    floor = ULP * np.abs(a - b) * 0.25
    for _ in range(MAX_ITERATIONS):
        middle = a + share * (b - a)
        value = function(middle, which)
        same = np.sign(value) == np.sign(value_a)
        c, value_c = np.where(same, a, b), np.where(same, value_a, value_b)
        b, value_b = np.where(same, b, a), np.where(same, value_b, value_a)
        a, value_a = middle, value
        best = np.where(np.abs(value_a) < np.abs(value_b), a, b)
        root[which] = best
        tolerance = (ULP * np.abs(best) + floor) / np.maximum(np.abs(b - a), np.finfo(np.float64).tiny)
        going = (tolerance < 0.5) & (value_a != 0.0) & (value_b != 0.0)
        if not going.any():
            break
        which, a, b, c, floor, tolerance = (each[going] for each in (which, a, b, c, floor, tolerance))
        value_a, value_b, value_c = (each[going] for each in (value_a, value_b, value_c))
        share = np.clip(_share((a, b, c), (value_a, value_b, value_c)), tolerance, 1.0 - tolerance)
    return np.where(outside[1], outside[0], root)


def _share(points: tuple[Array, Array, Array], values: tuple[Array, Array, Array]) -> Array:
    """Where in the bracket to look next: by inverse quadratic interpolation if that is safe, else the middle."""
    (a, b, c), (fa, fb, fc) = points, values
    with np.errstate(all="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        quadratic = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return np.where(safe & np.isfinite(quadratic), quadratic, 0.5)
