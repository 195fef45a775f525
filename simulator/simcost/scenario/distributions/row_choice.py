"""Which rows of a CSV file are observations of one thing, and what a month has of several of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario.distributions.parameters import echo
from simcost.scenario.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.distributions.csv_cells import Row

COMBINATIONS = ("mean", "sum")


@dataclass(frozen=True, slots=True)
class RowChoice:
    """What is read of a long table.

    Parameters
    ----------
    where
        (column, value): a row is taken if every such column has its value.
    combine
        What a month has of several rows, one of `COMBINATIONS`; empty if it has one.
    """

    where: tuple[tuple[str, str], ...] = ()
    combine: str = ""

    @property
    def told(self) -> str:
        """What follows the name of a column: ``, product = H100 spot, mean of each month``."""
        parts = [f"{column} = {value}" for column, value in self.where]
        return "".join(f", {each}" for each in [*parts, *([f"{self.combine} of each month"] if self.combine else [])])


def row_choice(where: Sequence[str], combine: str, month: str) -> RowChoice:
    """Read ``COLUMN=VALUE`` and ``mean`` or ``sum``.

    Raises
    ------
    UsageError
        With what to give instead.
    """
    if combine and combine not in COMBINATIONS:
        message = f'`combine`: "{combine[:60]}" is neither mean nor sum. Give one of the two.'
        raise UsageError(message)
    if combine and not month:
        message = "`combine` is of months. Give `month`, the column that has the months, too."
        raise UsageError(message)
    pairs = [each.partition("=") for each in where]
    for given, (column, sign, value) in zip(where, pairs, strict=True):
        if not (sign and column.strip() and value.strip()):
            message = f"`where`: {echo(given)} is no COLUMN=VALUE. Give it like `where='product=H100'`."
            raise UsageError(message)
    return RowChoice(tuple((column.strip(), value.strip()) for column, _, value in pairs), combine)


def chosen_rows(rows: Sequence[Row], choice: RowChoice, file: str) -> list[Row]:
    """Return the rows whose last cells are those that are wanted, without these cells.

    Raises
    ------
    UsageError
        If no row is left.
    """
    found, columns = list(rows), len(choice.where)
    for place, (column, value) in enumerate(choice.where, start=-columns):
        kept = [row for row in found if row.cells[place].strip() == value]
        if not kept:
            known = sorted({row.cells[place].strip() for row in found} - {""})
            message = f"{file}: no row has {echo(value)} in column {column}. {suggestion(value, known)}"
            raise UsageError(message)
        found = kept
    return [row._replace(cells=row.cells[: len(row.cells) - columns]) for row in found]
