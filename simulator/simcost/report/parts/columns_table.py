"""The table that every answer is made of: names to the left, numbers to the right, a line under their titles."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rich.table import Column

BOUNDLESS = 10_000
"""Columns of a terminal that are enough for any table."""

NARROWEST_NAMES = 16
"""Characters that names keep where even what is left of a table is too wide."""


class ColumnsTable(Table):
    """A table that knows which of its columns may go.

    Attributes
    ----------
    spare
        Groups of columns by place, from 0: those that are left out first where the terminal is too narrow, and so on.
    """

    spare: Sequence[tuple[int, ...]] = ()


def columns_table(*titles: str, folded: bool = False, spare: Sequence[tuple[int, ...]] = ()) -> ColumnsTable:
    """Return an empty table.

    Parameters
    ----------
    titles
        Of the names, whose column folds what is too long, and of each column of numbers.
    folded
        Whether the other columns fold too, since they hold more than numbers.
    spare
        See `ColumnsTable`.
    """
    table = _empty()
    table.spare = spare
    table.add_column(Text(printable(titles[0])), overflow="fold")
    for title in titles[1:]:
        table.add_column(Text(printable(title)), justify="right", overflow="fold" if folded else "ellipsis", no_wrap=not folded)
    return table


def is_within(table: Table, width: int) -> bool:
    """Whether so many columns of a terminal hold a table without a fold."""
    console = Console(width=BOUNDLESS, markup=False, emoji=False, highlight=False)
    return Measurement.get(console, console.options, table).maximum <= width


def narrowed(table: Table, width: int) -> Table:
    """Return a table without as many of its spare columns as takes to fit; names never vanish."""
    if not isinstance(table, ColumnsTable) or is_within(table, width):
        return table
    left = table
    for groups in range(1, len(table.spare) + 1):
        left = _without(table, {*chain(*table.spare[:groups])})
        if is_within(left, width):
            return left
    names = left.columns[0]
    longest = max((Text(str(cell)).cell_len for cell in names.cells), default=0)
    names.min_width = names.min_width or min(longest, NARROWEST_NAMES)
    return left


def _empty() -> ColumnsTable:
    return ColumnsTable(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)


def _without(table: ColumnsTable, gone: Collection[int]) -> ColumnsTable:
    """Return a copy without some columns."""
    copy = _empty()
    kept: list[Column] = [column for place, column in enumerate(table.columns) if place not in gone]
    for column in kept:
        copy.add_column(
            column.header,
            justify=column.justify,
            overflow=column.overflow,
            no_wrap=column.no_wrap,
            min_width=column.min_width,
        )
    for row, cells in zip(table.rows, zip(*(column.cells for column in kept), strict=True), strict=True):
        copy.add_row(*cells, style=row.style, end_section=row.end_section)
    return copy
