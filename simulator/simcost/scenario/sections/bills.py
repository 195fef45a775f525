"""Bills of months that are over: the rows of a CSV file, each with its month, its sum and what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simcost.scenario.distributions.csv_cells import is_of_total, read_cells
from simcost.scenario.distributions.months_of_rows import parsed_month
from simcost.scenario.distributions.number_cells import currencies_of, instead_of, number_alone
from simcost.scenario.distributions.parameters import Reading, echo, is_moderate
from simcost.scenario.months import MONTHS_A_YEAR
from simcost.scenario.text.limits import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from simcost.scenario.distributions.csv_cells import Row
    from simcost.scenario.distributions.months_of_rows import Month
    from simcost.scenario.sections.actuals_schema import ActualsTable

LABELS = ("line", "category", "stage", "owner")
"""What a bill may belong to: columns that a file has or has not."""

MOST_TOLD = 20
"""Problems that are told one by one."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One row.

    Parameters
    ----------
    row
        Line of the file.
    place
        Month of the run, from 0; negative before it.
    amount
        In the scenario's currency; a credit is negative.
    labels
        Those of `LABELS` that are not empty.
    """

    row: int
    place: int
    amount: float
    labels: Mapping[str, str]

    @property
    def line(self) -> str:
        """The cost line that it belongs to; one that names none has the line of its category, stage and owner."""
        labels = [label for key in LABELS[1:] if (label := self.labels.get(key))]
        return self.labels.get("line") or f"{', '.join(labels)}: billed"


@dataclass(slots=True)
class Bills:
    """The rows that were read, and what is wrong with others: (key of [actuals], what, remedy)."""

    rows: list[Bill] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def read_bills(table: ActualsTable, start: Month, *, currency: str, folder: Path) -> Bills:
    """Read the file that a table names; rows of totals are left out.

    Parameters
    ----------
    start
        First month of the run.
    currency
        The scenario's, an ISO 4217 code.
    """
    reading, found = Reading(), Bills()
    columns = {key: getattr(table, key) for key in ("month", "amount", *LABELS)}
    given = table.model_fields_set
    rows = read_cells(table.file, columns, reading, folder, optional=[key for key in LABELS if key not in given])
    found.problems += [(path[0], what, remedy) for path, what, remedy in reading.problems]
    for row in _of_bills(rows or ()):
        _read_row(row, table.file, start, currency, found)
    if rows is not None and not found.rows and not found.problems:
        found.problems.append(("file", f"{table.file} has no bills", "Give a row for each: month, amount, category."))
    if len(found.problems) > MOST_TOLD:
        more = f"{table.file} has {len(found.problems) - MOST_TOLD:,} more problems like these"
        found.problems[MOST_TOLD:] = [("file", more, "Mend them too.")]
    return found


def repeated(bills: Iterable[Bill]) -> list[int]:
    """Return the lines of the file that say in every label and to the cent what one before them says: taken in twice, perhaps."""
    known = set[object]()
    found = []
    for bill in bills:
        said = (bill.place, bill.amount, *bill.labels.items())
        if bill.amount and said in known:
            found.append(bill.row)
        known.add(said)
    return found


def _of_bills(rows: Iterable[Row]) -> list[Row]:
    """Leave out totals, at the end or of a month; where nothing else was billed by name, they are the bills."""
    bills = [row for row in rows if not row.total]
    return [row for row in bills if not any(map(is_of_total, row.cells[-len(LABELS) :]))] or bills


def _read_row(row: Row, file: str, start: Month, currency: str, found: Bills) -> None:
    """Take one row, or note what is wrong with it."""
    month_cell, amount_cell, *labels = (cell.strip() for cell in row.cells)
    month, amount = parsed_month(month_cell), _amount(amount_cell)
    where = f"{file}, line {row.line}"
    if month is None:
        found.problems.append(("file", f"{where}: {echo(month_cell)} is no month", "Write it like 2027-03."))
    if amount is None:
        remedy = instead_of(amount_cell) if any(map(str.isdigit, amount_cell)) else "Write a number; 0 for nothing."
        found.problems.append(("file", f"{where}: {echo(amount_cell)} is no sum of money", remedy))
    elif currency not in (currencies_of(amount_cell) or currency):
        remedy = f"Write what was paid for it in {currency}."
        found.problems.append(("file", f"{where}: {echo(amount_cell)} is no sum in {currency}", remedy))
    named = {key: label for key, label in zip(LABELS, labels, strict=True) if label}
    if not named.keys() & {"line", "category"}:
        remedy = "Name the cost line in a column line, or the category in a column category."
        found.problems.append(("file", f"{where}: nothing says what was billed", remedy))
    elif wrong := next((label for label in named.values() if not label.isprintable() or len(label) > LONGEST_NAME), ""):
        found.problems.append(("file", f"{where}: {echo(wrong)} is no label", f"Write at most {LONGEST_NAME} plain characters."))
    elif month is not None and amount is not None:
        found.rows.append(Bill(row.line, _place(month, start), amount, named))


def _place(month: Month, start: Month) -> int:
    return (month[0] - start[0]) * MONTHS_A_YEAR + month[1] - start[1]


def _amount(cell: str) -> float | None:
    for text in (cell, number_alone(cell)):
        try:
            value = float(text)
        except ValueError:
            continue
        return value if is_moderate(value) else None
    return None
