"""Values of one number of a scenario, each taken in turn: what ``inputs.gpu_price=9,10,11`` means, and the models it gives."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.compile.studies.listed_values import ListError, listed_values
from simcost.errors import ScenarioError, UsageError
from simcost.scenario import load
from simcost.scenario.blocks.made_names import target_in
from simcost.scenario.blocks.registry import BLOCKS, VALUES
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.formulas.expression import Number
from simcost.scenario.overrides.input_override import PERCENT
from simcost.scenario.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.scenario import Input, Scenario

POINTS = 17
"""Values of a range that is taken from an input's distribution."""

ENDS = (0.01, 0.99)
"""Percentiles at which such a range ends."""

MOST = 101
"""Values in a list."""

NO_PART = ("sampling", "budget")
"""Sections that say how a model is run and judged."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Numbers that one place of a scenario takes in turn.

    Parameters
    ----------
    target
        As ``--set`` names it: ``inputs.gpu_price``; or a driver, ``drivers.requests``.
    values
        In ``unit``.
    unit
        Text of the unit, ``1`` for a pure number; empty where the target takes bare numbers.
    """

    target: str
    values: tuple[float, ...]
    unit: str

    @property
    def is_driver(self) -> bool:
        """Whether the target is a driver: its formula gives way to the number."""
        return self.target.startswith("drivers.")

    def assignment(self, value: float) -> str:
        """Return the assignment that gives the target a value."""
        number = f"{value:.0f}" if value.is_integer() and abs(value) < 2**53 else f"{value!r}"
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f'{self.target}="{number}{unit}"' if self.unit else f"{self.target}={number}"


def with_values(scenario: Scenario, grids: Sequence[Grid], values: Sequence[float]) -> Scenario:
    """Return a scenario with a value in the place of each grid, certain and the same in every month.

    Raises
    ------
    ScenarioError
        If the scenario does not take them.
    """
    pairs = list(zip(grids, values, strict=True))
    assignments = [grid.assignment(value) for grid, value in pairs if not grid.is_driver]
    changed = load(scenario.path, scenario.option, (*scenario.overrides, *assignments), others=False)
    fixed = {grid.target.removeprefix("drivers."): value for grid, value in pairs if grid.is_driver}
    drivers = (replace(each, expression=Number(fixed[each.name])) if each.name in fixed else each for each in changed.drivers)
    return replace(changed, drivers=tuple(drivers))


def at_ends(scenario: Scenario, grid: Grid) -> tuple[Scenario, Scenario]:
    """Return a scenario with the first and with the last value of a grid; see `with_values`."""
    return with_values(scenario, (grid,), grid.values[:1]), with_values(scenario, (grid,), grid.values[-1:])


def takes_whole_numbers(scenario: Scenario, grid: Grid) -> bool:
    """Whether a place that takes the ends of a grid takes whole numbers only: months, terms and lives do, and say so."""
    try:
        with_values(scenario, (grid,), (math.floor(grid.values[0]) + 0.5,))
    except ScenarioError:
        return all(value.is_integer() for value in grid.values)
    return False


def read_grid(text: str, scenario: Scenario) -> Grid:
    """Read ``TARGET=9,10,11``, or ``inputs.NAME`` for its own range: `POINTS` values from its P1 to its P99.

    Parameters
    ----------
    text
        Numbers of an input or a driver are in its unit, unless the last has a unit beside it.
    scenario
        That has the target.

    Raises
    ------
    UsageError
        If the target does not exist or the values cannot be read.
    """
    target, equals, listed = (part.strip() for part in text.partition("="))
    unit = unit_of(target, scenario)
    if not equals:
        return Grid(target, own_range(target, scenario), unit)
    try:
        items = listed_values(listed)
    except ListError as error:
        message = f"{text}: {error.what}. Write values with commas between them: {target}={error.proposal or '1,2,3'}"
        message += f"; {target} alone takes {POINTS} values from its P1 to its P99." if _has_range(target, scenario) else "."
        raise UsageError(message) from None
    return _grid(text, target, items, unit)


def _grid(text: str, target: str, items: Sequence[tuple[float, str]], unit: str) -> Grid:
    """Check values and units that were read from a text."""
    units = {unit for _, unit in items if unit}
    if len(units) > 1:
        message = f"{text}: has values in {' and in '.join(sorted(units))}. Give the unit once, after the last value."
        raise UsageError(message)
    values = tuple(dict.fromkeys(value for value, _ in items))
    if len(values) > MOST:
        message = f"{target}: has {len(values)} values, and {MOST} are the most. Give fewer."
        raise UsageError(message)
    if not units and unit == PERCENT:
        _refuse_shares(text, target, values)
    if units and target.startswith("drivers."):
        message = f"{text}: a driver's values are in its own unit, {unit}. Give bare numbers in {unit}."
        raise UsageError(message)
    return Grid(target, values, units.pop() if units else unit)


def _refuse_shares(text: str, target: str, values: Sequence[float]) -> None:
    """Refuse bare numbers of a percentage that may be meant as shares: 0.05 for 5 %."""
    if all(abs(value) <= 1 for value in values) and any(value % 1 for value in values):
        written = ",".join(f"{value:g}" for value in values)
        percent = ",".join(f"{100 * value:.12g}" for value in values)
        message = (
            f'{text}: {target} is in %, and {written} may be shares. Write "{target}={percent} %", or "{target}={written} %".'
        )
        raise UsageError(message)


