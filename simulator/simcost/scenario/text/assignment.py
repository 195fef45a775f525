"""One ``NAME=VALUE`` as ``--set`` has it: a dotted name of TOML and its value, whose quotes a shell may have eaten."""

from __future__ import annotations

import re
from typing import Any

from simcost.scenario.problems import Finding, place_text
from simcost.scenario.text.document import parse
from simcost.scenario.text.limits import over_the_limits
from simcost.scenario.text.toml_habits import QUOTES
from simcost.scenario.text.toml_value import in_toml

GIVEN = "assignment"
"""First part of the place of what is no part of the file."""


REMEDY = 'Write inputs.NAME="VALUE"; quote names with blanks: \'cost."GPU serving".amount="..."\'.'


def parsed_assignment(assignment: str) -> dict[str, Any] | Finding:
    """Read an assignment as the tables of a file that has nothing else; a finding if it is none."""
    place = (GIVEN, assignment)
    key, equals, value = _split(assignment)
    slip = _slip(key, equals, value, assignment)
    if slip:
        return Finding(place, *slip)
    over = over_the_limits(assignment)
    if over:
        return Finding(place, over[1], over[2])
    if not assignment.isprintable():
        return Finding(place, "the assignment has characters that cannot be seen", "Write it as plain text on one line.")
    try:
        parse(f"{key} = 0")
    except ValueError:
        return Finding(place, f'"{key.strip()[:64]}" is no dotted name', REMEDY)
    try:
        return _texts_kept(parse(f"{key} = {value}"), value)
    except ValueError:  # no TOML: a string whose quotes the shell ate
        return parse(f"{key} = {in_toml(value.strip())}")


def _slip(key: str, equals: str, value: str, assignment: str) -> tuple[str, str] | None:
    """Return what is wrong with an assignment's form and the remedy."""
    if not equals or not key.strip():
        meant = re.fullmatch(r"\s*([\w.]+)\s*[:：＝]=?\s*(\S.*)", assignment)
        return "this is no assignment", f"Write {meant[1]}={meant[2]}." if meant else REMEDY
    begun = value.strip()[:1]
    if begun == "=":
        return 'two signs "="', f"Write {key.strip()}={value.lstrip('= ')}."
    if begun and begun in QUOTES:
        return f"the quotes {begun}, which TOML does not know", f"Write {key.strip()}='{value.strip().strip(QUOTES)}'."
    return None


def normalised(assignment: str) -> str:
    """Write a sound assignment in one way, whatever quotes and blanks were typed: the same run has the same text."""
    table, depth = parsed_assignment(assignment), parsed_assignment(f"{_split(assignment)[0]} = 0")
    if isinstance(table, Finding) or isinstance(depth, Finding):
        return assignment
    place: list[str] = []
    value: Any = table
    while isinstance(depth, dict):
        ((key, depth),) = depth.items()
        place.append(key)
        value = value[key]
    return f"{place_text(tuple(place))}={in_toml(value)}"


def _split(assignment: str) -> tuple[str, str, str]:
    """Split at the first equals sign outside quotes."""
    quote = ""
    for position, letter in enumerate(assignment):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "=":
            return assignment[:position], "=", assignment[position + 1 :]
    return assignment, "", ""


def _texts_kept(table: dict[str, Any], value: str) -> dict[str, Any]:
    """A shell eats quotes: a formula that is a plain number comes as a number, and is meant as text."""
    section, inner = next(iter(table.items()))
    if section == "drivers" and isinstance(inner, dict):
        return {section: {name: value.strip() if _is_number(item) else item for name, item in inner.items()}}
    if section == "cost" and isinstance(inner, dict):
        return {section: {name: _amount_kept(line, value) for name, line in inner.items()}}
    return table


def _amount_kept(line: object, value: str) -> object:
    if isinstance(line, dict) and _is_number(line.get("amount")):
        return {**line, "amount": value.strip()}
    return line


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
