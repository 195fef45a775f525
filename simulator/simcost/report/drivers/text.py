"""What ``simcost drivers`` prints for people: bars in money, groups, and sentences."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.drivers.sentences import by_figure, drivers_sentences, in_words, size
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import heading, provenance
from simcost.report.parts.money import NOTHING, decimals_for, half_width, signed
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.influences.drivers import GroupInfluence, InputInfluence
    from simcost.analysis.total_figures import TotalFigures
    from simcost.report.drivers.answer import DriversReport

MOST_INPUTS = 15
"""Inputs that are shown unless all are asked for."""

BAR = 16
"""Characters of the longest bar."""

KINDS = {
    "named": "named groups",
    "correlated": "inputs that move together",
    "block": "by block",
    "persistence": "by how long a draw holds",
    "source": "by source",
}


PERIODS = {"run": "one for the whole run", "year": "one for each year", "month": "one for each month"}


def drivers_page(report: DriversReport, *, figure: str = "p95", most: int | None = MOST_INPUTS) -> Page:
    """Arrange what drives a cost for a terminal or a notebook.

    Parameters
    ----------
    figure
        Of `simcost.analysis.total_figures.FIGURES`: which one the table is about, and sorted by.
    most
        Inputs to show; all if None.
    """
    return Page(
        heading(report.scenario),
        (provenance(report.run),),
        report.warnings,
        lambda _: _tables(report, figure, most),
        tuple(drivers_sentences(report, figure, most)),
    )


def _tables(report: DriversReport, figure: str, most: int | None) -> Iterator[Table]:
    found, name = report.drivers, in_words(figure)
    decimals = decimals_for([getattr(found.base, figure).value])
    shown = by_figure(found.inputs, figure)[:most]
    largest = max((size(getattr(each.impact, figure)) for each in found.inputs), default=0.0)
    swing = f"{name} at its P10", "at its P90"
    with_effects = any(each.shapley for each in found.inputs)
    last = (*_INDICES, *(("Shapley",) if with_effects else ()), "rank corr.")
    titles = (f"input, {report.scenario.currency}", "", f"impact on {name}", "±", "on mean", *swing, *last)
    table = columns_table(*titles, spare=((len(titles) - 1,), (7,), (5, 6), (1,), (4,)))
    table.columns[1].justify = "left"  # bars
    for each in shown:
        bar = _bar(getattr(each.impact, figure), largest)
        ends = (signed(getattr(end, figure).value, decimals) for end in (each.at_p10, each.at_p90))
        rank = "" if each.association.rank_correlation is None else f"{each.association.rank_correlation.value:+.2f}"
        effect = (_share(each.shapley),) if with_effects else ()
        table.add_row(
            Text(printable(each.input.name)), bar, *_impact(each.impact, figure, decimals), *ends, *_shares(each), *effect, rank
        )
    yield table
    groups = [each for each in found.groups if len(each.members) > 1 or each.kind in ("persistence", "source", "named")]
    if groups:
        yield _group_table(groups, figure, decimals)


_INDICES = ("first", "total")

_SPARE_OF_GROUPS = ((7,), (5,), (1,), (4,))


def _group_table(groups: Sequence[GroupInfluence], figure: str, decimals: int) -> Table:
    largest = max(size(getattr(each.impact, figure)) for each in groups)
    table = columns_table(
        "inputs together", "", f"impact on {in_words(figure)}", "±", "on mean", *_INDICES, "inputs", spare=_SPARE_OF_GROUPS
    )
    table.columns[1].justify = "left"  # bars
    for kind, members in groupby(groups, lambda each: each.kind):
        table.add_row(Text(KINDS[kind], style="bold"))
        for each in members:
            bar = _bar(getattr(each.impact, figure), largest)
            name = Text(printable(f"  {_class_name(each)}"))
            table.add_row(name, bar, *_impact(each.impact, figure, decimals), *_shares(each), f"{len(each.members)}")
    return table


def _class_name(each: GroupInfluence) -> str:
    return PERIODS.get(each.name, each.name) if each.kind == "persistence" else each.name


def _impact(impact: TotalFigures, figure: str, decimals: int) -> tuple[str, str, str]:
    estimate: Estimate = getattr(impact, figure)
    return (
        signed(estimate.value, decimals),
        half_width(estimate, decimals),
        signed(impact.mean.value, decimals),
    )


def _shares(each: InputInfluence | GroupInfluence) -> tuple[str, str]:
    return _share(each.indices.first), _share(each.indices.total)


def _share(share: Estimate | None) -> str:
    return NOTHING if share is None else f"{share.value:.3f}"


def _bar(estimate: Estimate, largest: float) -> str:
    """Draw an impact: full blocks where it adds money, shaded ones where it saves some."""
    length = round(BAR * size(estimate) / largest) if largest > 0.0 else 0
    return ("█" if estimate.value >= 0 else "░") * length
