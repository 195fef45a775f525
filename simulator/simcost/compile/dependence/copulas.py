"""Copulas of a pair: the parameter of each family from Kendall's tau, its tails, and one uniform given the other.

=========  =====================================  ===========================  =======================================
family     Kendall's tau                          lower, upper tail            in words
=========  =====================================  ===========================  =======================================
gaussian   2/pi asin(r)                           0, 0                         extremes come apart
t          2/pi asin(r)                           both `StudentT.tails`        extremes of both kinds come together
clayton    theta / (theta + 2)                    2**(-1/theta), 0             the lowest values come together
gumbel     1 - 1/theta                            0, 2 - 2**(1/theta)          the highest values come together
frank      1 - 4/theta (1 - D1(theta))            0, 0                         as much in the middle as at the ends
=========  =====================================  ===========================  =======================================

D1 is Debye's function. Sources: Nelsen (2006), "An Introduction to Copulas"; McNeil, Frey and Embrechts (2005), "Quantitative
Risk Management", chapter 5; conditional distributions: Aas, Czado, Frigessi and Bakken (2009), "Pair-copula constructions of
multiple dependence", Insurance: Mathematics and Economics 44.

A tail coefficient is the limit of P(second beyond its p-quantile, given that the first is) as p goes to the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.special_functions import special

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array


QUADRATURE = 200
"""Gauss-Legendre nodes a side for `spearman`: 1e-4 for all that Kendall's tau may be, and three digits are shown."""

THETAS_OF_FRANK = 1e-3, 200.0
"""Kendall's tau from 0.0001 to 0.98."""

SMALLEST_SPREAD = 1e-12
"""At r = 1 or -1 one score is certain given the other."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """The copula of two normal scores with correlation ``r``, -1 to 1."""

    r: float

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        return (float(self.r >= 1.0),) * 2

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        functions = special()
        spread = max(math.sqrt(1.0 - self.r * self.r), SMALLEST_SPREAD)
        found: Array = functions.ndtr((self.r * functions.ndtri(u) - functions.ndtri(v)) / spread)
        return found


@dataclass(frozen=True, slots=True)
class StudentT:
    """The copula of two t-distributed scores with correlation ``r``, -1 to 1, and ``df`` degrees of freedom."""

    r: float
    df: float

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        if abs(self.r) >= 1.0:
            return (float(self.r > 0.0),) * 2
        far = math.sqrt((self.df + 1.0) * (1.0 - self.r) / (1.0 + self.r))
        return (2.0 * float(special().stdtr(self.df + 1.0, -far)),) * 2

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        functions = special()
        x, y = functions.stdtrit(self.df, u), functions.stdtrit(self.df, v)
        spread = np.sqrt((self.df + x * x) * max(1.0 - self.r * self.r, SMALLEST_SPREAD**2) / (self.df + 1.0))
        found: Array = functions.stdtr(self.df + 1.0, (self.r * x - y) / spread)
        return found


@dataclass(frozen=True, slots=True)
class Clayton:
    """Generator (1 + t)**(-1/theta), theta above 0."""

    theta: float

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        return 2.0 ** (-1.0 / self.theta), 0.0

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        growth = u**self.theta * np.expm1(-self.theta * np.log(v))
        return -np.expm1(-(1.0 + 1.0 / self.theta) * np.log1p(growth))


@dataclass(frozen=True, slots=True)
class Gumbel:
    """Generator exp(-t**(1/theta)), theta above 1."""

    theta: float

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        return 0.0, 2.0 - 2.0 ** (1.0 / self.theta)

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        x = -np.log(u)
        log_sum = np.log1p((np.log(v) / -x) ** self.theta)
        below = np.exp((1.0 / self.theta - 1.0) * log_sum + x - x * np.exp(log_sum / self.theta))
        found: Array = 1.0 - below
        return found


@dataclass(frozen=True, slots=True)
class Frank:
    """Generator -log(1 - (1 - exp(-theta)) exp(-t)) / theta; theta is not 0, and above 0 for more than two inputs."""

    theta: float

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        return 0.0, 0.0

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        below, beyond = np.expm1(-self.theta * v), np.expm1(-self.theta * (1.0 - v)) * np.exp(self.theta * (u - v))
        found: Array = beyond / (below + beyond)
        return found


@dataclass(frozen=True, slots=True)
class Survival:
    """A copula turned by half: what was low is high."""

    of: Clayton | Gumbel

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper tail coefficient."""
        lower, upper = self.of.tails
        return upper, lower

    def above(self, u: Array, v: Array) -> Array:
        """Return the probability that the second uniform is above ``v`` if the first is ``u``; arrays that broadcast."""
        return 1.0 - self.of.above(1.0 - u, 1.0 - v)


Archimedean = Clayton | Gumbel | Frank | Survival
Copula = Gaussian | StudentT | Archimedean


def archimedean(family: str, kendall: float, tail: str = "") -> Archimedean:
    """Return the copula of a family with a Kendall's tau.

    Parameters
    ----------
    family
        ``clayton``, ``gumbel`` or ``frank``.
    kendall
        Above 0 and below 1; for ``frank`` also negative.
    tail
        Which extremes come together, ``lower`` or ``upper``; empty for those of the family's own.
    """
    if family == "frank":
        return Frank(_frank_theta(kendall))
    made = Clayton(2.0 * kendall / (1.0 - kendall)) if family == "clayton" else Gumbel(1.0 / (1.0 - kendall))
    own = "lower" if family == "clayton" else "upper"
    return made if tail in ("", own) else Survival(made)


def frank_of_rank(rank: float) -> Frank:
    """Return Frank's copula with a Spearman's rho: 1 - 12/theta (D1(theta) - D2(theta)) (Nelsen 2006)."""
    return Frank(_odd_root(lambda theta: 1.0 - 12.0 / theta * (_debye(1, theta) - _debye(2, theta)), rank))


@cache
def spearman(copula: Copula) -> float:
    """Return Spearman's rho of two continuous inputs, by quadrature of 12 E[U V] - 3 but for the Gaussian copula."""
    if isinstance(copula, Gaussian):
        return 6.0 / math.pi * math.asin(copula.r / 2.0)
    places, weights = _quadrature()
    # not by matrix products: BLAS would start threads for them, which wait for each other on a busy machine
    expected = np.einsum("ij,j->i", copula.above(places[:, np.newaxis], places), weights)
    return float(12.0 * np.sum(weights * places * expected) - 3.0)


def _frank_theta(kendall: float) -> float:
    return _odd_root(lambda theta: 1.0 - 4.0 / theta * (1.0 - _debye(1, theta)), kendall)


def _odd_root(measure: Callable[[float], float], wanted: float) -> float:
    """Return theta of a measure of dependence that is odd in it."""
    from simcost.compile.distributions.inversion import increasing_root

    low, high = (np.array([end]) for end in THETAS_OF_FRANK)
    (theta,) = increasing_root(lambda x, _: np.array([measure(float(each)) - abs(wanted) for each in x]), low, high)
    return math.copysign(float(theta), wanted)


def _debye(n: int, x: float) -> float:
    """Return Debye's function n / x**n times the integral of t**n / (e**t - 1) from 0 to x."""
    places, weights = _quadrature()
    t = x * places
    return float(n * x ** (1 - n) * np.sum(weights * t**n / np.expm1(t)))


@cache
def _quadrature() -> tuple[Array, Array]:
    """Return places and weights on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE)
    return (nodes + 1.0) / 2.0, weights / 2.0
