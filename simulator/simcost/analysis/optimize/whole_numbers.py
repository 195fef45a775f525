"""Decisions on what takes whole numbers only, a month, a term, a life: a search between them is refused before it begins."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from simcost.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from simcost.analysis.optimize.space import Axis
    from simcost.analysis.optimize.trial import Trials


def check_whole_numbers(trials: Trials) -> None:
    """Refuse a decision that would try fractions where only whole numbers are taken.

    Raises
    ------
    UsageError
        With the decision, a fraction that it would try, and the step to write.
    """
    for position, axis in enumerate(trials.axes):
        place = _fraction(axis)
        if place is None or _takes(trials, position, place):
            continue
        if not any(_takes(trials, position, whole) for whole in _whole(axis)):
            continue  # it is refused for something else, of which the search tells
        decision = axis.decision
        tried = f"{axis.number(place):g} is among what may be decided, {decision.low:g} to {decision.high:g}"
        remedy = "Write step = 1." if decision.low.is_integer() else f"Write step = 1 and from = {ceil(decision.low)}."
        message = (
            f"{trials.path}: optimize.decision.{position}: {decision.target} takes whole numbers only, and {tried}. {remedy}"
        )
        raise UsageError(message)


def _fraction(axis: Axis) -> float | None:
    """Return a place whose value is no whole number, or None if there is none."""
    low, step = axis.decision.low, axis.decision.step
    if not axis.ordered or (low.is_integer() and step and step.is_integer()):
        return None
    if not low.is_integer():
        return 0.0
    return 1.0 if step else min(0.5, axis.last / 2.0)


def _whole(axis: Axis) -> tuple[float, float]:
    """Return the places of the first and the last whole number."""
    low = axis.decision.low
    return (ceil(low) - low) / axis.scale, (floor(axis.decision.high) - low) / axis.scale


def _takes(trials: Trials, position: int, place: float) -> bool:
    """Whether the file takes a place on one axis, the other decisions at their first values."""
    point = tuple(place if number == position else 0.0 for number in range(len(trials.axes)))
    try:
        trials.scenario(point)
    except ScenarioError:
        return False
    return True
