"""Names that need each other: an order that computes, the circles that allow none, and what hangs together through them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Needs = dict[str, list[str]]
"""For each name the other names that must be known before it."""


def in_order(needs: Needs) -> list[str]:
    """Sort names so that each comes after what it needs, else in the given order; what hangs on a cycle is left out."""
    missing = {name: len(needed) for name, needed in needs.items()}
    dependents = reversed_needs(needs)
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


def reversed_needs(needs: Needs) -> Needs:
    """Return for each name the names that need it."""
    dependents: Needs = {name: [] for name in needs}
    for name, needed in needs.items():
        for other in needed:
            dependents[other].append(name)
    return dependents


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


def knots(needs: Needs) -> list[list[str]]:
    """Gather the names that need each other, directly or through others; each knot comes after the knots that it needs.

    Returns
    -------
    list of list of str
        Most knots are a single name. Within a knot, and between knots that allow it, names are in the given order.

    Notes
    -----
    Two walks, one along the needs and one against them: Sharir 1981, "A strong-connectivity algorithm and its applications in
    data flow analysis", Computers and Mathematics with Applications 7.
    """
    places = {name: place for place, name in enumerate(needs)}
    dependents = reversed_needs(needs)
    knot_of: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for name in reversed(list(_finished(needs))):
        if name not in knot_of:
            found = sorted(_reached(name, dependents, knot_of), key=places.__getitem__)
            knot_of |= dict.fromkeys(found, found[0])
            members[found[0]] = found
    between = {
        first: sorted({knot_of[needed] for name in members[first] for needed in needs[name]} - {first}, key=places.__getitem__)
        for first in sorted(members, key=places.__getitem__)
    }
    return [members[first] for first in in_order(between)]


def _finished(needs: Needs) -> Iterator[str]:
    """Yield each name after all that a walk from it reaches first."""
    seen: set[str] = set()
    for start in needs:
        path = [(start, iter(needs[start]))] if start not in seen else []
        seen.add(start)
        while path:
            _, rest = path[-1]
            following = next((needed for needed in rest if needed not in seen), None)
            if following is None:
                yield path.pop()[0]
            else:
                seen.add(following)
                path.append((following, iter(needs[following])))


def _reached(start: str, needs: Mapping[str, Iterable[str]], settled: Mapping[str, str]) -> set[str]:
    """Return what a walk reaches without names that are settled."""
    found, waiting = {start}, [start]
    while waiting:
        fresh = {name for name in needs[waiting.pop()] if name not in settled} - found
        found |= fresh
        waiting.extend(fresh)
    return found
