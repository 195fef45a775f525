"""The tables of ``simcost validate``: inputs, drivers, cost lines, correlation, budget and warnings of a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from rich.cells import cell_len

from simcost.report.model.dependence_rows import OF_FACTORS, OF_PAIRS, Row, factor_rows, pair_rows
from simcost.report.parts.heading import counted, horizon
from simcost.report.parts.money import wanted_percent
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

WIDTH_OF_A_PIPE = 100_000
"""Where the output is no terminal nothing is wrapped: one line for each input, so that grep and diff work."""

WIDTH_FOR_SOURCES = 130
"""Columns of a terminal below which the sources of the inputs are left out."""

INPUTS_LEFT_OUT = ((), ("P50",), ("P5", "P95"))
COSTS_LEFT_OUT = ((), ("stage",), ("stage", "owner"))
"""Columns that a narrow terminal leaves out: the first choice that breaks no word."""

LONGEST_WORD = 30
"""Characters of a word that is never broken, whatever the width."""

GAP = 2
"""Blanks between columns."""

TIME_BASES = {
    "hours": "each month, for its hours",
    "month": "each month",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that is ready to print.

    Parameters
    ----------
    widths
        Of the columns, in cells of a terminal; at least as wide as the texts where nothing is to be wrapped.
    right
        Whether a column is set flush right.
    """

    title: str
    names: Row
    widths: tuple[int, ...]
    right: tuple[bool, ...]
    rows: Sequence[Row]


def print_model(document: dict[str, Any], file: TextIO) -> None:
    """Print the document of `report.model.document` as tables.

    Parameters
    ----------
    document
        From `model_document`.
    file
        Usually standard output; colours only if it is a terminal and ``NO_COLOR`` is not set.
    """
    if file.isatty():
        _print_rich(document, file)
        return
    file.write(f"{heading_of(document)}\n")
    for layout in layouts(document, WIDTH_OF_A_PIPE):
        file.writelines(f"{line}\n" for line in ("", *_plain(layout)))
    file.writelines(f"{line}\n" for line in ("", *map(printable, notes(document))))


def _print_rich(document: dict[str, Any], file: TextIO) -> None:
    """Print for a terminal: with bold titles, and texts wrapped where it is narrow."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, markup=False, emoji=False, highlight=False)
    with console.capture() as captured:
        console.print(Text(heading_of(document), style="bold"))
        for layout in layouts(document, console.width):
            console.print()
            console.print(rich_table(layout))
        console.print()
        for line in notes(document):
            console.print(Text(printable(line)), soft_wrap=True)
    file.write(re.sub(r" +$", "", captured.get(), flags=re.MULTILINE))


def heading_of(document: dict[str, Any]) -> str:
    """Name the scenario and its variant in a line."""
    scenario = document["scenario"]
    variant = f", option {scenario['option']}" if scenario["option"] else ""
    variant += "".join(f", with {override}" for override in scenario["overrides"])
    span = horizon(scenario["months"], scenario["start"], scenario["currency"])
    return printable(f"{scenario['name']}: {span}{variant}")


def layouts(document: dict[str, Any], width: int) -> Iterator[Layout]:
    """Yield each table that has rows, laid out for so many columns of a terminal."""
    if document["inputs"]:
        yield _inputs(document["inputs"], width)
    if document["drivers"]:
        rows = [(each["name"], each["unit"], each["formula"]) for each in document["drivers"]]
        yield _layout("Drivers", ("driver", "unit", "formula"), rows, width)
    yield _costs(document["costs"], width)
    if document["pools"]:
        rows = [(each["name"], each["unit"], each["devices"]) for each in document["pools"]]
        yield _layout("Pools", ("pool", "unit", "devices of a month"), rows, width)
    if document["correlations"]:
        pairs = pair_rows(document["correlations"])
        yield _layout("Correlation (Spearman)", OF_PAIRS, pairs, width, right=OF_PAIRS[2:])
    if document["factors"]:
        loadings = factor_rows(document["factors"])
        yield _layout("Shared factors", OF_FACTORS, loadings, width, right=OF_FACTORS[3:])


def _inputs(inputs: list[dict[str, Any]], width: int) -> Layout:
    columns = ("input", "distribution", "unit", "drawn", "P5", "P50", "P95", "source")
    rows = [
        (
            each["name"],
            each["distribution"],
            each["unit"],
            "" if each["certain"] else f"each {each['draw']}",
            *(_number(each[name]) for name in ("p5", "p50", "p95")),
            each["source"] if width >= WIDTH_FOR_SOURCES else "",
        )
        for each in inputs
    ]
    return _layout("Inputs", columns, rows, width, right=("P5", "P50", "P95"), choices=INPUTS_LEFT_OUT)


def _costs(costs: list[dict[str, Any]], width: int) -> Layout:
    columns = ("cost line", "category", "stage", "owner", "charged", "unit", "amount")
    rows = [
        (each["name"], each["category"], each["stage"], each["owner"], time_base(each), each["unit"], each["amount"])
        for each in costs
    ]
    return _layout("Cost lines", columns, rows, width, choices=COSTS_LEFT_OUT)


def time_base(cost: dict[str, Any]) -> str:
    """Say when a cost line is charged."""
    if cost["charge"] in TIME_BASES:
        return TIME_BASES[cost["charge"]]
    return f"once, in month {cost['month']}" if cost["every"] == "once" else f"each year, in its month {cost['month']}"


def notes(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines below the tables: budget, options, what a run draws, warnings."""
    budget = document["budget"]
    if budget is not None:
        approved = sum(budget["approved"])
        sums, kind = (budget["periods"], "period") if "periods" in budget else (budget["approved"], "month")
        parts = f" in {len(sums)} sums, one a {kind}" if len(budget["approved"]) > 1 else ""
        currency = document["scenario"]["currency"]
        wanted, each = wanted_percent(budget["confidence"]), " each" if "periods" in budget else ""
        yield f"Budget: {approved:,.0f} {currency}{parts},{each} to be kept with a probability of {wanted}."
        yield from _parts_of(budget, currency)
    if document["discounting"]:
        paid = {"end": "at the end", "mid": "in the middle", "start": "at the start"}[document["discounting"]["payments"]]
        yield f"The present value is that of the first day, of payments {paid} of their month."
    if document["fiscal_years"]:
        yield f"Fiscal years: {', '.join(document['fiscal_years'])}."
    if document["options"]:
        yield f"Options: {', '.join(document['options'])}."
    plan, scenario = document["plan"], document["scenario"]
    yield f"A run draws {counted(scenario['scenarios'])} with seed {scenario['seed']} and gives {plan['columns']} columns."
    yield from (f"warning: {warning}" for warning in document["warnings"])


