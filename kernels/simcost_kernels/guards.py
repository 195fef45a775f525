"""What variants of a plan share: steps that need not be done again for a variant whose numbers they do not depend on.

Variants have other parameters and the same draws. Most of a scenario's time goes into draws and the quantiles of distributions,
and a variant that moves one input leaves those of all others as they are. So a kernel of many variants takes a few scenarios
through all of them, and has its heavy steps in *guards*: steps of a section that depend on the same streams. A guard is entered
for the first variant, and for one that differs from the one before in a parameter on which the guard depends; otherwise its
values are still there. Nothing else changes, so every variant has the bits that it has alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.plan import SECTIONS
from simcost_kernels.stages import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan, Step

HEAVY = WHOLE | {"exp", "log", "pow"}
"""Operations that take longer than to load their value once more."""

GUARDED = ("setup", "year", "month")
"""Sections with guards; what `final` does depends on what the months have carried."""

LIGHT_STREAMS = 2
"""Streams on which a light step outside the months may depend to be guarded too: it takes no time then, and one row."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Steps of a section that depend on the same streams.

    Parameters
    ----------
    section
        Where they are.
    steps
        Numbers of their values, in order; they use values of this guard and of guards before it.
    parameters
        Numbers of the parameters on which any of them depends, directly or not.
    kept
        Those of the steps whose values are wanted outside the guard.
    """

    section: str
    steps: tuple[int, ...]
    parameters: frozenset[int]
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """What a value depends on."""

    streams: frozenset[str] = frozenset()
    parameters: frozenset[int] = frozenset()
    stateful: bool = False


def guards(plan: Plan) -> tuple[Guard, ...]:
    """Return the guards of a plan: section by section, each after those whose values it uses."""
    sources, steps = _sources(plan), plan.numbered()
    found: list[Guard] = []
    for section in GUARDED:
        by_streams: dict[frozenset[str], list[int]] = {}
        for number in sorted(_guarded(section, steps[section], sources, most=max(LIGHT_STREAMS, len(plan.streams) // 2))):
            by_streams.setdefault(sources[number].streams, []).append(number)
        in_order = sorted(by_streams.values(), key=lambda numbers: len(sources[numbers[0]].streams))
        found += [Guard(section, tuple(own), frozenset().union(*(sources[n].parameters for n in own))) for own in in_order]
    return tuple(_with_kept(plan, found))


def to_enter(guards: Sequence[Guard], parameters: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which guards each variant enters.

    Parameters
    ----------
    parameters
        Of the variants, in the order in which they are run: float64 (n_variants, n_parameters).

    Returns
    -------
    ndarray
        (n_variants, n_guards); all for the first variant.
    """
    bits = np.ascontiguousarray(parameters).view(np.uint64)
    changed = np.ones(bits.shape, bool)
    changed[1:] = bits[1:] != bits[:-1]
    entered = [changed[:, sorted(guard.parameters)].any(axis=1) for guard in guards]
    found = np.array(entered, bool).reshape(len(guards), len(bits)).T.copy()
    found[:1] = True
    return found


def _with_kept(plan: Plan, guards: Sequence[Guard]) -> Iterator[Guard]:
    """Find which values of each guard are wanted outside: by another guard, by a step that has none, or at a section's end."""
    guard_of = {number: guard for guard in guards for number in guard.steps}
    wanted = {int(name[1:]) for section in SECTIONS for name in plan.taken_at_end(section)}
    for steps in plan.numbered().values():
        for number, step in steps.items():
            wanted.update(n for n in step.values() if guard_of.get(n) is not guard_of.get(number))
    yield from (replace(guard, kept=tuple(number for number in guard.steps if number in wanted)) for guard in guards)


def _sources(plan: Plan) -> list[_Source]:
    """Return what each value depends on."""
    sources: list[_Source] = []
    for step in (step for section in plan.numbered().values() for step in section.values()):
        of = [sources[number] for number in step.values()]
        sources.append(
            _Source(
                frozenset(arg for arg in step.args if arg[0] == "d").union(*(each.streams for each in of)),
                frozenset(int(arg[1:]) for arg in step.args if arg[0] == "p").union(*(each.parameters for each in of)),
                any(arg[0] == "s" for arg in step.args) or any(each.stateful for each in of),
            )
        )
    return sources


def _guarded(section: str, steps: Mapping[int, Step], sources: Sequence[_Source], *, most: int) -> set[int]:
    """Return the steps of a section that are guarded: heavy ones, and light ones that they use or that cost nothing to keep."""
    found: set[int] = set()
    for number, step in reversed(list(steps.items())):
        source = sources[number]
        light = section != "month" and len(source.streams) <= LIGHT_STREAMS
        heavy = step.op in HEAVY and len(source.streams) <= most
        if not source.stateful and (number in found or light or heavy):
            found.add(number)
            found.update(_own_values(step, steps))
    return found


def _own_values(step: Step, steps: Mapping[int, Step]) -> Iterator[int]:
    return (number for number in step.values() if number in steps)
