"""What ``[optimize]`` leaves to be decided: a number within a range, one of several values, or an option of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import apply_assignment
from simcost.scenario.problems import Finding, Findings, Place, show, suggestion
from simcost.scenario.quantities.quantity import parse_quantity
from simcost.scenario.quantities.units import DIMENSIONLESS
from simcost.scenario.refusal import Refusal
from simcost.scenario.scenario import AS_IT_IS
from simcost.scenario.sections.optimization_schema import MOST_DECISIONS
from simcost.scenario.text.toml_value import in_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.sections.optimization_schema import DecisionTable

ROUNDING = 1e-12
"""Of a range in decimals, by how much it may be shorter in float64: 2.3 less 1.3 is 0.9999999999999998."""

OPTION = "option"
"""The target of a decision between the file's options."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A thing to decide.

    Parameters
    ----------
    target
        What ``--set`` replaces, such as ``inputs.reserved``.
    low, high, step
        Of a number, in ``unit``; ``step`` is 0.0 where any value will do.
    unit
        As the file has it; empty for a pure number.
    choices
        Values, as TOML, instead of a number; else empty.
    """

    target: str
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""


def wrong_targets(data: Mapping[str, Any]) -> dict[str, Finding]:
    """Return what is wrong with the targets of decisions, by target; ``data`` is the file's, its blocks not yet expanded."""
    section = data.get("optimize")
    decisions = section.get("decision") if isinstance(section, dict) else None
    wrong: dict[str, Finding] = {}
    for decision in decisions[:MOST_DECISIONS] if isinstance(decisions, list) else ():
        target = decision.get("set") if isinstance(decision, dict) else None
        if isinstance(target, str) and target != OPTION:
            findings = Findings()
            apply_assignment(replaced_copy(data), f"{target}={_some_value(decision)}", findings)
            if findings.found:
                wrong[target] = findings.found[0]
    return wrong


def _some_value(decision: Mapping[str, Any]) -> str:
    """Return a value that a decision may take, as TOML: of an input in percent a bare number would be refused."""
    choices = decision.get("choices")
    value = decision.get("from", choices[0] if isinstance(choices, list) and choices else 0)
    return in_toml(value) if isinstance(value, (str, int, float)) else "0"


def read_decision(
    table: DecisionTable, position: int, targets: Mapping[str, Finding], options: Collection[str], resolution: Resolution
) -> Decision | None:
    """Read one decision; None if it has findings.

    Parameters
    ----------
    table, position
        From the list of decisions, and its place there.
    targets
        What `wrong_targets` found before blocks were expanded.
    options
        Names of the file's options.
    resolution
        With the units of all inputs and drivers.
    """
    place: Place = ("optimize", "decision", position)
    findings = resolution.findings
    if table.set in targets:
        findings.add(replace(targets[table.set], place=(*place, "set"), at="value"))
        return None
    if table.set == OPTION:
        return _option(table, place, options, findings)
    if table.choices is not None:
        given = [key for key, value in (("from", table.from_), ("to", table.to), ("step", table.step)) if value is not None]
        if given:
            findings.add(Finding((*place, given[0]), f"{given[0]} beside choices", "Keep one of the two.", at="key"))
        return Decision(table.set, choices=tuple(map(in_toml, table.choices)), note=table.note)
    return _number(table, place, resolution)


def _option(table: DecisionTable, place: Place, options: Collection[str], findings: Findings) -> Decision | None:
    """Read a choice among the file's options and the file as it is."""
    names = [name or AS_IT_IS for name in table.choices or []]
    if not names:
        remedy = f'Write choices = ["{AS_IT_IS}", "reserved"]: names of options, and the file without any.'
        findings.add(Finding(place, "choices is missing", remedy, at="key"))
    for position, name in enumerate(names):
        if name != AS_IT_IS and name not in options:
            remedy = suggestion(str(name), [AS_IT_IS, *options] if options else (), "The file has no [options.NAME] tables.")
            findings.add(Finding((*place, "choices", position), f"no option is named {show(name)}", remedy))
    return Decision(OPTION, choices=tuple(map(str, names)), note=table.note)


def _number(table: DecisionTable, place: Place, resolution: Resolution) -> Decision | None:
    """Read a range of a number and the distance of its values, all in the unit of its lower end."""
    written = _written(table, place, resolution)
    if written is None:
        return None
    findings = resolution.findings
    low, high, step = written
    for key, found in (("to", high), ("step", step)):
        if found is not None and found[1].dimension != low[1].dimension:
            what = f"{key} is in {found[1].text or '1'}, from in {low[1].text or '1'}"
            findings.add(Finding((*place, key), what, "Give both in one unit."))
            return None
    scale = low[1].scale
    top, apart = float(high[0] * high[1].scale / scale), float(step[0] * step[1].scale / scale) if step else 0.0
    if top <= low[0]:
        findings.add(Finding((*place, "to"), f"{show(table.to)} is not above {show(table.from_)}", "Give from the smaller one."))
    elif step is not None and not 0.0 < apart <= (top - low[0]) * (1.0 + ROUNDING):
        what = f"a step of {show(table.step)} between {show(table.from_)} and {show(table.to)}"
        findings.add(Finding((*place, "step"), what, "Give a step above zero and no longer than from here to there."))
    return Decision(table.set, low[0], top, apart, _unit_of(table, low[1], resolution).text, note=table.note)


def _unit_of(table: DecisionTable, written: Unit, resolution: Resolution) -> Unit:
    """Return the unit of the ends: that of the input itself where they have none, as ``--set`` takes a bare number."""
    section, _, name = (table.set or "").partition(".")
    own = resolution.units.get(name) if section == "inputs" else None
    return own if own is not None and own.dimension and written == DIMENSIONLESS else written


def _written(
    table: DecisionTable, place: Place, resolution: Resolution
) -> tuple[tuple[float, Unit], tuple[float, Unit], tuple[float, Unit] | None] | None:
    """Read both ends and the step as they are written; None if there are findings."""
    findings = resolution.findings
    for key, value in (("from", table.from_), ("to", table.to)):
        if value is None:
            findings.add(Finding(place, f"{key} is missing", 'Write from = "0 GPU" and to = "400 GPU", or choices.', at="key"))
    if table.from_ is None or table.to is None:
        return None
    low = _certain(table.from_, (*place, "from"), resolution)
    high = _certain(table.to, (*place, "to"), resolution)
    step = None if table.step is None else _certain(table.step, (*place, "step"), resolution)
    if low is None or high is None or (table.step is not None and step is None):
        return None
    return low, high, step


def _certain(raw: object, place: Place, resolution: Resolution) -> tuple[float, Unit] | None:
    """Read a certain quantity or a pure number."""
    findings = resolution.findings
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw), DIMENSIONLESS
    if not isinstance(raw, str):
        findings.add(Finding(place, validation.mistyped(raw, "a quantity"), 'Write "10 GPU".'))
        return None
    try:
        distribution, unit = parse_quantity(raw, resolution.currency)
    except Refusal as error:
        findings.add(Finding(place, error.what, error.remedy))
        return None
    if not isinstance(distribution, Constant):
        findings.add(Finding(place, f"{show(raw)} is uncertain, and what is decided is certain", "Give one number."))
        return None
    return float(distribution.value), unit
