"""What an answer looks like: a heading, warnings, tables and sentences, on a terminal, in a pipe, or in a notebook.

Each report makes a `Page` once, with rich's tables; `print_page` sets it as text and `page_html` as HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from io import StringIO
from itertools import groupby
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from simcost.report.parts.columns_table import BOUNDLESS, narrowed
from simcost.report.parts.printable import printable
from simcost.report.parts.wording import as_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType
    from rich.table import Column, Table

WIDTH_OF_A_PIPE = 160
"""Columns where the output is no terminal."""

STYLES = {
    "bold": "font-weight:bold",
    "italic": "font-style:italic",
}
"""What a notebook makes of the styles of texts and rows; it knows no others."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, ready to be set.

    Parameters
    ----------
    heading
        What was asked.
    lines
        What it rests on.
    warnings
        What to know before reading on.
    tables
        Given the columns that there are, returns tables no wider where they can help it.
    notes
        Sentences that follow.
    narrowest
        Columns that every table can do with; a terminal with fewer wraps.
    pipe
        Columns where the output is no terminal.
    """

    heading: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    tables: Callable[[int], Iterable[Table]]
    notes: tuple[str, ...]
    narrowest: int = 80
    pipe: int = WIDTH_OF_A_PIPE


def print_page(page: Page, file: TextIO, *, worded: Callable[[str], str] = as_options) -> None:
    """Print a page.

    Parameters
    ----------
    file
        Usually standard output; colours only if it is a terminal and ``NO_COLOR`` is not set.
    worded
        Says a sentence in the words of who reads it.
    """
    console = Console(file=file, width=None if file.isatty() else page.pipe, markup=False, emoji=False, highlight=False)
    console.width = max(console.width, page.narrowest)
    with console.capture() as printed:
        console.print(Text(printable(page.heading), style="bold"), soft_wrap=True)
        for line in page.lines:
            console.print(Text(printable(line)), soft_wrap=True)
        for warning in page.warnings:  # first, since they say how to read what follows
            console.print(Text(printable(worded(f"warning: {warning}")), style="bold"), soft_wrap=True)
        for table in page.tables(console.width):
            console.print()
            console.print(narrowed(table, console.width))
        for line in page.notes:
            console.print(Text(printable(worded(line))), soft_wrap=True)
    stripped = (line.rstrip() for line in printed.get().splitlines())
    file.writelines(f"{line}\n" for line, _ in groupby(stripped))  # one blank line where rich leaves two


def page_text(page: Page) -> str:
    """Return a page as text as wide as the terminal, for Python's ``print``."""
    file = StringIO()
    print_page(replace(page, pipe=get_terminal_size((WIDTH_OF_A_PIPE, 0)).columns), file, worded=str)
    return file.getvalue().rstrip("\n")


def page_html(page: Page) -> str:
    """Return a page as a piece of HTML without scripts, every text of it escaped."""
    parts = [
        f"<p><b>{_text(page.heading)}</b><br>{'<br>'.join(map(_text, page.lines))}</p>",
        *(f"<p><b>{_text(f'warning: {warning}')}</b></p>" for warning in page.warnings),
        *map(table_html, page.tables(BOUNDLESS)),
        f"<p>{'<br>'.join(map(_text, page.notes))}</p>" if page.notes else "",
    ]
    return f'<div class="simcost">{"".join(parts)}</div>'


def table_html(table: Table) -> str:
    """Return one of rich's tables of texts as an HTML table."""
    head = "".join(_cell("th", column, column.header) for column in table.columns)
    cells = zip(*(column.cells for column in table.columns), strict=True)
    body = (
        f"<tr{_style(str(row.style or ''))}>{''.join(_cell('td', *each) for each in zip(table.columns, texts, strict=True))}</tr>"
        for row, texts in zip(table.rows, cells, strict=True)
    )
    title = f"<caption>{_text(str(table.title))}</caption>" if table.title else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _cell(tag: str, column: Column, content: RenderableType) -> str:
    text = content.plain if isinstance(content, Text) else str(content)
    style = STYLES.get(str(content.style)) if isinstance(content, Text) else None
    declared = f"text-align:{'right' if column.justify == 'right' else 'left'};white-space:pre"
    return f'<{tag} style="{declared}{f";{style}" if style else ""}">{_text(text)}</{tag}>'


def _style(name: str) -> str:
    return f' style="{STYLES[name]}"' if name in STYLES else ""


def _text(text: str) -> str:
    return escape(printable(text))
