"""Distributions as the compiler takes them: canonical parameters, checked, in the input's unit.

The many ways in which a user may write one (mean and sd, two percentiles, three points) are turned into these by
`scenario.distributions.marginals`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """A certain number."""

    value: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Between ``low`` and ``high``, ``low < high``."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Lognormal:
    """``exp(mu + sigma Z)``: mean and standard deviation of the logarithm."""

    mu: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Triangular:
    """``low <= mode <= high``, ``low < high``."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta(alpha, beta) stretched over ``low`` to ``high``; PERT is one with alpha + beta = 6."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Gamma:
    """Shape and scale; the mean is their product."""

    shape: float
    scale: float


@dataclass(frozen=True, slots=True)
class Weibull:
    """``P(X > x) = exp(-(x / scale) ** shape)``."""

    shape: float
    scale: float


@dataclass(frozen=True, slots=True)
class Exponential:
    """By its mean."""

    mean: float


@dataclass(frozen=True, slots=True)
class StudentT:
    """``location + scale T`` with ``df`` degrees of freedom; the user gives mean and standard deviation, so ``df > 2``."""

    df: float
    location: float
    scale: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """``P(X > x) = (minimum / x) ** shape``."""

    minimum: float
    shape: float


@dataclass(frozen=True, slots=True)
class Metalog:
    """Three-term metalog (Keelin 2016) through P10, P50, P90, unbounded, or bounded by ``low`` and/or ``high``.

    ``coefficients`` a1, a2, a3 of ``a1 + a2 logit(u) + a3 (u - 1/2) logit(u)``, of the value itself (no bound), of
    ``log(x - low)`` (low bound), of ``-log(high - x)`` (high bound), or of ``log((x - low) / (high - x))`` (both).
    """

    coefficients: tuple[float, float, float]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Poisson:
    """By its mean."""

    mean: float


@dataclass(frozen=True, slots=True)
class Binomial:
    """``n`` trials of probability ``p``."""

    n: int
    p: float


@dataclass(frozen=True, slots=True)
class Discrete:
    """``values`` ascending and distinct with probabilities that sum to 1: also Bernoulli and empirical."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scipy:
    """Any continuous distribution of scipy.stats by name, with its shape parameters, ``loc`` and ``scale``."""

    name: str
    parameters: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """One of ``components`` with its probability; probabilities sum to 1."""

    components: tuple[Distribution, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Truncated:
    """``base`` given that it lies between ``low`` and ``high`` (either may be infinite)."""

    base: Distribution
    low: float
    high: float


Distribution = (
    Constant
    | Uniform
    | Normal
    | Lognormal
    | Triangular
    | Beta
    | Gamma
    | Weibull
    | Exponential
    | StudentT
    | Pareto
    | Metalog
    | Poisson
    | Binomial
    | Discrete
    | Scipy
    | Mixture
    | Truncated
)
