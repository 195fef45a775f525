"""What every distribution can say of itself: in words, with which probability it gives what, and its most likely value.

For checks, tables and messages only: draws come from the kernels.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_IN_FULL = 1e15
"""From here on a number is shown by its power of ten."""

ROUNDED = 1e-12
"""Probabilities are sums of rounded numbers: one of a half, of ten equal shares say, may come out less by so much."""


class Distribution(ABC):
    """A distribution with canonical parameters, checked, in the input's unit.

    The many ways in which a user may write one (mean and sd, two percentiles, three points) are turned into these by
    `scenario.distributions.marginals`.
    """

    __slots__ = ()

    @abstractmethod
    def in_words(self) -> str:
        """Return it in a few words, its numbers in the input's unit: ``lognormal P5 9, P95 16``."""

    @abstractmethod
    def probability_up_to(self, x: float) -> float:
        """Return P(X <= x) within 1e-9, for a finite x."""

    def probability_of_range(self, low: float, high: float) -> float:
        """Return P(low <= X <= high) within 1e-9; either end may be infinite."""
        upper = self.probability_up_to(high) if high < math.inf else 1.0
        just_below = math.nextafter(low, -math.inf)  # both ends belong to the range, and an outcome may have a probability
        lower = self.probability_up_to(just_below) if low > -math.inf else 0.0
        return max(upper - lower, 0.0)

    def known_support(self) -> tuple[float, float]:
        """Return the ends of what it can give, as far as its form tells without a probability: endless where it does not.

        `support` of the compiler is exact.
        """
        return -math.inf, math.inf

    def mode_if_known(self) -> float | None:
        """Return the most likely value; None if there is none, more than one, or no closed form.

        Uniform and U-shaped distributions, ties between outcomes, mixtures, metalogs and scipy's distributions have none in
        closed form. Modes: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" and "Univariate Discrete
        Distributions", the chapter of each.
        """
        return None

    def quantile(self, p: float) -> float:
        """Return the smallest value that is exceeded with a probability of at most ``1 - p``; see `probability_up_to`."""
        return _bisected(lambda x: self.probability_up_to(x) >= p - ROUNDED)


def _bisected(reached: Callable[[float], bool]) -> float:
    """Return the smallest float64 for which a condition holds that holds from some number on."""
    low, high = -1.0, 1.0
    while reached(low):
        low *= 2.0
    while not reached(high):
        high *= 2.0
    while low < (middle := low + (high - low) / 2) < high:
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def shown(value: float) -> str:
    """Print four digits, thousands grouped, without exponent where a person would not write one."""
    if value != 0 and not 1e-4 <= abs(value) < LARGEST_IN_FULL:
        return f"{value:.4g}"
    digits = max(3 - math.floor(math.log10(abs(value))), 0) if value else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def by_parameters(family: str, **parameters: float) -> str:
    """Return a family and its parameters in words: ``gamma mean 12, sd 3``."""
    return f"{family} " + ", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in parameters.items())
