"""Every distribution as its inverse distribution function at one uniform: as steps of a plan, and evaluated exactly.

Bounds, over u from 2**-53 to 1 - 2**-53, relative to the larger of |x| and the interquartile range unless said:

==========================================  =================================================================================
normal                                      1e-15 relative in the score
uniform, triangular, exponential            1e-15
lognormal, weibull, pareto, metalog         `CLOSED_FORM_ERROR` times 1 + the largest exponent taken
poisson, binomial, discrete                 the exact value, but within 1e-15 of a cumulative probability
beta, gamma, student_t                      `TABLE_ERROR` for shapes from 0.02 (beta: to 1e4; gamma: to 1e9) and df above 2
scipy, mixture, truncated, other shapes     measured for each table when it is built (`table_error`), refused above 1e-9
==========================================  =================================================================================
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.closed_form import affine, clipped, closed_form, has_closed_form
from simcost.compile.distributions.counts import is_count, steps_of, too_wide, wide_inverse
from simcost.compile.distributions.families import continuous
from simcost.compile.distributions.pieces import Piece, leaves, pieces
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.smooth_table import Segment, mirrored
from simcost.compile.distributions.tables import is_listed, piece_segments, segments, standard_form, step_table, tabulated_support
from simcost.scenario.distributions import canonical as d
from simcost_kernels.functions.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from simcost.compile.distributions.continuous import Continuous
    from simcost.compile.steps import Steps
    from simcost_kernels.arrays import Array


CLOSED_FORM_ERROR = 4e-16  # measured: 3.3e-16
TABLE_ERROR = 1.1e-12  # measured: 1.0e-12 at alpha = 0.02, below 2e-14 from 0.05 up


def quantile_steps(steps: Steps, distribution: d.Distribution, u: str) -> str:
    """Write the steps from a uniform to the value; see `value_steps`."""
    return value_steps(distribution, Probability(steps, u))


def value_steps(distribution: d.Distribution, probability: Probability) -> str:
    """Write the steps from a probability to the value there.

    Parameters
    ----------
    distribution
        Canonical and checked.
    probability
        A uniform, or a correlated normal score: normal and lognormal take that as it is, the others its distribution function.

    Returns
    -------
    str
        Operand of the value.

    Raises
    ------
    Refusal
        If no table of the inverse is accurate enough.
    """
    if probability.score is not None and not isinstance(distribution, d.Normal | d.Lognormal):
        probability = Probability(probability.steps, probability.steps.op("normal_cdf", probability.score))
    return _steps(distribution, probability)


def quantile(distribution: d.Distribution, u: ArrayLike) -> Array:
    """Evaluate the inverse distribution function, without tables.

    Parameters
    ----------
    u
        Probabilities, 0 < u < 1, any shape.

    Returns
    -------
    x
        Same shape, in the distribution's unit.
    """
    p = np.asarray(u, dtype=np.float64)
    flat = np.atleast_1d(p).ravel()
    return _quantile(distribution, flat).reshape(p.shape)


def support(distribution: d.Distribution) -> tuple[float, float]:
    """Return the ends of the support: no draw is outside, and no smaller range would do; infinite where there is no end."""
    if isinstance(distribution, d.Scipy):
        return tabulated_support(distribution)
    family = continuous(distribution)
    if family is not None:
        return family.low, family.high
    if isinstance(distribution, d.Poisson | d.Binomial):
        return 0.0, math.inf if isinstance(distribution, d.Poisson) else float(distribution.n)
    if isinstance(distribution, d.Constant | d.Discrete):
        values = steps_of(distribution)[0]
        return float(values[0]), float(values[-1])
    parts = leaves(distribution)
    return min(leaf.low for leaf in parts), max(leaf.high for leaf in parts)


def table_error(distribution: d.Distribution) -> float:
    """Return the largest measured error of the tables that a distribution needs; 0 if it needs none or they are exact."""
    standard = standard_form(distribution)
    if standard is not None:
        return max(segment.error for segment in segments(standard[0]))
    if has_closed_form(distribution) or is_listed(distribution):
        return 0.0
    if not isinstance(distribution, d.Mixture | d.Truncated):
        return max(segment.error for segment in segments(distribution))
    errors = [0.0]
    for number, piece in enumerate(pieces(distribution)):
        if piece.whole is not None:
            errors.append(table_error(piece.whole))
        elif piece.stretch is not None:
            errors += [segment.error for segment in piece_segments(distribution, number)]
    return max(errors)


def _quantile(distribution: d.Distribution, u: Array) -> Array:
    if is_count(distribution) and not too_wide(distribution):
        values, cumulative = steps_of(distribution)
        return values[np.searchsorted(cumulative, u, side="left")]
    if isinstance(distribution, d.Poisson | d.Binomial):
        return np.maximum(np.ceil(wide_inverse(distribution)(u, 1.0 - u)), 0.0)
    family = continuous(distribution)
    if family is not None:
        return family.inverse(u, 1.0 - u)
    x = np.empty_like(u)
    cut = pieces(distribution)
    owner = np.searchsorted(_upper_ends(cut), u, side="left")
    for number, piece in enumerate(cut):
        mine = owner == number
        if mine.any():
            x[mine] = piece.value if piece.stretch is None else _within(piece, piece.stretch, u[mine])
    return x


def _within(piece: Piece, stretch: Continuous, u: Array) -> Array:
    p, q = (u - piece.below) / piece.mass, ((1.0 - u) - piece.above) / piece.mass
    near_low = p < q
    p, q = np.where(near_low, p, 1.0 - q), np.where(near_low, 1.0 - p, q)
    return stretch.inverse(np.clip(p, SMALLEST_UNIFORM, 1.0), np.clip(q, SMALLEST_UNIFORM, 1.0))


def _upper_ends(cut: tuple[Piece, ...]) -> list[float]:
    """Return the cumulative probability at the end of each piece but the last."""
    return [piece.below for piece in cut[1:]]


def _steps(distribution: d.Distribution, probability: Probability) -> str:
    steps = probability.steps
    closed = closed_form(distribution, probability)
    if closed is not None:
        return closed
    standard = standard_form(distribution)
    if standard is not None:
        shape, location, scale = standard
        x = affine(steps, _joined(probability, segments(shape)), location, scale)
        return clipped(steps, x, *support(distribution))
    if is_listed(distribution):
        return steps.op("step_quantile", probability.below, steps.table(step_table(distribution)))
    if isinstance(distribution, d.Mixture | d.Truncated):
        return _pieced(distribution, probability)
    x = _joined(probability, segments(distribution))
    if isinstance(distribution, d.Poisson | d.Binomial):
        x = steps.op("ceil", x)
    return clipped(steps, x, *support(distribution))


def _joined(probability: Probability, cut: tuple[Segment, ...]) -> str:
    """Return the value from one table, or from the one of several that holds this probability."""
    steps = probability.steps
    values = []
    for segment in cut:
        part = _part(probability, segment)
        table = mirrored(segment.table) if part.from_above else segment.table
        values.append(steps.op("smooth_quantile", part.near, steps.table(table)))
    return _chosen(probability, values, [segment.below for segment in cut[1:]])


def _pieced(distribution: d.Distribution, probability: Probability) -> str:
    steps = probability.steps
    cut = pieces(distribution)
    values = []
    for number, piece in enumerate(cut):
        part = _part(probability, piece)
        if piece.whole is not None:
            values.append(_steps(piece.whole, part))
        elif piece.stretch is None:
            values.append(steps.number(piece.value))
        else:
            x = _joined(part, piece_segments(distribution, number))
            values.append(clipped(steps, x, piece.stretch.low, piece.stretch.high))
    return _chosen(probability, values, _upper_ends(cut))


def _chosen(probability: Probability, values: list[str], ends: list[float]) -> str:
    """Return the value of the piece that holds this probability."""
    steps = probability.steps
    x = values[-1]
    for value, end in zip(reversed(values[:-1]), reversed(ends), strict=True):
        x = steps.op("where", steps.op("le", probability.below, steps.number(end)), value, x)
    return x


def _part(probability: Probability, piece: Piece | Segment) -> Probability:
    """Return the probability within a piece, from the end of the whole that it touches, so that no digit of a tail is lost.

    Draws of other pieces get one of the piece's ends, and are not chosen.
    """
    if piece.below == 0.0 and piece.above == 0.0:
        return probability
    steps = probability.steps
    if piece.below == 0.0 or piece.above == 0.0:
        tail = probability.below if piece.below == 0.0 else probability.above
        share = steps.op("div", tail, steps.number(piece.mass))
    else:
        share = steps.op("div", steps.op("sub", probability.below, steps.number(piece.below)), steps.number(piece.mass))
        share = steps.op("max", share, steps.number(SMALLEST_UNIFORM))
    return Probability(
        steps, steps.op("min", share, steps.number(LARGEST_UNIFORM)), from_above=piece.below > 0.0 and piece.above == 0.0
    )
