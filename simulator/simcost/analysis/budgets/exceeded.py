"""Which sum of the budget one future exceeds first: the whole one, that of a period, or what is approved to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.scenario.sections.fiscal import FiscalCalendar

if TYPE_CHECKING:
    from simcost.analysis.future import Future
    from simcost.scenario.scenario import Budget, Scenario

TO_DATE = "to date"


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A sum that the cost is more than.

    Parameters
    ----------
    month
        The first in which it is, ``2027-09``.
    approved
        In the scenario's currency.
    part
        Which part of what is approved the sum is: the label of a period, `TO_DATE` of a list by month, empty for all of it.
    """

    month: str
    approved: float
    part: str


def exceeded(scenario: Scenario, told: Future) -> Exceeded | None:
    """Return what a future exceeds first; None if nothing, or there is no budget."""
    if scenario.budget is None or told.breach is None or not told.breach.any():
        return None
    month = int(np.argmax(told.breach))
    return Exceeded(told.month_names[month], *_sum_of(scenario, scenario.budget, month))


def _sum_of(scenario: Scenario, budget: Budget, month: int) -> tuple[float, str]:
    """Return the sum that holds in a month, counted from 0, and which part it is."""
    if not budget.periods:
        return float(sum(budget.approved[: month + 1])), TO_DATE if len(budget.approved) > 1 else ""
    calendar = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    spans = calendar.quarters if budget.periods[0].group == "quarter" else calendar.years
    label = next(span.label for span in spans if span.first <= month < span.last)
    return next(each.approved for each in budget.periods if each.label == label), label
