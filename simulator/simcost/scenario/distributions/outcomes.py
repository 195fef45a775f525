"""Distributions of single outcomes, each with a probability of its own: a certain number, counts, listed values."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simcost.scenario.distributions.distribution import Distribution, by_parameters, shown

MOST_LISTED = 4
"""Outcomes that are described one by one."""


@dataclass(frozen=True, slots=True)
class Constant(Distribution):
    """A certain number."""

    value: float

    def in_words(self) -> str:
        return shown(self.value)

    def probability_up_to(self, x: float) -> float:
        return float(x >= self.value)

    def known_support(self) -> tuple[float, float]:
        return self.value, self.value

    def mode_if_known(self) -> float:
        return self.value


@dataclass(frozen=True, slots=True)
class Poisson(Distribution):
    """By its mean."""

    mean: float

    def in_words(self) -> str:
        return by_parameters("poisson", mean=self.mean)

    def probability_up_to(self, x: float) -> float:
        from scipy.special import pdtr

        return float(pdtr(math.floor(x), self.mean)) if x >= 0 else 0.0

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return float(math.floor(self.mean))  # the median too where a whole mean makes two modes


@dataclass(frozen=True, slots=True)
class Binomial(Distribution):
    """``n`` trials of probability ``p``."""

    n: int
    p: float

    def in_words(self) -> str:
        return by_parameters("binomial", n=self.n, p=self.p)

    def probability_up_to(self, x: float) -> float:
        from scipy.special import bdtr

        return 1.0 if x >= self.n else float(bdtr(math.floor(x), self.n, self.p)) if x >= 0 else 0.0

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float | None:
        peak = (self.n + 1) * self.p
        return None if peak.is_integer() and 0 < peak <= self.n else float(min(math.floor(peak), self.n))


@dataclass(frozen=True, slots=True)
class Discrete(Distribution):
    """``values`` ascending and distinct with probabilities that sum to 1: also Bernoulli and empirical."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def in_words(self) -> str:
        if self.values == (0.0, 1.0):
            return f"1 with probability {shown(self.probabilities[1])}, else 0"
        if len(self.values) > MOST_LISTED:
            return f"one of {len(self.values):,} values from {shown(self.values[0])} to {shown(self.values[-1])}"
        return ", ".join(f"{shown(v)} ({shown(100 * p)} %)" for v, p in zip(self.values, self.probabilities, strict=True))

    def probability_up_to(self, x: float) -> float:
        return math.fsum(p for value, p in zip(self.values, self.probabilities, strict=True) if value <= x)

    def known_support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]

    def mode_if_known(self) -> float | None:
        most = max(self.probabilities)
        likeliest = [value for value, p in zip(self.values, self.probabilities, strict=True) if p == most]
        return likeliest[0] if len(likeliest) == 1 else None