def _parts_of(budget: dict[str, Any], currency: str) -> Iterator[str]:
    """Say what of the budget is approved for categories, stages and owners."""
    for kind in ("categories", "stages", "owners"):
        if sums := budget.get(kind):
            named = ", ".join(f"{name} {approved:,.0f}" for name, approved in sums.items())
            yield f"Of it, each with that probability too, by {kind}: {named} {currency}."


def _layout(
    title: str,
    columns: Row,
    rows: Sequence[Row],
    width: int,
    right: Row = (),
    choices: Sequence[Row] = ((),),
) -> Layout:
    """Lay a table out without the columns that are empty throughout; where it must be narrow, texts are wrapped between words.

    Parameters
    ----------
    width
        Columns of the terminal.
    right
        Columns of numbers.
    choices
        Which columns may be left out where the table would break words otherwise.
    """
    names, body = _chosen(columns, rows, width, right, choices)
    return Layout(title, names, tuple(_widths(names, body, width, right)), tuple(name in right for name in names), body)


def _plain(layout: Layout) -> Iterator[str]:
    """Yield the lines of a table that is as wide as its texts, as rich would print it; it would take as long as all else."""
    yield layout.title
    gap = " " * GAP
    for number, row in enumerate((layout.names, *layout.rows)):
        cells = (_padded(*cell) for cell in zip(row, layout.widths, layout.right, strict=True))
        yield gap.join(cells).rstrip(" ")
        if number == 0:
            yield "─" * (sum(layout.widths) + GAP * (len(layout.widths) - 1))


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def rich_table(layout: Layout) -> Table:
    """Return a layout as a table for a terminal or a notebook."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=layout.title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
    )
    for name, width, right in zip(layout.names, layout.widths, layout.right, strict=True):
        table.add_column(name, justify="right" if right else "left", overflow="fold", width=width)
    for row in layout.rows:
        table.add_row(*map(Text, row))
    return table


def _chosen(columns: Row, rows: Sequence[Row], width: int, right: Row, choices: Sequence[Row]) -> tuple[Row, list[Row]]:
    """Return the columns to show and their texts: of the first choice that breaks no word, else of the last."""
    names: Row = ()
    body: list[Row] = []
    for left_out in choices:
        used = [i for i, name in enumerate(columns) if name not in left_out and any(row[i] for row in rows)]
        names = tuple(columns[i] for i in used)
        body = [tuple(printable(row[i]) for i in used) for row in rows]
        if sum(_least_widths(names, body, right)) + GAP * (len(used) - 1) <= width:
            break
    return names, body


def _widths(names: Row, rows: Sequence[Row], width: int, right: Row) -> list[int]:
    """Return the columns' widths: as their texts want, or narrower, the widest first; words are broken at last, numbers never."""
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    available = max(width - GAP * (len(names) - 1), len(names))
    unbroken = _least_widths(names, rows, right)
    numbers_only = [least if name in right else 1 for name, least in zip(names, unbroken, strict=True)]
    for least in (unbroken, numbers_only):
        while sum(widths) > available and any(wide > kept for wide, kept in zip(widths, least, strict=True)):
            shrinking = (index for index, kept in enumerate(least) if widths[index] > kept)
            widths[max(shrinking, key=widths.__getitem__)] -= 1
    return widths


def _least_widths(names: Row, rows: Sequence[Row], right: Row) -> list[int]:
    """Return the width of each column's longest word; a number is one word."""
    return [
        max(
            min(cell_len(word), LONGEST_WORD)
            for text in column
            for word in ([text] if column[0] in right else text.split() or [""])
        )
        for column in zip(names, *rows, strict=True)
    ]


def _number(value: float | None) -> str:
    """Write four significant digits."""
    if value is None:
        return "?"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.15g}" if abs(rounded) < 1e15 else f"{rounded:g}"
