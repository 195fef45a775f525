"""From what the file says of an input to an `Input`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.distributions.unknown import Recipe
from simcost.scenario.names import check_text
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.quantities.units import DIMENSIONLESS, parse_unit
from simcost.scenario.refusal import Refusal
from simcost.scenario.scenario import Input
from simcost.scenario.schema import InputTable
from simcost.scenario.text.toml_value import in_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simcost.scenario.distributions.canonical import Distribution
    from simcost.scenario.quantities.units import Unit

_BESIDE_DISTRIBUTION = ("unit", "draw", "driver", "loading", "source", "note")


def read_input(name: str, raw: object, currency: str, *, folder: Path, findings: Findings) -> Input | None:
    """Read one input: a quantity string, a pure number, or a table.

    Parameters
    ----------
    folder
        Where the files that a distribution names lie.

    Returns
    -------
    Input or None
        None if it is not sound; the reasons are added to ``findings``.
    """
    place = ("inputs", name)
    if isinstance(raw, dict):
        return _from_table(name, raw, currency, folder=folder, findings=findings)
    if isinstance(raw, str):
        return _from_quantity(name, raw, currency, place=place, findings=findings)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(name, raw, findings)
    what = validation.mistyped(raw, "a quantity")
    findings.add(Finding(place, what, f'Write {name} = "100 GPU", {name} = 1.15, or a table [inputs.{name}].'))
    return None


def _from_number(name: str, raw: float, findings: Findings) -> Input | None:
    from simcost.scenario.distributions.parameters import MAGNITUDE, is_moderate

    if not is_moderate(raw):
        remedy = f"Numbers are 0 or from {1 / MAGNITUDE:g} to {MAGNITUDE:g}."
        findings.add(Finding(("inputs", name), f"{show(raw)} is too large or too small a number", remedy))
        return None
    return Input(name, Constant(float(raw)), DIMENSIONLESS, text=show(raw))


def _from_quantity(name: str, text: str, currency: str, *, place: Place, findings: Findings) -> Input | None:
    from simcost.scenario.quantities.quantity import parse_quantity

    try:
        distribution, unit = parse_quantity(text, currency)
    except Refusal as error:
        findings.add(Finding(place, error.what, error.remedy))
        return None
    return Input(name, distribution, unit, text=text)


def _from_table(name: str, raw: Mapping[str, object], currency: str, *, folder: Path, findings: Findings) -> Input | None:
    place = ("inputs", name)
    table = validation.checked(InputTable, raw, place, findings)
    value: tuple[Distribution, Unit, Recipe | None] | None
    if isinstance(raw.get("value"), str):
        value = _quantity_value(name, raw, currency, findings=findings)
    else:
        value = _described_value(raw, currency, place=place, folder=folder, findings=findings)
    if table is None or value is None:
        return None
    for key in ("source", "note"):
        check_text(getattr(table, key), (*place, key), findings, lines=True)
    distribution, unit, recipe = value
    return Input(
        name,
        distribution,
        unit,
        draw=table.draw,
        source=table.source,
        note=table.note,
        text=_echo(raw),
        driver=table.driver,
        loading=table.loading,
        recipe=recipe,
    )


def _quantity_value(
    name: str, raw: Mapping[str, object], currency: str, *, findings: Findings
) -> tuple[Distribution, Unit, None] | None:
    place = ("inputs", name)
    rivals = [key for key in raw if key not in _BESIDE_DISTRIBUTION and key != "value" and _known(key)]
    if "unit" in raw:
        findings.add(Finding((*place, "unit"), "the quantity string in value has its unit", "Remove unit.", at="key"))
    for rival in rivals:
        findings.add(Finding((*place, rival), f"{rival} beside a value", "Keep one of the two.", at="key"))
    found = _from_quantity(name, str(raw["value"]), currency, place=(*place, "value"), findings=findings)
    return None if found is None or rivals else (found.distribution, found.unit, None)


def _described_value(
    raw: Mapping[str, object], currency: str, *, place: Place, folder: Path, findings: Findings
) -> tuple[Distribution, Unit, Recipe | None] | None:
    unit = _unit(raw, currency, place=place, findings=findings)
    found = _distribution(raw, place=place, folder=folder, findings=findings)
    return None if unit is None or found is None else (found[0], unit, found[1])


def _unit(raw: Mapping[str, object], currency: str, *, place: Place, findings: Findings) -> Unit | None:
    text = raw.get("unit")
    if text is None:
        findings.add(
            Finding(place, "unit is missing", 'Write for example unit = "CNY/GPU/hour"; "1" for a pure number.', at="key")
        )
    if not isinstance(text, str):
        return None
    try:
        return parse_unit(text, currency)
    except Refusal as error:
        findings.add(Finding((*place, "unit"), error.what, error.remedy))
        return None


def _distribution(
    raw: Mapping[str, object], *, place: Place, folder: Path, findings: Findings
) -> tuple[Distribution, Recipe | None] | None:
    from simcost.scenario.distributions.marginals import MarginalError, with_unknowns

    said = {key: value for key, value in raw.items() if key not in _BESIDE_DISTRIBUTION and _known(key)}
    if not said and not all(_known(key) for key in raw):  # an unknown key was meant to be the distribution
        return None
    try:
        distribution, unknowns = with_unknowns(said, folder=folder)
        return distribution, Recipe(said, str(folder), unknowns) if unknowns else None
    except MarginalError as error:
        for subpath, what, remedy in error.problems:
            findings.add(Finding((*place, *_positions_counted(raw, subpath)), what, remedy))
        return None


def _positions_counted(raw: object, subpath: Sequence[str]) -> Place:
    """Turn the list positions of a path of strings into numbers."""
    place: Place = ()
    for part in subpath:
        if isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            place, raw = (*place, int(part)), raw[int(part)]
        else:
            place, raw = (*place, part), raw.get(part) if isinstance(raw, dict) else None
    return place


def _known(key: str) -> bool:
    """Whether an input's table has this key; others were reported and are left out."""
    return key in InputTable.model_fields


def _echo(raw: Mapping[str, object]) -> str:
    return ", ".join(f"{key} = {in_toml(value)}" for key, value in raw.items() if key not in _BESIDE_DISTRIBUTION)[:1_000]
