"""Observed values as a distribution: each of them equally likely, from the scenario or from a CSV file beside it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Constant, Discrete
from simcost.scenario.distributions.parameters import Reading, echo, is_moderate
from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAX_BYTES = 16 << 20
"""Size of a CSV file."""

MAX_VALUES = 100_000
"""Observations; more are better summarised first."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What an .xlsx or .ods (both are ZIP archives) and an .xls (OLE) begin with."""

CSV = 'a CSV file in UTF-8 (in Excel: "CSV UTF-8")'
"""Excel's plain "CSV" is in the encoding of the country, GBK in China."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What some programs write between columns, where the decimal sign is a comma above all."""


def weighted(values: Sequence[float], weights: Sequence[float]) -> Discrete | Constant:
    """Return the discrete distribution with probabilities in proportion to weights; their sum must be above 0."""
    total = math.fsum(weights)
    shares: dict[float, list[float]] = {}
    for value, weight in zip(values, weights, strict=True):
        if weight > 0:
            shares.setdefault(value + 0.0, []).append(weight)  # -0.0 and 0.0 are one outcome
    outcomes = sorted(shares)
    if len(outcomes) == 1:
        return Constant(outcomes[0])
    return Discrete(tuple(outcomes), tuple(math.fsum(shares[outcome]) / total for outcome in outcomes))


def empirical(values: Sequence[float]) -> Discrete | Constant:
    """Return the distribution that takes each observation equally often."""
    counts = Counter(values)
    return weighted(list(counts), [float(count) for count in counts.values()])


def read_empirical(value: object, reading: Reading, folder: Path) -> Discrete | Constant | None:
    """Return the distribution of ``{ values = [...] }`` or ``{ file = "...", column = "..." }``."""
    path = ("empirical",)
    table = reading.table(path, value, "{ values = [...] }")
    if table is None or reading.unknown(path, table, ("values", "file", "column"), "parameter of empirical:"):
        return None
    if set(table) == {"values"}:
        values = reading.numbers((*path, "values"), table["values"])
    elif set(table) == {"file", "column"}:
        values = _read_file(table, reading, folder)
    else:
        reading.add(path, f"empirical with {', '.join(table) or 'nothing'}", "Give exactly { values } or { file, column }.")
        return None
    if values is not None and len(values) > MAX_VALUES:
        reading.add(path, f"empirical has {len(values):,} values", f"Give at most {MAX_VALUES:,}.")
        return None
    return empirical(values) if values else None


def _read_file(table: Mapping[str, object], reading: Reading, folder: Path) -> list[float] | None:
    file, column = table["file"], table["column"]
    if not isinstance(file, str) or not isinstance(column, str):
        wrong = "column" if isinstance(file, str) else "file"
        reading.add(("empirical", wrong), f"{wrong} = {echo(table[wrong])} is no text", 'Give file = "...", column = "...".')
        return None
    inner = Reading()
    values = read_column(file, column, inner, folder)
    for path, what, remedy in inner.problems:
        reading.add(("empirical", *path), what, remedy)
    return values


def reads_file(value: object) -> bool:
    """Whether a table as it was written, or one within it, reads a column of a file."""
    if isinstance(value, dict):
        return {"file", "column"} <= value.keys() or any(map(reads_file, value.values()))
    return isinstance(value, list) and any(map(reads_file, value))


def read_column(file: str, column: str, reading: Reading, folder: Path) -> list[float] | None:
    """Return the numbers of a column of a CSV file in a folder, or note at ``file`` or ``column`` why there are none."""
    text = _text(file, reading, folder)
    return None if text is None else _column(text, file, column, reading)


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


def _column(text: str, file: str, column: str, reading: Reading) -> list[float] | None:
    import csv

    try:
        rows = csv.reader(text.splitlines())
        header = [name.strip() for name in next(rows, [])]
        if column not in header:
            _refuse_header(header, file, column, reading)
            return None
        place = header.index(column)
        cells = []
        for row in rows:
            if any(row[len(header) :]):  # of "1,5" below one name the 1 would be read
                what = f"{file}, line {rows.line_num}: {len(row)} values, and the first line names {len(header)}"
                reading.add(("file",), what, "Write a point in numbers: 0.5; quote a text that has a comma.")
                return None
            if any(row):
                cells.append((rows.line_num, row[place] if place < len(row) else ""))
    except csv.Error as error:
        reading.add(("file",), f"{file} is no CSV file ({error})", "Give a CSV file in UTF-8.")
        return None
    return _numbers(cells, f"{file}, column {column}", reading)


def _refuse_header(header: Sequence[str], file: str, column: str, reading: Reading) -> None:
    """Say that a header lacks a column, or that its columns are separated by something else than commas."""
    whole = ",".join(header)
    for separator, called in SEPARATORS.items():
        names = [name.strip().strip('"') for name in whole.split(separator)]
        if len(names) > 1 and (len(header) == 1 or column in names):
            what = f"the columns of {file} are separated by {called}"
            reading.add(("file",), what, "Save it with commas between columns and points in numbers: 0.5.")
            return
    known = f"It has: {', '.join(header)[:200]}."
    reading.add(("column",), f"{file} has no column {echo(column)}", did_you_mean(column[:64], header) or known)


def _numbers(cells: Sequence[tuple[int, str]], where: str, reading: Reading) -> list[float] | None:
    values: list[float] = []
    for line, cell in cells:
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not is_moderate(value):
            plain = _number_alone(cell)
            remedy = f"Write {plain}: no commas, signs or units beside the digits." if plain else "Mend or remove the line."
            reading.add(("file",), f"{where}, line {line}: {echo(cell)} is no finite number", remedy)
            return None
        values.append(value)
    if not values:
        reading.add(("file",), f"{where} has no values", "Give at least one line below the header.")
    return values or None


def _number_alone(cell: str) -> str:
    """Return the digits of a formatted cell, ``¥3,100`` or ``3,100.50 CNY``; empty if it is none."""
    found = _FORMATTED.fullmatch(unicodedata.normalize("NFKC", cell.strip()))
    return found["number"].replace(",", "") if found else ""


_FORMATTED = re.compile(
    r"[¥$€£]?\s*(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(?:[¥$€£元]|[A-Z]{3})?", re.ASCII
)
"""A number with thousands or money; a decimal comma, a percentage and a multiple are nobody's to guess."""
