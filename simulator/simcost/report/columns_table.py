"""The table that every answer is made of: names to the left, numbers to the right, a line under their titles."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from simcost.report.printable import printable


def columns_table(*titles: str, folded: bool = False) -> Table:
    """Return an empty table.

    Parameters
    ----------
    titles
        Of the names, whose column folds what is too long, and of each column of numbers.
    folded
        Whether the other columns fold too, since they hold more than numbers.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(Text(printable(titles[0])), overflow="fold")
    for title in titles[1:]:
        table.add_column(Text(printable(title)), justify="right", overflow="fold" if folded else "ellipsis", no_wrap=not folded)
    return table
