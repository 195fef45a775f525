"""Exact confidence intervals without assumptions on the distribution: of quantiles by order statistics, of probabilities.

The number of n independent scenarios at or below the true p-quantile is binomial (n, p), whatever the distribution
(atoms only widen the coverage), so two order statistics enclose the quantile with a probability that is known exactly
(David and Nagaraja, "Order Statistics", 7.1). Each side is chosen by itself with its half of the error; a side that no
order statistic reaches is refused, never extrapolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % confidence interval; an end is None where too few scenarios allow none."""

    value: float
    low: float | None
    high: float | None

    def negated(self) -> Estimate:
        """Return the estimate of the same with the opposite sign: its ends change places."""
        low, high = (None if end is None else -end for end in (self.high, self.low))
        return Estimate(-self.value, low, high)


def confidence_of_each(looks: int) -> float:
    """Confidence that an interval needs at each of so many looks to have 0.95 at whichever of them the run ends.

    By Bonferroni's inequality the probability that any of the intervals misses is at most the sum of theirs, whatever rule ends
    the run, for independent scenarios and for replicates alike.
    """
    return CONFIDENCE if looks == 1 else 1.0 - (1.0 - CONFIDENCE) / looks


def probability(percent: float) -> float:
    """Turn a percentile's number into the nearest double of its decimal fraction: 99.9 gives 0.999 exactly as written."""
    return float(Fraction(repr(float(percent))) / 100)


def quantile_rank(n: int, p: float) -> int:
    """0-based rank of the p-quantile of n values, the inverse of their distribution function: ceil(n p) - 1.

    Computed with ``p`` as the decimal that it prints as: 0.07 of 100 values is the seventh, not the eighth.
    """
    return max(ceil(n * Fraction(repr(float(p)))) - 1, 0)


@lru_cache(maxsize=4096)
def ranks(n: int, p: float, confidence: float = CONFIDENCE) -> tuple[int | None, int | None]:
    """0-based ranks of the order statistics that enclose the p-quantile, each side missing it at most (1 - confidence) / 2.

    Parameters
    ----------
    n
        Number of independent scenarios.
    p
        Between 0 and 1, both excluded.
    confidence
        Two-sided, with equal tails.

    Returns
    -------
    low, high
        None for a side that does not exist with so few scenarios.
    """
    tail = (1.0 - confidence) / 2.0
    return lower_rank(n, p, 1.0 - tail), upper_rank(n, p, 1.0 - tail)


def upper_rank(n: int, p: float, confidence: float = CONFIDENCE) -> int | None:
    """0-based rank of the one-sided upper bound of the p-quantile, None if n values allow none.

    The order statistic of rank u lies below the quantile only if more than u values do; u is the smallest for which the
    binomial probability of that is at most 1 - confidence.
    """
    from scipy.special import bdtrc

    error = _error(confidence)
    rank = _first(lambda u: bool(bdtrc(u, n, p) <= error), n)
    return rank if rank < n else None


def lower_rank(n: int, p: float, confidence: float = CONFIDENCE) -> int | None:
    """0-based rank of the one-sided lower bound of the p-quantile, None if n values allow none.

    The order statistic of rank l lies above the quantile only if at most l values are at or below it; l is the largest for
    which the binomial probability of that is at most 1 - confidence.
    """
    from scipy.special import bdtr

    error = _error(confidence)
    rank = _first(lambda k: bool(bdtr(k, n, p) > error), n) - 1
    return rank if rank >= 0 else None


def smallest_n(p: float, confidence: float = CONFIDENCE) -> int:
    """Fewest scenarios that give the p-quantile a one-sided upper bound: p^n <= 1 - confidence (59 for P95 at 95 %)."""
    return ceil(log(_error(confidence)) / log(p))


def proportion_interval(k: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a probability from k successes in n scenarios (Clopper and Pearson 1934), equal tails.

    It covers at least ``confidence`` for every probability, and is never empty: 0 of n has the upper end that an event of
    that probability would have missed with (1 - confidence) / 2.
    """
    from scipy.special import betaincinv

    tail = (1.0 - confidence) / 2.0
    low = float(betaincinv(k, n - k + 1, tail)) if k > 0 else 0.0
    high = float(betaincinv(k + 1, n - k, 1.0 - tail)) if k < n else 1.0
    return low, high


def proportion(k: int, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """Return the share k / n with its interval; of nothing, no number and no ends."""
    return Estimate(k / n, *proportion_interval(k, n, confidence)) if n else Estimate(float("nan"), None, None)


def _error(confidence: float) -> float:
    """1 - confidence as the decimal that is meant: 1 - 0.95 is 0.05, not 0.050000000000000044."""
    return float(1 - Fraction(repr(confidence)))


def _first(holds: Callable[[int], bool], n: int) -> int:
    """Smallest k of 0...n from which on ``holds`` is true (it is at n), by bisection."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
