"""A column of a CSV file as values to fit: what was read, what was cleaned, and what was left out and why.

Nothing is dropped in silence, and nothing is guessed: an empty cell and a word are no observation, ``3,100 CNY`` is 3100, and
what has digits and is no number is refused, since someone meant one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario.distributions.csv_cells import read_cells
from simcost.scenario.distributions.months_of_rows import Taken, counted, monthly_values
from simcost.scenario.distributions.number_cells import currencies_of, instead_of, number_alone
from simcost.scenario.distributions.parameters import Reading, echo, is_moderate
from simcost.scenario.distributions.row_choice import RowChoice, chosen_rows
from simcost.scenario.distributions.samples import MAX_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost.scenario.distributions.csv_cells import Row
    from simcost.scenario.distributions.months_of_rows import Month

EVERY_ROW = RowChoice()

MOST_TOLD = 20
"""Problems that are told one by one."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Values of a column.

    Parameters
    ----------
    file, column, choice
        Whence, and which rows.
    values
        In the order of the rows; of months in that of the calendar.
    lines
        Of the file, for each value.
    months
        Of each value, (year, 1 to 12); empty where none were asked for.
    rows
        Of the file, blank ones and those of other things left out.
    taken
        Rows that the values come from.
    remarks
        What was cleaned, combined and left out, a sentence each.
    warnings
        What is doubtful in the rows.
    plain
        Whether every row is a plain number, so that ``empirical`` reads the same values from the file.
    """

    file: str
    column: str
    choice: RowChoice
    values: tuple[float, ...]
    lines: tuple[int, ...]
    months: tuple[Month, ...]
    rows: int
    taken: int
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    plain: bool

    @property
    def whence(self) -> str:
        """The file, the column and which of its rows: ``prices.csv, column price, product = H100 spot``."""
        return f"{self.file}, column {self.column}{self.choice.told}"


@dataclass(slots=True)
class _Sorted:
    """Cells by what became of them."""

    taken: list[Taken]
    cleaned: list[tuple[int, str]]
    empty: list[tuple[int, str]]
    words: list[tuple[int, str]]
    totals: list[tuple[int, str]]
    problems: list[str]


def read_observations(
    path: str, column: str, month: str = "", *, currency: str = "", choice: RowChoice = EVERY_ROW
) -> Observations:
    """Read a column of a CSV file, and the months beside it if a second one is named.

    Parameters
    ----------
    currency
        That of the values, an ISO 4217 code; empty if they are no money, or nobody says of which.
    choice
        Which rows, and what a month has of several.

    Raises
    ------
    UsageError
        With every problem.
    """
    file, rows = Path(path).name, _rows(Path(path), column, month, choice)
    cells = _sorted(rows, f"{file}, column {column}")
    remarks, warnings = list(_remarks(cells)), tuple[str, ...]()
    values, lines = tuple(each.value for each in cells.taken), tuple(each.line for each in cells.taken)
    months: tuple[Month, ...] = ()
    taken = len(cells.taken)
    if month:
        monthly = monthly_values(cells.taken, choice.combine, f"{file}, column {month}")
        values, lines, months, taken, warnings = monthly.values, monthly.lines, monthly.months, monthly.rows, monthly.warnings
        remarks += monthly.remarks
        cells.problems += monthly.problems
    _refuse([*cells.problems, *_other_money(cells.cleaned, f"{file}, column {column}", currency)])
    if len(values) > MAX_VALUES:
        _refuse([f"{file} has {len(values):,} values. Give at most {MAX_VALUES:,}."])
    return Observations(
        file=file,
        column=column,
        choice=choice,
        values=values,
        lines=lines,
        months=months,
        rows=len(rows),
        taken=taken,
        remarks=tuple(remarks),
        warnings=warnings,
        plain=len(values) == len(rows) and not cells.cleaned and choice == EVERY_ROW,
    )


def _rows(place: Path, column: str, month: str, choice: RowChoice) -> list[Row]:
    """Return the wanted rows, each with the cell of the column, and that of its month if one is named."""
    reading = Reading()
    if not place.is_file():
        _refuse([f"{place}: there is no such file. Name a CSV file."])
    columns = {"column": column, **({"month": month} if month else {})}
    columns |= {f"where {number}": each for number, (each, _) in enumerate(choice.where)}
    rows = read_cells(place.name, columns, reading, place.parent)
    if rows is None:
        message = "\n".join(f"{what}. {remedy}" for _, what, remedy in reading.problems)
        raise UsageError(message)
    return chosen_rows(rows, choice, place.name)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = [f"and {len(problems) - MOST_TOLD:,} more like these."] if len(problems) > MOST_TOLD else []
        message = "\n".join([*problems[:MOST_TOLD], *more])
        raise UsageError(message)


def _sorted(rows: Iterable[Row], where: str) -> _Sorted:
    found = _Sorted([], [], [], [], [], [])
    for line, (cell, *others), total in rows:
        if total:
            found.totals.append((line, total))
            continue
        text, beside = cell.strip(), others[0] if others else ""
        number = _number(text)
        if number is None:
            number = _number(number_alone(text))
            if number is not None:
                found.cleaned.append((line, text))
        if number is not None:
            found.taken.append(Taken(line, number, beside))
        elif any(letter.isdigit() for letter in text):
            found.problems.append(f"{where}, line {line}: {echo(text)} is no finite number. {instead_of(text)}")
        else:
            (found.words if text else found.empty).append((line, text))
    return found


def _other_money(cells: Iterable[tuple[int, str]], where: str, currency: str) -> Iterator[str]:
    """Name the cells whose money is not of the one currency that all may have."""
    common = frozenset([currency] if currency else [])
    for line, text in cells:
        meant = currencies_of(text)
        if meant is None:
            continue
        if common and not common & meant:
            said = f"in {currency}" if currency else "in the currency of the cells above"
            yield f"{where}, line {line}: {echo(text)} is no sum {said}. Give all values in one currency."
        else:
            common = common & meant or meant


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if is_moderate(value) else None


def _remarks(cells: _Sorted) -> Iterator[str]:
    if cells.cleaned:
        yield f"Cleaned: {counted(cells.cleaned, 'formatted number')}, taken as the number alone."
    if cells.empty:
        yield f"Left out: {counted(cells.empty, 'empty cell')}."
    if cells.words:
        yield f"Left out: {counted(cells.words, 'cell without a number', 'cells without a number')}."
    if cells.totals:
        yield f"Left out: {counted(cells.totals, 'row of totals', 'rows of totals')}."
