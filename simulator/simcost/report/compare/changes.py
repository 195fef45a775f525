"""What the files of a comparison say differently: a table, and its part of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simcost.scenario.changes import Change

MOST_CHANGES = 20
"""Rows of the table; the document has all."""

LONGEST = 120
"""Characters of a value in the table."""


def changes_table(name: str, against: str, changes: Sequence[Change]) -> Table:
    """Return a table of what a file says, and what the first one says."""
    table = columns_table(f"changed in {name}", against, name, folded=True)
    for column in table.columns[1:]:
        column.justify = "left"
    for each in changes[:MOST_CHANGES]:
        table.add_row(printable(each.key), *(_shown(value) for value in (each.before, each.after)))
    if len(changes) > MOST_CHANGES:
        table.add_row(f"and {len(changes) - MOST_CHANGES:,} more", "", "")
    return table


def _shown(value: str | None) -> str:
    if value is None:
        return "-"
    bare = value[1:-1] if value.startswith('"') and "\\" not in value else value
    return printable(bare if len(bare) <= LONGEST else f"{bare[: LONGEST - 3]}...")


def changes_document(changes: Sequence[Change]) -> list[dict[str, str | None]]:
    """Arrange changes for `json.dumps`: ``before`` and ``after`` as TOML, null where a file has no such key."""
    return [{"key": each.key, "before": each.before, "after": each.after} for each in changes]
