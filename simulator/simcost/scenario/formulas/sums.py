"""What sums of costs are called, which people write into formulas: these name inputs and drivers, of which costs are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.names import identifier_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LONGEST_SHOWN = 40
"""Characters of an amount that is shown as the driver to be."""

ADD_UP = "Name the amounts of these lines under [drivers], and write the sum of the names."


def sums_by_name(lines: Sequence[Mapping[str, Any]], of_blocks: Collection[int]) -> dict[str, tuple[str, str]]:
    """Return what a formula cannot name, and what to write instead, by the name in small letters as a formula would have it.

    Parameters
    ----------
    lines
        The cost lines, as far as they are sound.
    of_blocks
        Positions of those that blocks have made.
    """
    found = {"total": ("the sum of all cost lines", ADD_UP)}
    for text in _texts(lines, "category").values():
        found[_key(text)] = "a category, the sum of its cost lines", ADD_UP
    for position, name in _texts(lines, "name").items():
        found[_key(name)] = f'the cost line "{name[:64]}"', _remedy(name, lines[position], by_block=position in of_blocks)
    return found


def mentioned_as(line: Mapping[str, Any]) -> str:
    """Return how a formula would name a cost line, in small letters; empty if it could not."""
    return _key(str(line.get("name", "")))


def mentioned_line(text: str, lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the name, of several words, of a cost line that a text has in it; empty if there is none."""
    names = (name for name in _texts(lines, "name").values() if " " in name.strip() and name in text)
    return max(names, key=len, default="")


def _texts(lines: Sequence[Mapping[str, Any]], key: str) -> dict[int, str]:
    return {place: line[key] for place, line in enumerate(lines) if isinstance(line.get(key), str)}


def _key(name: str) -> str:
    return identifier_for(name).casefold()


def _remedy(name: str, line: Mapping[str, Any], *, by_block: bool) -> str:
    if by_block:
        return "Name what its block is made of: simcost expand shows the inputs and drivers."
    amount, driver = line.get("amount"), _key(name)
    is_shown = isinstance(amount, str) and len(amount) <= LONGEST_SHOWN and amount.isprintable() and name not in amount
    if is_shown and str(amount).isidentifier():
        return f"Write {amount}, which is its amount."
    shown = amount if is_shown and driver not in str(amount).casefold() else "..."
    return f"Make its amount a driver, {driver} = '{shown}' under [drivers], and write {driver} in both places."
