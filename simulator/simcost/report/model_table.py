"""The tables of ``simcost validate``: inputs, drivers, cost lines, correlation, budget and warnings of a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simcost.report.printable import printable
from simcost.report.sentences import horizon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH_OF_A_PIPE = 100_000
"""Where the output is no terminal nothing is wrapped: one line for each input, so that grep and diff work."""

WIDTH_FOR_SOURCES = 130
"""Columns of a terminal below which the sources of the inputs are left out."""

TIME_BASES = {
    "hours": "each month, for its hours",
    "month": "each month",
}


def print_model(document: dict[str, Any], file: TextIO) -> None:
    """Print the document of `report.model` as tables.

    Parameters
    ----------
    document
        From `model_document`.
    file
        Usually standard output; colours only if it is a terminal and ``NO_COLOR`` is not set.
    """
    width = None if file.isatty() else WIDTH_OF_A_PIPE
    console = Console(file=file, width=width, markup=False, emoji=False, highlight=False)
    with console.capture() as captured:
        console.print(_heading(document))
        for table in _tables(document, sources=console.width >= WIDTH_FOR_SOURCES):
            console.print()
            console.print(table)
        console.print()
        for line in _notes(document):
            console.print(Text(printable(line)), soft_wrap=True)
    file.write(re.sub(r" +$", "", captured.get(), flags=re.MULTILINE))


def _heading(document: dict[str, Any]) -> Text:
    scenario = document["scenario"]
    variant = f", option {scenario['option']}" if scenario["option"] else ""
    variant += "".join(f", with {override}" for override in scenario["overrides"])
    span = horizon(scenario["months"], scenario["start"], scenario["currency"])
    return Text(printable(f"{scenario['name']}: {span}{variant}"), style="bold")


def _tables(document: dict[str, Any], *, sources: bool) -> Iterator[Table]:
    if document["inputs"]:
        yield _inputs(document["inputs"], sources=sources)
    if document["drivers"]:
        rows = ((each["name"], each["unit"], each["formula"]) for each in document["drivers"])
        yield _table("Drivers", ("driver", "unit", "formula"), rows)
    yield _costs(document["costs"])
    if document["correlations"]:
        rows = ((" and ".join(each["between"]), f"{each['rank']:g}", _got(each)) for each in document["correlations"])
        yield _table("Correlation (Spearman)", ("between", "asked", "got"), rows, right=("asked", "got"))


def _inputs(inputs: list[dict[str, Any]], *, sources: bool) -> Table:
    columns = ("input", "distribution", "unit", "drawn", "P5", "P50", "P95", "source")
    rows = (
        (
            each["name"],
            each["distribution"],
            each["unit"],
            "" if each["certain"] else f"each {each['draw']}",
            *(_number(each[name]) for name in ("p5", "p50", "p95")),
            each["source"] if sources else "",
        )
        for each in inputs
    )
    return _table("Inputs", columns, rows, right=("P5", "P50", "P95"))


def _costs(costs: list[dict[str, Any]]) -> Table:
    columns = ("cost line", "category", "stage", "owner", "charged", "unit", "amount")
    rows = (
        (each["name"], each["category"], each["stage"], each["owner"], time_base(each), each["unit"], each["amount"])
        for each in costs
    )
    return _table("Cost lines", columns, rows)


def time_base(cost: dict[str, Any]) -> str:
    """Say when a cost line is charged."""
    if cost["charge"] in TIME_BASES:
        return TIME_BASES[cost["charge"]]
    return f"once, in month {cost['month']}" if cost["every"] == "once" else f"each year, in its month {cost['month']}"


def _got(correlation: dict[str, Any]) -> str:
    return f"{correlation['achieved']:.3g}"


def _notes(document: dict[str, Any]) -> Iterator[str]:
    budget = document["budget"]
    if budget is not None:
        approved = sum(budget["approved"])
        parts = f" in {len(budget['approved'])} monthly sums" if len(budget["approved"]) > 1 else ""
        currency = document["scenario"]["currency"]
        yield f"Budget: {approved:,.0f} {currency}{parts}, to be kept with a probability of {budget['confidence']:.0%}."
    if document["options"]:
        yield f"Options: {', '.join(document['options'])}."
    plan, scenario = document["plan"], document["scenario"]
    yield f"A run draws {scenario['scenarios']:,} scenarios with seed {scenario['seed']} and gives {plan['columns']} columns."
    yield from (f"warning: {warning}" for warning in document["warnings"])


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], right: tuple[str, ...] = ()) -> Table:
    """Make a table, without the columns that are empty throughout; on a narrow terminal texts are wrapped, numbers are not."""
    body = list(rows)
    used = [index for index in range(len(columns)) if any(row[index] for row in body)]
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index in used:
        number = columns[index] in right
        table.add_column(columns[index], justify="right" if number else "left", overflow="fold", no_wrap=number)
    for row in body:
        table.add_row(*(Text(printable(row[index])) for index in used))
    return table


def _number(value: float | None) -> str:
    """Write four significant digits."""
    if value is None:
        return "?"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.10g}" if abs(rounded) < 1e15 else f"{rounded:g}"
