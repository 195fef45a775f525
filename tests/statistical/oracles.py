"""Statistical checks written once: Kolmogorov-Smirnov, chi-square over cells, moments, quantiles.

Each returns a statistic divided by its bound: at most 1 if the draws are what they should be. The bounds follow from n and from
the error probability of one check, which is 1e-6 over the number of checks of a whole test run (Bonferroni). `test_oracles.py`
shows that each check fails for draws that are slightly wrong.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

FALSE_ALARM = 1e-6
"""Of a whole run of a test module."""

CELLS = 1_000


def kolmogorov_smirnov(probabilities, alpha):
    """Compare draws with their distribution function, given as the function's values at the draws.

    Bound: P(D > sqrt(ln(2 / alpha) / (2 n))) <= alpha for every n (Massart 1990, Annals of Probability 18, 1269-1283).
    """
    ordered = np.sort(probabilities)
    n = ordered.size
    rank = np.arange(n) / n
    distance = max(np.max(ordered - rank), np.max(rank + 1.0 / n - ordered))
    return distance / math.sqrt(math.log(2.0 / alpha) / (2.0 * n))


def chi_square(counts, expected, alpha):
    """Compare counts of cells with what is expected of them; every cell should expect 10 or more."""
    statistic = np.sum((counts - expected) ** 2 / expected)
    return statistic / stats.chi2.isf(alpha, len(counts) - 1)


def chi_square_of_cells(probabilities, alpha, cells=CELLS):
    """Compare the counts of draws in cells of equal probability."""
    counts = np.bincount(np.minimum((probabilities * cells).astype(np.int64), cells - 1), minlength=cells)
    return chi_square(counts, np.full(cells, probabilities.size / cells), alpha)


def chi_square_of_values(x, oracle, alpha):
    """Compare the counts of a discrete distribution's values, rare ones joined at both ends."""
    low, high = (int(oracle.ppf(p)) for p in (20.0 / x.size, 1.0 - 20.0 / x.size))
    values = np.arange(low, high + 1)
    probabilities = np.diff(np.concatenate([[0.0], oracle.cdf(values[:-1]), [1.0]]))
    counts = np.bincount(np.clip(x, low, high).astype(np.int64) - low, minlength=values.size)
    kept = probabilities > 0
    return chi_square(counts[kept], probabilities[kept] * x.size, alpha)


def moments(x, mean, sd, alpha):
    """Compare mean and standard deviation; the error of the latter from the draws' own fourth moment."""
    z = stats.norm.isf(alpha / 4.0)
    centred = (x - mean) / sd
    error_of_mean = abs(centred.mean()) * math.sqrt(x.size)
    squares = centred * centred
    error_of_variance = abs(squares.mean() - 1.0) / squares.std() * math.sqrt(x.size)
    return max(error_of_mean, error_of_variance) / z


def quantiles(x, at, alpha, probabilities=(0.01, 0.05, 0.5, 0.8, 0.95, 0.99, 0.9999)):
    """Compare the share of draws at or below exact quantiles ``at(p)`` with p; binomial, so exact for every n."""
    alpha = alpha / len(probabilities)
    worst = 0.0
    for p in probabilities:
        below = np.count_nonzero(x <= at(p))
        low, high = stats.binom.ppf([alpha / 2.0, 1.0 - alpha / 2.0], x.size, p)
        middle = x.size * p
        worst = max(worst, (below - middle) / max(high - middle, 1.0), (middle - below) / max(middle - low, 1.0))
    return worst
