"""Columns of a CSV file as text, row by row; what a spreadsheet program makes instead is named, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.distributions.parameters import Reading, echo
from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Rows = list[tuple[int, tuple[str, ...]]]
"""Line of each row that is not blank, and its cells."""

MAX_BYTES = 16 << 20
"""Size of a CSV file."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What an .xlsx or .ods (both are ZIP archives) and an .xls (OLE) begin with."""

CSV = 'a CSV file in UTF-8 (in Excel: "CSV UTF-8")'
"""Excel's plain "CSV" is in the encoding of the country, GBK in China."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What some programs write between columns, where the decimal sign is a comma above all."""


def read_cells(file: str, columns: Mapping[str, str], reading: Reading, folder: Path) -> Rows | None:
    """Return the cells of columns of a CSV file in a folder, or note why there are none.

    Parameters
    ----------
    columns
        Their names in the first line, by what they are called where they were given: problems are noted there, or at ``file``.
    """
    text = _text(file, reading, folder)
    return None if text is None else _cells(text, file, columns, reading)


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


def _cells(text: str, file: str, columns: Mapping[str, str], reading: Reading) -> Rows | None:
    import csv

    try:
        rows = csv.reader(text.splitlines())
        header = [name.strip() for name in next(rows, [])]
        missing = [given for given, column in columns.items() if column not in header]
        if missing:
            _refuse_header(header, file, (missing[0], columns[missing[0]]), reading)
            return None
        places = [header.index(column) for column in columns.values()]
        cells: Rows = []
        for row in rows:
            if any(row[len(header) :]):  # of "1,5" below one name the 1 would be read
                what = f"{file}, line {rows.line_num}: {len(row)} values, and the first line names {len(header)}"
                reading.add(("file",), what, "Write a point in numbers: 0.5; quote a text that has a comma.")
                return None
            if any(row):
                cells.append((rows.line_num, tuple(row[place] if place < len(row) else "" for place in places)))
    except csv.Error as error:
        reading.add(("file",), f"{file} is no CSV file ({error})", "Give a CSV file in UTF-8.")
        return None
    return cells


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
