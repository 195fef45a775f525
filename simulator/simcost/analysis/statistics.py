"""The statistics of one column over all scenarios: moments, extremes, and percentiles with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

from simcost.analysis.estimates.intervals import CONFIDENCE, probability
from simcost.analysis.estimates.quantiles import quantiles
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.summaries.summary import Summary

PERCENTILES = (5.0, 10.0, 50.0, 80.0, 90.0, 95.0, 99.0)
"""Those of every run; ``--percentiles`` adds to them."""


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile and its 95 % confidence interval.

    Parameters
    ----------
    p
        In percent, between 0 and 100.
    value
        In the column's unit; NaN if no scenario has a finite value.
    low, high
        Ends of the interval; None where so few scenarios allow none.
    """

    p: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """One column over all scenarios, in its unit; NaN where undefined (the deviation of one scenario).

    Parameters
    ----------
    mean, sd, min, max
        Of the finite values; the standard deviation with divisor n - 1.
    percentiles
        Ascending by ``p``.
    """

    mean: float
    sd: float
    min: float
    max: float
    percentiles: tuple[Percentile, ...]

    def __repr__(self) -> str:
        """Tell the middle and both ends in one line; with every interval it would fill some."""
        return f"<{type(self).__name__}: {self.in_passing(5.0, 50.0, 95.0)}>"

    def percentile(self, p: float | str) -> Percentile:
        """Return one of ``percentiles`` by its number in percent, 95, or its name, ``p95``.

        Raises
        ------
        UsageError
            If it is none of them.
        """
        wanted = p.lower().removeprefix("p") if isinstance(p, str) else p
        for each in self.percentiles:
            if wanted in (each.p, f"{each.p:g}"):
                return each
        known = ", ".join(f"{each.p:g}" for each in self.percentiles)
        message = f"{p!r} is none of the percentiles {known}. Ask for it with `percentiles`, of run or of show."
        raise UsageError(message)

    def in_passing(self, *shown: float) -> str:
        """Name the mean and some of the percentiles, in a few words."""
        percentiles = (f"P{each.p:g} {each.value:,.2f}" for each in self.percentiles if each.p in shown)
        return ", ".join((f"mean {self.mean:,.2f}", *percentiles))


def statistics(summary: Summary, percentiles: Sequence[float], *, confidence: float = CONFIDENCE) -> list[Statistics]:
    """Return the statistics of every column of a summary; the percentiles ascend, in percent."""
    probabilities = [probability(percent) for percent in percentiles]
    moments = zip(summary.mean(), summary.sd(), summary.minimum(), summary.maximum(), strict=True)
    return [
        Statistics(
            mean=float(mean),
            sd=float(sd) if isfinite(sd) else nan,
            min=float(low),
            max=float(high),
            percentiles=tuple(
                Percentile(percent, estimate.value, estimate.low, estimate.high)
                for percent, estimate in zip(
                    percentiles, quantiles(summary, column, probabilities, confidence=confidence), strict=True
                )
            ),
        )
        for column, (mean, sd, low, high) in enumerate(moments)
    ]
