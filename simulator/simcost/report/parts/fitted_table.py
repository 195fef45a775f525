"""A table that does without its less wanted columns where the terminal is too narrow for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table, is_within
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table


@dataclass(frozen=True, slots=True)
class FittedColumn:
    """A column of numbers.

    Parameters
    ----------
    title, texts
        Its head and its cells.
    rank
        The highest goes first; 0 stays whatever the width.
    """

    title: str
    texts: Sequence[str]
    rank: int = 0


def fitted_table(title: str, names: Sequence[str], columns: Sequence[FittedColumn], *, width: int) -> Table:
    """Return the table of as many columns as the width holds, of those that may go the most wanted ones.

    Parameters
    ----------
    title, names
        The first column, to the left.
    width
        Characters that there are.
    """
    kept = list(columns)
    while True:
        table = columns_table(title, *(column.title for column in kept))
        for name, *texts in zip(names, *(column.texts for column in kept), strict=True):
            table.add_row(Text(printable(name)), *texts)
        least = max(kept, key=lambda column: column.rank, default=None)
        if least is None or not least.rank or is_within(table, width):
            return table
        kept.remove(least)
