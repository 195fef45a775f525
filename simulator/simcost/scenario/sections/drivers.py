"""From named formulas to drivers in an order that computes.

What a formula needs of the same month orders the drivers, and a circle there computes nothing. Through ``prev`` drivers may
need each other: a stock rests on last month's flows, and these on last month's stock.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from simcost.scenario.distributions.parameters import is_moderate
from simcost.scenario.formulas.order import cycles, in_order, knots, reversed_needs
from simcost.scenario.problems import Finding
from simcost.scenario.scenario import Driver
from simcost.scenario.validation import mistyped

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simcost.scenario.formulas import Syntax
    from simcost.scenario.formulas.order import Needs
    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.quantities.units import Unit

MOST_READINGS = 8
"""How often, on average, a formula of a knot is read for its unit; stocks and flows take one or two readings."""


def read_drivers(raw: Mapping[str, object], resolution: Resolution) -> tuple[Driver, ...]:
    """Parse, order and resolve the drivers; their units are added to the resolution, None for those that are not sound."""
    sound: dict[str, Syntax] = {}
    for name, text in raw.items():
        syntax = _parsed(name, text, resolution)
        if syntax is not None:
            sound[name] = syntax
    current = {name: _others(name, syntax.current, sound) for name, syntax in sound.items()}
    computable = set(in_order(current))
    for cycle in cycles(current, computable):
        resolution.findings.add(_cycle(cycle))
    for name in raw.keys() - computable:
        resolution.units.setdefault(name, None)
    for name in current.keys() - computable:  # for the other problems of a formula in a circle
        resolution.resolved(sound[name], ("drivers", name), self_name=name)
    needs = {name: _others(name, sound[name].names, computable) for name in sound if name in computable}
    drivers = [driver for knot in knots(needs) for driver in _knot(knot, needs, sound, resolution)]
    return tuple(driver for driver in drivers if driver is not None)


def _others(name: str, names: Collection[str], known: Collection[str]) -> list[str]:
    """Return the other drivers among some names; what a driver is to itself is for `formulas` to judge."""
    return [needed for needed in sorted(names) if needed in known and needed != name]


def _cycle(cycle: list[str]) -> Finding:
    place = ("drivers", cycle[0])
    shown = [*cycle[:10], "..."] if len(cycle) > 10 else [*cycle, cycle[0]]
    remedy = "Break it: with an input, or with prev(x, first) where last month's value is meant."
    return Finding(place, f"a circle of formulas: {' needs '.join(shown)}", remedy)


def _parsed(name: str, text: object, resolution: Resolution) -> Syntax | None:
    if isinstance(text, str):
        return resolution.parsed(text, ("drivers", name))
    what = mistyped(text, "a formula")
    plain = isinstance(text, int | float) and not isinstance(text, bool) and is_moderate(text)
    remedy = f'Write {name} = "{text if plain else "..."}", or move a plain number to [inputs].'
    resolution.findings.add(Finding(("drivers", name), what, remedy))
    return None


def _knot(names: list[str], needs: Needs, sound: Mapping[str, Syntax], resolution: Resolution) -> list[Driver | None]:
    """Resolve drivers that need each other through ``prev``; mostly it is a single one."""
    if len(names) == 1:
        return [_resolved(names[0], sound[names[0]], resolution)]
    members = set(names)
    ordered = in_order({name: _others(name, sound[name].current, members) for name in names})
    broken = _learn_units(ordered, needs, sound, resolution)
    return [_resolved(name, sound[name], resolution, resolution.units[name]) for name in ordered if name not in broken]


def _learn_units(names: list[str], needs: Needs, sound: Mapping[str, Syntax], resolution: Resolution) -> set[str]:
    """Find the units of drivers that need each other; return those that have a finding, or whose unit nothing tells."""
    resolution.units.update(dict.fromkeys(names))
    members = set(names)
    dependents = reversed_needs({name: [needed for needed in needs[name] if needed in members] for name in names})
    broken = _spread_units(names, dependents, sound, resolution)
    unknown = {name for name in names if resolution.units[name] is None} - broken
    if unknown and all(resolution.units[each] or each in unknown for name in unknown for each in sound[name].names):
        resolution.findings.add(_no_unit([name for name in sound if name in unknown]))
    return broken | unknown


def _spread_units(names: list[str], dependents: Needs, sound: Mapping[str, Syntax], resolution: Resolution) -> set[str]:
    """Learn units until nothing tells any more of them; return the drivers that have a finding.

    The unit of ``prev(x, first)`` is that of ``first`` as long as that of x is not known. What learns its unit may tell those
    of others: these are read again.
    """
    broken: set[str] = set()
    waiting = deque(names)
    readings = MOST_READINGS * len(names)
    while waiting and readings:
        readings -= 1
        name = waiting.popleft()
        if resolution.units[name] is not None or name in broken:
            continue
        if not resolution.learn(name, sound[name], ("drivers", name)):
            broken.add(name)
        elif resolution.units[name] is not None:
            waiting.extend(dependents[name])
    return broken


def _no_unit(names: list[str]) -> Finding:
    shown = ", ".join(f'"{name}"' for name in names[:5]) + (", ..." if len(names) > 5 else "")
    what = f"no unit can be told for {shown}: each follows from another, and a first value of 0 fits any unit"
    remedy = 'Give prev a first value that has a unit: an input, such as opening = "0 person".'
    return Finding(("drivers", names[0]), what, remedy)


def _resolved(name: str, syntax: Syntax, resolution: Resolution, own: Unit | None = None) -> Driver | None:
    found = resolution.resolved(syntax, ("drivers", name), self_name=name, own=own)
    if found is not None and name in resolution.wanted:
        from simcost.scenario.blocks.writing.wanted import is_wanted_driver

        found = found if is_wanted_driver(name, found[1], resolution.wanted[name], resolution.findings) else None
        resolution.units[name] = found[1] if found else None
    resolution.units.setdefault(name, found[1] if found else None)
    if found is None:
        return None
    expression, unit = found
    return Driver(name, syntax.text, expression, unit)
