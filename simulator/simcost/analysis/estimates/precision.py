"""How sharp a run is: whether its interval is narrow enough to stop, and what its way of sampling has gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, probability, ranks
from simcost.analysis.estimates.quantiles import quantiles

if TYPE_CHECKING:
    from simcost.scenario.sampling import Stop
    from simcost_kernels.summaries.summary import Summary

SHOWN = 0.95
"""The quantile of the total whose interval is compared with plain Monte Carlo's."""

LITTLE = 0.9
"""Ratio of widths from which on a method is said to gain nothing. With 16 replicates the ratio's own error is 18 %."""


def narrow_enough(summary: Summary, column: int, stop: Stop, *, confidence: float) -> bool:
    """Tell whether half the interval of a column's percentile is at most the wanted part of its value."""
    (found,) = quantiles(summary, column, (probability(stop.percentile),), confidence=confidence)
    if found.low is None or found.high is None:
        return False
    return (found.high - found.low) / 2.0 <= stop.relative * abs(found.value)


def stop_reason(stop: Stop, *, narrow: bool) -> str:
    """Say why a run with a rule for stopping has ended."""
    wanted = f"{100.0 * stop.relative:g} % of it"
    which = f"half the interval of the total's P{stop.percentile:g}"
    return f"{which} is at most {wanted}" if narrow else f"{which} is still more than {wanted}"


def interval_ratio(summary: Summary, column: int, *, confidence: float = CONFIDENCE) -> float:
    """Width of the interval of a column's P95 over that of as many independent scenarios; 1.0 if there is nothing to compare."""
    count = int(summary.count()[column])
    low, high = ranks(count, SHOWN, confidence) if count else (None, None)
    if not summary.sections or low is None or high is None:
        return 1.0
    (found,) = quantiles(summary, column, (SHOWN,), confidence=confidence)
    first, last = summary.at_rank(column, [low, high]).tolist()
    if found.low is None or found.high is None or first == last:
        return 1.0
    return float((found.high - found.low) / (last - first))


def gain_warning(method: str, ratio: float) -> tuple[str, ...]:
    """Say so where a method gains nothing over random scenarios."""
    if method == "random" or ratio < LITTLE:
        return ()
    what = f'method = "{method}" gains little here: the interval of the total\'s P95 is {ratio:.2f} times that of as many random'
    return (f"{what} scenarios. Many inputs of like weight, steps and rare events leave it nothing to even out.",)
