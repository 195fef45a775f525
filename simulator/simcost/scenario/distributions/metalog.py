"""The three-term metalog distribution: Keelin 2016, "The metalog distributions", Decision Analysis 13 (4)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simcost.scenario.distributions.distribution import Distribution, by_parameters, shown


@dataclass(frozen=True, slots=True)
class Metalog(Distribution):
    """Three-term metalog through P10, P50, P90, unbounded, or bounded by ``low`` and/or ``high``.

    ``coefficients`` a1, a2, a3 of ``a1 + a2 logit(u) + a3 (u - 1/2) logit(u)``, of the value itself (no bound), of
    ``log(x - low)`` (low bound), of ``-log(high - x)`` (high bound), or of ``log((x - low) / (high - x))`` (both).
    """

    coefficients: tuple[float, float, float]
    low: float | None = None
    high: float | None = None

    def in_words(self) -> str:
        points = {f"P{percent}": self.quantile(percent / 100) for percent in (10, 50, 90)}
        ends = [f"{side} {shown(end)}" for side, end in (("above", self.low), ("below", self.high)) if end is not None]
        return " ".join([by_parameters("metalog", **points), *ends])

    def probability_up_to(self, x: float) -> float:
        """Bisect the quantile function, which ascends."""
        if self.low is not None and x <= self.low:
            return 0.0
        if self.high is not None and x >= self.high:
            return 1.0
        wanted = to_line(x, self.low, self.high)
        a1, a2, a3 = self.coefficients
        low, high = 0.0, 1.0
        while high - low > 1e-10:
            u = (low + high) / 2
            log_odds = math.log(u / (1 - u))
            low, high = (u, high) if a1 + a2 * log_odds + a3 * (u - 0.5) * log_odds <= wanted else (low, u)
        return (low + high) / 2

    def quantile(self, p: float) -> float:
        a1, a2, a3 = self.coefficients
        log_odds = math.log(p / (1 - p))
        return from_line(a1 + (a2 + a3 * (p - 0.5)) * log_odds, self.low, self.high)


def to_line(value: float, low: float | None, high: float | None) -> float:
    """Take a value to the scale on which the metalog is linear in its coefficients."""
    if low is not None and high is not None:
        return math.log((value - low) / (high - value))
    if low is not None:
        return math.log(value - low)
    return value if high is None else -math.log(high - value)


def from_line(point: float, low: float | None, high: float | None) -> float:
    """Undo `to_line`."""
    if low is not None and high is not None:
        return low + (high - low) / (1 + math.exp(-point))
    if low is not None:
        return low + math.exp(point)
    return point if high is None else high - math.exp(-point)
