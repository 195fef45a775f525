"""Tables of texts and how wide their columns are: set by rich on a terminal, and without it where nothing is to be wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.report.model.dependence_rows import Row

LONGEST_WORD = 30
"""Characters of a word that is never broken, whatever the width."""

GAP = 2
"""Blanks between columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that is ready to print.

    Parameters
    ----------
    widths
        Of the columns, in cells of a terminal; at least as wide as the texts where nothing is to be wrapped.
    right
        Whether a column is set flush right.
    """

    title: str
    names: Row
    widths: tuple[int, ...]
    right: tuple[bool, ...]
    rows: Sequence[Row]


def laid_out(
    title: str,
    columns: Row,
    rows: Sequence[Row],
    width: int,
    right: Row = (),
    choices: Sequence[Row] = ((),),
) -> Layout:
    """Lay a table out without the columns that are empty throughout; where it must be narrow, texts are wrapped between words.

    Parameters
    ----------
    width
        Columns of the terminal.
    right
        Columns of numbers.
    choices
        Which columns may be left out where the table would break words otherwise.
    """
    names, body = _chosen(columns, rows, width, right, choices)
    return Layout(title, names, tuple(_widths(names, body, width, right)), tuple(name in right for name in names), body)


def plain_lines(layout: Layout) -> Iterator[str]:
    """Yield the lines of a table that is as wide as its texts, as rich would print it; it would take as long as all else."""
    yield layout.title
    gap = " " * GAP
    for number, row in enumerate((layout.names, *layout.rows)):
        cells = (_padded(*cell) for cell in zip(row, layout.widths, layout.right, strict=True))
        yield gap.join(cells).rstrip(" ")
        if number == 0:
            yield "─" * (sum(layout.widths) + GAP * (len(layout.widths) - 1))


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def rich_table(layout: Layout) -> Table:
    """Return a layout as a table for a terminal or a notebook."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=layout.title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
    )
    for name, width, right in zip(layout.names, layout.widths, layout.right, strict=True):
        table.add_column(name, justify="right" if right else "left", overflow="fold", width=width)
    for row in layout.rows:
        table.add_row(*map(Text, row))
    return table


def _chosen(columns: Row, rows: Sequence[Row], width: int, right: Row, choices: Sequence[Row]) -> tuple[Row, list[Row]]:
    """Return the columns to show and their texts: of the first choice that breaks no word, else of the last."""
    names: Row = ()
    body: list[Row] = []
    for left_out in choices:
        used = [i for i, name in enumerate(columns) if name not in left_out and any(row[i] for row in rows)]
        names = tuple(columns[i] for i in used)
        body = [tuple(printable(row[i]) for i in used) for row in rows]
        if sum(_least_widths(names, body, right)) + GAP * (len(used) - 1) <= width:
            break
    return names, body


def _widths(names: Row, rows: Sequence[Row], width: int, right: Row) -> list[int]:
    """Return the columns' widths: as their texts want, or narrower, the widest first; words are broken at last, numbers never."""
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    available = max(width - GAP * (len(names) - 1), len(names))
    unbroken = _least_widths(names, rows, right)
    numbers_only = [least if name in right else 1 for name, least in zip(names, unbroken, strict=True)]
    for least in (unbroken, numbers_only):
        while sum(widths) > available and any(wide > kept for wide, kept in zip(widths, least, strict=True)):
            shrinking = (index for index, kept in enumerate(least) if widths[index] > kept)
            widths[max(shrinking, key=widths.__getitem__)] -= 1
    return widths


def _least_widths(names: Row, rows: Sequence[Row], right: Row) -> list[int]:
    """Return the width of each column's longest word; a number is one word."""
    return [
        max(
            min(cell_len(word), LONGEST_WORD)
            for text in column
            for word in ([text] if column[0] in right else text.split() or [""])
        )
        for column in zip(names, *rows, strict=True)
    ]
