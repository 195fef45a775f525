"""Stochastic dominance between two totals of one run: whether one is to be preferred whatever the buyer's taste for risk.

For costs, less is better. A dominates B in the first order if A is at most any sum with at least B's probability, for every sum:
then everybody who likes to pay less prefers it. It does in the second order if E max(A - t, 0) <= E max(B - t, 0) for every t
(the increasing convex order): then everybody who moreover dislikes risk does (Shaked and Shanthikumar 2007, "Stochastic orders",
1.A and 4.A). Told of the simulated futures, to the resolution of the summary: cells of 2.45e-4 of a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

BASE = 0
"""Column of what all others are compared with."""

GRID = 999
"""Percentiles at which the curves are compared: 0.1 % to 99.9 %."""


@dataclass(frozen=True, slots=True)
class Dominance:
    """Which of two totals dominates.

    Parameters
    ----------
    order
        1 or 2; 0 if neither dominates, or both are distributed alike.
    by
        ``model`` or ``base``; empty with order 0.
    lower
        Share of the percentiles at which the model is below the base.
    """

    order: Literal[0, 1, 2]
    by: Literal["model", "base", ""]
    lower: float


def dominance(totals: Summary, model: int) -> Dominance:
    """Compare the distribution of a column with that of the first, the base; both have the same number of finite values."""
    lower = _share_lower(totals, model)
    first = _signs(_distribution_gap(totals, model))
    if first is not None:
        return Dominance(1, first, lower) if first else Dominance(0, "", lower)
    second = _signs(-_excess_gap(totals, model))
    return Dominance(2, second, lower) if second else Dominance(0, "", lower)


def _signs(gap: Array) -> Literal["model", "base", ""] | None:
    """Tell whom a gap favours everywhere: the model if it is never negative; nobody if it is zero; None if it is both."""
    above, below = bool((gap > 0).any()), bool((gap < 0).any())
    if above and below:
        return None
    return "model" if above else "base" if below else ""


def _distribution_gap(totals: Summary, model: int) -> Array:
    """How many more of the model's values than of the base's are at most so much, at the end of each cell."""
    mine, its = totals.cells(model), totals.cells(BASE)
    keys = np.union1d(mine.keys, its.keys)
    gap = np.zeros(len(keys))
    gap[np.searchsorted(keys, mine.keys)] += mine.counts
    gap[np.searchsorted(keys, its.keys)] -= its.counts
    return np.cumsum(gap)


def _excess_gap(totals: Summary, model: int) -> Array:
    """E max(model - t, 0) less E max(base - t, 0), times the count, at each t where either has mass: a cell's middle."""
    runs = totals.cells(model), totals.cells(BASE)
    middles = [each.lows + (each.highs - each.lows) / 2.0 for each in runs]
    places = np.union1d(*middles)
    weight = np.zeros(len(places))
    for sign, each, middle in zip((1.0, -1.0), runs, middles, strict=True):
        weight[np.searchsorted(places, middle)] += sign * each.counts
    beyond = np.cumsum(weight[::-1])[::-1][1:]  # at least the next place
    gap = np.cumsum((beyond * np.diff(places))[::-1])[::-1]
    gap[np.abs(gap) < ROUNDING * np.abs(beyond * np.diff(places)).sum()] = 0.0
    return gap


ROUNDING = 1e-12
"""Of the area between two curves, what sums of a million terms may err by."""


def _share_lower(totals: Summary, model: int) -> float:
    count = int(totals.count()[model])
    ranks = np.arange(1, GRID + 1) * count // (GRID + 1)
    return float(np.mean(totals.at_rank(model, ranks) < totals.at_rank(BASE, ranks)))
