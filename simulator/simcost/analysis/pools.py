"""What is told of pools: how many devices the busiest month takes, which month that is, and what the headroom costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, proportion
from simcost.analysis.estimates.sectioning import enough, half_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simcost.analysis.statistics import Statistics
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """One pool.

    Parameters
    ----------
    devices
        In its sizing month: the first of those with the most devices.
    sized_in
        For each month of the run the probability that it is the sizing month, with its interval.
    headroom
        Cost over the run of the devices beyond those that the mean demand keeps busy; None if no cost line tells it.
    """

    devices: Statistics
    sized_in: tuple[Estimate, ...]
    headroom: Statistics | None

    def __repr__(self) -> str:
        """Tell the devices and the likeliest sizing month in one line; every month with its interval would fill some."""
        likeliest = max(range(len(self.sized_in)), key=lambda place: self.sized_in[place].value, default=0)
        share = f", sized in month {likeliest + 1} with {self.sized_in[likeliest].value:.3g}" if self.sized_in else ""
        return f"<{type(self).__name__}: devices {self.devices.in_passing(5.0, 50.0, 95.0)}{share}>"


def headroom_of(name: str, lines: Mapping[str, Statistics]) -> Statistics | None:
    """Return the cost line that tells the headroom of a pool."""
    return lines.get(f"{name}: headroom")


def sizing_probabilities(summary: Summary, column: int, months: int, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
    """Return the share of the scenarios in which each month is the sizing one, with its interval.

    Exact: months are whole numbers below 4,096, each in a cell of its own.

    Parameters
    ----------
    column
        Number of the pool's column of the group ``sizing``, in months of the run (1...).

    Returns
    -------
    tuple
        Intervals are those of Clopper and Pearson, or by sectioning; NaN without ends where no scenario has a sizing month.
    """
    count = int(summary.count()[column])
    up_to = np.array([0, *(round(summary.count_up_to(column, month + 0.5)[0]) for month in range(1, months + 1))])
    shares = _shares_of_sections(summary, column, up_to) if count and summary.sections > 1 else None
    found = []
    for place, here in enumerate(np.diff(up_to).tolist()):
        if shares is not None and enough(count, summary.sections, here / count):
            half = half_width(shares[place], confidence)
            found.append(Estimate(here / count, max(here / count - half, 0.0), min(here / count + half, 1.0)))
        else:
            found.append(proportion(here, count, confidence))
    return tuple(found)


def _shares_of_sections(summary: Summary, column: int, up_to: NDArray[np.int64]) -> Array:
    """Return the share of each section that each month sizes, float64 (months, sections)."""
    ranks = np.maximum(up_to[1:] - 1, 0)
    around = summary.sections_around(column, ranks)
    below = np.where((up_to[1:] > 0)[:, np.newaxis], around.below + around.inside, 0)  # the rank is the last of its cell
    return np.diff(below, axis=0, prepend=0) / np.maximum(around.totals, 1)
