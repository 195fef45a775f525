"""Parameters of distributions that are themselves uncertain: what is not known, beside what is left to chance.

``lognormal = { median = "8 to 12", sd_log = 0.3 }`` has a median that nobody knows: a range in quotes, read as the quantities of
the file are, or a table such as ``{ normal = { mean = 10, sd = 1 } }``. In a plain run such a parameter is at its median.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.probability import probability_up_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.scenario.distributions import Distribution

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
    """Return the smallest number that is not exceeded with a probability of 0.5, by bisection of the distribution function."""
    low, high = -WIDEST, WIDEST
    for _ in range(HALVINGS):
        middle = _between(low, high)
        if not low < middle < high:
            break
        if probability_up_to(distribution, middle) < 0.5:
            low = middle
        else:
            high = middle
    return float(f"{high:.12g}")  # the function is good to 1e-9, and no figure of a file has more digits


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
