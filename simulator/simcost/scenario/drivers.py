"""From named formulas to drivers in an order that computes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding
from simcost.scenario.scenario import Driver
from simcost.scenario.validation import mistyped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.scenario.formulas import Syntax
    from simcost.scenario.resolution import Resolution

Needs = dict[str, list[str]]
"""For each driver the other drivers that must be known before it; what it is to itself is for `formulas` to judge."""


def read_drivers(raw: Mapping[str, object], resolution: Resolution) -> tuple[Driver, ...]:
    """Parse, order and resolve the drivers; their units are added to the resolution, None for those that are not sound."""
    sound: dict[str, Syntax] = {}
    for name, text in raw.items():
        syntax = _parsed(name, text, resolution)
        if syntax is not None:
            sound[name] = syntax
    needs = {name: [needed for needed in sorted(syntax.names - {name}) if needed in sound] for name, syntax in sound.items()}
    ordered = in_order(needs)
    for cycle in cycles(needs, set(ordered)):
        resolution.findings.add(_cycle(cycle))
    for name in raw.keys() - set(ordered):
        resolution.units.setdefault(name, None)
    for name in needs.keys() - set(ordered):  # for the other problems of a formula in a circle
        resolution.resolved(sound[name], ("drivers", name), self_name=name)
    drivers = [_resolved(name, sound[name], resolution) for name in ordered]
    return tuple(driver for driver in drivers if driver is not None)


def in_order(needs: Needs) -> list[str]:
    """Sort names so that each comes after what it needs, else in the given order; what hangs on a cycle is left out."""
    missing = {name: len(needed) for name, needed in needs.items()}
    dependents: dict[str, list[str]] = {name: [] for name in needs}
    for name, needed in needs.items():
        for other in needed:
            dependents[other].append(name)
    ready = deque(name for name, count in missing.items() if count == 0)
    ordered = []
    while ready:
        name = ready.popleft()
        ordered.append(name)
        for other in dependents[name]:
            missing[other] -= 1
            if missing[other] == 0:
                ready.append(other)
    return ordered


def cycles(needs: Needs, sound: set[str]) -> Iterator[list[str]]:
    """Yield each cycle that a walk through the unordered names meets, beginning with its first name in file order."""
    seen = set(sound)
    for start in needs:
        path: list[str] = []
        name = start
        while name not in seen:
            seen.add(name)
            path.append(name)
            name = next(needed for needed in needs[name] if needed not in sound)
        if name in path:
            cycle = path[path.index(name) :]
            places = {name: place for place, name in enumerate(needs)}
            first = min(range(len(cycle)), key=lambda place: places[cycle[place]])
            yield cycle[first:] + cycle[:first]


def _cycle(cycle: list[str]) -> Finding:
    place = ("drivers", cycle[0])
    shown = [*cycle[:10], "..."] if len(cycle) > 10 else [*cycle, cycle[0]]
    return Finding(place, f"a circle of formulas: {' needs '.join(shown)}", "Break it, for example with an input.")


def _parsed(name: str, text: object, resolution: Resolution) -> Syntax | None:
    if isinstance(text, str):
        return resolution.parsed(text, ("drivers", name))
    what = mistyped(text, "a formula")
    remedy = f'Write {name} = "...", or move a plain number to [inputs].'
    resolution.findings.add(Finding(("drivers", name), what, remedy))
    return None


def _resolved(name: str, syntax: Syntax, resolution: Resolution) -> Driver | None:
    found = resolution.resolved(syntax, ("drivers", name), self_name=name)
    resolution.units.setdefault(name, found[1] if found else None)
    if found is None:
        return None
    expression, unit = found
    return Driver(name, syntax.text, expression, unit)
