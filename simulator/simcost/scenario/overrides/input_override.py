"""What an input becomes when an option or an assignment replaces it: what it does not say anew stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.series import is_process
from simcost.scenario.quantities.quantity import unit_beside

if TYPE_CHECKING:
    from collections.abc import Mapping

_DISTRIBUTION_STAYS = ("unit", "draw", "driver", "loading", "source", "note", "min", "max")

_KEPT = ("draw", "driver", "loading")
"""What a quantity or a number in the place of a table leaves."""

PERCENT = "%"


def own_unit(old: object) -> str:
    """Return the text of the unit that an input has; empty for a pure number, and for what has none."""
    if isinstance(old, str):
        return unit_beside(old) or ""
    if not isinstance(old, dict):
        return ""
    if "unit" in old or not {"value", "start"} & old.keys():
        return str(old.get("unit", ""))
    return own_unit(old.get("value", old.get("start")))  # of a process that of its start


def lacks_unit(value: object) -> bool:
    """Whether it is a number, or a quantity or a distribution without a unit."""
    if isinstance(value, dict):
        return _has_distribution(value) and "unit" not in value and ("value" not in value or lacks_unit(value["value"]))
    return unit_beside(value) == "" if isinstance(value, str) else isinstance(value, (int, float)) and not isinstance(value, bool)


def is_share_of(old: object, value: object) -> bool:
    """Whether a percentage would replace a quantity of another unit: ``+10 %`` is meant as a change of it."""
    return own_unit(old) not in ("", "1", PERCENT) and isinstance(value, str) and unit_beside(value) == PERCENT


def replaced_input(old: object, value: Any) -> Any:
    """Return the input with another value: a number, a quantity or a table, in the input's own unit if it has none."""
    unit = own_unit(old)
    if unit and lacks_unit(value):
        value = _in_unit(value, unit)
    if isinstance(value, dict):
        alone = old if isinstance(old, dict) else {"value": old, **({} if isinstance(old, str) else {"unit": "1"})}
        return merged(alone, value) if isinstance(old, dict) or not _has_distribution(value) else value
    if not isinstance(old, dict):
        return value
    kept = {key: old[key] for key in _KEPT if key in old}
    return {"value": value, **kept} if kept else value


def in_own_unit(old: object, value: Any) -> Any:
    """Return what replaces a number of a block: in that number's unit if it has none, as an input is.

    A share in percent may be given as a pure number there: its place says that it is one.
    """
    unit = own_unit(old)
    if unit in ("", "1", PERCENT) or not lacks_unit(value):
        return value
    return _in_unit(value if isinstance(value, dict) else str(value), unit)


def replaced_rate(old: object, value: Any) -> Any:
    """Return what replaces a rate of exchange: a number, or a process, which starts at the rate if it has no start."""
    if not is_process(value):
        return in_own_unit(old, value)
    start = in_own_unit(old, value["start"]) if "start" in value else old
    return {"start": start, **{key: item for key, item in value.items() if key != "start"}}


def _in_unit(value: Any, unit: str) -> Any:
    if isinstance(value, str):
        return value if unit == "1" else f"{value.strip()} {unit}"
    if not isinstance(value, dict):
        return {"value": value, "unit": unit}
    quantity = value.get("value")
    return {**value, "value": _in_unit(quantity, unit)} if isinstance(quantity, str) else {**value, "unit": unit}


def _has_distribution(table: Mapping[str, Any]) -> bool:
    return any(key not in _DISTRIBUTION_STAYS for key in table)


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Replace keys; a new distribution takes the place of the old, unless it only names some of the old one's parameters."""
    has_distribution = _has_distribution(new)
    found = {key: value for key, value in old.items() if not has_distribution or key in _DISTRIBUTION_STAYS}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict) and isinstance(before, dict) and set(value) <= set(before):
            found[key] = {**before, **value}
        else:
            found[key] = value
    if isinstance(new.get("value"), str):
        found.pop("unit", None)
    return found
