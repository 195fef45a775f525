"""What ``simcost uncertainty`` prints for people: figures with bands, the parameters, one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simcost.analysis.budgets.kept_sums import KEPT_GROUPS
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import counted, heading, provenance
from simcost.report.parts.kept_sums import EVERY
from simcost.report.parts.money import NOTHING, decimals_for, money, percent
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.table import Table

    from simcost.report.uncertainty.answer import UncertaintyReport

NAMES = {
    "mean": "mean",
    "probability_within": "probability of staying within",
    **{f"{EVERY}{group}": f"  every {spoken(group)}" for group in KEPT_GROUPS},
}

READING = (
    "The band holds the figure in 90 % of the draws of what is not known; at the medians is a plain run; all together counts "
    "what is not known as chance."
)


def uncertainty_page(report: UncertaintyReport) -> Page:
    """Arrange the report for a terminal or a notebook."""
    draws = report.found.draws.shape[1]
    drawn = f"{draws:,} draws of the parameters, in each the same {provenance(report.run)}"
    notes = (READING, *_sentences(report))
    return Page(heading(report.scenario), (drawn,), report.warnings, lambda _: _tables(report), notes)


def _tables(report: UncertaintyReport) -> Iterator[Table]:
    figures = report.found.figures
    decimals = decimals_for([each.value for each in figures])
    table = columns_table(f"total, {report.scenario.currency}", "at the medians", "90 % band", "all together")
    for each in figures:
        shown = _shown(each.name, decimals)
        name = NAMES.get(each.name) or _part(each.name) or each.name.upper()
        table.add_row(Text(printable(name)), shown(each.value), f"{shown(each.low)} to {shown(each.high)}", shown(each.pooled))
    yield table
    table = columns_table("not known", "in the file", "rank correlation with P95")
    table.columns[1].justify = "left"
    for one in report.influences:
        rho = NOTHING if one.rank_correlation is None else f"{one.rank_correlation.value:+.2f}"
        table.add_row(Text(printable(one.name)), Text(printable(one.text)), rho)
    yield table


def _part(name: str) -> str:
    """Return what has an approved sum of its own, ``owner search``; nothing where the figure is another one."""
    whole, _, part = name.partition(" ")
    return f"  {part}" if whole == "probability_within" and part else ""


def _sentences(report: UncertaintyReport) -> Iterator[str]:
    found, currency = report.found, report.scenario.currency
    p95 = next(each for each in found.figures if each.name == "p95")
    shown = _shown("p95", decimals_for([p95.value]))
    yield (
        f"P95 is {shown(p95.value)} {currency}, 90 % band {shown(p95.low)} to {shown(p95.high)} from what we do not know; "
        f"with that counted in, {shown(p95.pooled)}."
    )
    if found.share_unknown == found.share_unknown:
        yield f"Of the variance of the total {percent(found.share_unknown)} comes from what is not known, the rest from chance."
    if report.run.scenarios < 1_000:
        yield f"Each draw has {counted(report.run.scenarios)} only: their own noise widens the bands. Give more with `n`."


def _shown(name: str, decimals: int) -> Callable[[float], str]:
    return percent if name.startswith("probability_within") else lambda value: money(value, decimals)
