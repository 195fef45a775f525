"""Tables of months beside each other, names down: as many tables one below the other as the width asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Rows = Sequence[tuple[str, Sequence[str]]]

WIDEST_NAME = 26
"""Columns that names take at most; longer ones are folded."""

GAP = 2
"""Blanks that each column has to its right."""

DIVIDER = 1
"""Where the box has its line between two columns, a blank too."""

EDGES = 2
"""Blanks before the first column and after the last."""


def months_across(title: str, rows: Rows, months: Sequence[str], width: int) -> Iterator[Table]:
    """Yield tables of as many months each as the width holds.

    Parameters
    ----------
    rows
        A name, and a text for each month.
    months
        Titles of the columns; not only months, if there is something to tell of all of them.
    """
    widest = max(cell_len(cell) for cells in (months, *(cells for _, cells in rows)) for cell in cells)
    names = min(max(cell_len(printable(name)) for name in (title, *(name for name, _ in rows))), WIDEST_NAME)
    beside = max((width - names - EDGES) // (widest + GAP + DIVIDER), 1)
    for first in range(0, len(months), beside):
        places = range(first, min(first + beside, len(months)))
        table = names_table(title, names)
        for place in places:
            table.add_column(months[place], justify="right", no_wrap=True)
        for name, cells in rows:
            table.add_row(Text(printable(name)), *(cells[place] for place in places))
        yield table


def names_table(title: str, narrowest: int | None = None) -> Table:
    """Return a table of a column of names, to which others are added."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, padding=(0, GAP, 0, 0))
    table.add_column(title, overflow="fold", min_width=narrowest, max_width=WIDEST_NAME)
    return table
