"""Inverse of a continuous distribution as a table of polynomials, with its error measured when it is built.

Layout of ``data``, float64 (1666, 8), as `simcost_kernels.functions.table_quantiles` reads it: 833 rows for u < 1/2 in
v = u, then 833 for the rest in v = 1 - u. Each octave of v from 2**-53 to 1/2 has 16 cells of equal width (52 octaves), and
v = 1/2 one more; a row holds the coefficients c0 ... c7 of a polynomial in t, -1 to 1 over its cell. So both tails are resolved
to the smallest uniform that is ever drawn.

The inverse is evaluated at `NODES` Chebyshev points an octave, and that interpolant is projected on the cells at 8 Chebyshev
points each: a sixth of the evaluations that the cells would take one by one. An inverse distribution function that is analytic
but at v = 0 and v = 1 converges on an octave as 5.8**-NODES and on a cell as 66**-8 (Trefethen, Approximation Theory and
Approximation Practice, theorem 8.2), both below a unit in the last place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import cheb2poly, chebvander

from simcost.compile.distributions.chebyshev import chebyshev_points, to_chebyshev
from simcost.scenario.refusal import Refusal
from simcost_kernels.plan import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array

    Inverse = Callable[[Array, Array], Array]

OCTAVES = 52
CELLS = 16
DEGREE = 7
NODES = 22
ROWS = OCTAVES * CELLS + 1

ERROR_BOUND = 1e-9
"""A table with a larger error is refused: relative to |x| or to the interquartile range, whichever is larger."""

ERROR_AIM = 1e-12
"""Worth a cut into two tables."""

MOST_CUTS = 40

SMALLEST_MASS = 2.0**-50
"""Of a segment; a bend that far out hardly ever shows."""

PATIENCE = 4
"""Cuts: the first of a close pair of bends may show no gain yet."""

SLACK = 4 * 2.0**-52
"""Where a piece ends inside (0, 1) its own u is known to an ulp of the cut: that much of u an error may be worth."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A table of the inverse over the probabilities ``below`` to ``1 - above``.

    Parameters
    ----------
    table
        In the segment's own u, from 0 to 1.
    error
        Largest measured error, relative to the larger of |x| and the interquartile range.
    """

    mass: float
    below: float
    above: float
    table: Table
    error: float


def mirrored(table: Table) -> Table:
    """Return the table of the same inverse as a function of 1 - u."""
    return Table("smooth", np.concatenate([table.data[ROWS:], table.data[:ROWS]]))


def tabulate(inverse: Inverse, aim: float = ERROR_AIM) -> tuple[Segment, ...]:
    """Tabulate an inverse distribution function, cut in two where one table does not resolve it.

    Parameters
    ----------
    inverse
        ``inverse(p, q)``, p + q = 1, increasing in p.
    aim
        Error that is worth no further cut.

    Raises
    ------
    Refusal
        If the error stays above `ERROR_BOUND` or a value is not finite.
    """
    fits = [_Fit(inverse, 0.0, 0.0)]
    history = [_Progress(fits)]
    while history[-1].error > aim and len(fits) <= MOST_CUTS and not _in_vain(history):
        worst = max(range(len(fits)), key=lambda number: fits[number].error)
        cut = fits[worst].worst_place()
        if min(cut, 1.0 - cut) * fits[worst].mass < SMALLEST_MASS:
            break
        fits[worst : worst + 1] = fits[worst].halves(cut)
        history.append(_Progress(fits))
    error = history[-1].error
    if not error <= ERROR_BOUND:
        what = f"its inverse distribution function cannot be tabulated: the error would be {error:.1e} of the value"
        raise Refusal(what, "Choose less extreme parameters, truncate it with min and max, or give percentiles as a metalog.")
    return tuple(Segment(fit.mass, fit.below, fit.above, Table("smooth", fit.rows), fit.error) for fit in fits)


class _Progress:
    """How far the cutting has come: the largest error, and the probability of the cells whose error is above the aim."""

    def __init__(self, fits: list[_Fit]) -> None:
        self.error = max(fit.error for fit in fits)
        self.unresolved = sum(fit.unresolved for fit in fits)


def _in_vain(history: list[_Progress]) -> bool:
    """Tell whether the last cuts have mended nothing: what is left is noise of the inverse itself."""
    if len(history) <= PATIENCE:
        return False
    before, now = history[-1 - PATIENCE], history[-1]
    return now.error > 0.5 * before.error and now.unresolved > 0.9 * before.unresolved


class _Fit:
    """One table over the probabilities ``below`` to ``1 - above``, and its error cell by cell."""

    def __init__(self, inverse: Inverse, below: float, above: float) -> None:
        self.below, self.above, self.mass = below, above, 1.0 - below - above
        self._inverse = inverse
        nodes, checks, t = _places()
        v = np.concatenate([nodes, checks], axis=1)
        x = np.stack([self._at(v, upper=False), self._at(v, upper=True)])
        if not np.all(np.isfinite(x)):
            what = "its inverse distribution function is not finite at every probability"
            raise Refusal(what, "Choose less extreme parameters, or truncate it with min and max.")
        rows = np.einsum("cdn,son->socd", _projection(), x[:, :, :NODES])
        self.rows = self._assembled(rows)
        self._measure(rows, x[:, :, NODES:], t)

    def _at(self, v: Array, *, upper: bool) -> Array:
        """Return the inverse at the share v of the mass from one end."""
        near, far = v * self.mass, (1.0 - v) * self.mass
        p, q = (self.below + far, self.above + near) if upper else (self.below + near, self.above + far)
        return self._inverse(p.ravel(), q.ravel()).reshape(v.shape)

    def _assembled(self, rows: Array) -> Array:
        """Return all rows, with the one at v = 1/2, of which only the lower end is ever used."""
        data = np.zeros((2, ROWS, DEGREE + 1))
        data[:, :-1] = rows.reshape(2, ROWS - 1, DEGREE + 1)
        data[:, -1, 0] = self._at(np.array([0.5]), upper=False)[0]
        return data.reshape(2 * ROWS, DEGREE + 1)

    def _measure(self, rows: Array, exact: Array, t: Array) -> None:
        powers = t[:, None] ** np.arange(DEGREE + 1)
        slopes = np.arange(DEGREE + 1) * np.concatenate([np.zeros((CELLS, 1)), powers[:, :-1]], axis=1)
        misfit = np.abs(np.einsum("socd,cd->soc", rows, powers) - exact)
        slope = np.abs(np.einsum("socd,cd->soc", rows, slopes)) * 32.0 / 2.0 ** np.arange(-OCTAVES - 1, -1)[:, None]
        slack = SLACK / self.mass * np.array([self.below, self.above])
        spread = abs(exact[1, -2, 0] - exact[0, -2, 0])
        scale = np.maximum(np.abs(exact), max(spread, np.finfo(np.float64).tiny))
        errors = np.maximum(misfit - slope * slack[:, None, None], 0.0) / scale
        self.error = float(errors.max())
        widths = 2.0 ** np.arange(-OCTAVES - 1, -1)[:, None] / CELLS
        self.unresolved = float(np.sum((errors > ERROR_AIM) * widths)) * self.mass
        self._worst = np.unravel_index(int(errors.argmax()), errors.shape)

    def halves(self, cut: float) -> tuple[_Fit, _Fit]:
        """Return the tables on both sides of a place in this table's own u."""
        left = _Fit(self._inverse, self.below, self.above + (1.0 - cut) * self.mass)
        return left, _Fit(self._inverse, self.below + cut * self.mass, self.above)

    def worst_place(self) -> float:
        """Return the place, in this table's own u, where the inverse bends or climbs most within the worst cell."""
        side, octave, cell = (int(index) for index in self._worst)
        first = 2.0 ** (octave - OCTAVES - 1)
        low, high = first * (1.0 + cell / CELLS), first * (1.0 + (cell + 1) / CELLS)
        for _ in range(14):
            v = np.linspace(low, high, 33)
            x = self._at(v, upper=side == 1)
            bend = np.abs(np.diff(x, 2))
            peak = int(bend.argmax()) + 1
            if not bend[peak - 1] > 0.0:
                break
            low, high = v[max(peak - 2, 0)], v[min(peak + 2, 32)]
        middle = 0.5 * (low + high)
        return 1.0 - middle if side else middle


