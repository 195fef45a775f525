"""What is asked of bills before they are learned from, and what is told of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.errors import UsageError

if TYPE_CHECKING:
    from simcost.analysis.learning.learning import Learning
    from simcost.scenario.scenario import Scenario


def unlearned(learned: Learning | None) -> tuple[str, ...]:
    """Say what is not learned, or not from all scenarios."""
    if learned is None:
        return ("every month is closed: there is none left to learn for",)
    left_out = f"{learned.non_finite:,} scenarios are not learned from: what they cost is infinite or undefined."
    return (left_out,) if learned.non_finite else ()


def closed_months(scenario: Scenario) -> int:
    """Return how many months are billed, at least one."""
    if scenario.actuals is None:
        message = f'{scenario.path}: has no [actuals], so nothing is billed. Add [actuals] with file = "bills.csv".'
        raise UsageError(message)
    if not scenario.actuals.closed:
        message = f"{scenario.path}: no month is closed. Give the last one: through under [actuals]."
        raise UsageError(message)
    return scenario.actuals.closed
