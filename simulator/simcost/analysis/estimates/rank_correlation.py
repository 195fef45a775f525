"""Spearman's rank correlation with its interval."""

from __future__ import annotations

from math import atanh, sqrt, tanh
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


FEWEST = 10
"""Pairs from which on the interval is one."""


def mean_ranks(values: Array) -> Array:
    """Return ranks from 1, float64 (n,); those of ties are their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[place])


def rank_correlation(x: Array, y: Array) -> Estimate | None:
    """Return Spearman's rho of two rows of ranks, float64 (n,) each (see `mean_ranks`); None of few pairs or a constant.

    Its interval is that of independent pairs, by Fisher's transformation with variance (1 + r^2 / 2) / (n - 3): Bonett and Wright
    2000, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65.
    """
    from scipy.special import ndtri

    if len(x) < FEWEST or np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return None
    r = float(np.corrcoef(x, y)[0, 1])
    if abs(r) >= 1.0:
        return Estimate(r, r, r)
    half = float(ndtri(1.0 - (1.0 - CONFIDENCE) / 2.0)) * sqrt((1.0 + r * r / 2.0) / (len(x) - 3))
    return Estimate(r, tanh(atanh(r) - half), tanh(atanh(r) + half))
