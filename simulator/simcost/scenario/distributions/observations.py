"""A column of a CSV file as values to fit: what was read, what was cleaned, and what was left out and why.

Nothing is dropped in silence, and nothing is guessed: an empty cell and a word are no observation, ``3,100 CNY`` is 3100, and
what has digits and is no number is refused, since someone meant one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario.distributions.csv_cells import read_cells
from simcost.scenario.distributions.number_cells import currencies_of, instead_of, number_alone
from simcost.scenario.distributions.parameters import Reading, echo, is_moderate
from simcost.scenario.distributions.samples import MAX_VALUES
from simcost.scenario.months import MONTHS_A_YEAR, month_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost.scenario.distributions.csv_cells import Row

Month = tuple[int, int]

MOST_TOLD = 20
"""Problems that are told one by one."""

LINES_TOLD = 5

_MONTH = re.compile(r"(?P<year>[12][0-9]{3})(?:[-/.年](?P<month>[0-9]{1,2})(?:[-/.月].*)?|(?P<digits>[0-9]{2}))", re.ASCII)
"""``2026-03``, ``2026/3``, ``2026.03``, ``202603``, ``2026年3月``, and each with a day, which is not looked at."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Values of a column.

    Parameters
    ----------
    file, column
        Whence.
    values
        In the order of the rows; of months in that of the calendar.
    lines
        Of the file, for each value.
    months
        Of each value, (year, 1 to 12); empty where none were asked for.
    rows
        Of the file, blank ones left out.
    remarks
        What was cleaned and what was left out, a sentence each.
    plain
        Whether every row is a plain number, so that ``empirical`` reads the same values from the file.
    """

    file: str
    column: str
    values: tuple[float, ...]
    lines: tuple[int, ...]
    months: tuple[Month, ...]
    rows: int
    remarks: tuple[str, ...]
    plain: bool


@dataclass(slots=True)
class _Sorted:
    """Cells by what became of them."""

    taken: list[tuple[int, float, str]]
    cleaned: list[tuple[int, str]]
    empty: list[tuple[int, str]]
    words: list[tuple[int, str]]
    totals: list[tuple[int, str]]
    problems: list[str]


def read_observations(path: str, column: str, month: str = "", *, currency: str = "") -> Observations:
    """Read a column of a CSV file, and the months beside it if a second one is named.

    Parameters
    ----------
    currency
        That of the values, an ISO 4217 code; empty if they are no money, or nobody says of which.

    Raises
    ------
    UsageError
        With every problem.
    """
    place, reading = Path(path), Reading()
    if not place.is_file():
        _refuse([f"{path}: there is no such file. Name a CSV file."])
    rows = read_cells(place.name, {"column": column, **({"month": month} if month else {})}, reading, place.parent)
    if rows is None:
        message = "\n".join(f"{what}. {remedy}" for _, what, remedy in reading.problems)
        raise UsageError(message)
    cells = _sorted(rows, f"{place.name}, column {column}")
    if not month:
        kept = [(line, value) for line, value, _ in cells.taken]
        remarks = list(_remarks(cells))
        months: list[Month] = []
    else:
        kept, months, told = _by_month(cells, f"{place.name}, column {month}")
        remarks = [*_remarks(cells), *told]
    _refuse([*cells.problems, *_other_money(cells.cleaned, f"{place.name}, column {column}", currency)])
    if len(kept) > MAX_VALUES:
        _refuse([f"{place.name} has {len(kept):,} values. Give at most {MAX_VALUES:,}."])
    return Observations(
        file=place.name,
        column=column,
        values=tuple(value for _, value in kept),
        lines=tuple(line for line, _ in kept),
        months=tuple(months),
        rows=len(rows),
        remarks=tuple(remarks),
        plain=len(kept) == len(rows) and not cells.cleaned,
    )


def parsed_month(text: str) -> Month | None:
    """Read a month as people and programs write it; None if it is none."""
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    if found is None:
        return None
    month = int(found["month"] or found["digits"])
    return (int(found["year"]), month) if 1 <= month <= MONTHS_A_YEAR else None


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
            found.taken.append((line, number, beside))
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
        yield f"Cleaned: {_counted(cells.cleaned, 'formatted number')}, taken as the number alone."
    if cells.empty:
        yield f"Left out: {_counted(cells.empty, 'empty cell')}."
    if cells.words:
        yield f"Left out: {_counted(cells.words, 'cell without a number', 'cells without a number')}."
    if cells.totals:
        yield f"Left out: {_counted(cells.totals, 'row of totals', 'rows of totals')}."


def _counted(cells: Sequence[tuple[int, str]], one: str, many: str = "") -> str:
    shown = ", ".join(f"{line} {echo(text)}".replace(' ""', "") for line, text in cells[:LINES_TOLD])
    more = ", ..." if len(cells) > LINES_TOLD else ""
    lines = "line" if len(cells) == 1 else "lines"
    return f"{len(cells):,} {one if len(cells) == 1 else many or one + 's'} ({lines} {shown}{more})"


def _by_month(cells: _Sorted, where: str) -> tuple[list[tuple[int, float]], list[Month], list[str]]:
    """Put values in the order of their months; a month with two different ones is a problem, the same one twice is told."""
    by_month: dict[Month, tuple[int, float]] = {}
    again: list[tuple[int, str]] = []
    order: list[Month] = []
    for line, value, text in cells.taken:
        month = parsed_month(text)
        if month is None:
            cells.problems.append(f"{where}, line {line}: {echo(text.strip())} is no month. Write it like 2026-03.")
            continue
        order.append(month)
        first, known = by_month.setdefault(month, (line, value))
        if first != line and known != value:
            both = f"{known:g} in line {first} and {value:g} in line {line}"
            cells.problems.append(f"{where}: {month_name(month)} has {both}. Keep one, or add them up.")
        elif first != line:
            again.append((line, month_name(month)))
    months = sorted(by_month)
    remarks = [f"Left out: {_counted(again, 'row that repeats its month', 'rows that repeat their month')}."] if again else []
    if order != sorted(order):
        remarks.append("The rows were not in the order of the months: they are put in it.")
    missing = [month_name(each) for each in _between(months) if each not in by_month]
    if missing:
        shown = ", ".join([*missing[:LINES_TOLD], *(["..."] if len(missing) > LINES_TOLD else [])])
        remarks.append(f"Missing: {len(missing)} month{'s' * (len(missing) > 1)} without a value ({shown}).")
    return [by_month[each] for each in months], months, remarks


def _between(months: Sequence[Month]) -> tuple[Month, ...]:
    """Return every month from the first to the last."""
    from simcost.scenario.months import months_from

    if not months:
        return ()
    (year, month), (last_year, last) = months[0], months[-1]
    return months_from(months[0], min((last_year - year) * MONTHS_A_YEAR + last - month + 1, MAX_VALUES))
