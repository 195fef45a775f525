"""What ``simcost sweep`` and ``simcost seek`` print for people."""

from __future__ import annotations

from functools import partial
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.compile.costs import within_limit
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.fitted_table import FittedColumn, fitted_table
from simcost.report.parts.heading import counted, heading, provenance
from simcost.report.parts.kept_sums import kept_tables, together_columns
from simcost.report.parts.money import decimals_for, half_width, money, quantity, with_interval
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.parts.within_columns import within_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.searches.seeking import Sought
    from simcost.report.search.answers import SeekReport, SweepPoint, SweepReport

CROSSED = 95.0
"""The percentile that a sweep over two numbers shows."""


def sweep_page(report: SweepReport) -> Page:
    """Arrange a row for each value, or for two numbers a table of their P95 and one of staying within the budget."""
    if len(report.grids) == 1:
        notes = ["The error is half the 95 % confidence interval. All rows face the same futures, so changes are known better."]
    else:
        down, across = (_titled(grid.target, grid.unit) for grid in report.grids)
        notes = [f"Down: {down}. Across: {across}. All points face the same futures."]
    if report.non_finite:
        notes.append(
            f"In {counted(report.non_finite)} the total is infinite or undefined somewhere; they are left out of every row."
        )
    return Page(
        heading(report.scenario),
        (provenance(report.run),),
        report.warnings,
        lambda width: _listed(report, width) if len(report.grids) == 1 else _crossed(report),
        tuple(notes),
    )


def seek_page(report: SeekReport) -> Page:
    """Arrange the value that was found, and the percentile on both sides of it."""
    return Page(
        heading(report.scenario),
        (f"{provenance(report.run)}, {report.sought.runs} runs",),
        report.warnings,
        lambda _: [_both_sides(report)],
        (seek_sentence(report),),
    )


def _both_sides(report: SeekReport) -> Table:
    found, decimals = report.sought, _decimals_apart(report)
    most = money(report.at_most, decimals)
    table = columns_table(_titled(report.target, report.unit), _figure(report), "95 % interval", f"at most {most}", spare=((2,),))
    for value, figure in ((found.value, found.at_value), (found.beyond, found.at_beyond)):
        met = "yes" if figure.value <= within_limit(report.at_most) else "no"
        table.add_row(quantity(value, digits=PRECISE), *with_interval(figure, partial(money, decimals=decimals)), met)
    return table


def _figure(report: SeekReport) -> str:
    return f"P{report.percentile:g} of {report.period}" if report.period else f"P{report.percentile:g}"


def _decimals_apart(report: SeekReport) -> int:
    """Decimals that tell the sum just beyond the target from the target; two if none do."""
    plain, beyond = decimals_for([report.at_most]), report.sought.at_beyond.value
    return plain if money(beyond, plain) != money(report.at_most, plain) else 2


PRECISE = 8
"""Digits of a value that was sought."""


def seek_sentence(report: SeekReport) -> str:
    """Say which values meet the target, and how well that is known."""
    found = report.sought
    bound = "at most" if found.rising else "at least"
    ends = [None if end is None else quantity(end) for end in (found.low, found.high)]
    known = {
        (True, True): f" (95 % interval of that value: {ends[0]} to {ends[1]})",
        (True, False): f" (95 % interval of that value: from {ends[0]} to beyond the range)",
        (False, True): f" (95 % interval of that value: from beyond the range to {ends[1]})",
        (False, False): " (its 95 % interval reaches beyond the range on both sides)",
    }[ends[0] is not None, ends[1] is not None]
    total = f"{money(report.at_most, decimals_for([report.at_most]))} {report.scenario.currency}"
    value = quantity(_towards_met(found), report.unit, digits=DIGITS)
    others = " Every other approved sum holds there too." if report.several else ""
    whose = f"{report.period}'s" if report.period else "The total's"
    return f"{whose} P{report.percentile:g} is at most {total} with {report.target} {bound} {value}{known}.{others}"


DIGITS = 6
"""Digits of a value in a sentence."""


def _towards_met(found: Sought) -> float:
    """Round the value to the side that meets the target."""
    if not found.value:
        return found.value
    unit = 10.0 ** (floor(log10(abs(found.value))) - DIGITS + 1)
    return (floor if found.rising else ceil)(found.value / unit) * unit


def _rows(report: SweepReport, width: int) -> Table:
    (grid,), points, decimals = report.grids, report.points, _decimals(report.points)
    changes = [point.change.p95 if point.change else None for point in points]

    def quantile(p: float) -> list[str]:
        return [money(point.total.percentile(p).value, decimals) for point in points]

    ends = [point.total.percentile(CROSSED) for point in points]
    columns = [
        FittedColumn("mean", [money(point.total.mean, decimals) for point in points], 3),
        FittedColumn("P50", quantile(50.0)),
        FittedColumn("P80", quantile(80.0), 4),
        FittedColumn("P95", quantile(95.0)),
        FittedColumn("P95 error", [half_width(each, decimals) for each in ends], 2),
        *(FittedColumn(title, texts, 1) for title, texts in within_columns(points).items()),
        FittedColumn("P95 less the first's", [money(each.value, decimals) if each else "" for each in changes], 5),
        FittedColumn("error", [half_width(each, decimals) if each else "" for each in changes], 6),
    ]
    return fitted_table(_titled(grid.target, grid.unit), [quantity(point.values[0]) for point in points], columns, width=width)


def _listed(report: SweepReport, width: int) -> Iterator[Table]:
    yield _rows(report, width)
    yield from kept_tables([(quantity(point.values[0]), point.kept) for point in report.points], width)


def _crossed(report: SweepReport) -> Iterator[Table]:
    decimals = _decimals(report.points)
    yield _cross("P95", report, [money(point.total.percentile(CROSSED).value, decimals) for point in report.points])
    points = report.points
    for title, texts in {**within_columns(points), **together_columns([each.kept for each in points])}.items():
        yield _cross(title, report, texts)


def _cross(figure: str, report: SweepReport, texts: Sequence[str]) -> Table:
    down, across = report.grids
    table = columns_table(figure, *(quantity(value) for value in across.values))
    width = len(across.values)
    for place, value in enumerate(down.values):
        table.add_row(Text(printable(quantity(value))), *texts[place * width : (place + 1) * width])
    return table


def _decimals(points: Sequence[SweepPoint]) -> int:
    return decimals_for([each.total.max for each in points] + [each.total.min for each in points])


def _titled(target: str, unit: str) -> str:
    return target if unit in ("", "1") else f"{target}, {unit}"
