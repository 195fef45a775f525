"""Inverse distribution functions that are short compositions of operations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.compile.steps import Steps


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the scale of probability a draw lies.

    Parameters
    ----------
    steps
        The plan in the making.
    near
        Operand of the probability below, or above if ``from_above``: the one that is known to all its digits.
    score
        Operand of the normal score, if that is what is known.
    """

    steps: Steps
    near: str
    from_above: bool = False
    score: str | None = None

    @property
    def below(self) -> str:
        """Operand of the probability below."""
        return self._rest() if self.from_above else self.near

    @property
    def above(self) -> str:
        """Operand of the probability above."""
        return self.near if self.from_above else self._rest()

    @property
    def normal(self) -> str:
        """Operand of the standard normal's quantile."""
        if self.score is not None:
            return self.score
        score = self.steps.op("normal_quantile", self.near)
        return self.steps.op("neg", score) if self.from_above else score

    def _rest(self) -> str:
        return self.steps.op("sub", self.steps.number(1.0), self.near)


def clipped(steps: Steps, x: str, low: float, high: float) -> str:
    """Keep a value within its support, whatever rounding did; infinite ends need no step."""
    if math.isfinite(low):
        x = steps.op("max", x, steps.number(low))
    return steps.op("min", x, steps.number(high)) if math.isfinite(high) else x


def affine(steps: Steps, score: str, location: float, scale: float) -> str:
    """Return ``location + scale * score``."""
    return steps.op("add", steps.number(location), steps.op("mul", steps.number(scale), score))


def closed_form(distribution: d.Distribution, place: Place) -> str | None:
    """Return the operand of the value, None for a distribution that needs a table."""
    write = _CLOSED_FORMS.get(type(distribution))
    return None if write is None else write(distribution, place)


def has_closed_form(distribution: d.Distribution) -> bool:
    """Tell whether a distribution needs no table."""
    return type(distribution) in _CLOSED_FORMS


def _constant(of: d.Constant, place: Place) -> str:
    return place.steps.number(of.value)


def _uniform(of: d.Uniform, place: Place) -> str:
    return clipped(place.steps, affine(place.steps, place.below, of.low, of.high - of.low), of.low, of.high)


def _normal(of: d.Normal, place: Place) -> str:
    return affine(place.steps, place.normal, of.mean, of.sd)


def _lognormal(of: d.Lognormal, place: Place) -> str:
    return place.steps.op("exp", affine(place.steps, place.normal, of.mu, of.sigma))


def _triangular(of: d.Triangular, place: Place) -> str:
    op, number, root_width = place.steps.op, place.steps.number, math.sqrt(of.high - of.low)
    rising = affine(place.steps, op("sqrt", place.below), of.low, root_width * math.sqrt(of.mode - of.low))
    falling = affine(place.steps, op("sqrt", place.above), of.high, -root_width * math.sqrt(of.high - of.mode))
    before_mode = op("le", place.below, number((of.mode - of.low) / (of.high - of.low)))
    return clipped(place.steps, op("where", before_mode, rising, falling), of.low, of.high)


def _exponential(of: d.Exponential, place: Place) -> str:
    return place.steps.op("mul", place.steps.number(-of.mean), place.steps.op("log", place.above))


def _weibull(of: d.Weibull, place: Place) -> str:
    op, number = place.steps.op, place.steps.number
    log_hazard = op("log", op("neg", op("log", place.above)))
    return op("mul", number(of.scale), op("exp", op("mul", number(1.0 / of.shape), log_hazard)))


def _pareto(of: d.Pareto, place: Place) -> str:
    op, number = place.steps.op, place.steps.number
    growth = op("exp", op("mul", number(-1.0 / of.shape), op("log", place.above)))
    return clipped(place.steps, op("mul", number(of.minimum), growth), of.minimum, math.inf)


def _metalog(of: d.Metalog, place: Place) -> str:
    """Keelin (2016), "The Metalog Distributions", Decision Analysis 13(4), equations 6, 11 and 14."""
    op, number = place.steps.op, place.steps.number
    a1, a2, a3 = of.coefficients
    logit = op("sub", op("log", place.below), op("log", place.above))
    slope = affine(place.steps, op("sub", place.below, number(0.5)), a2, a3)
    score = op("add", number(a1), op("mul", slope, logit))
    if of.low is None and of.high is None:
        return score
    if of.low is not None and of.high is not None:
        odds_against = op("add", number(1.0), op("exp", op("neg", score)))
        x = op("add", number(of.low), op("div", number(of.high - of.low), odds_against))
    elif of.low is not None:
        x = op("add", number(of.low), op("exp", score))
    else:
        x = op("sub", number(of.high or 0.0), op("exp", op("neg", score)))
    return clipped(place.steps, x, -math.inf if of.low is None else of.low, math.inf if of.high is None else of.high)


_CLOSED_FORMS: dict[type, Callable[..., str]] = {
    d.Constant: _constant,
    d.Uniform: _uniform,
    d.Normal: _normal,
    d.Lognormal: _lognormal,
    d.Triangular: _triangular,
    d.Exponential: _exponential,
    d.Weibull: _weibull,
    d.Pareto: _pareto,
    d.Metalog: _metalog,
}
