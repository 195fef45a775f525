"""What is told of pools: how many devices the busiest month takes, which month that is, and what the headroom costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.figures import Statistics
    from simcost_kernels.summary import Summary


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """One pool.

    Parameters
    ----------
    devices
        In its sizing month: the first of those with the most devices.
    sized_in
        For each month of the run the probability that it is the sizing month; NaN where devices are undefined in all scenarios.
    headroom
        Cost over the run of the devices beyond those that the mean demand keeps busy; None if no cost line tells it.
    """

    devices: Statistics
    sized_in: tuple[float, ...]
    headroom: Statistics | None


def headroom_of(name: str, lines: Mapping[str, Statistics]) -> Statistics | None:
    """Return the cost line that tells the headroom of a pool."""
    return lines.get(f"{name}: headroom")


def sizing_probabilities(summary: Summary, column: int, months: int) -> tuple[float, ...]:
    """Return the share of the scenarios in which each month is the sizing one.

    Exact: months are whole numbers below 4,096, each in a cell of its own.

    Parameters
    ----------
    column
        Number of the pool's column of the group ``sizing``, in months of the run (1...).
    """
    count = int(summary.count()[column])
    if not count:
        return (float("nan"),) * months
    up_to = [0.0, *(summary.count_up_to(column, month + 0.5)[0] for month in range(1, months + 1))]
    return tuple((after - before) / count for before, after in pairwise(up_to))
