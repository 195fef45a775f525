"""Differences of figures between two models run on common random numbers, with 95 % intervals that use the pairing.

The error of a figure is, but for terms that vanish faster, the mean over the scenarios of a function of each (its influence):
x itself for a mean; -s 1{x <= q} for the quantile q at p, s = 1 / f(q) being the reciprocal of the density there (Bahadur 1966,
"A note on quantiles in large samples"); max(x - q, 0) / (1 - p) for the mean of the worst 1 - p (Trindade, Uryasev, Shapiro and
Zrazhevsky 2007). The error of a difference is that of the difference of two such means over the same scenarios, so what both
models share falls out. With the correlation r of the two indicators, the variance of a difference of quantiles is

    p (1 - p) / n * ((s1 - s0)^2 + 2 (1 - r) s1 s0).

s is the slope of the quantile function between ranks n (p - h) and n (p + h), h by Hall and Sheather 1988 ("On the distribution
of a studentized quantile"). Where scenarios are dealt out to replicates, the influences are averaged in each, and the interval is
by sectioning (see `simcost.analysis.estimates.sectioning`).
"""

from __future__ import annotations

from math import exp, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired import TAIL
from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, proportion, quantile_rank
from simcost.analysis.estimates.quantiles import quantiles
from simcost.analysis.estimates.sectioning import enough, half_width

if TYPE_CHECKING:
    from simcost.analysis.comparisons.paired import PairedTotals

FEWEST = 20
"""Scenarios that should lie beyond a quantile, on either side, for an interval of it, and that a mean's should rest on."""

FEWEST_WORST = 30
"""Scenarios that the worst share should have for an interval of its mean."""


ATOM = 0.01
"""Share of the scenarios from which on equal totals are an atom of the distribution."""


def mean_difference(found: PairedTotals, model: int) -> Estimate:
    """Mean of model less mean of base, Student's interval.

    Parameters
    ----------
    model
        Number of the model, from 1; the base is 0.

    Returns
    -------
    Estimate
        In the scenario's currency; NaN without ends if no scenario is counted, without ends if they are too few.
    """
    if not found.count:
        return _nothing()
    value = float(found.moments().mean[model - 1])
    return _about(value, _half_of_feature(found, model - 1))


def tail_difference(found: PairedTotals, model: int) -> Estimate:
    """Mean of the worst twentieth of model less that of base (CVaR 95); see `mean_difference`."""
    place = found.levels.index(TAIL)
    ends = [_order_statistic(found, which, place) for which in (model, 0)]
    if not found.count or None in ends:
        return _nothing()
    others = len(found.below)
    value = float(found.moments().mean[others + model - 1]) / (1.0 - TAIL)
    for sign, which, quantile in zip((1.0, -1.0), (model, 0), ends, strict=True):
        window = found.windows[which][place]
        # From the pilot's quantile to that of all scenarios: q + E max(x - q, 0) / (1 - p) at both.
        value += sign * (float(quantile or 0.0) - window.moved(float(quantile or 0.0)) / found.count / (1.0 - TAIL))
    if found.count * (1.0 - TAIL) < FEWEST_WORST:
        return Estimate(value, None, None)
    half = _half_of_feature(found, others + model - 1)
    return _about(value, None if half is None else half / (1.0 - TAIL))


def quantile_difference(found: PairedTotals, model: int, level: float) -> Estimate:
    """Quantile of model less quantile of base; see `mean_difference`.

    Parameters
    ----------
    level
        One of ``found.levels``.
    """
    place = found.levels.index(level)
    mine, base = (_order_statistic(found, which, place) for which in (model, 0))
    if mine is None or base is None:
        return _nothing()
    if found.count * min(level, 1.0 - level) < FEWEST:
        return Estimate(mine - base, None, None)
    if int(found.equal[model - 1]) == found.count:
        return Estimate(0.0, 0.0, 0.0)
    if any(_is_atom(found, which, place) for which in (model, 0)):
        return _unpaired(found, model, level, value=mine - base)
    slopes = _slope(found, model, level), _slope(found, 0, level)
    if enough(found.count, found.sections, level):
        share = found.by_section.under[:, place] / np.maximum(found.by_section.counts, 1)
        return _about(mine - base, half_width(slopes[1] * share[0] - slopes[0] * share[model], CONFIDENCE))
    apart = (slopes[0] - slopes[1]) ** 2 + 2.0 * (1.0 - _correlation(found, model, place)) * slopes[0] * slopes[1]
    return _about(mine - base, _normal() * sqrt(level * (1.0 - level) / found.count * apart))


