"""Fiscal years and their quarters: which months of the horizon are in each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from simcost.scenario.months import MONTHS_A_YEAR, months_from

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Consecutive months of the horizon.

    Parameters
    ----------
    label
        ``FY2027`` or ``FY2027 Q2``; with the number of its months where the horizon has not all of them.
    first, last
        Its first month and the one after its last, from 0.
    """

    label: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """The label without the number of months."""
        return self.label.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """The horizon, and the month of the calendar (1...12) in which fiscal years begin; none if that is None.

    Parameters
    ----------
    start
        (year, month) of the first month.
    """

    start: tuple[int, int]
    months: int
    first_month: int | None

    @property
    def years(self) -> tuple[Period, ...]:
        """The fiscal years of the horizon, each called after the calendar year in which it ends."""
        return _periods(self, lambda year, _: f"FY{year}", MONTHS_A_YEAR)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of the fiscal years."""
        return _periods(self, lambda year, month: f"FY{year} Q{month // MONTHS_A_QUARTER + 1}", MONTHS_A_QUARTER)


def _periods(calendar: FiscalCalendar, label: Callable[[int, int], str], whole: int) -> tuple[Period, ...]:
    """Group the months by the label of their fiscal year and of their place (0 to 11) in it; ``whole`` is how many one has."""
    start = calendar.first_month
    if start is None:
        return ()
    months = months_from(calendar.start, calendar.months)
    named = [label(year + (1 < start <= month), (month - start) % MONTHS_A_YEAR) for year, month in months]
    found = []
    first = 0
    for name, group in groupby(named):
        length = len(list(group))
        part = "" if length == whole else f" ({length} month{'s' if length > 1 else ''})"
        found.append(Period(name + part, first, first + length))
        first += length
    return tuple(found)
