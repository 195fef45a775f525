"""A distribution in a few words, for tables and messages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_IN_FULL = 1e15
"""From here on a number is shown by its power of ten."""

MAX_LISTED = 4
"""Outcomes or components that are listed one by one."""


def describe(distribution: d.Distribution) -> str:
    """Return a distribution in a few words, its numbers in the input's unit: ``lognormal P5 9, P95 16``."""
    return _WORDS[type(distribution)](distribution)


def _number(value: float) -> str:
    """Print four digits, thousands grouped, without exponent where a person would not write one."""
    if value != 0 and not 1e-4 <= abs(value) < LARGEST_IN_FULL:
        return f"{value:.4g}"
    digits = max(3 - math.floor(math.log10(abs(value))), 0) if value else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _named(family: str, **parameters: float) -> str:
    return f"{family} " + ", ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in parameters.items())


def _lognormal(x: d.Lognormal) -> str:
    from simcost.scenario.distributions.fitting import normal_score

    spread = x.sigma * normal_score(0.95)
    return _named("lognormal", P5=math.exp(x.mu - spread), P95=math.exp(x.mu + spread))


def _beta(x: d.Beta) -> str:
    if math.isclose(x.alpha + x.beta, 6, rel_tol=1e-12) and min(x.alpha, x.beta) >= 1:
        return f"PERT {_number(x.low)} to {_number(x.low + (x.alpha - 1) / 4 * (x.high - x.low))} to {_number(x.high)}"
    total = x.alpha + x.beta
    mean, sd = x.alpha / total, math.sqrt(x.alpha * x.beta / (total + 1)) / total
    width = x.high - x.low
    words = _named("beta", mean=x.low + mean * width, sd=sd * width)
    return words if (x.low, x.high) == (0, 1) else f"{words} between {_number(x.low)} and {_number(x.high)}"


def _gamma(x: d.Gamma) -> str:
    return _named("gamma", mean=x.shape * x.scale, sd=math.sqrt(x.shape) * x.scale)


def _student_t(x: d.StudentT) -> str:
    return _named("Student t", df=x.df, mean=x.location, sd=x.scale * math.sqrt(x.df / (x.df - 2)))


def _metalog(x: d.Metalog) -> str:
    from simcost.scenario.distributions.fitting import metalog_quantile

    points = {f"P{percent}": metalog_quantile(x, percent / 100) for percent in (10, 50, 90)}
    ends = [f"{side} {_number(end)}" for side, end in (("above", x.low), ("below", x.high)) if end is not None]
    return " ".join([_named("metalog", **points), *ends])


def _discrete(x: d.Discrete) -> str:
    if x.values == (0.0, 1.0):
        return f"1 with probability {_number(x.probabilities[1])}, else 0"
    if len(x.values) > MAX_LISTED:
        return f"one of {len(x.values):,} values from {_number(x.values[0])} to {_number(x.values[-1])}"
    return ", ".join(f"{_number(v)} ({_number(100 * p)} %)" for v, p in zip(x.values, x.probabilities, strict=True))


def _mixture(x: d.Mixture) -> str:
    if len(x.components) > MAX_LISTED:
        return f"mixture of {len(x.components)} distributions"
    parts = zip(x.components, x.probabilities, strict=True)
    return "mixture of " + "; ".join(f"{_number(100 * p)} % {describe(part)}" for part, p in parts)


def _scipy(x: d.Scipy) -> str:
    return f"scipy {_named(x.name, **dict(x.parameters))}"


def _truncated(x: d.Truncated) -> str:
    ends = [f"min {_number(x.low)}"] * (x.low > -math.inf) + [f"max {_number(x.high)}"] * (x.high < math.inf)
    return f"{describe(x.base)}, {', '.join(ends)}"


_WORDS: dict[type, Callable[..., str]] = {
    d.Constant: lambda x: _number(x.value),
    d.Uniform: lambda x: f"uniform {_number(x.low)} to {_number(x.high)}",
    d.Normal: lambda x: _named("normal", mean=x.mean, sd=x.sd),
    d.Lognormal: _lognormal,
    d.Triangular: lambda x: f"triangular {_number(x.low)} to {_number(x.mode)} to {_number(x.high)}",
    d.Beta: _beta,
    d.Gamma: _gamma,
    d.Weibull: lambda x: _named("weibull", shape=x.shape, scale=x.scale),
    d.Exponential: lambda x: _named("exponential", mean=x.mean),
    d.StudentT: _student_t,
    d.Pareto: lambda x: _named("pareto", minimum=x.minimum, shape=x.shape),
    d.Metalog: _metalog,
    d.Poisson: lambda x: _named("poisson", mean=x.mean),
    d.Binomial: lambda x: _named("binomial", n=x.n, p=x.p),
    d.Discrete: _discrete,
    d.Scipy: _scipy,
    d.Mixture: _mixture,
    d.Truncated: _truncated,
}