def share_below(found: PairedTotals, model: int) -> Estimate:
    """Probability that the model is cheaper than the base in the same future; ties are not."""
    true = int(found.below[model - 1])
    if not found.count or not enough(found.count, found.sections, true / found.count):
        return proportion(true, found.count, CONFIDENCE)
    half = half_width(found.by_section.below[model - 1] / np.maximum(found.by_section.counts, 1), CONFIDENCE)
    share = true / found.count
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0))


def _half_of_feature(found: PairedTotals, feature: int) -> float | None:
    """Return half of the interval of a feature's mean; None if there are too few scenarios."""
    from scipy.special import stdtrit

    count = found.count
    if count < FEWEST:
        return None
    if enough(count, found.sections, 0.5):
        return half_width(found.by_section.means()[feature], CONFIDENCE)
    variance = float(found.moments().squares[feature]) / (count - 1)
    return float(stdtrit(count - 1, 1.0 - (1.0 - CONFIDENCE) / 2.0)) * sqrt(variance / count)


def _order_statistic(found: PairedTotals, model: int, place: int) -> float | None:
    """Return a quantile of a total: to the window's precision, or the summary's where the window misses it."""
    if not found.count:
        return None
    rank = quantile_rank(found.count, found.levels[place])
    value = found.windows[model][place].at_rank(rank)
    return float(found.totals.at_rank(model, [rank])[0]) if value is None else value


def _is_atom(found: PairedTotals, model: int, place: int) -> bool:
    """Tell whether many scenarios have the very total that is at a quantile."""
    return found.windows[model][place].tied(quantile_rank(found.count, found.levels[place])) > ATOM * found.count


def _unpaired(found: PairedTotals, model: int, level: float, *, value: float) -> Estimate:
    """Return a difference of quantiles with an interval that holds whatever the distributions, by Bonferroni's inequality."""
    each = 1.0 - (1.0 - CONFIDENCE) / 2.0
    mine, base = (quantiles(found.totals, which, (level,), confidence=each)[0] for which in (model, 0))
    if mine.low is None or mine.high is None or base.low is None or base.high is None:
        return Estimate(value, None, None)
    return Estimate(value, mine.low - base.high, mine.high - base.low)


def _slope(found: PairedTotals, model: int, level: float) -> float:
    """Return the slope of a total's quantile function, money for each unit of probability."""
    count, h = found.count, bandwidth(level, found.count)
    low, high = max(int(count * (level - h)), 0), min(int(count * (level + h)), count - 1)
    first, last = found.totals.at_rank(model, [low, high])
    return float(last - first) * count / (high - low)


def bandwidth(p: float, n: int) -> float:
    """Half the stretch of probability over which a quantile function's slope is taken: Hall and Sheather's for 95 %.

    It stays within (0, 1): at most half of the way to the nearer end.
    """
    from scipy.special import ndtri

    z = float(ndtri(p))
    density = exp(-z * z / 2.0) / sqrt(2.0 * pi)
    h = n ** (-1.0 / 3.0) * _normal() ** (2.0 / 3.0) * (1.5 * density**2 / (2.0 * z * z + 1.0)) ** (1.0 / 3.0)
    return float(min(h, min(p, 1.0 - p) / 2.0))


def _correlation(found: PairedTotals, model: int, place: int) -> float:
    """Return the correlation of the two indicators of being at most the pilot's quantile; 1.0 where one is certain."""
    n, mine, base = found.count, int(found.under[model, place]), int(found.under[0, place])
    both = int(found.under_both[model - 1, place])
    spread = mine * (n - mine) * base * (n - base)  # whole numbers: equal indicators have exactly 1
    return min((n * both - mine * base) / sqrt(spread), 1.0) if spread else 1.0


def _normal() -> float:
    """Return half the width of a standard normal's interval."""
    from scipy.special import ndtri

    return float(ndtri(1.0 - (1.0 - CONFIDENCE) / 2.0))


def _about(value: float, half: float | None) -> Estimate:
    return Estimate(value, None, None) if half is None else Estimate(value, value - half, value + half)


def _nothing() -> Estimate:
    return Estimate(float("nan"), None, None)
