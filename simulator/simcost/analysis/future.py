"""One future of a scenario, recomputed: the value of every input, driver and cost line in every month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.calendar import month_names
from simcost.compile.studies.story import CATEGORY_MONTH, DRIVER, INPUT, LINE_MONTH, story_plan
from simcost.engine.dealing import check_dealing
from simcost.errors import UsageError
from simcost.scenario.distributions.canonical import Constant
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simcost.scenario.scenario import Input, Persistence, Scenario
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan

    Values = Mapping[str, Array]

PERIOD_MONTHS: dict[Persistence, int] = {"run": 12_000, "year": 12, "month": 1}
"""How many months one draw holds; no horizon is as long as the first."""


@dataclass(frozen=True, slots=True)
class Course:
    """A quantity in the course of one future.

    Parameters
    ----------
    unit
        As the scenario writes it.
    values
        float64 (months,), in that unit.
    """

    name: str
    unit: str
    values: Array


@dataclass(frozen=True, slots=True)
class InputCourse(Course):
    """An input in the course of one future.

    Parameters
    ----------
    draw
        How long one draw holds: ``run``, ``year`` or ``month``.
    percentiles
        Where each draw lies, in percent: P(X < value) + P(X = value) / 2, the mid-distribution function (Parzen 2004, "Quantile
        probability and statistical data modeling"), so that an event that seldom happens lies in the middle when it does not.
        Empty for a certain input.
    """

    draw: Persistence
    percentiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Future:
    """One scenario of a run; money in the scenario's currency.

    Parameters
    ----------
    number
        Of the scenario, from 0.
    total
        Over the horizon.
    months, cumulative
        float64 (months,): cost of each month, and from the start to its end.
    breach
        Whether the cumulative cost has exceeded what is approved by the end of each month, bool (months,); None without a budget.
    inputs, drivers, lines
        Everything that the total rests on, and the cost lines by month, in the order of the file.
    categories
        Cost by month, in the order of the file.
    unused
        Names of uncertain inputs and of drivers that no cost line needs: they have no value in this future.
    """

    number: int
    seed: int
    month_names: tuple[str, ...]
    total: float
    months: Array
    cumulative: Array
    breach: NDArray[np.bool_] | None
    inputs: tuple[InputCourse, ...]
    drivers: tuple[Course, ...]
    lines: tuple[Course, ...]
    categories: tuple[Course, ...]
    unused: tuple[str, ...]


def future(scenario: Scenario, number: int, seed: int) -> Future:
    """Recompute one scenario of a run, by the reference back end.

    Parameters
    ----------
    scenario
        Resolved; one that compiles.
    number
        Of the scenario, from 0.
    seed
        Of the run.

    Raises
    ------
    UsageError
        If there is no scenario of that number.
    """
    plan = story_plan(scenario)
    _check_number(plan, number)
    found = _columns(plan, number, seed)
    breach = found.get("breach")
    inputs, drivers = found.get(INPUT, {}), found.get(DRIVER, {})
    lines = found[LINE_MONTH]
    return Future(
        number=number,
        seed=seed,
        month_names=month_names(scenario),
        total=float(found["total"][""][0]),
        months=found["month"][""],
        cumulative=found["cumulative"][""],
        breach=breach[""] != 0.0 if breach else None,
        inputs=tuple(_input_course(each, inputs, scenario.months) for each in scenario.inputs if _has_value(each, inputs)),
        drivers=tuple(Course(each.name, each.unit.text, drivers[each.name]) for each in scenario.drivers if each.name in drivers),
        lines=tuple(Course(each.name, scenario.currency, lines[each.name]) for each in scenario.costs),
        categories=tuple(Course(name, scenario.currency, values) for name, values in found[CATEGORY_MONTH].items()),
        unused=(
            *(each.name for each in scenario.inputs if not _has_value(each, inputs)),
            *(each.name for each in scenario.drivers if each.name not in drivers),
        ),
    )


def _check_number(plan: Plan, number: int) -> None:
    check_dealing(plan, 0, ROW * max(plan.sampling.sections, 1))
    largest = plan.sampling.scenarios - 1
    if not 0 <= number <= largest:
        message = f"there is no scenario {number:,}. Give a number from 0 to {largest:,}."
        raise UsageError(message)


def _columns(plan: Plan, number: int, seed: int) -> dict[str, dict[str, Array]]:
    """Run one scenario; return its columns by group and label, each (months,) or (1,)."""
    out = np.empty((plan.n_columns, 1))
    ReferenceKernel(plan).run(seed, number, number + 1, out)
    found: dict[str, dict[str, Array]] = {}
    for output, first in zip(plan.outputs, plan.first_columns(), strict=True):
        width = plan.horizon if output.monthly else 1
        found.setdefault(output.group, {})[output.label] = out[first : first + width, 0]
    return found


def _has_value(each: Input, drawn: Values) -> bool:
    return each.name in drawn or isinstance(each.distribution, Constant)


def _input_course(each: Input, drawn: Values, months: int) -> InputCourse:
    if isinstance(each.distribution, Constant):
        return InputCourse(each.name, each.unit.text, np.full(months, each.distribution.value), "run", ())
    values = drawn[each.name]
    draws = values[:: PERIOD_MONTHS[each.draw]].tolist()
    percentiles = tuple(100.0 * _mid_probability(each, value) for value in draws)
    return InputCourse(each.name, each.unit.text, values, each.draw, percentiles)


def _mid_probability(each: Input, value: float) -> float:
    below = each.distribution.probability_up_to(math.nextafter(value, -math.inf))
    return (below + each.distribution.probability_up_to(value)) / 2.0
