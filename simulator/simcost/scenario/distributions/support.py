"""What a distribution can give, as far as its form tells without a probability; `support` of the compiler is exact."""

from __future__ import annotations

import math

from simcost.scenario.distributions import canonical as d


def known_support(distribution: d.Distribution) -> tuple[float, float]:
    """Return the ends of what a distribution can give, as far as its form tells: endless where it does not."""
    match distribution:
        case d.Constant(value):
            return value, value
        case d.Uniform(low, high) | d.Triangular(low, _, high) | d.Beta(_, _, low, high) | d.Truncated(_, low, high):
            return low, high
        case d.Discrete(values, _):
            return values[0], values[-1]
        case d.Lognormal() | d.Gamma() | d.Weibull() | d.Exponential() | d.Pareto() | d.Poisson() | d.Binomial():
            return 0.0, math.inf
        case _:
            return -math.inf, math.inf
