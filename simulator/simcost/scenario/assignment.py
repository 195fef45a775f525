"""One ``NAME=VALUE`` as ``--set`` has it: a dotted name of TOML and its value, whose quotes a shell may have eaten."""

from __future__ import annotations

from typing import Any

from simcost.scenario.document import parse
from simcost.scenario.limits import over_the_limits
from simcost.scenario.problems import Finding, place_text
from simcost.scenario.validation import in_toml

GIVEN = "assignment"
"""First part of the place of what is no part of the file."""


def parsed_assignment(assignment: str) -> dict[str, Any] | Finding:
    """Read an assignment as the tables of a file that has nothing else; a finding if it is none."""
    place = (GIVEN, assignment)
    remedy = 'Write inputs.NAME="VALUE"; quote names with blanks: \'cost."GPU serving".amount="..."\'.'
    key, equals, value = _split(assignment)
    if not equals or not key.strip():
        return Finding(place, "this is no assignment", remedy)
    over = over_the_limits(assignment)
    if over:
        return Finding(place, over[1], over[2])
    if not assignment.isprintable():
        return Finding(place, "the assignment has characters that cannot be seen", "Write it as plain text on one line.")
    try:
        parse(f"{key} = 0")
    except ValueError:
        return Finding(place, f'"{key.strip()[:64]}" is no dotted name', remedy)
    try:
        return _texts_kept(parse(f"{key} = {value}"), value)
    except ValueError:  # no TOML: a string whose quotes the shell ate
        return parse(f"{key} = {in_toml(value.strip())}")


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
