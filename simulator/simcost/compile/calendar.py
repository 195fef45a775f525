"""The calendar of a scenario: the months of its horizon, their hours, and when payments fall due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.months import hours_of, month_name, months_from
from simcost_kernels.plan import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost.scenario.scenario import Cost, Scenario


def months(scenario: Scenario) -> tuple[tuple[int, int], ...]:
    """Return (calendar year, calendar month) of every month of the horizon."""
    return months_from(scenario.start, scenario.months)


def month_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the months as ``2027-01``, ``2027-02``, ..."""
    return tuple(map(month_name, months(scenario)))


def hours(scenario: Scenario) -> tuple[int, ...]:
    """Return the hours of every month of the horizon."""
    return tuple(map(hours_of, months(scenario)))


def month_numbers(scenario: Scenario) -> tuple[int, ...]:
    """Return 1, 2, ...: the built-in ``month``."""
    return tuple(range(1, scenario.months + 1))


def year_numbers(scenario: Scenario) -> tuple[int, ...]:
    """Return 1 for the first twelve months of the horizon, 2 for the next twelve, ...: the built-in ``year``."""
    return tuple(i // MONTHS_A_YEAR + 1 for i in range(scenario.months))


def due(scenario: Scenario, cost: Cost) -> tuple[bool, ...]:
    """Tell for every month of the horizon whether a payment (``once`` or ``year``) falls due in it."""
    if cost.every == "once":
        return tuple(i + 1 == cost.month for i in range(scenario.months))
    return tuple(i % MONTHS_A_YEAR + 1 == cost.month for i in range(scenario.months))
