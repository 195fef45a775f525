"""Distributions made of others, and those of scipy.stats."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simcost.scenario.distributions.distribution import Distribution, by_parameters, shown
from simcost.scenario.distributions.outcomes import Binomial, Discrete, Poisson

MOST_LISTED = 4
"""Components that are described one by one."""


@dataclass(frozen=True, slots=True)
class Scipy(Distribution):
    """Any continuous distribution of scipy.stats by name, with its shape parameters, ``loc`` and ``scale``."""

    name: str
    parameters: tuple[tuple[str, float], ...]

    def in_words(self) -> str:
        return f"scipy {by_parameters(self.name, **dict(self.parameters))}"

    def probability_up_to(self, x: float) -> float:
        import numpy as np
        from scipy import stats

        with np.errstate(all="ignore"):
            return float(getattr(stats, self.name).cdf(x, **dict(self.parameters)))


@dataclass(frozen=True, slots=True)
class Mixture(Distribution):
    """One of ``components`` with its probability; probabilities sum to 1."""

    components: tuple[Distribution, ...]
    probabilities: tuple[float, ...]

    def in_words(self) -> str:
        if len(self.components) > MOST_LISTED:
            return f"mixture of {len(self.components)} distributions"
        parts = zip(self.components, self.probabilities, strict=True)
        return "mixture of " + "; ".join(f"{shown(100 * p)} % {part.in_words()}" for part, p in parts)

    def probability_up_to(self, x: float) -> float:
        parts = zip(self.components, self.probabilities, strict=True)
        return math.fsum(p * part.probability_up_to(x) for part, p in parts)


@dataclass(frozen=True, slots=True)
class Truncated(Distribution):
    """``base`` given that it lies between ``low`` and ``high`` (either may be infinite)."""

    base: Distribution
    low: float
    high: float

    def in_words(self) -> str:
        ends = [f"min {shown(self.low)}"] * (self.low > -math.inf) + [f"max {shown(self.high)}"] * (self.high < math.inf)
        return f"{self.base.in_words()}, {', '.join(ends)}"

    def probability_up_to(self, x: float) -> float:
        if x < self.low:
            return 0.0
        return self.base.probability_of_range(self.low, min(x, self.high)) / self.base.probability_of_range(self.low, self.high)

    def known_support(self) -> tuple[float, float]:
        return self.low, self.high

    def mode_if_known(self) -> float | None:
        """Of one peak the peak, or the end that is nearer to it; of single outcomes the likeliest of those that are left."""
        base, low, high = self.base, self.low, self.high
        if isinstance(base, Discrete):
            left = [(v, p) for v, p in zip(base.values, base.probabilities, strict=True) if low <= v <= high]
            return Discrete(tuple(v for v, _ in left), tuple(p for _, p in left)).mode_if_known()
        if isinstance(base, Poisson | Binomial):
            low, high = (end if math.isinf(end) else float(whole(end)) for end, whole in ((low, math.ceil), (high, math.floor)))
        peak = base.mode_if_known()
        return None if peak is None else min(max(peak, low), high)
