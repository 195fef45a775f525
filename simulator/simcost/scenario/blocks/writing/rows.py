"""What blocks ask of the rows of their lists, and of keys that mean something together only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer


def has_own_name(rows: str, i: int, kind: str, writer: Writer) -> bool:
    """Whether a row of a list has another name than those before it; a finding if not."""
    name = writer.raw[rows][i]["name"]
    if name not in [row["name"] for row in writer.raw[rows][:i]]:
        return True
    writer.refuse(f'a second {kind} "{name}"', "Give each its own name.", rows, i, "name")
    return False


def are_both_or_none(first: str, second: str, writer: Writer, *table: str | int) -> bool:
    """Whether two keys, of the block or of a table in it, are there together or not at all; a finding if not."""
    there = [key for key in (first, second) if writer.has(*table, key)]
    if len(there) != 1:
        return True
    given, missing = (first, second) if there == [first] else (second, first)
    writer.refuse(f"{given} without {missing}", "Give both or none.", *table, given)
    return False
