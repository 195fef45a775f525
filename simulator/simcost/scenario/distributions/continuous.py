"""The continuous distributions but the metalog and scipy's own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simcost.scenario.distributions.distribution import Distribution, by_parameters, shown


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Between ``low`` and ``high``, ``low < high``."""

    low: float
    high: float

    def in_words(self) -> str:
        return f"uniform {shown(self.low)} to {shown(self.high)}"

    def probability_up_to(self, x: float) -> float:
        return min(max((x - self.low) / (self.high - self.low), 0.0), 1.0)

    def known_support(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, p: float) -> float:
        return self.low + (self.high - self.low) * p


@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """Mean and standard deviation."""

    mean: float
    sd: float

    def in_words(self) -> str:
        return by_parameters("normal", mean=self.mean, sd=self.sd)

    def probability_up_to(self, x: float) -> float:
        return _standard_normal((x - self.mean) / self.sd)

    def mode_if_known(self) -> float:
        return self.mean


@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """``exp(mu + sigma Z)``: mean and standard deviation of the logarithm."""

    mu: float
    sigma: float

    def in_words(self) -> str:
        spread = self.sigma * normal_score(0.95)
        return by_parameters("lognormal", P5=math.exp(self.mu - spread), P95=math.exp(self.mu + spread))

    def probability_up_to(self, x: float) -> float:
        return _standard_normal((math.log(x) - self.mu) / self.sigma) if x > 0 else 0.0

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return math.exp(self.mu - self.sigma**2)


def _standard_normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_score(probability: float) -> float:
    """Return the standard normal's quantile (Wichura's AS241, within 1e-15 relative)."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


@dataclass(frozen=True, slots=True)
class Triangular(Distribution):
    """``low <= mode <= high``, ``low < high``."""

    low: float
    mode: float
    high: float

    def in_words(self) -> str:
        return f"triangular {shown(self.low)} to {shown(self.mode)} to {shown(self.high)}"

    def probability_up_to(self, x: float) -> float:
        if x <= self.low or x >= self.high:
            return float(x >= self.high)
        if x <= self.mode:
            return (x - self.low) / (self.high - self.low) * ((x - self.low) / (self.mode - self.low))
        return 1 - (self.high - x) / (self.high - self.low) * ((self.high - x) / (self.high - self.mode))

    def known_support(self) -> tuple[float, float]:
        return self.low, self.high

    def mode_if_known(self) -> float:
        return self.mode


@dataclass(frozen=True, slots=True)
class Beta(Distribution):
    """Beta(alpha, beta) stretched over ``low`` to ``high``; PERT is one with alpha + beta = 6."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    def in_words(self) -> str:
        total, width = self.alpha + self.beta, self.high - self.low
        if math.isclose(total, 6, rel_tol=1e-12) and min(self.alpha, self.beta) >= 1:
            return f"PERT {shown(self.low)} to {shown(self.low + (self.alpha - 1) / 4 * width)} to {shown(self.high)}"
        mean, sd = self.alpha / total, math.sqrt(self.alpha * self.beta / (total + 1)) / total
        words = by_parameters("beta", mean=self.low + mean * width, sd=sd * width)
        return words if (self.low, self.high) == (0, 1) else f"{words} between {shown(self.low)} and {shown(self.high)}"

    def probability_up_to(self, x: float) -> float:
        from scipy.special import betainc

        return float(betainc(self.alpha, self.beta, min(max((x - self.low) / (self.high - self.low), 0.0), 1.0)))

    def known_support(self) -> tuple[float, float]:
        return self.low, self.high

    def mode_if_known(self) -> float | None:
        """Between the ends if both shapes exceed 1; at the end where the density is greatest; none if it is U-shaped or flat."""
        alpha, beta = self.alpha, self.beta
        if alpha > 1 and beta > 1:
            return self.low + (self.high - self.low) * (alpha - 1) / (alpha + beta - 2)
        if max(alpha, beta) <= 1 and (alpha == beta or max(alpha, beta) < 1):
            return None
        return self.low if alpha < beta else self.high


@dataclass(frozen=True, slots=True)
class Gamma(Distribution):
    """Shape and scale; the mean is their product."""

    shape: float
    scale: float

    def in_words(self) -> str:
        return by_parameters("gamma", mean=self.shape * self.scale, sd=math.sqrt(self.shape) * self.scale)

    def probability_up_to(self, x: float) -> float:
        from scipy.special import gammainc

        return float(gammainc(self.shape, max(x, 0.0) / self.scale))

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return max(self.shape - 1, 0.0) * self.scale


@dataclass(frozen=True, slots=True)
class Weibull(Distribution):
    """``P(X > x) = exp(-(x / scale) ** shape)``."""

    shape: float
    scale: float

    def in_words(self) -> str:
        return by_parameters("weibull", shape=self.shape, scale=self.scale)

    def probability_up_to(self, x: float) -> float:
        return -math.expm1(-_power(max(x, 0.0) / self.scale, self.shape))

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return self.scale * ((self.shape - 1) / self.shape) ** (1 / self.shape) if self.shape > 1 else 0.0


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


@dataclass(frozen=True, slots=True)
class Exponential(Distribution):
    """By its mean."""

    mean: float

    def in_words(self) -> str:
        return by_parameters("exponential", mean=self.mean)

    def probability_up_to(self, x: float) -> float:
        return -math.expm1(-max(x, 0.0) / self.mean)

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class StudentT(Distribution):
    """``location + scale T`` with ``df`` degrees of freedom; the user gives mean and standard deviation, so ``df > 2``."""

    df: float
    location: float
    scale: float

    def in_words(self) -> str:
        sd = self.scale * math.sqrt(self.df / (self.df - 2))
        return by_parameters("Student t", df=self.df, mean=self.location, sd=sd)

    def probability_up_to(self, x: float) -> float:
        from scipy.special import stdtr

        return float(stdtr(self.df, (x - self.location) / self.scale))

    def mode_if_known(self) -> float:
        return self.location


@dataclass(frozen=True, slots=True)
class Pareto(Distribution):
    """``P(X > x) = (minimum / x) ** shape``."""

    minimum: float
    shape: float

    def in_words(self) -> str:
        return by_parameters("pareto", minimum=self.minimum, shape=self.shape)

    def probability_up_to(self, x: float) -> float:
        return 1 - (self.minimum / x) ** self.shape if x > self.minimum else 0.0

    def known_support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def mode_if_known(self) -> float:
        return self.minimum
