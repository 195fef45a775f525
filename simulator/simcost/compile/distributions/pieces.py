"""Any distribution as pieces that follow one another on the line: single values, and stretches with a smooth inverse.

A mixture or a truncated distribution has an inverse that jumps, bends or stands still where a component begins, ends or has its
kink. Cut there, every piece is smooth in its own coordinate: the share of the piece's probability that lies below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.continuous import Continuous, blend
from simcost.compile.distributions.counts import is_count, steps_of, too_wide
from simcost.compile.distributions.families import family_of
from simcost.scenario.distributions import canonical as d
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PIECES = 64
"""Each costs steps in every scenario, and each stretch a table of 107 kB."""

SMALLEST_MASS = 2.0**-54
"""A piece with less is never drawn."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a distribution: a single value, or a family between two limits; ``weight`` is its probability."""

    weight: float
    family: d.Distribution
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the line.

    Parameters
    ----------
    mass, below, above
        Probability in, below and above it.
    value
        The single value, if it is one.
    stretch
        The conditional distribution, if it is not.
    whole
        The family that this stretch is all of, if there is one.
    """

    mass: float
    below: float
    above: float
    value: float = math.nan
    stretch: Continuous | None = None
    whole: d.Distribution | None = None


@lru_cache(maxsize=256)
def pieces(distribution: d.Distribution) -> tuple[Piece, ...]:
    """Cut a distribution into pieces, ascending.

    Raises
    ------
    Refusal
        If there is no probability left after truncation, or there are more than `MOST_PIECES` pieces.
    """
    parts = leaves(distribution)
    total = sum(leaf.weight for leaf in parts)
    if not total > 0.0:
        what = "no probability lies between its min and max"
        raise Refusal(what, "Widen min and max, or move the distribution.")
    masses = [part for part in _in_order(parts) if part[0] > SMALLEST_MASS * total]
    if len(masses) > MOST_PIECES:
        what = f"a mixture of {len(masses)} separate values and stretches"
        raise Refusal(what, f"Use at most {MOST_PIECES}: give fewer discrete values beside continuous components.")
    sums = np.array([mass for mass, _, _, _ in masses]) / sum(mass for mass, _, _, _ in masses)
    below = np.concatenate([[0.0], np.cumsum(sums)[:-1]])
    above = np.concatenate([np.cumsum(sums[::-1])[::-1][1:], [0.0]])
    return tuple(
        Piece(float(mass), float(under), float(over), value, stretch, whole)
        for mass, under, over, (_, value, stretch, whole) in zip(sums, below, above, masses, strict=True)
    )


def leaves(distribution: d.Distribution, low: float = -math.inf, high: float = math.inf) -> tuple[Leaf, ...]:
    """Return the parts of a distribution between two limits, with the probability of each."""
    match distribution:
        case d.Mixture(components, probabilities):
            return tuple(
                Leaf(share * leaf.weight, leaf.family, leaf.low, leaf.high)
                for component, share in zip(components, probabilities, strict=True)
                for leaf in leaves(component, low, high)
            )
        case d.Truncated(base, first, last):
            total = sum(leaf.weight for leaf in leaves(base, first, last))
            if not total > 0.0:
                what = f"no probability lies between {first:g} and {last:g}"
                raise Refusal(what, "Widen min and max, or move the distribution.")
            inner = leaves(base, max(low, first), min(high, last))
            return tuple(Leaf(leaf.weight / total, leaf.family, leaf.low, leaf.high) for leaf in inner)
        case _:
            return tuple(_leaf(distribution, low, high))


def values_and_cumulative(parts: tuple[Leaf, ...]) -> d.Discrete:
    """Return single values with their probabilities as one discrete distribution, equal values joined."""
    masses: dict[float, float] = {}
    for leaf in parts:
        masses[leaf.low] = masses.get(leaf.low, 0.0) + leaf.weight
    total = math.fsum(masses.values())
    values = tuple(sorted(masses))
    return d.Discrete(values, tuple(masses[value] / total for value in values))


def _leaf(distribution: d.Distribution, low: float, high: float) -> Iterator[Leaf]:
    if is_count(distribution):
        if too_wide(distribution):
            what = "a count of so many values cannot be mixed or truncated"
            raise Refusal(what, "Use normal {mean, sd} with round() in the formula.")
        values, cumulative = steps_of(distribution)
        masses = np.diff(cumulative, prepend=0.0)
        for value, mass in zip(values.tolist(), masses.tolist(), strict=True):
            if low <= value <= high and mass > 0.0:
                yield Leaf(mass, d.Constant(value), value, value)
        return
    family = family_of(distribution)
    first, last = max(low, family.low), min(high, family.high)
    if first < last and (mass := family.between(first, last)) > 0.0:
        yield Leaf(mass, distribution, first, last)


_Mass = tuple[float, float, Continuous | None, d.Distribution | None]


def _in_order(parts: tuple[Leaf, ...]) -> Iterator[_Mass]:
    """Yield (mass, value, stretch, whole) from left to right."""
    atoms: dict[float, float] = {}
    stretches = []
    for leaf in parts:
        if isinstance(leaf.family, d.Constant):
            atoms[leaf.low] = atoms.get(leaf.low, 0.0) + leaf.weight
        else:
            stretches.append(leaf)
    points = sorted({*atoms, *(leaf.low for leaf in stretches), *(leaf.high for leaf in stretches)})
    for point, after in zip(points, [*points[1:], math.inf], strict=True):
        if point in atoms:
            yield atoms[point], point, None, None
        active = tuple(leaf for leaf in stretches if leaf.low <= point and leaf.high >= after and leaf.low < after)
        if active and point < after:
            yield from _stretches(active, point, after)


def _stretches(active: tuple[Leaf, ...], low: float, high: float) -> Iterator[_Mass]:
    """Yield the smooth stretches between two points, over which the same families are active."""
    families = [family_of(leaf.family) for leaf in active]
    if len(active) == 1 and (families[0].low, families[0].high) == (low, high):
        yield active[0].weight, math.nan, families[0], active[0].family
        return
    inner = {knot for family in families for knot in family.knots if low < knot < high}
    cuts = [low, *sorted(inner), high]
    for first, last in pairwise(cuts):
        masses = [
            leaf.weight * family.between(first, last) / family.between(leaf.low, leaf.high)
            for leaf, family in zip(active, families, strict=True)
        ]
        total = sum(masses)
        here = [(family.within(first, last), mass) for family, mass in zip(families, masses, strict=True) if mass > 0.0]
        if here:
            parts, weights = zip(*here, strict=True)
            yield total, math.nan, blend(parts, tuple(weight / total for weight in weights)), None
