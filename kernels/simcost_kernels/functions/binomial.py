"""The binomial distribution with parameters that are values of a plan: how many of a headcount leave in a month.

Bodies are as in `elementary`: straight-line code from IEEE operations, the same bits on every back end.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.functions.elementary import exp, log, maximum, minimum, normal_quantile
from simcost_kernels.functions.primitives import chop_down, floor, sqrt, where

FEW = 64.0
"""Mean of the rarer outcome up to which probabilities are summed one by one; the first of them is above 1e-39."""

MOST_SUMMED = 256.0
"""Count at which the sum ends: more has a probability below 1e-60 where the mean is at most `FEW`."""


def binomial_few(u: Any, trials: Any, rare: Any) -> Any:
    """Sum the probabilities from 0 on; for a mean of at most `FEW`, otherwise 0."""
    none = exp(trials * log(1.0 - rare))
    return chop_down(u, trials, rare / (1.0 - rare), none, where(trials * rare <= FEW, minimum(trials, MOST_SUMMED), 0.0))


def binomial_many(u: Any, trials: Any, rare: Any) -> Any:
    """Cornish-Fisher: mean + sd z + (1 - 2p)(z^2 - 1)/6, rounded."""
    z = normal_quantile(u)
    mean = trials * rare
    skewed = (1.0 - 2.0 * rare) * (z * z - 1.0) / 6.0
    return minimum(maximum(floor(mean + sqrt(mean * (1.0 - rare)) * z + skewed + 0.5), 0.0), trials)


def binomial_quantile(u: Any, n: Any, p: Any) -> Any:
    """Return the inverse of the binomial distribution function: the least count whose cumulative probability reaches u.

    Parameters
    ----------
    u
        In (0, 1).
    n
        Trials: the whole part, none if negative.
    p
        Probability of each; below 0 it is 0, above 1 it is 1.

    Notes
    -----
    Up to a mean of `FEW` the probabilities are summed (Kachitvichyanukul and Schmeiser 1988, "Binomial random variate
    generation", Communications of the ACM 31: algorithm BINV). Beyond, the normal quantile with the Cornish-Fisher term of the
    skewness and the correction for continuity, whose distribution function is within 6e-4, as ``test_binomial.py``
    measures.
    """
    trials = maximum(floor(n), 0.0)
    chance = maximum(minimum(p, 1.0), 0.0)
    rare = where(chance > 0.5, 1.0 - chance, chance)
    v = where(chance > 0.5, 1.0 - u, u)
    count = where(trials * rare <= FEW, binomial_few(v, trials, rare), binomial_many(v, trials, rare))
    return where(u == u, where(chance > 0.5, trials - count, count), u)
