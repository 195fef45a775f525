"""Months of the calendar: those that follow one another, their names, their hours."""

from __future__ import annotations

from calendar import monthrange

MONTHS_A_YEAR = 12
HOURS_A_DAY = 24


def months_from(start: tuple[int, int], count: int) -> tuple[tuple[int, int], ...]:
    """Return (year, month) of so many months from one on, whose own month may lie beyond its year: (2027, 14) is (2028, 2)."""
    first = start[0] * MONTHS_A_YEAR + start[1] - 1
    return tuple((number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1) for number in range(first, first + count))


def month_name(month: tuple[int, int]) -> str:
    """Return a month (year, 1 to 12) as ``2027-01``."""
    return "{:04d}-{:02d}".format(*month)


def month_named(name: str) -> tuple[int, int]:
    """Return the month (year, 1 to 12) that ``2027-01`` names."""
    year, month = map(int, name.split("-"))
    return year, month


def hours_of(month: tuple[int, int]) -> int:
    """Return the hours of a month: its days x 24."""
    return monthrange(*month)[1] * HOURS_A_DAY