@cache
def _places() -> tuple[Array, Array, Array]:
    """Return v at the nodes (octave, node) and between them (octave, cell), and t of the latter (cell)."""
    octave = 2.0 ** np.arange(-OCTAVES - 1, -1)[:, None]
    # the error of interpolation at Chebyshev points peaks at the extrema of T8, the ends included
    t = np.resize(np.cos(np.pi * np.array([0, 8, 1, 7, 2, 4, 6, 3]) / 8), CELLS)
    f = 1.0 + (np.arange(CELLS) + 0.5 + 0.5 * np.clip(t, -1.0, 1.0 - 2.0**-20)) / CELLS
    return octave * _octave_nodes(), octave * f, (f - 1.0 - (np.arange(CELLS) + 0.5) / CELLS) * 32.0


def _octave_nodes() -> Array:
    """Chebyshev points of the first kind on 1 to 2."""
    return 1.5 + 0.5 * chebyshev_points(NODES)


@cache
def _projection() -> Array:
    """Return the linear map (cell, power, node) from values at an octave's nodes to the coefficients of its cells.

    By way of the Chebyshev coefficients of the octave and of the cell, so that rounding falls on the high ones, which are small.
    """
    within = chebyshev_points(DEGREE + 1)
    targets = 2.0 * (np.arange(CELLS)[:, None] + 0.5 + 0.5 * within) / CELLS - 1.0
    to_powers = np.array([np.pad(cheb2poly(row), (0, DEGREE - degree)) for degree, row in enumerate(_unit_rows())]).T
    octave_to_cell = to_chebyshev(DEGREE + 1) @ chebvander(targets, NODES - 1)
    projection: Array = to_powers @ octave_to_cell @ to_chebyshev(NODES)
    return projection


def _unit_rows() -> list[Array]:
    """Return 1, T1, T2, ... as Chebyshev coefficients."""
    return [np.concatenate([np.zeros(degree), [1.0]]) for degree in range(DEGREE + 1)]