def ascending_grid(text: str, scenario: Scenario) -> Grid:
    """Read a grid of two or more values, in ascending order; see `read_grid`."""
    grid = read_grid(text, scenario)
    if len(grid.values) < 2:
        message = f"{text}: has one value, and what lies between two is wanted. Give two or more: {grid.target}=1,2."
        raise UsageError(message)
    return replace(grid, values=tuple(sorted(grid.values)))


def range_to_seek(target: str, between: str, scenario: Scenario) -> Grid:
    """Return the two ends between which a value is sought.

    Parameters
    ----------
    between
        ``LOW,HIGH``; if empty, from an uncertain input's P1 to its P99, from half of a certain one to twice it.

    Raises
    ------
    UsageError
        If the target does not exist, or there is no range.
    """
    if between:
        return _between(target, between, scenario)
    unit = unit_of(target, scenario)
    certain = [
        each.distribution.value
        for each in scenario.inputs
        if target == f"inputs.{each.name}" and isinstance(each.distribution, Constant) and each.distribution.value
    ]
    if certain:
        return Grid(target, tuple(sorted((certain[0] / 2.0, certain[0] * 2.0))), unit)
    if not _has_range(target, scenario):
        message = f'{target} has no range of its own. Give one: `between="LOW,HIGH"`.'
        raise UsageError(message)
    values = own_range(target, scenario)
    return Grid(target, (values[0], values[-1]), unit)


def _between(target: str, between: str, scenario: Scenario) -> Grid:
    """Read ``LOW,HIGH``."""
    unit = unit_of(target, scenario)
    try:
        items = listed_values(between)
    except ListError as error:
        message = f"`between='{between}'`: {error.what}. Give the lowest and the highest: {error.ends or 'LOW,HIGH'}."
        raise UsageError(message) from None
    grid = _grid(f"{target}={between}", target, items, unit)
    if len(grid.values) != 2:
        count = "one value" if len(grid.values) == 1 else f"{len(grid.values)} values"
        message = f"`between='{between}'`: has {count}. Give the lowest and the highest: LOW,HIGH."
        raise UsageError(message)
    return replace(grid, values=tuple(sorted(grid.values)))


def _has_range(target: str, scenario: Scenario) -> bool:
    """Whether it is an input with a distribution."""
    return any(target == f"inputs.{each.name}" and not isinstance(each.distribution, Constant) for each in scenario.inputs)


def unit_of(target: str, scenario: Scenario) -> str:
    """Return the text of the unit of an input or a driver; of another target none, since only its place knows.

    Raises
    ------
    UsageError
        If it names neither, or an input that a block makes: nothing in the file has that name.
    """
    section, _, name = target.partition(".")
    if section in NO_PART:
        message = (
            f"{target[:80]} is no part of the model: it would change what is told, not what happens. Name an input: inputs.NAME."
        )
        raise UsageError(message)
    made = next((each for each in scenario.inputs if each.block and target.removeprefix("inputs.") == each.name), None)
    if made is not None:
        message = f"{scenario.path}: {made.name} is made of {made.block}. Name what the file has: {_written(made)}."
        raise UsageError(message)
    units = {("inputs", each.name): each.unit for each in scenario.inputs if not each.block}
    units |= {("drivers", each.name): each.unit for each in scenario.drivers}
    if (section, name) in units:
        return units[section, name].text
    if not name or section in ("inputs", "drivers"):
        remedy = suggestion(target, map(".".join, units), "Name an input: inputs.NAME.")
        message = f'{scenario.path}: there is no "{target[:80]}". {remedy}'
        raise UsageError(message)
    return ""


def _written(made: Input) -> str:
    """Return the target that replaces an input of a block: ``fx.USD`` for fx_USD, ``staff."Data".salary`` for data_salary."""
    section, quote, name = made.block.partition('"')
    path = section.strip("[] ") + (f".{quote}{name}" if quote else "")
    block = BLOCKS.get(path.partition(".")[0])
    if block is None:
        path += '."NAME"' if path.endswith(".categories") else ""
        return path if path.partition(".")[0] in VALUES else "inputs.NAME"
    prefix = name.removesuffix('"') if quote else path.partition(".")[2]
    return target_in(block, prefix, made.name)


def _around(found: Sequence[Input]) -> str:
    """Return values to try in an example: half of a certain number, itself and twice it."""
    value = found[0].distribution.value if found and isinstance(found[0].distribution, Constant) else 0.0
    return ",".join(f"{float(value * factor):.10g}" for factor in (0.5, 1.0, 2.0)) if value else "1,2,3"


def own_range(target: str, scenario: Scenario) -> tuple[float, ...]:
    """Return `POINTS` values from the P1 to the P99 of an uncertain input, evenly apart.

    Raises
    ------
    UsageError
        If it is certain, or no input.
    """
    found = [each for each in scenario.inputs if target == f"inputs.{each.name}"]
    if not found or isinstance(found[0].distribution, Constant):
        what = "is certain" if found else "has no distribution of its own"
        message = f"{target} {what}, so it has no range. Give values: {target}={_around(found)}."
        raise UsageError(message)
    low, high = (found[0].distribution.quantile(p) for p in ENDS)
    steps = (low + (high - low) * place / (POINTS - 1) for place in range(POINTS))
    return tuple(dict.fromkeys(float(f"{value:.12g}") for value in steps))
