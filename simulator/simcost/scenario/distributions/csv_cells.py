"""Columns of a CSV file as text, row by row; what a spreadsheet program makes instead is named, never guessed."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from simcost.scenario.distributions.parameters import Reading, echo
from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path


class Row(NamedTuple):
    """A row that is not blank.

    Parameters
    ----------
    line
        Of the file.
    cells
        Of the columns that were asked for.
    total
        Its first word, if that says that the row adds up others, as exported bills end: ``合计``; else empty.
    """

    line: int
    cells: tuple[str, ...]
    total: str


MAX_BYTES = 16 << 20
"""Size of a CSV file."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What an .xlsx or .ods (both are ZIP archives) and an .xls (OLE) begin with."""

CSV = 'a CSV file in UTF-8 (in Excel: "CSV UTF-8")'
"""Excel's plain "CSV" is in the encoding of the country, GBK in China."""

_TOTALS = re.compile(r"(grand |sub-?)?totals?|sum|.*(合计|总计|小计|共计|合計|總計|小計)", re.IGNORECASE)

MOST_TITLES = 20
"""Lines above the names of the columns in which they are looked for."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What some programs write between columns, where the decimal sign is a comma above all."""


def read_cells(
    file: str, columns: Mapping[str, str], reading: Reading, folder: Path, *, optional: Collection[str] = ()
) -> list[Row] | None:
    """Return the cells of columns of a CSV file in a folder, or note why there are none.

    Parameters
    ----------
    columns
        Their names in the first line, by what they are called where they were given: problems are noted there, or at ``file``.
    optional
        Those of them whose cells are empty where the file has no such column.
    """
    text = _text(file, reading, folder)
    return None if text is None else _cells(text, file, columns, reading, optional)


def _text(file: str, reading: Reading, folder: Path) -> str | None:
    """Return the text of a file that lies in the scenario's folder."""
    path = ("file",)
    try:
        place = (folder / file).resolve()
        if not place.is_relative_to(folder.resolve()):
            reading.add(path, f"the file {echo(file)} is outside the scenario's folder", "Put it beside the scenario file.")
            return None
        if not place.is_file():
            reading.add(path, f"there is no file {echo(file)} in the scenario's folder", "Paths start at the scenario's folder.")
            return None
        if place.stat().st_size > MAX_BYTES:
            reading.add(path, f"the file {echo(file)} is larger than {MAX_BYTES >> 20} MiB", "Keep the column that is used.")
            return None
        content = place.read_bytes()
        if content.startswith(WORKBOOKS):
            reading.add(path, f"the file {echo(file)} is a workbook of a spreadsheet program", f"Save the sheet as {CSV}.")
            return None
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or "its name"
        reading.add(path, f"the file {echo(file)} cannot be read ({reason})", f"Save it as {CSV}.")
        return None


def _cells(text: str, file: str, columns: Mapping[str, str], reading: Reading, optional: Collection[str]) -> list[Row] | None:
    import csv

    try:
        rows = csv.reader(text.splitlines())
        header = [name.strip() for name in next(rows, [])]
        missing = [given for given, column in columns.items() if column not in header and given not in optional]
        if missing:
            wanted = (missing[0], columns[missing[0]])
            if not _named_below(wanted, rows, file, reading):
                _refuse_header(header, file, wanted, reading)
            return None
        places = [header.index(column) if column in header else len(header) for column in columns.values()]
        found: list[Row] = []
        for row in rows:
            if any(row[len(header) :]):  # of "1,5" below one name the 1 would be read
                what = f"{file}, line {rows.line_num}: {len(row)} values, and the first line names {len(header)}"
                reading.add(("file",), what, "Write a point in numbers: 0.5; quote a text that has a comma.")
                return None
            if any(row):
                cells = tuple(row[place] if place < len(row) else "" for place in places)
                found.append(Row(rows.line_num, cells, _total(row)))
    except csv.Error as error:
        reading.add(("file",), f"{file} is no CSV file ({error})", "Give a CSV file in UTF-8.")
        return None
    return found if not all(row.total for row in found) else [row._replace(total="") for row in found]


def _total(row: Sequence[str]) -> str:
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first if is_of_total(first) else ""


def is_of_total(cell: str) -> bool:
    """Whether a cell says that its row adds up others."""
    return bool(_TOTALS.fullmatch(cell.strip().rstrip(":：")))


def _named_below(wanted: tuple[str, str], rows: Iterable[Sequence[str]], file: str, reading: Reading) -> bool:
    """Say that a title stands above the names of the columns, if it does."""
    given, column = wanted
    line = next((line for line, row in enumerate(islice(rows, MOST_TITLES), start=2) if column in map(str.strip, row)), 0)
    if line:
        what = f"{file} has the column {echo(column)} in line {line}, and its first line is to name the columns"
        reading.add((given,), what, "Remove what stands above the names.")
    return bool(line)


def _refuse_header(header: Sequence[str], file: str, wanted: tuple[str, str], reading: Reading) -> None:
    """Say that a header lacks a column, or that its columns are separated by something else than commas."""
    given, column = wanted
    whole = ",".join(header)
    for separator, called in SEPARATORS.items():
        names = [name.strip().strip('"') for name in whole.split(separator)]
        if len(names) > 1 and (len(header) == 1 or column in names):
            what = f"the columns of {file} are separated by {called}"
            reading.add(("file",), what, "Save it with commas between columns and points in numbers: 0.5.")
            return
    known = f"It has: {', '.join(header)[:200]}."
    reading.add((given,), f"{file} has no column {echo(column)}", did_you_mean(column[:64], header) or known)
