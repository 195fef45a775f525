"""Scenarios under stress: the plans of a scenario as it is and under each of its stresses, singly and together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.compile.costs import KEPT
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import Band
from simcost.errors import UsageError
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.problems import several, suggestion
from simcost.scenario.sections.stresses import Stress, read_band

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost.scenario.scenario import Input, Scenario
    from simcost_kernels.plan import Plan

TOGETHER = "all together"

GIVEN = "bands of the command line"
"""Name of the stress that the command line gives, unless it is one band, which names itself."""

PRECISION = 6
"""Digits of a number in the words of a condition."""


@dataclass(frozen=True, slots=True)
class StressRun:
    """One run under stress.

    Parameters
    ----------
    name
        Of the stress.
    condition
        In words, where one condition of several is meant alone; empty for all of a stress.
    stress
        The conditions.
    """

    name: str
    condition: str
    stress: Stress


def stress_runs(stresses: Sequence[Stress], scenario: Scenario) -> tuple[StressRun, ...]:
    """Return every stress, followed by each of its conditions alone where it has several, and at last all together."""
    found: list[StressRun] = []
    for each in stresses:
        found.append(StressRun(each.name, "", each))
        parts = list(_parts(each, scenario))
        found += [StressRun(each.name, words, part) for words, part in parts] if len(parts) > 1 else []
    joint = _joint(stresses)
    return (*found, StressRun(TOGETHER, "", joint)) if joint else tuple(found)


def chosen(scenario: Scenario, names: Sequence[str], bands: Sequence[str]) -> tuple[Stress, ...]:
    """Return the scenario's stresses, or those that are named, and the one that the command line gives.

    Parameters
    ----------
    names
        Of stresses of the file; all if there is neither a name nor a band.
    bands
        ``INPUT=P90 to P100`` each.

    Raises
    ------
    UsageError
        If there is none of a name, or a band cannot be read.
    """
    known = {each.name: each for each in scenario.stresses}
    for name in names:
        if name not in known:
            otherwise = "" if known else "The file has no [stress.NAME] tables."
            remedy = several(name, known, "stresses") or suggestion(name, known, otherwise)
            message = f'no stress is named "{name[:64]}". {remedy}'
            raise UsageError(message)
    found = tuple(known[name] for name in names) if names or bands else scenario.stresses
    return (*found, _given(bands, scenario)) if bands else found


def stressed_plan(scenario: Scenario, stress: Stress) -> Plan:
    """Compile a scenario under stress, to the total and whether approved sums are kept.

    Raises
    ------
    UsageError
        If a stressed input reaches no cost line.
    """
    moves = {name: (factor, addend) for name, factor, addend in stress.moves}
    certain = replace(scenario, inputs=tuple(_moved(each, moves.get(each.name)) for each in scenario.inputs))
    banded = compile_banded(certain, ("total", *KEPT), movable=True)
    constants = {each.name for each in certain.inputs if isinstance(each.distribution, Constant)}
    for name in (*(name for name, *_ in stress.bands), *(moves.keys() - constants)):
        if name not in banded.knobs:
            message = f'stress "{stress.name}": {name} is certain, or reaches no cost line. Leave it out.'
            raise UsageError(message)
    bands = {name: Band(low, high - low) for name, low, high in stress.bands}
    moved = replace(banded, plan=banded.banded(bands))
    return moved.moved({name: its for name, its in moves.items() if name not in constants})


def _moved(each: Input, move: tuple[float, float] | None) -> Input:
    """Move a certain input; uncertain ones are moved at run time."""
    if move is None or not isinstance(each.distribution, Constant):
        return each
    factor, addend = move
    return replace(each, distribution=Constant(factor * each.distribution.value + addend))


def _parts(stress: Stress, scenario: Scenario) -> Iterator[tuple[str, Stress]]:
    units = {each.name: f" {each.unit.text}" for each in scenario.inputs if each.unit.text != "1"}
    alone = replace(stress, bands=(), moves=(), option="")
    if stress.option:
        yield f"option {stress.option}", replace(alone, option=stress.option)
    for band in stress.bands:
        yield in_words(band), replace(alone, bands=(band,))
    for move in stress.moves:
        name, factor, addend = move
        times = f" times {factor:.{PRECISION}g}" if factor != 1.0 else ""
        plus = f" {'plus' if addend > 0 else 'less'} {abs(addend):.{PRECISION}g}{units.get(name, '')}" if addend else ""
        yield f"{name}{times}{plus}", replace(alone, moves=(move,))


def conditions(stress: Stress, scenario: Scenario) -> tuple[str, ...]:
    """Return the conditions of a scenario's stress in words."""
    return tuple(words for words, _ in _parts(stress, scenario))


def in_words(band: tuple[str, float, float]) -> str:
    """``traffic in P90 to P100``."""
    name, low, high = band
    ends = [f"P{round(100 * end, 6):g}" for end in (low, high)]
    return f"{name} at {ends[0]}" if low == high else f"{name} in {' to '.join(ends)}"


def _joint(stresses: Sequence[Stress]) -> Stress | None:
    """Return all stresses as one; None if there are not two, or two that say different things of one input or have an option."""
    if len(stresses) < 2 or any(each.option for each in stresses):
        return None
    bands = {band for each in stresses for band in each.bands}
    moves = {move for each in stresses for move in each.moves}
    if len({name for name, *_ in bands}) < len(bands) or len({name for name, *_ in moves}) < len(moves):
        return None
    return Stress(TOGETHER, tuple(sorted(bands)), tuple(sorted(moves)))


def _given(texts: Sequence[str], scenario: Scenario) -> Stress:
    inputs = {each.name: each for each in scenario.inputs}
    bands = []
    for text in texts:
        name, equals, words = text.partition("=")
        name, band = name.strip(), read_band(words.strip("\"' "))
        if not equals or band is None:
            message = f'`bands` {text[:80]!r}: is no band of percentiles. Write `bands=\'gpu_price="P90 to P100"\'`, or "P95".'
            raise UsageError(message)
        if name not in inputs:
            message = f"`bands` {name[:64]}: no input has this name. {suggestion(name, inputs)}"
            raise UsageError(message)
        if isinstance(inputs[name].distribution, Constant):
            message = f"`bands` {name}: is certain and has no percentiles. Use `overrides` to change it."
            raise UsageError(message)
        bands.append((name, *band))
    twice = [name for place, (name, *_) in enumerate(bands) if name in {other for other, *_ in bands[:place]}]
    if twice:
        message = f"`bands` {twice[0]} is given twice. Give each input one band."
        raise UsageError(message)
    return Stress(in_words(bands[0]) if len(bands) == 1 else GIVEN, tuple(bands))
