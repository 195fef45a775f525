"""Observed values as a distribution: each of them equally likely, from the scenario or from a CSV file beside it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Constant, Discrete
from simcost.scenario.distributions.csv_cells import read_cells
from simcost.scenario.distributions.number_cells import instead_of, number_alone
from simcost.scenario.distributions.parameters import Reading, echo, is_moderate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAX_VALUES = 100_000
"""Observations; more are better summarised first."""


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
    rows = read_cells(file, {"column": column}, reading, folder)
    if rows is None:
        return None
    if total := next((row for row in rows if row.total), None):
        what = f"{file}, line {total.line}: {echo(total.total)} begins a row of totals, which is no observation"
        reading.add(("file",), what, "Remove the line.")
        return None
    return _numbers([(row.line, row.cells[0]) for row in rows], f"{file}, column {column}", reading)


def _numbers(cells: Sequence[tuple[int, str]], where: str, reading: Reading) -> list[float] | None:
    values: list[float] = []
    for line, cell in cells:
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not is_moderate(value):
            plain = number_alone(cell)
            other = instead_of(cell) if any(letter.isdigit() for letter in cell) else "Mend or remove the line."
            remedy = f"Write {plain}: no commas, signs or units beside the digits." if plain else other
            reading.add(("file",), f"{where}, line {line}: {echo(cell)} is no finite number", remedy)
            return None
        values.append(value)
    if not values:
        reading.add(("file",), f"{where} has no values", "Give at least one line below the header.")
    return values or None
