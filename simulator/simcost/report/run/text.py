"""The table of ``simcost run`` and ``simcost show``: figures with error bars, months, budget and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.analysis.figures import percentile_of
from simcost.analysis.statistics import PERCENTILES
from simcost.report.budget.approved_parts import part_tables
from simcost.report.budget.sentences import budget_sentences
from simcost.report.parts.columns_table import columns_table, is_within
from simcost.report.parts.heading import heading, precision_sentences, provenance
from simcost.report.parts.money import decimals_for, half_width, money, percent
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.run.by_month_table import ADDING_UP, by_month_tables
from simcost.report.run.pool_table import pool_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rich.table import Table

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics
    from simcost.results.result import Result

NARROWEST = 72
"""Columns that the narrowest table of large sums takes; a terminal with fewer wraps."""

SHOWN = (5.0, 50.0, 80.0, 95.0)
"""Percentiles of every table; that of the budget's confidence and those that were asked for are shown beside them."""

FEW = (50.0, 95.0)
"""What is left of them on a narrow terminal."""

ERROR_OF = 95.0
"""The percentile whose 95 % confidence interval is shown."""

MOST_NAMED = 5
"""Cost lines that a sentence names."""

READING = "The error is half the 95 % confidence interval. Percentiles of parts and months do not add up to that of the whole."

SECTIONS = {
    "categories": "by category",
    "lines": "by cost line",
    "stages": "by stage",
    "owners": "by owner",
    "fiscal_years": "by fiscal year",
    "quarters": "by quarter",
}


@dataclass(frozen=True, slots=True)
class ShownColumns:
    """What a table shows of each item."""

    percentiles: tuple[float, ...]
    decimals: int
    mean: bool = True
    to_date: tuple[float, ...] = FEW
    first_breach: bool = True


def result_page(result: Result) -> Page:
    """Arrange a result for a terminal or a notebook."""
    return Page(
        heading(result.scenario),
        (provenance(result.run),),
        result.figures.warnings,
        partial(result_tables, result),
        tuple(result_notes(result)),
        narrowest=NARROWEST,
    )


def result_tables(result: Result, width: int, *, across: int | None = None) -> Iterator[Table]:
    """Yield the tables of a result: costs, months, parts with approved sums, what was asked for by month, pools.

    Parameters
    ----------
    width
        Columns of a terminal that there are.
    across
        Columns for months beside each other; None for the same.
    """
    figures = result.figures
    yield _fitting(width, figures, _costs)
    yield _fitting(width, figures, _months)
    if figures.budget:
        yield from part_tables(figures.budget, decimals_for([figures.total.max, figures.total.min]))
    yield from by_month_tables(figures, across or width)
    if figures.pools:
        yield _fitting(width, figures, partial(pool_table, units=dict(result.scenario.pools)))


def _fitting(width: int, figures: Figures, build: Callable[[Figures, ShownColumns], Table]) -> Table:
    """Build the widest table that so many columns hold; the last one may be cut."""
    decimals = decimals_for([figures.total.max, figures.total.min])
    always = {*SHOWN, *([percentile_of(figures.budget)] if figures.budget else [])}
    asked = tuple(each.p for each in figures.total.percentiles if each.p in always or each.p not in PERCENTILES)
    choices = (
        ShownColumns(asked, decimals),
        ShownColumns(FEW, decimals),
        ShownColumns(FEW, decimals, mean=False, to_date=FEW[-1:], first_breach=False),
    )
    *wide, narrow = (build(figures, columns) for columns in choices)
    return next((table for table in wide if is_within(table, width)), narrow)


def _costs(figures: Figures, columns: ShownColumns) -> Table:
    table = _table("cost", columns)
    _add(table, "total", figures.total, columns, style="bold")
    if figures.present_value:
        _add(table, "present value", figures.present_value, columns)
    for field, title in SECTIONS.items():
        items: Mapping[str, Statistics] = getattr(figures, field)
        if items:
            table.add_section()
            table.add_row(Text(title, style="italic"))
        for name, item in items.items():
            _add(table, f"  {name}", item, columns)
    return table


def _months(figures: Figures, columns: ShownColumns) -> Table:
    table = _table("month", columns)
    for p in columns.to_date:
        table.add_column(f"to date P{p:g}", justify="right", no_wrap=True)
    breaches = _breaches(figures.budget, columns)
    for name in breaches:
        table.add_column(name, justify="right", no_wrap=True)
    for place, month in enumerate(figures.months):
        to_date = [money(month.cumulative.percentile(p).value, columns.decimals) for p in columns.to_date]
        _add(table, month.month, month.total, columns, *to_date, *(percent(each[place].value) for each in breaches.values()))
    return table


def _breaches(budget: BudgetFigures | None, columns: ShownColumns) -> dict[str, tuple[Estimate, ...]]:
    """Return the columns about the budget by their titles."""
    if budget is None or not budget.p_breach_by_month:
        return {}
    first = {"first": budget.first_breach.by_month} if budget.first_breach and columns.first_breach else {}
    return {"over budget": budget.p_breach_by_month, **first}


def _table(title: str, columns: ShownColumns) -> Table:
    names = [*(["mean"] if columns.mean else []), *(f"P{p:.10g}" for p in columns.percentiles), f"P{ERROR_OF:g} error"]
    table = columns_table(title, *names)
    table.columns[0].min_width = len("2027-01")
    return table


def _add(table: Table, name: str, item: Statistics, columns: ShownColumns, *more: str, style: str = "") -> None:
    error = item.percentile(ERROR_OF)
    numbers = [
        *([money(item.mean, columns.decimals)] if columns.mean else []),
        *(money(item.percentile(p).value, columns.decimals) for p in columns.percentiles),
        half_width(error, columns.decimals),
    ]
    table.add_row(Text(printable(name)), *numbers, *more, style=style)


def result_notes(result: Result) -> Iterator[str]:
    """Yield how to read the tables, and what the budget asks."""
    yield READING
    if result.figures.by_month and not result.figures.non_finite:
        yield ADDING_UP
    yield from precision_sentences(result.run)
    yield from _nothing_sentences(result.figures)
    if result.figures.budget:
        yield from budget_sentences(result.figures.budget, result.scenario.currency, result.scenario.month_names())


def _nothing_sentences(figures: Figures) -> Iterator[str]:
    """Name the cost lines of which nothing comes in any scenario, beside others: a formula that is never above zero."""
    idle = [printable(name) for name, item in figures.lines.items() if item.min == item.max == 0.0]
    if 0 < len(idle) < len(figures.lines):
        more = f" and {len(idle) - MOST_NAMED} more" if len(idle) > MOST_NAMED else ""
        yield f"These cost lines are 0 in every scenario: {', '.join(idle[:MOST_NAMED])}{more}."
