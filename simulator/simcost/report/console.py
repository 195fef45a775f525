"""A page on a terminal or in a pipe: a heading, warnings, tables, lines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from simcost.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

WIDTH = 160
"""Columns where the output is no terminal."""

NARROWEST = 80
"""A terminal with fewer columns wraps."""


def print_document(
    file: TextIO, *, heading: str, provenance: str, warnings: Iterable[str], tables: Iterable[Table], lines: Iterable[str]
) -> None:
    """Print a page; colours only if the file is a terminal and ``NO_COLOR`` is not set."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, markup=False, emoji=False, highlight=False)
    console.width = max(console.width, NARROWEST)
    with console.capture() as printed:
        console.print(Text(printable(heading), style="bold"), soft_wrap=True)
        console.print(Text(printable(provenance)), soft_wrap=True)
        for warning in warnings:  # first, since they say how to read what follows
            console.print(Text(printable(f"warning: {warning}"), style="bold"), soft_wrap=True)
        for table in tables:
            console.print()
            console.print(table)
        for line in lines:
            console.print(Text(printable(line)), soft_wrap=True)
    stripped = (line.rstrip() for line in printed.get().splitlines())
    file.writelines(f"{line}\n" for line, _ in groupby(stripped))  # one blank line where rich leaves two
