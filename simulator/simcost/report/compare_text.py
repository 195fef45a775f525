"""What ``simcost compare`` prints for people: the models, their differences from the base, and a sentence about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from simcost.report.compare_sentences import sentences
from simcost.report.money import decimals_for, money, percent, quantity
from simcost.report.page import Page, print_page
from simcost.report.printable import printable
from simcost.report.sentences import horizon, precision_sentences, provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simcost.analysis.comparison import Contrast
    from simcost.analysis.crossover import Crossover
    from simcost.analysis.figures import Percentile
    from simcost.analysis.intervals import Estimate
    from simcost.report.compare_report import CompareReport

SHOWN = (50.0, 80.0, 95.0)
"""Percentiles of each model's total."""

MOST_POINTS = 9
"""Values of a crossover's table; more are thinned out."""

READING = (
    "Differences are future by future, with 95 % intervals; they are counted finer than each one's own figures. "
    "Regret is what a choice costs over the cheapest in the same future."
)


def print_comparison(report: CompareReport, file: TextIO) -> None:
    """Print a comparison.

    Parameters
    ----------
    file
        Usually standard output; colours only if it is a terminal and ``NO_COLOR`` is not set.
    """
    print_page(compare_page(report), file)


def compare_page(report: CompareReport) -> Page:
    """Arrange a comparison for a terminal or a notebook."""
    first = report.scenarios[0]
    what = f"{len(report.scenarios)} models in the same futures"
    name = f"{first.name}: " if len({each.sha256 for each in report.scenarios}) == 1 else ""
    return Page(
        f"{name}{what}, {horizon(first.months, first.start, first.currency)}",
        (provenance(report.run),),
        report.warnings,
        lambda _: _tables(report),
        (READING, *precision_sentences(report.run), *sentences(report)),
    )


def _tables(report: CompareReport) -> Iterator[Table]:
    totals = [each.total for each in report.comparison.models]
    decimals = decimals_for([each.max for each in totals] + [each.min for each in totals])
    yield _models(report, decimals)
    table = columns_table(f"less {report.comparison.models[0].name}", "difference", "95 % interval")
    for place, contrast in enumerate(report.comparison.contrasts):
        if place:
            table.add_section()
        table.add_row(Text(printable(contrast.name), style="bold"))
        for row in _contrast(contrast, decimals):
            table.add_row(*row)
    yield table
    if report.crossovers:
        yield _crossovers(report.crossovers)


def _models(report: CompareReport, decimals: int) -> Table:
    table = columns_table("total", "mean", *(f"P{p:g}" for p in SHOWN), "cheapest", "mean regret", "P95 regret")
    for model in report.comparison.models:
        quantiles = {each.p: each.value for each in model.total.percentiles}
        table.add_row(
            Text(printable(model.name)),
            money(model.total.mean, decimals),
            *(money(quantiles[p], decimals) for p in SHOWN),
            percent(model.cheapest.value),
            money(model.regret, decimals),
            money(model.regret_p95.value, decimals),
        )
    return table


def _contrast(contrast: Contrast, decimals: int) -> Iterator[tuple[str, str, str]]:
    def sum_of(value: float | None) -> str:
        return money(value, decimals)

    yield _row("  mean", contrast.mean, sum_of)
    for each in contrast.percentiles:
        yield _row(f"  P{each.p:g}", each, sum_of)
    yield _row("  mean of the worst 5 %", contrast.tail, sum_of)
    yield _row("  cheaper in", contrast.cheaper, percent)
    low, high = (next(each.value for each in contrast.futures.percentiles if each.p == p) for p in (5.0, 95.0))
    yield "  in nine of ten futures", f"{sum_of(low)} to {sum_of(high)}", ""


def _crossovers(found: tuple[Crossover, ...]) -> Table:
    values = found[0].values
    thinned = range(0, len(values), -(-len(values) // MOST_POINTS))
    unit = "" if found[0].unit in ("", "1") else f", {found[0].unit}"
    table = columns_table(f"{found[0].target}{unit}", *(f"{each.name} cheaper" for each in found))
    for place in thinned:
        table.add_row(quantity(values[place]), *(percent(each.cheaper_at[place].value) for each in found))
    return table


def _row(name: str, estimate: Estimate | Percentile, shown: Callable[[float | None], str]) -> tuple[str, str, str]:
    known = estimate.low is not None and estimate.high is not None
    return name, shown(estimate.value), f"{shown(estimate.low)} to {shown(estimate.high)}" if known else ""


def columns_table(*titles: str) -> Table:
    """Return an empty table: names to the left, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(Text(printable(titles[0])), overflow="fold")
    for title in titles[1:]:
        table.add_column(Text(printable(title)), justify="right", no_wrap=True)
    return table
