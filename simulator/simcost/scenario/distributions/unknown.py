"""Parameters of distributions that are themselves uncertain: what is not known, beside what is left to chance.

``lognormal = { median = "8 to 12", sd_log = 0.3 }`` has a median that nobody knows: a range in quotes, read as the quantities of
the file are, or a table such as ``{ normal = { mean = 10, sd = 1 } }``. In a plain run such a parameter is at its median.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Beta, Lognormal, Normal, Uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.scenario.distributions.canonical import Distribution

WIDEST = 1e100
"""Medians are looked for up to here: no number of a file is larger."""

HALVINGS = 400
"""More than it takes to come from `WIDEST` to neighbouring doubles."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A parameter that is uncertain.

    Parameters
    ----------
    path
        Where it stands in the input's table: ``("lognormal", "median")``.
    distribution
        In the input's unit where the parameter is.
    text
        As the file has it.
    """

    path: tuple[str, ...]
    distribution: Distribution
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an input with such parameters is made: its table, and the folder of its files."""

    table: Mapping[str, object]
    folder: str
    unknowns: tuple[Unknown, ...]


def median_of(distribution: Distribution) -> float:
    """Return the smallest number that is not exceeded with a probability of 0.5, to twelve digits.

    Where it has no closed form, by bisection of the distribution function, which is good to 1e-9.
    """
    return float(f"{_in_closed_form(distribution) or _by_bisection(distribution):.12g}")


def _in_closed_form(distribution: Distribution) -> float:
    """Return the median of the usual distributions; 0 if it is another, or 0."""
    match distribution:
        case Normal():
            return distribution.mean
        case Lognormal():
            return math.exp(distribution.mu)
        case Uniform():
            return distribution.low / 2.0 + distribution.high / 2.0
        case Beta():
            from scipy.special import betaincinv

            within = float(betaincinv(distribution.alpha, distribution.beta, 0.5))
            return distribution.low + within * (distribution.high - distribution.low)
        case _:
            return 0.0


def _by_bisection(distribution: Distribution) -> float:
    low, high = -WIDEST, WIDEST
    for _ in range(HALVINGS):
        middle = _between(low, high)
        if not low < middle < high:
            break
        if distribution.probability_up_to(middle) < 0.5:
            low = middle
        else:
            high = middle
    return high


def _between(low: float, high: float) -> float:
    """Return a number halfway by magnitude, so that small numbers are found as soon as large ones."""
    if low < 0.0 < high:
        return 0.0
    if min(abs(low), abs(high)) < 1.0 / WIDEST:
        return math.copysign(1.0 / WIDEST, low + high) if max(abs(low), abs(high)) > 2.0 / WIDEST else (low + high) / 2.0
    return (
        math.copysign(math.sqrt(abs(low)) * math.sqrt(abs(high)), low)
        if max(low / high, high / low) > 2.0
        else (low + high) / 2.0
    )
