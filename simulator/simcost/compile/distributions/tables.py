"""The tables that a distribution needs, in its standard form: computed once a machine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.counts import is_count, steps_of, too_wide, wide_inverse
from simcost.compile.distributions.families import family_of
from simcost.compile.distributions.kept import kept
from simcost.compile.distributions.pieces import leaves, pieces, values_and_cumulative
from simcost.compile.distributions.smooth_table import DEGREE, ROWS, Segment, tabulate
from simcost.scenario.distributions import canonical as d
from simcost_kernels.plan import Table

if TYPE_CHECKING:
    from simcost.compile.distributions.smooth_table import Inverse
    from simcost_kernels.arrays import Array


FUNCTION_ERROR = 1e-11
"""Of `function_table`: more is a function that one table does not resolve, a bug in simcost."""


def standard_form(distribution: d.Distribution) -> tuple[d.Distribution, float, float] | None:
    """Return the standard form of a family with location and scale, so that they stay run-time parameters, and these two."""
    match distribution:
        case d.Beta(alpha, beta, low, high):
            return d.Beta(alpha, beta), low, high - low
        case d.Gamma(shape, scale):
            return d.Gamma(shape, 1.0), 0.0, scale
        case d.StudentT(df, location, scale):
            return d.StudentT(df, 0.0, 1.0), location, scale
        case d.Scipy(name, parameters):
            given = dict(parameters)
            location, scale = given.pop("loc", 0.0), given.pop("scale", 1.0)
            return d.Scipy(name, tuple(sorted(given.items()))), location, scale
        case _:
            return None


def is_listed(distribution: d.Distribution) -> bool:
    """Tell whether a step table holds the distribution."""
    if isinstance(distribution, d.Mixture | d.Truncated):
        return all(isinstance(leaf.family, d.Constant) for leaf in leaves(distribution))
    return is_count(distribution) and not too_wide(distribution)


@lru_cache(maxsize=256)
def step_table(distribution: d.Distribution) -> Table:
    """Return the values of a distribution that is listed, with the probability of each value or less."""
    if isinstance(distribution, d.Poisson | d.Binomial):
        listed = kept(f"steps of {distribution!r}", lambda: np.stack(steps_of(distribution)))
        values, cumulative = listed.reshape(2, -1)
    else:
        if isinstance(distribution, d.Mixture | d.Truncated):
            distribution = values_and_cumulative(leaves(distribution))
        values, cumulative = steps_of(distribution)
    return Table("step", np.stack([cumulative, values]))


@lru_cache(maxsize=256)
def segments(distribution: d.Distribution) -> tuple[Segment, ...]:
    """Return the tables of a distribution that is smooth as a whole.

    Raises
    ------
    Refusal
        If no table of it is accurate enough.
    """
    return _unpacked(kept(f"segments of {distribution!r}", lambda: _packed(tabulate(_inverse(distribution)))))


@lru_cache(maxsize=256)
def piece_segments(distribution: d.Distribution, number: int) -> tuple[Segment, ...]:
    """Return the tables of one piece of a distribution; see `pieces`."""
    stretch = pieces(distribution)[number].stretch
    if stretch is None:
        return ()
    return _unpacked(kept(f"segments of piece {number} of {distribution!r}", lambda: _packed(tabulate(stretch.inverse))))


def tabulated_support(distribution: d.Scipy) -> tuple[float, float]:
    """Return the ends of the support of a distribution of scipy.stats, which is as costly to make as its table."""
    form, location, scale = standard_form(distribution) or (distribution, 0.0, 1.0)
    low, high = kept(f"support of {form!r}", lambda: np.array(_ends(form))).tolist()
    return location + scale * low, location + scale * high


def function_table(what: str, function: Inverse) -> Table:
    """Return the table of a function of a uniform that one table resolves.

    Parameters
    ----------
    what
        Says all that the function depends on, but for the code.
    function
        ``function(p, q)``, p + q = 1, analytic but at 0 and 1.
    """

    def data() -> Array:
        (segment,) = tabulate(function, aim=FUNCTION_ERROR)
        return segment.table.data

    return Table("smooth", kept(what, data).reshape(-1, DEGREE + 1))


def _ends(distribution: d.Distribution) -> tuple[float, float]:
    family = family_of(distribution)
    return family.low, family.high


def _inverse(distribution: d.Distribution) -> Inverse:
    if isinstance(distribution, d.Poisson | d.Binomial):
        return wide_inverse(distribution)
    return family_of(distribution).inverse


def _packed(made: tuple[Segment, ...]) -> Array:
    """Return segments as rows of numbers."""
    return np.stack([np.append([each.mass, each.below, each.above, each.error], each.table.data) for each in made])


def _unpacked(numbers: Array) -> tuple[Segment, ...]:
    rows = numbers.reshape(-1, 4 + 2 * ROWS * (DEGREE + 1))
    return tuple(
        Segment(mass, below, above, Table("smooth", row[4:].reshape(2 * ROWS, DEGREE + 1)), error)
        for row in rows
        for mass, below, above, error in [row[:4].tolist()]
    )
