"""Inverse distribution functions that are short compositions of operations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.compile.distributions.probability import Probability
    from simcost.compile.steps import Steps


def clipped(steps: Steps, x: str, low: float, high: float) -> str:
    """Keep a value within its support, whatever rounding did; infinite ends need no step."""
    if math.isfinite(low):
        x = steps.op("max", x, steps.number(low))
    return steps.op("min", x, steps.number(high)) if math.isfinite(high) else x


def affine(steps: Steps, score: str, location: float, scale: float) -> str:
    """Return ``location + scale * score``."""
    return steps.op("add", steps.number(location), steps.op("mul", steps.number(scale), score))


def closed_form(distribution: d.Distribution, probability: Probability) -> str | None:
    """Return the operand of the value, None for a distribution that needs a table."""
    write = _CLOSED_FORMS.get(type(distribution))
    return None if write is None else write(distribution, probability)


def has_closed_form(distribution: d.Distribution) -> bool:
    """Tell whether a distribution needs no table."""
    return type(distribution) in _CLOSED_FORMS


def _constant(of: d.Constant, probability: Probability) -> str:
    return probability.steps.number(of.value)


def _uniform(of: d.Uniform, probability: Probability) -> str:
    return clipped(probability.steps, affine(probability.steps, probability.below, of.low, of.high - of.low), of.low, of.high)


def _normal(of: d.Normal, probability: Probability) -> str:
    return affine(probability.steps, probability.normal, of.mean, of.sd)


def _lognormal(of: d.Lognormal, probability: Probability) -> str:
    return probability.steps.op("exp", affine(probability.steps, probability.normal, of.mu, of.sigma))


def _triangular(of: d.Triangular, probability: Probability) -> str:
    op, number, root_width = probability.steps.op, probability.steps.number, math.sqrt(of.high - of.low)
    rising = affine(probability.steps, op("sqrt", probability.below), of.low, root_width * math.sqrt(of.mode - of.low))
    falling = affine(probability.steps, op("sqrt", probability.above), of.high, -root_width * math.sqrt(of.high - of.mode))
    before_mode = op("le", probability.below, number((of.mode - of.low) / (of.high - of.low)))
    return clipped(probability.steps, op("where", before_mode, rising, falling), of.low, of.high)


def _exponential(of: d.Exponential, probability: Probability) -> str:
    return probability.steps.op("mul", probability.steps.number(-of.mean), probability.steps.op("log", probability.above))


def _weibull(of: d.Weibull, probability: Probability) -> str:
    op, number = probability.steps.op, probability.steps.number
    log_hazard = op("log", op("neg", op("log", probability.above)))
    return op("mul", number(of.scale), op("exp", op("mul", number(1.0 / of.shape), log_hazard)))


def _pareto(of: d.Pareto, probability: Probability) -> str:
    op, number = probability.steps.op, probability.steps.number
    growth = op("exp", op("mul", number(-1.0 / of.shape), op("log", probability.above)))
    return clipped(probability.steps, op("mul", number(of.minimum), growth), of.minimum, math.inf)


def _metalog(of: d.Metalog, probability: Probability) -> str:
    """Keelin (2016), "The Metalog Distributions", Decision Analysis 13(4), equations 6, 11 and 14."""
    op, number = probability.steps.op, probability.steps.number
    a1, a2, a3 = of.coefficients
    logit = op("sub", op("log", probability.below), op("log", probability.above))
    slope = affine(probability.steps, op("sub", probability.below, number(0.5)), a2, a3)
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
    return clipped(probability.steps, x, -math.inf if of.low is None else of.low, math.inf if of.high is None else of.high)


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
