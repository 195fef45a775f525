"""The distribution of a number given others that are known, from scenarios of all of them.

Every number is taken by its normal score, the normal quantile of its rank among the scenarios, so that its own distribution has
no influence. The known ones are summarised by the linear prediction of the wanted one (semi-automatic approximate Bayesian
computation: Fearnhead and Prangle 2012, J. Royal Statistical Society B 74). The scenarios whose prediction is nearest to that of
what is known have Epanechnikov weights, and are moved along the local regression line (Beaumont, Zhang and Balding 2002,
Genetics 162). Half of the scenarios are predicted by the other half, so that a prediction knows nothing of its own scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import Estimate, proportion
from simcost.analysis.estimates.rank_correlation import mean_ranks
from simcost.analysis.learning.weighted import Weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array


NEAREST = 32
"""One in so many scenarios is near enough."""

FEWEST = 512
"""Scenarios that are taken at least, or all where there are fewer."""

RIDGE = 1e-3
"""Variance that is added to that of each normal score: without it two numbers that go hand in hand in every scenario, and are
known to be otherwise, would have weights without end."""

HALVES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Numbers that are known, beside what they are in the scenarios; those that are the same in all of these are left out.

    Parameters
    ----------
    scores
        Their normal scores, float64 (k, n).
    observed
        Normal scores of what they are known to be, float64 (k,).
    roots
        Cholesky factors of the correlations of each half of the scenarios, float64 (k, k); by which the other is predicted.
    places
        Which numbers they are, of those that were given, int64 (k,).
    """

    scores: Array
    observed: Array
    roots: tuple[Array, ...]
    places: NDArray[np.int64]

    def surprise(self, *, first: int = 0, last: int | None = None) -> Estimate | None:
        """Return the share of scenarios that are at least as far from the centre, by Mahalanobis' distance.

        Parameters
        ----------
        first, last
            Of the numbers that were given, those that are looked at; all by default. None if none of them varies.
        """
        its = (self.places >= first) & (self.places < (np.inf if last is None else last))
        if not its.any():
            return None
        scores = self.scores[its]
        root = _root(scores)
        limit = float(_squares(root, self.observed[its][:, None])[0])
        return proportion(int(np.count_nonzero(_squares(root, scores) >= limit)), scores.shape[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Conditioned:
    """A number given what is known.

    Parameters
    ----------
    values
        What it is then, with weights.
    explained
        Share of the variance of its normal scores that what is known predicts, 0 to 1.
    """

    values: Weighted
    explained: float


def known(columns: Array, observed: Sequence[float]) -> Known:
    """Take what is known by its normal scores.

    Parameters
    ----------
    columns
        Of each number in the scenarios, float64 (k, n), finite.
    observed
        What each is known to be.
    """
    varying = [place for place, column in enumerate(columns) if column.min() < column.max()]
    scores = np.array([normal_scores(columns[place]) for place in varying]).reshape(len(varying), columns.shape[-1])
    seen = np.array([score_of(observed[place], columns[place]) for place in varying])
    roots = tuple(_root(scores[:, 1 - half :: HALVES]) for half in range(HALVES))
    return Known(scores, seen, roots, np.array(varying, np.int64))


def conditioned(values: Array, given: Known) -> Conditioned:
    """Return the distribution of a number given what is known.

    Parameters
    ----------
    values
        In the scenarios, float64 (n,), finite.
    """
    if not len(given.observed) or not values.min() < values.max():
        return Conditioned(Weighted.of(values), 0.0)
    scores = normal_scores(values)
    ahead, rest = np.empty_like(scores), np.empty_like(scores)
    for half in range(HALVES):
        own, other = slice(half, None, HALVES), slice(1 - half, None, HALVES)
        weights = _solved(given.roots[half], given.scores[:, other] @ scores[other] / max(len(scores[other]), 1))
        predicted = weights @ given.scores[:, own]
        ahead[own], rest[own] = predicted - weights @ given.observed, scores[own] - predicted
    explained = max(1.0 - float(rest @ rest) / float(scores @ scores), 0.0)
    return Conditioned(_near(ahead, scores, values), explained)


def normal_scores(values: Array) -> Array:
    """Return the normal quantile of each value's rank; values that are the same share one."""
    from scipy.special import ndtri

    return np.asarray(ndtri((mean_ranks(values) - 0.5) / len(values)), np.float64)


def score_of(value: float, values: Array) -> float:
    """Return the normal score of a value among others; beyond all of them, that of the last."""
    from scipy.special import ndtri

    n = len(values)
    middle = (np.count_nonzero(values < value) + np.count_nonzero(values <= value)) / 2.0
    return float(ndtri(min(max(middle, 0.5), n - 0.5) / n))


def _near(ahead: Array, scores: Array, values: Array) -> Weighted:
    """Weigh the scenarios that are near, and move them along the line of their scores by how far ahead of the known they are."""
    from scipy.special import ndtr

    weights = _epanechnikov(ahead)
    near = weights > 0.0
    w, d, z = weights[near] / weights[near].sum(), ahead[near], scores[near]
    centre = float(w @ d)
    spread = float(w @ (d - centre) ** 2)
    slope = float(w @ ((d - centre) * z)) / spread if spread > 0.0 else 0.0
    moved = ndtr(z - slope * d) * len(values) - 0.5
    counted = w * (1.0 - centre * (d - centre) / spread) if spread > 0.0 else w  # of the line where nothing is ahead
    there = np.interp(moved, np.arange(len(values)), np.sort(values))
    return Weighted(there, w, 1.0 / float(counted @ counted))


def _epanechnikov(ahead: Array) -> Array:
    size = np.abs(ahead)
    wanted = min(max(len(size) // NEAREST, FEWEST), len(size))
    width = float(np.partition(size, wanted - 1)[wanted - 1]) * (1.0 + 1e-6)  # what lies at the edge counts a little
    if width == 0.0:
        return np.asarray(size == 0.0, np.float64)
    return np.asarray(np.maximum(1.0 - (size / width) ** 2, 0.0))


def _root(scores: Array) -> Array:
    count = max(scores.shape[-1], 1)
    return np.linalg.cholesky(scores @ scores.T / count + RIDGE * np.eye(len(scores)))


def _solved(root: Array, right: Array) -> Array:
    from scipy.linalg import cho_solve

    return np.asarray(cho_solve((root, True), right), np.float64)


def _squares(root: Array, columns: Array) -> Array:
    """Return the squared distance of each column, float64 (n,)."""
    from scipy.linalg import solve_triangular

    return np.asarray((solve_triangular(root, columns, lower=True) ** 2).sum(axis=0), np.float64)
