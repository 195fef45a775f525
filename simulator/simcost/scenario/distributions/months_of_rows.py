"""Rows of a CSV file as months: how people write a month, and what a month has of several rows, such as its days."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from simcost.scenario.distributions.parameters import echo
from simcost.scenario.distributions.samples import MAX_VALUES
from simcost.scenario.months import MONTHS_A_YEAR, month_name, months_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Month = tuple[int, int]

LINES_TOLD = 5

DECIDES = 0.2
"""Share of its month above which a row is told. A festival's best day is a tenth of its month; a day counted in other units, or a
flood of robots, is half of it."""

FEWEST_TO_DECIDE = 15
"""Rows of a month from which on its largest one can be too large."""

_MONTH = re.compile(
    r"(?P<year>[12][0-9]{3})"
    r"(?:[-/.年](?P<month>[0-9]{1,2})(?:[-/.月](?P<day>[0-9]{1,2})?.*)?|(?P<digits>[0-9]{2})(?P<day_digits>[0-9]{2})?)",
    re.ASCII,
)
"""``2026-03``, ``2026/3``, ``2026.03``, ``202603``, ``2026年3月``, and each with a day, ``20260315`` too."""


class Taken(NamedTuple):
    """A row with a number: its line, the number, and the cell that has its month."""

    line: int
    value: float
    cell: str


class Dated(NamedTuple):
    """A row of a month; its day is 0 where the cell has none."""

    line: int
    value: float
    day: int


@dataclass(frozen=True, slots=True)
class MonthlyValues:
    """A value for each month that has one.

    Parameters
    ----------
    months
        Ascending, each once.
    values, lines
        Of each month; the line is that of its first row.
    rows
        How many rows the values come from.
    remarks
        What was left out, put in order or is missing, a sentence each.
    warnings
        Rows that decide their month alone.
    problems
        Cells that are no month, and months whose rows contradict each other.
    """

    months: tuple[Month, ...]
    values: tuple[float, ...]
    lines: tuple[int, ...]
    rows: int
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    problems: tuple[str, ...]


def parsed_month(text: str) -> Month | None:
    """Read a month as people and programs write it; None if it is none."""
    found = _parsed(text)
    return None if found is None else found[0]


def _parsed(text: str) -> tuple[Month, int] | None:
    """Read a month, and the day in it or 0."""
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    if found is None:
        return None
    month = int(found["month"] or found["digits"])
    return ((int(found["year"]), month), int(found["day"] or found["day_digits"] or 0)) if 1 <= month <= MONTHS_A_YEAR else None


def monthly_values(taken: Sequence[Taken], combine: str, where: str) -> MonthlyValues:
    """Put rows into their months.

    Parameters
    ----------
    combine
        What a month has of several rows: their ``mean`` or ``sum``; empty if it has one.
    where
        The file and the column of the months, for what is told.
    """
    problems, order, rows = [], [], dict[Month, list[Dated]]()
    for line, value, cell in taken:
        parsed = _parsed(cell)
        if parsed is None:
            problems.append(f"{where}, line {line}: {echo(cell.strip())} is no month. Write it like 2026-03.")
            continue
        month, day = parsed
        order.append(month)
        rows.setdefault(month, []).append(Dated(line, value, day))
    told = ["The rows were not in the order of the months: they are put in it."] if order != sorted(order) else []
    rows = {month: rows[month] for month in sorted(rows)}
    if not combine:
        problems += _contradictions(rows, where)
        remarks = [*_repeated(rows), *told]
    else:
        partial = _partial(rows)
        if combine == "sum":
            rows = {month: found for month, found in rows.items() if month not in partial}
        remarks = [*_combined(rows, combine), *_told_of(partial, combine), *told]
    return MonthlyValues(
        months=tuple(rows),
        values=tuple(_value(found, combine) for found in rows.values()),
        lines=tuple(found[0].line for found in rows.values()),
        rows=sum(map(len, rows.values())) if combine else len(rows),
        remarks=(*remarks, *_missing(tuple(rows))),
        warnings=tuple(_deciding(rows)) if combine else (),
        problems=tuple(problems),
    )


def _value(rows: Sequence[Dated], combine: str) -> float:
    if not combine:
        return rows[0].value
    whole = sum(each.value for each in rows)
    return whole if combine == "sum" else whole / len(rows)


def _contradictions(rows: Mapping[Month, Sequence[Dated]], where: str) -> Iterator[str]:
    """Tell of months whose rows differ, in one line: nobody has said what a month has of them."""
    several = {month: found for month, found in rows.items() if len({each.value for each in found}) > 1}
    if not several:
        return
    month, (first, *others) = next(iter(several.items()))
    other = next(each for each in others if each.value != first.value)
    months = "1 month has" if len(several) == 1 else f"{len(several):,} months have"
    example = f"{month_name(month)} has {first.value:,.12g} in line {first.line} and {other.value:,.12g} in line {other.line}"
    yield (
        f"{where}: {months} several rows that differ: {example}. Say what a month has of its rows, `combine='mean'` of a rate "
        f"like request/day, `combine='sum'` of amounts; or choose the rows of one thing, `where='COLUMN=VALUE'`."
    )


def _repeated(rows: Mapping[Month, Sequence[Dated]]) -> Iterator[str]:
    again = sorted((each.line, month_name(month)) for month, found in rows.items() for each in found[1:])
    if again:
        yield f"Left out: {counted(again, 'row that repeats its month', 'rows that repeat their month')}."


def _combined(rows: Mapping[Month, Sequence[Dated]], combine: str) -> Iterator[str]:
    yield f"Each of {len(rows):,} months is the {combine} of its rows, {sum(map(len, rows.values())):,} in all."


def _partial(rows: Mapping[Month, Sequence[Dated]]) -> dict[Month, str]:
    """Return the months of which days are missing, with how many of them there are."""
    days = {month: {each.day for each in found} for month, found in rows.items()}
    if not all(min(found) for found in days.values()):
        return {}
    return {
        month: f"{month_name(month)} {len(found)} of {monthrange(*month)[1]}"
        for month, found in days.items()
        if len(found) < monthrange(*month)[1]
    }


def _told_of(partial: Mapping[Month, str], combine: str) -> Iterator[str]:
    if partial:
        few = "1 month without all of its days" if len(partial) == 1 else f"{len(partial)} months without all of their days"
        what = f"Left out, since a sum would be too low: {few}" if combine == "sum" else f"Taken as they are: {few}"
        yield f"{what} ({_first_of(list(partial.values()))})."


def _deciding(rows: Mapping[Month, Sequence[Dated]]) -> Iterator[str]:
    """Name the row that is too large a part of its month."""
    for month, found in rows.items():
        largest, whole = max(found, key=lambda each: abs(each.value)), sum(abs(each.value) for each in found)
        if len(found) >= FEWEST_TO_DECIDE and abs(largest.value) > DECIDES * whole:
            share = f"{100.0 * abs(largest.value) / whole:.0f} % of {month_name(month)}, which has {len(found)} rows"
            row = f"{largest.value:,.12g} in line {largest.line}"
            yield f"One row decides its month: {row} is {share}. If it is not right, empty its cell."


def _missing(months: Sequence[Month]) -> Iterator[str]:
    """Name the months between the first and the last that have no value."""
    if not months:
        return
    (year, month), (last_year, last) = months[0], months[-1]
    between = months_from(months[0], min((last_year - year) * MONTHS_A_YEAR + last - month + 1, MAX_VALUES))
    known = set(months)
    missing = [month_name(each) for each in between if each not in known]
    if missing:
        yield f"Missing: {len(missing)} month{'s' * (len(missing) > 1)} without a value ({_first_of(missing)})."


def _first_of(names: Sequence[str]) -> str:
    return ", ".join([*names[:LINES_TOLD], *(["..."] if len(names) > LINES_TOLD else [])])


def counted(cells: Sequence[tuple[int, str]], one: str, many: str = "") -> str:
    """Say how many cells there are, and the lines and texts of the first."""
    shown = [f"{line} {echo(text)}".replace(' ""', "") for line, text in cells]
    lines = "line" if len(cells) == 1 else "lines"
    return f"{len(cells):,} {one if len(cells) == 1 else many or one + 's'} ({lines} {_first_of(shown)})"
