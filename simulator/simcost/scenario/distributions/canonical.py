"""Every distribution that a scenario may have, by name; each says in its own module what it is."""

from simcost.scenario.distributions.continuous import (
    Beta,
    Exponential,
    Gamma,
    Lognormal,
    Normal,
    Pareto,
    StudentT,
    Triangular,
    Uniform,
    Weibull,
)
from simcost.scenario.distributions.derived import Mixture, Scipy, Truncated
from simcost.scenario.distributions.distribution import Distribution
from simcost.scenario.distributions.metalog import Metalog
from simcost.scenario.distributions.outcomes import Binomial, Constant, Discrete, Poisson

__all__ = [
    "Beta",
    "Binomial",
    "Constant",
    "Discrete",
    "Distribution",
    "Exponential",
    "Gamma",
    "Lognormal",
    "Metalog",
    "Mixture",
    "Normal",
    "Pareto",
    "Poisson",
    "Scipy",
    "StudentT",
    "Triangular",
    "Truncated",
    "Uniform",
    "Weibull",
]
