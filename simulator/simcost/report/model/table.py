"""The tables of ``simcost validate``: inputs, drivers, cost lines, correlation, budget and warnings of a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TextIO

from simcost.report.model.dependence_rows import OF_FACTORS, OF_PAIRS, factor_rows, pair_rows
from simcost.report.model.layout import laid_out, plain_lines, rich_table
from simcost.report.parts.heading import counted, horizon
from simcost.report.parts.money import wanted_percent
from simcost.report.parts.printable import printable
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.scenario import APPROVED_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.report.model.layout import Layout

WIDTH_OF_A_PIPE = 100_000
"""Where the output is no terminal nothing is wrapped: one line for each input, so that grep and diff work."""

WIDTH_FOR_SOURCES = 130
"""Columns of a terminal below which the sources of the inputs are left out."""

INPUTS_LEFT_OUT = ((), ("P50",), ("P5", "P95"))
COSTS_LEFT_OUT = ((), ("stage",), ("stage", "owner"))
"""Columns that a narrow terminal leaves out: the first choice that breaks no word."""

TIME_BASES = {
    "hours": "each month, for its hours",
    "month": "each month",
}


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
        file.writelines(f"{line}\n" for line in ("", *plain_lines(layout)))
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
        yield laid_out("Drivers", ("driver", "unit", "formula"), rows, width)
    yield _costs(document["costs"], width)
    if document["pools"]:
        rows = [(each["name"], each["unit"], each["devices"]) for each in document["pools"]]
        yield laid_out("Pools", ("pool", "unit", "devices of a month"), rows, width)
    if document["correlations"]:
        pairs = pair_rows(document["correlations"])
        yield laid_out("Correlation (Spearman)", OF_PAIRS, pairs, width, right=OF_PAIRS[2:])
    if document["factors"]:
        loadings = factor_rows(document["factors"])
        yield laid_out("Shared factors", OF_FACTORS, loadings, width, right=OF_FACTORS[3:])


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
    return laid_out("Inputs", columns, rows, width, right=("P5", "P50", "P95"), choices=INPUTS_LEFT_OUT)


def _costs(costs: list[dict[str, Any]], width: int) -> Layout:
    columns = ("cost line", "category", "stage", "owner", "charged", "unit", "amount")
    rows = [
        (each["name"], each["category"], each["stage"], each["owner"], time_base(each), each["unit"], each["amount"])
        for each in costs
    ]
    return laid_out("Cost lines", columns, rows, width, choices=COSTS_LEFT_OUT)


def time_base(cost: dict[str, Any]) -> str:
    """Say when a cost line is charged."""
    if cost["charge"] in TIME_BASES:
        return TIME_BASES[cost["charge"]]
    return f"once, in month {cost['month']}" if cost["every"] == "once" else f"each year, in its month {cost['month']}"


def notes(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines below the tables: budget, options, what a run draws, warnings."""
    if document["other_view"]:
        yield _of_other_view(document["other_view"])
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


def _of_other_view(other: dict[str, Any]) -> str:
    """Say which lines count in the other view, and which only in this one."""
    added = f"also {', '.join(other['added'])}" if other["added"] else ""
    left_out = f"not {', '.join(other['left_out'])}" if other["left_out"] else ""
    lines = "; ".join(each for each in (added, left_out) if each)
    return f"In the {other['view']} view count {lines or 'the same lines by other months'}."


def _parts_of(budget: dict[str, Any], currency: str) -> Iterator[str]:
    """Say what of the budget is approved for categories, stages and owners."""
    for kind in (FIELD_OF[group] for group in APPROVED_GROUPS):
        if sums := budget.get(kind):
            named = ", ".join(f"{name} {approved:,.0f}" for name, approved in sums.items())
            yield f"Of it, each with that probability too, by {kind.replace('_by_', ' and ')}: {named} {currency}."


def _number(value: float | None) -> str:
    """Write four significant digits."""
    if value is None:
        return "?"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.15g}" if abs(rounded) < 1e15 else f"{rounded:g}"
