"""Single values outside of blocks that take what a block's key takes: each becomes an input or driver, and its name stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from simcost.scenario import validation
from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.blocks.writing.writer import Writer
from simcost.scenario.problems import Finding
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.problems import Place


class _ValueTable(Table):
    """Stands for the table of a block: the value is its only key."""

    value: Annotated[Value, number("The value.", 1)] = None


def write_value(expansion: Expansion, place: Place, raw: Any, *, name: tuple[str, str], wanted: Wanted) -> str:
    """Write an input or a driver; return its name, or the one that the file gives itself.

    Parameters
    ----------
    place
        Where the value stands: section and key.
    name
        Of the input or driver: what comes before its last underscore, and what comes after.
    wanted
        What it must be.
    """
    if isinstance(raw, str) and raw.isidentifier():
        return raw
    written = "_".join(name)
    known = len(expansion.findings.found)
    if isinstance(raw, bool) or not isinstance(raw, (str, dict, int, float)):
        what = validation.mistyped(raw, "a quantity")
        expansion.findings.add(Finding(place, what, f"Write for example {wanted.example}."))
    elif is_new(expansion, written, place):
        expansion.remember((*place, "value"), place)
        writer = Writer(expansion, place, {"value": raw}, _ValueTable())
        writer.prefix = name[0]
        writer.value("value", called=name[1])
        expansion.wanted[written] = wanted
    if len(expansion.findings.found) > known:
        expansion.unsound.add(written)
    return written


def write_driver(expansion: Expansion, place: Place, name: str, formula: str) -> None:
    """Write a driver whose problems are reported at a place of the file."""
    expansion.replaced.data["drivers"][name] = formula
    expansion.remember(("drivers", name), place)
    expansion.labels["drivers", name] = f"[{place[0]}]"


def is_new(expansion: Expansion, name: str, place: Place, *, remedy: str = "") -> bool:
    """Whether a name is free; a finding if not."""
    data = expansion.replaced.data
    if name not in data["inputs"] and name not in data["drivers"]:
        return True
    remedy = remedy or f'Write {place[-1]} = "{name}" to take it, or rename it.'
    expansion.findings.settle(Finding(place, f'"{name}", the name of this value, is there already', remedy))
    return False
