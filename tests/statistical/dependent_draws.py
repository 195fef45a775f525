"""Draws of inputs that depend on each other, and what is counted of them: Kendall's tau, joint extremes."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from simcost.scenario.distributions import canonical as d

from . import oracles
from .inputs_as_columns import draws_of, input_of, scenario_of

SEED = 11
N = 200_000
ALPHA = oracles.FALSE_ALARM / 400
Z = float(stats.norm.isf(ALPHA / 2.0))
DEEP = 0.005
"""Probability of a tail in which joint draws are counted: some 1,000 draws of each input."""

CHUNK, CHUNKS = 1_000, 60
"""Draws of which Kendall's tau is taken at a time, and how often: their spread gives its error."""

NODES = np.polynomial.legendre.leggauss(400)

LAWS = {
    "a": (d.Lognormal(0.0, 1.0), stats.lognorm(1.0)),
    "b": (d.Gamma(2.0, 1.0), stats.gamma(2.0)),
    "c": (d.Normal(10.0, 2.0), stats.norm(10.0, 2.0)),
    "d": (d.Triangular(5.0, 10.0, 15.0), stats.triang(0.5, 5.0, 10.0)),
}


def scenario(correlations, laws=None, *, names="xabcdy", method="random"):
    """Return a scenario of inputs that are uniform, unless a law is given."""
    laws = laws or {}
    return scenario_of((input_of(name, laws.get(name, d.Uniform(0.0, 1.0))) for name in names), correlations, method=method)


def draws(model, n=N):
    return draws_of(model, n, seed=SEED)


def kendall(x, y, chunks=CHUNKS):
    """Return Kendall's tau, the mean over chunks of draws, and its standard error from their spread."""
    ends = range(0, CHUNK * chunks, CHUNK)
    taus = [stats.kendalltau(x[i : i + CHUNK], y[i : i + CHUNK]).statistic for i in ends]
    return float(np.mean(taus)), float(np.std(taus, ddof=1) / math.sqrt(len(taus)))


def joint_tail(copula, p, *, upper):
    """Return P(both uniforms beyond their quantile at p), by quadrature of the conditional distribution over the first."""
    nodes, weights = NODES
    u = p * (nodes + 1.0) / 2.0
    beyond = copula.above(1.0 - u, np.array(1.0 - p)) if upper else 1.0 - copula.above(u, np.array(p))
    return float(p / 2.0 * weights @ beyond)


def tail_misses(copula, x, y, *, upper, p=DEEP):
    """Return by how much of its bound the count of joint extremes misses what the copula says; at most 1 if all is well.

    The bound is that of a binomial count.
    """
    together = np.count_nonzero((x > 1.0 - p) & (y > 1.0 - p)) if upper else np.count_nonzero((x < p) & (y < p))
    low, high = stats.binom.ppf([ALPHA / 2.0, 1.0 - ALPHA / 2.0], x.size, joint_tail(copula, p, upper=upper))
    middle, half = (high + low) / 2.0, max((high - low) / 2.0, 1.0)
    return abs(together - middle) / half
