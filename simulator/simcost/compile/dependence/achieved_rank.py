"""Spearman's rho that two inputs get from their copula, ties included.

Continuous inputs have that of `copulas.spearman`. Equal values share their mean rank, so that discrete inputs have
less: rho is the correlation of mean ranks (Neslehova 2007, "On rank correlation measures for non-continuous random variables",
Journal of Multivariate Analysis 98), here by a sum over cells of the uniform in which both ranks are constant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.dependence.copulas import spearman
from simcost.compile.distributions.quantiles import quantile
from simcost.scenario.distributions import canonical as d

if TYPE_CHECKING:
    from simcost.compile.dependence.copulas import Copula
    from simcost_kernels.arrays import Array


WITH_TIES = (d.Poisson, d.Binomial, d.Discrete, d.Mixture, d.Truncated)
"""Distributions that may have a value of positive probability."""

REACH, CELLS = 7.0, 1_400
"""The grid: normal scores up to 7 (a probability of 1e-12 on either side is left out) in cells of 0.01."""

HALVINGS = 50
"""Of a cell, to find where a value ends: as near as float64 tells."""

ACHIEVED_RANK_ERROR = 2e-5
"""Of rho with ties: the grid's; measured against the bivariate normal distribution in the tests."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The mean rank of a value as a function of its uniform: constant between edges.

    Parameters
    ----------
    edges
        Ascending within (0, 1), float64 (k,).
    heights
        Rank from 0 to 1 below, between and above them, float64 (k + 1,).
    """

    edges: Array
    heights: Array

    @property
    def deviation(self) -> float:
        """Standard deviation; the mean is 0.5."""
        shares = np.diff(self.edges, prepend=0.0, append=1.0)
        return math.sqrt(float(shares @ (self.heights - 0.5) ** 2))


def achieved_rank(copula: Copula, first: d.Distribution, second: d.Distribution) -> float:
    """Return Spearman's rho of two inputs.

    Parameters
    ----------
    copula
        What joins them.

    Returns
    -------
    float
        `copulas.spearman` for continuous inputs, otherwise within `ACHIEVED_RANK_ERROR`; 0 if one of them has only one value.
    """
    if not isinstance(first, WITH_TIES) and not isinstance(second, WITH_TIES):
        return spearman(copula)
    few, many = sorted((_ranks(first), _ranks(second)), key=lambda ranks: ranks.edges.size)
    deviations = few.deviation * many.deviation
    return _covariance(copula, many, few) / deviations if deviations else 0.0


def _covariance(copula: Copula, first: Ranks, second: Ranks) -> float:
    """Sum the first rank times what the second is expected to be, given the first uniform, over cells of it.

    Which of the two is the first input does not matter: all these copulas are symmetric.
    """
    cuts = np.unique(np.concatenate((_grid(), first.edges, second.edges, 1.0 - second.edges)))
    u = (cuts[:-1] + cuts[1:]) / 2.0
    rank = first.heights[np.searchsorted(first.edges, u)]
    above = copula.above(u[:, np.newaxis], second.edges)
    # not by a matrix product: BLAS would start threads for it, which wait for each other on a busy machine
    expected = second.heights[0] + np.einsum("ij,j->i", above, np.diff(second.heights))
    return float(np.sum(np.diff(cuts) * (rank - 0.5) * (expected - 0.5)))


@cache
def _grid() -> Array:
    from scipy.special import ndtr

    edges: Array = ndtr(np.linspace(-REACH, REACH, CELLS + 1))
    return edges


def _ranks(distribution: d.Distribution) -> Ranks:
    """Return the mean ranks of a distribution; where it is continuous, those of the grid's cells."""
    edges = _ends_of_values(distribution) if isinstance(distribution, WITH_TIES) else _grid()
    ends = np.concatenate(([0.0], edges, [1.0]))
    return Ranks(edges, (ends[:-1] + ends[1:]) / 2.0)


def _ends_of_values(distribution: d.Distribution) -> Array:
    """Return the uniforms at which the value becomes another: between neighbours of the grid that differ, by halving."""
    values = quantile(distribution, _grid())
    (cells,) = np.nonzero(np.diff(values) > 0.0)
    low, high = _grid()[cells], _grid()[cells + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        same = quantile(distribution, middle) <= values[cells]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.unique(low)
