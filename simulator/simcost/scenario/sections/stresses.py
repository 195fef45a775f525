"""From what the file says of stresses to `Stress`: conditions on inputs under which the cost is simulated again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.distributions.parameters import MAGNITUDE, is_moderate
from simcost.scenario.problems import Finding, Findings, Place, show, suggestion
from simcost.scenario.quantities.quantity import parse_quantity
from simcost.scenario.refusal import Refusal
from simcost.scenario.sections.stress_schema import StressTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.scenario import Input
    from simcost.scenario.sections.nameable import Nameable

_NUMBER = r"[Pp]\s*(\d{1,3}(?:\.\d{1,6})?)"
_BAND = re.compile(rf"\s*{_NUMBER}(?:\s+to\s+{_NUMBER})?\s*")

BAND_REMEDY = 'Write "P90 to P100", or "P95" for that percentile itself.'


@dataclass(frozen=True, slots=True)
class Stress:
    """Conditions that hold together.

    Parameters
    ----------
    bands
        (input, low, high): drawn between these probabilities of its own distribution, or fixed where they are equal.
    moves
        (input, factor, addend): every value is multiplied, then increased; the addend is in the input's unit.
    option
        An option of the file that is applied first; empty for none.
    """

    name: str
    bands: tuple[tuple[str, float, float], ...] = ()
    moves: tuple[tuple[str, float, float], ...] = ()
    option: str = ""
    note: str = ""


def read_stresses(
    section: Mapping[str, Any], known: Nameable, options: Collection[str], resolution: Resolution
) -> tuple[Stress, ...]:
    """Read the stresses, which may apply options of these names; what is not sound is reported and left out."""
    found = (_stress(name, raw, known, options, resolution) for name, raw in section.items())
    return tuple(each for each in found if each is not None)


def read_band(text: str) -> tuple[float, float] | None:
    """Read ``P90 to P100``, or ``P95``, as probabilities; None if it is no band."""
    match = _BAND.fullmatch(text)
    if match is None:
        return None
    low = float(match[1]) / 100
    high = low if match[2] is None else float(match[2]) / 100
    is_point = match[2] is None
    return (low, high) if low <= high <= 1.0 and (low < high or (is_point and 0.0 < low < 1.0)) else None


def _stress(name: str, raw: object, known: Nameable, options: Collection[str], resolution: Resolution) -> Stress | None:
    place, findings = ("stress", name), resolution.findings
    if not isinstance(raw, dict):
        remedy = f"Write [stress.{name[:64]}] with band = {{ ... }}."
        findings.add(Finding(place, f"a stress is {validation.kind_of(raw)}", remedy))
        return None
    table = validation.checked(StressTable, raw, place, findings)
    if table is None:
        return None
    if not (table.band or table.scale or table.shift or table.option):
        findings.add(Finding(place, "nothing is stressed", 'Give band = { INPUT = "P90 to P100" }, scale or shift.', at="key"))
        return None
    if table.option and table.option not in options:
        remedy = suggestion(table.option, options, "The file has no [options.NAME] tables.")
        findings.add(Finding((*place, "option"), f'no option is named "{table.option}"', remedy))
    bands = [_band(each, text, (*place, "band", each), known, findings) for each, text in table.band.items()]
    return Stress(
        name,
        tuple(band for band in bands if band is not None),
        _moves(table, place, known, resolution),
        table.option,
        table.note,
    )


def _band(name: str, text: object, place: Place, known: Nameable, findings: Findings) -> tuple[str, float, float] | None:
    if not _is_input(name, place, known, findings):
        return None
    if isinstance(known.inputs[name].distribution, Constant) and name not in known.fixed:
        findings.add(Finding(place, f"{name} is certain and has no percentiles", "Give it a scale or a shift."))
        return None
    band = read_band(text) if isinstance(text, str) else None
    if band is None:
        findings.add(Finding(place, f"{show(text)} is no band of percentiles", BAND_REMEDY))
        return None
    return name, *band


def _moves(table: StressTable, place: Place, known: Nameable, resolution: Resolution) -> tuple[tuple[str, float, float], ...]:
    found, findings, wanted = [], resolution.findings, resolution.wanted
    for name in dict.fromkeys((*table.scale, *table.shift)):
        key = "scale" if name in table.scale else "shift"
        if not _is_input(name, (*place, key, name), known, findings):
            continue
        factor = _factor(table.scale.get(name, 1.0), (*place, "scale", name), findings)
        given = name in table.shift
        addend = _addend(known.inputs[name], table.shift[name], (*place, "shift", name), resolution) if given else 0.0
        found.append((name, factor, addend))
        if name in wanted and not table.option:  # which may replace it first
            _stay_possible((*place, key, name), known.inputs[name], wanted[name], found[-1], findings)
    return tuple(found)


def _stay_possible(place: Place, each: Input, wanted: Wanted, move: tuple[str, float, float], findings: Findings) -> None:
    """Report a move after which a value is one that the file might not have had."""
    from simcost.scenario.blocks.writing.wanted import outside_when_moved

    _, factor, addend = move
    problem = outside_when_moved(each, wanted, factor, addend)
    if problem:
        remedy = f'Move it less, or draw it from a band: band = {{ {each.name} = "P90 to P100" }}.'
        findings.add(Finding(place, problem, "Move it less." if isinstance(each.distribution, Constant) else remedy))


def _factor(raw: object, place: Place, findings: Findings) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        findings.add(Finding(place, validation.mistyped(raw, "a factor"), f"Write for example {place[-1]} = 1.3."))
        return 1.0
    if not is_moderate(raw):
        remedy = f"Numbers are 0 or from {1 / MAGNITUDE:g} to {MAGNITUDE:g}."
        findings.add(Finding(place, f"{show(raw)} is too large or too small a number", remedy))
    return float(raw)


def _addend(each: Input, text: object, place: Place, resolution: Resolution) -> float:
    """Return a certain quantity in an input's unit."""
    findings = resolution.findings
    remedy = f'Write for example "1 {each.unit.text}".' if each.unit.factors else 'Write a pure number, as "0.1".'
    if not isinstance(text, str):
        findings.add(Finding(place, validation.mistyped(text, "a quantity"), remedy))
        return 0.0
    try:
        distribution, unit = parse_quantity(text, resolution.currency)
    except Refusal as error:
        findings.add(Finding(place, error.what, error.remedy))
        return 0.0
    if not isinstance(distribution, Constant):
        findings.add(Finding(place, f'"{text}" is a range, and a shift is certain', remedy))
    elif unit.dimension != each.unit.dimension:
        findings.add(Finding(place, f"{each.name} is {each.unit.described}, and the shift is {unit.described}", remedy))
    else:
        return float(distribution.value * (unit.scale / each.unit.scale))
    return 0.0


def _is_input(name: str, place: Place, known: Nameable, findings: Findings) -> bool:
    if name not in known.inputs and name not in known.broken:
        findings.add(Finding(place, f'no input is named "{name[:64]}"', suggestion(name, known.inputs), at="key"))
    return name in known.inputs
