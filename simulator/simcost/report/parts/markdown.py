"""Tables and sentences as Markdown, every text of a stranger's file as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

SPECIAL = re.compile(r"[\\`*\[\]<>|&~$]|(?<!\w)_|_(?!\w)")
"""What could begin an emphasis, a link, HTML, a formula or another cell."""


def markdown_text(text: str) -> str:
    """Return a text on one line, so that Markdown shows it as it is."""
    line = " ".join(printable(text).split())
    return SPECIAL.sub(r"\\\g<0>", line)


def markdown_table(table: Table) -> str:
    """Return one of rich's tables of texts as a table of Markdown (GitHub's, in which cells are on one line)."""
    columns = [_plain(column.header) for column in table.columns]
    rows = zip(*(map(_plain, column.cells) for column in table.columns), strict=True)
    return markdown_rows(columns, rows, [column.justify == "right" for column in table.columns])


def markdown_rows(titles: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] = ()) -> str:
    """Return a table; ``right`` tells which columns are flush right."""
    sides = ["--:" if each else "---" for each in right or [False] * len(titles)]
    lines = (map(markdown_text, titles), sides, *(map(markdown_text, row) for row in rows))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
