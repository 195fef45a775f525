"""What ``simcost compare`` prints for people: the models, their differences from the base, and a sentence about each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.analysis.total_figures import FIGURES
from simcost.report.compare.changes import changes_table
from simcost.report.compare.sentences import sentences
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.figure_label import figure_label
from simcost.report.parts.fitted_table import FittedColumn, fitted_table
from simcost.report.parts.heading import counted, horizon, precision_sentences, provenance
from simcost.report.parts.kept_sums import kept_tables
from simcost.report.parts.money import decimals_for, money, percent, quantity, with_interval
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.parts.within_columns import within_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.comparisons.comparison import Contrast
    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.report.compare.answer import CompareReport

MOST_POINTS = 9
"""Values of a crossover's table; more are thinned out."""

READING = (
    "Differences are future by future, with 95 % intervals; they are counted finer than each one's own figures. "
    "Regret is what a choice costs over the cheapest in the same future."
)


def compare_page(report: CompareReport) -> Page:
    """Arrange a comparison for a terminal or a notebook."""
    first = report.scenarios[0]
    what = f"{len(report.scenarios)} models in the same futures"
    name = f"{first.name}: " if len({each.sha256 for each in report.scenarios}) == 1 else ""
    return Page(
        f"{name}{what}, {horizon(first.months, first.start, first.currency)}",
        (provenance(report.run),),
        report.warnings,
        lambda width: _tables(report, width),
        (READING, *_excluded(report), *precision_sentences(report.run), *sentences(report)),
    )


def _excluded(report: CompareReport) -> Iterator[str]:
    if count := report.comparison.non_finite:
        yield f"In {counted(count)} a model's total is infinite or undefined; they are left out of everything."


def _tables(report: CompareReport, width: int) -> Iterator[Table]:
    totals = [each.total for each in report.comparison.models]
    decimals = decimals_for([each.max for each in totals] + [each.min for each in totals])
    yield _models(report, decimals, width)
    models = report.comparison.models
    yield from kept_tables([(each.name, each.kept) for each in models], width)
    table = columns_table(f"less {report.comparison.models[0].name}", "difference", "95 % interval")
    for place, contrast in enumerate(report.comparison.contrasts):
        if place:
            table.add_section()
        table.add_row(Text(printable(contrast.name), style="bold"))
        for row in _contrast(contrast, decimals):
            table.add_row(*row)
    yield table
    for contrast, changes in zip(report.comparison.contrasts, report.changes, strict=True):
        if changes:
            yield changes_table(contrast.name, contrast.against, changes)
    if report.crossovers:
        yield _crossovers(report.crossovers)


def _models(report: CompareReport, decimals: int, width: int) -> Table:
    models = report.comparison.models

    def quantile(p: float) -> list[str]:
        return [money(model.total.percentile(p).value, decimals) for model in models]

    columns = [
        FittedColumn("mean", [money(model.total.mean, decimals) for model in models], 3),
        FittedColumn("P50", quantile(50.0)),
        FittedColumn("P80", quantile(80.0), 4),
        FittedColumn("P95", quantile(95.0)),
        *(FittedColumn(title, texts, 2) for title, texts in within_columns(models).items()),
        FittedColumn("cheapest", [percent(model.cheapest.value) for model in models]),
        FittedColumn("mean regret", [money(model.regret, decimals) for model in models], 1),
        FittedColumn("P95 regret", [money(model.regret_p95.value, decimals) for model in models], 5),
    ]
    return fitted_table("total", [model.name for model in models], columns, width=width)


def _contrast(contrast: Contrast, decimals: int) -> Iterator[tuple[str, str, str]]:
    sum_of = partial(money, decimals=decimals)
    for name in FIGURES:
        yield f"  {figure_label(name)}", *with_interval(getattr(contrast.figures, name), sum_of)
    yield "  cheaper in", *with_interval(contrast.cheaper, percent)
    low, high = (contrast.futures.percentile(p).value for p in (5.0, 95.0))
    yield "  in nine of ten futures", f"{sum_of(low)} to {sum_of(high)}", ""


def _crossovers(found: tuple[Crossover, ...]) -> Table:
    values = found[0].values
    thinned = range(0, len(values), -(-len(values) // MOST_POINTS))
    unit = "" if found[0].unit in ("", "1") else f", {found[0].unit}"
    table = columns_table(f"{found[0].target}{unit}", *(f"{each.name} cheaper" for each in found))
    for place in thinned:
        table.add_row(quantity(values[place]), *(percent(each.cheaper_at[place].value) for each in found))
    return table
