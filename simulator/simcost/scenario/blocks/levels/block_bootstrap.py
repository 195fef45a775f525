"""A series from its own history: blocks of consecutive months of a CSV file, one after the other, drawn by chance."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.distributions.parameters import Reading
from simcost.scenario.distributions.samples import read_column
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer

MOST_ROWS = 240
"""Months of history: twenty years. Each is a number in the expansion."""


class HistoryTable(Table):
    """Months of the past that are drawn again in blocks; within one they keep their order."""

    file: Annotated[
        str, Field(max_length=200, description="CSV file in the scenario's folder, a row a month.", examples=["traffic.csv"])
    ]
    column: Annotated[str, Field(max_length=200, description="Name in its first line.", examples=["requests"])]
    as_: Annotated[
        Literal["level", "growth"],
        Field(
            alias="as",
            description="Whether the rows themselves are drawn, or the growth from row to row, which goes on from `start`.",
            examples=["growth"],
        ),
    ]
    unit: Annotated[str, Field(max_length=200, description="Unit of the rows drawn as level.", examples=["request/month"])] = ""
    block: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Mean length of a block in months.", examples=[6])] = 6


def level_by_history(history: HistoryTable, series: Writer) -> str:
    """Write the level of the month: a row of the history times its unit."""
    rows = _rows(history, series)
    if not history.unit:
        series.refuse("rows without a unit", 'Write for example unit = "request/month".', "history")
        return "0"
    unit = series.input("unit", {"value": 1, "unit": history.unit}, "history", "unit")
    return f"{_drawn(rows, history.block, series)} * {unit}"


def growth_by_history(history: HistoryTable, series: Writer) -> str:
    """Write the factor from last month to this: one of those of the history."""
    rows = _rows(history, series)
    if history.unit:
        series.refuse("a unit of growth", "Remove it: start has the unit.", "history", "unit")
    if rows and min(rows) <= 0:
        series.refuse(f"growth from {min(rows):g}", "Rows are above 0, or drawn as level.", "history", "column")
        return "1"
    return _drawn([after / before for before, after in pairwise(rows)], history.block, series)


def _rows(history: HistoryTable, series: Writer) -> list[float]:
    """Return the rows of the file; findings if they cannot be read or are too few or many."""
    reading = Reading()
    rows = read_column(history.file, history.column, reading, series.expansion.folder) or []
    for path, what, remedy in reading.problems:
        series.refuse(what, remedy, "history", *path)
    least = 2 if history.as_ == "level" else 3
    if rows and not least <= len(rows) <= MOST_ROWS:
        what = f"{history.file} has {len(rows):,} rows"
        series.refuse(what, f"Give {least} to {MOST_ROWS}, one a month.", "history", "file")
    elif rows and history.block > len(rows):
        what = f"blocks of {history.block} months of a history of {len(rows)}"
        series.refuse(what, "Give a shorter block.", "history", "block")
    return rows


def _drawn(values: Sequence[float], block: int, series: Writer) -> str:
    """Write the value of the month by the stationary bootstrap: blocks of geometric length from anywhere, in a circle.

    Politis and Romano 1994, "The stationary bootstrap", Journal of the American Statistical Association 89.
    """
    begins = series.uniform("block", "month", "history")
    ends = series.uniform("block_end", "month", "history")
    last = f"prev({series.named('row')}, 0)"
    onward = f"where({last} >= {len(values)}, 1, {last} + 1)"
    fresh = f"floor({len(values)} * {begins}) + 1"
    row = series.driver("row", f"where(month == 1 or {ends} * {block} < 1, {fresh}, {onward})", "history")
    return series.driver("drawn", f"choose({row}, {', '.join(map(repr, values))})", "history")
