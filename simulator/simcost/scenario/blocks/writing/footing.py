"""What a value of a block rests on: whether it may differ from month to month, and in which currencies its inputs are.

It is read while blocks are being expanded: a name that is not there yet may be anything.
"""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Any

from simcost.scenario.formulas.grammar import BUILTINS, RESERVED
from simcost.scenario.quantities.quantity import parse_quantity
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.refusal import Refusal
from simcost.scenario.sections.fx import currencies_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.scenario.distributions.canonical import Distribution
    from simcost.scenario.quantities.units import Unit

MOVING = BUILTINS | {"prev", "cumulative"}
"""Words of a formula that differ from month to month by themselves."""

_NAME = re.compile(r"(?<!\w)[^\W\d]\w*")
"""An identifier; the e of 1e6 is none."""


def written_quantity(raw: Any, currency: str) -> tuple[Distribution, Unit] | None:
    """Return what is written as a quantity string, a number, or a table with a unit; None for anything else."""
    if isinstance(raw, dict):
        raw = raw["value"] if isinstance(raw.get("value"), str) else f"1 to 2 {raw.get('unit')}"
    try:
        return parse_quantity(raw if isinstance(raw, str) else f"{raw}", currency)
    except Refusal:
        return None


def range_of(raw: Any, unit: str, currency: str) -> tuple[float, float]:
    """Return the least and the greatest that a quantity can be in a unit, as far as its form tells: endless where it does not."""
    found, wanted = written_quantity(raw, currency), parse_unit(unit, currency)
    if found is None or found[1].dimension != wanted.dimension:
        return -inf, inf
    low, high = found[0].known_support()
    return low * found[1].scale / wanted.scale, high * found[1].scale / wanted.scale


def is_quantity(text: str) -> bool:
    """Whether a string is meant as a quantity: a formula begins with a name or a parenthesis."""
    first = text.strip()[:1]
    return not (first.isidentifier() or first == "(")


def may_move(formula: str, data: Mapping[str, Any]) -> bool:
    """Whether a formula may differ between the months of one future.

    Parameters
    ----------
    data
        The tables of the file, with what blocks have written so far.
    """
    held = {name for name, written in data["inputs"].items() if not is_drawn_anew(written)}
    return bool(names_in(formula, data["drivers"]) - ((held | data["drivers"].keys()) - _befallen(data)) - (RESERVED - MOVING))


def currencies_named(formula: str, data: Mapping[str, Any], currency: str) -> set[str]:
    """Return the codes of the currencies in the units of all inputs that a formula rests on."""
    inputs = data["inputs"]
    found = (written_quantity(inputs[name], currency) for name in names_in(formula, data["drivers"]) & inputs.keys())
    return {code for each in found if each is not None for code in currencies_in(each[1])}


def names_in(formula: str, drivers: Mapping[str, Any]) -> set[str]:
    """Return the names of a formula, and those of the drivers that it names, however deep."""
    found: set[str] = set()
    ahead = [formula]
    while ahead:
        names = set(_NAME.findall(ahead.pop())) - found
        found |= names
        ahead += [str(drivers[name]) for name in names if name in drivers]
    return found


def is_drawn_anew(written: Any) -> bool:
    """Whether an input has more than one draw in a run."""
    return isinstance(written, dict) and written.get("draw", "run") != "run"


def _befallen(data: Mapping[str, Any]) -> set[str]:
    """Return the names that risks multiply while they last."""
    risks = [risk for risk in data.get("risks", ()) if isinstance(risk, dict)]
    return {str(name) for risk in risks for name in risk.get("affects", ())}
