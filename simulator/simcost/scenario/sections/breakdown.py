"""What costs are broken down by, and what of it a file asks to have in every month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding
from simcost.scenario.scenario import BREAKDOWNS, BY_PERIOD

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from simcost.scenario.problems import Findings
    from simcost.scenario.scenario import Breakdown, Cost

MOST_COLUMNS = 2_400
"""Twenty categories in ten years. A block of 65,536 scenarios takes half a megabyte for each, 1.3 GB, for each thread."""

PLURAL: dict[str, str] = {"category": "categories", "line": "cost lines", "stage": "stages", "owner": "owners"}
"""What several parts of a breakdown are called."""


def spoken(group: str) -> str:
    """Return what a group of parts with approved sums is called: an ``owner in a period``."""
    return group.replace(BY_PERIOD, " in a period").replace("_", " ")


PLACE = ("scenario", "by_month")

_WORD = {"type": "string", "enum": list(BREAKDOWNS)}

BY_MONTH_SCHEMA = {
    "anyOf": [_WORD, {"type": "array", "items": _WORD}],
    "description": "Adds the cost of each category, cost line, stage or owner in each month.",
    "examples": [["category"]],
}


def in_a_list(value: object) -> object:
    """Return a single word as a list of it; anything else as it is."""
    return [value] if isinstance(value, str) else value


def members(group: Breakdown, costs: Sequence[Cost]) -> dict[str, list[Cost]]:
    """Return the cost lines of each category, ... by its name, in the order of the first ones.

    Lines without an owner (or stage) share a last, ``(no owner)``, so that a group adds up; if no line has one, there is nothing.
    """
    nameless = f"(no {group})"
    names = [cost.name if group == "line" else str(getattr(cost, group)) for cost in costs]
    found: dict[str, list[Cost]] = {}
    for name, cost in zip(names, costs, strict=True) if any(names) else ():
        found.setdefault(name or nameless, []).append(cost)
    if nameless in found:
        found[nameless] = found.pop(nameless)
    return found


def read_by_month(
    wanted: Collection[Breakdown], views: Sequence[Sequence[Cost]], months: int, findings: Findings
) -> tuple[Breakdown, ...]:
    """Return what is wanted in every month in the order of `BREAKDOWNS`; a finding for what no line has, or if it is too much.

    Parameters
    ----------
    views
        The cost lines of each view.
    months
        Length of the run.
    """
    asked = tuple(group for group in BREAKDOWNS if group in wanted)
    if findings.found:  # lines that are not sound are missing
        return asked
    counts = {group: sum(len(members(group, costs)) for costs in views) for group in asked}
    for group, count in counts.items():
        if not count:
            what = f"no cost line has {'an' if group == 'owner' else 'a'} {group}"
            findings.add(Finding(PLACE, what, f'Give lines {group} = "...", or leave "{group}" out.'))
    columns = months * sum(counts.values())
    if columns > MOST_COLUMNS:
        named = " and ".join(f"{count:,} {PLURAL[group]}" for group, count in counts.items())
        what = f"{named} in {months} months are {columns:,} columns, more than {MOST_COLUMNS:,}"
        findings.add(
            Finding(PLACE, what, "Break down by less, or run fewer months: each column takes half a MB in every thread.")
        )
    return asked
