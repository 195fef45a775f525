"""What bills tell of the open months, as ``simcost variance --learn`` prints it for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.learned_sentences import doubts, how_learned
from simcost.report.parts.money import decimals_for, half_width, money, percent, quantity, with_interval
from simcost.report.parts.printable import printable
from simcost.scenario.months import month_name, month_named, months_from
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.learning.learning import Learned, Learning
    from simcost.report.variance.answer import VarianceReport

MOST_INPUTS = 10
"""Inputs that are shown."""

LEAST_EXPLAINED = 0.005
"""Share of the variance of the months to come below which nothing of them is learned."""

ENDS = (5.0, 50.0, 95.0)


def learned_tables(report: VarianceReport, learned: Learning) -> Iterator[Table]:
    """Yield what is to come, the whole run and its categories, and the inputs: each without what the bills tell and with it."""
    yield _costs(report, learned)
    if learned.inputs:
        yield _inputs(learned.inputs[:MOST_INPUTS])


def learned_sentences(report: VarianceReport, learned: Learning) -> Iterator[str]:
    """Say how it was learned, and what the bills do not tell or the model does not explain."""
    yield f"{how_learned(learned)} Explained: the share of the variance that the bills predict."
    if learned.total.probability_within is not None and report.forecast.probability_within is not None:
        within, ends = with_interval(learned.total.probability_within, percent)
        before = percent(report.forecast.probability_within.value)
        without = f"without what they tell in {before}"
        yield f"Given the bills the approved sum is enough in {within} of the scenarios (95 % interval {ends}), {without}."
    if learned.rest.explained < LEAST_EXPLAINED:
        share = percent(learned.rest.explained)
        yield (
            f"The bills tell nothing of {_open_months(report)}: they predict {share} of the variance. What is drawn anew in each "
            "month is not learned from the months before."
        )
    yield from doubts(learned)


def _open_months(report: VarianceReport) -> str:
    months = months_from(month_named(report.scenario.start), report.scenario.months)
    first, last = month_name(months[report.periods[-1].last]), month_name(months[-1])
    return last if first == last else f"{first} to {last}"


def _costs(report: VarianceReport, learned: Learning) -> Table:
    titles = ("P50", "learned", "P95", "learned", "P95 error", "explained")
    table = columns_table(f"given the bills, {report.scenario.currency}", *titles, spare=((5,), (6,)))
    decimals = decimals_for([learned.total.before.mean])
    table.add_row(_open_months(report), *_cells(learned.rest, decimals))
    table.add_row("whole run", *_cells(learned.total, decimals))
    for group, parts in groupby(learned.parts, lambda each: each.group):
        table.add_row("")
        table.add_row(f"by {spoken(group)}", style="bold")
        for each in parts:
            table.add_row(Text(printable(f"  {each.name}")), *_cells(each, decimals))
    return table


def _cells(each: Learned, decimals: int) -> Sequence[str]:
    figures = [when.percentile(p) for p in (50.0, 95.0) for when in (each.before, each.after)]
    return (*(money(one.value, decimals) for one in figures), half_width(figures[-1], decimals), percent(each.explained))


def _inputs(inputs: Sequence[Learned]) -> Table:
    titles = ("P5", "P50", "P95", "learned P5", "P50", "P95", "explained")
    table = columns_table("input", *titles, spare=((7,), (1, 3)))
    for each in inputs:
        unit = f", {each.unit}" if each.unit not in ("", "1") else ""
        ends = (quantity(when.percentile(p).value, digits=4) for when in (each.before, each.after) for p in ENDS)
        table.add_row(Text(printable(f"{each.name}{unit}")), *ends, percent(each.explained))
    return table
