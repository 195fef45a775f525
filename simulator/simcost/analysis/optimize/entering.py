"""How decisions enter a scenario, whatever they set: read off the inputs that change with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.compile.studies.hinge_form import Entering
from simcost.scenario.distributions.canonical import Constant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.optimize.space import Axis
    from simcost.analysis.optimize.trial import Trials
    from simcost.scenario.scenario import Scenario

ROUNDING = 1e-9
"""Of an input, what a conversion of units may round it by."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The scenario with every decision taken in its middle, ``at`` which values, and the inputs that change with them."""

    scenario: Scenario
    at: tuple[float, ...]
    inputs: Mapping[str, Entering]


def entrance(trials: Trials) -> Entrance | None:
    """Tell which certain inputs are linear in one decision each; None if a decision changes anything else."""
    middle = tuple(axis.nearest(axis.last / 2.0) for axis in trials.axes)
    scenario, found = trials.scenario(middle), dict[str, Entering]()
    for number, axis in enumerate(trials.axes):
        ends = (trials.scenario((*middle[:number], place, *middle[number + 1 :])) for place in (0.0, axis.last))
        its = _changing(number, axis, (next(ends), scenario, next(ends)))
        if its is None or its.keys() & found.keys():
            return None
        found |= its
    at = tuple(axis.number(place) for axis, place in zip(trials.axes, middle, strict=True))
    return Entrance(scenario, at, found)


def _changing(number: int, axis: Axis, scenarios: tuple[Scenario, Scenario, Scenario]) -> dict[str, Entering] | None:
    """Compare a scenario with a decision at its least, in its middle and at its most."""
    if not axis.ordered or not axis.last or len({_but_inputs(each) for each in scenarios}) > 1:
        return None
    values = [axis.number(place) for place in (0.0, axis.nearest(axis.last / 2.0), axis.last)]
    found = {}
    for low, middle, high in zip(*(each.inputs for each in scenarios), strict=True):
        if low.name != high.name or not low.distribution == middle.distribution == high.distribution:
            numbers = [each.distribution.value for each in (low, middle, high) if isinstance(each.distribution, Constant)]
            if len(numbers) < len(values) or (its := _line(values, numbers)) is None:
                return None
            found[low.name] = Entering(number, *its)
    return found


def _but_inputs(scenario: Scenario) -> Scenario:
    return replace(scenario, inputs=(), overrides=(), warnings=())


def _line(x: list[float], y: list[float]) -> tuple[float, float] | None:
    """Return addend and factor of the line through both ends; None if the middle is not on it."""
    factor = (y[2] - y[0]) / (x[2] - x[0])
    addend = y[0] - factor * x[0]
    rounding = ROUNDING * max(map(abs, y))
    if abs(addend) <= rounding:
        addend = 0.0
    return (addend, factor) if abs(addend + factor * x[1] - y[1]) <= rounding else None
