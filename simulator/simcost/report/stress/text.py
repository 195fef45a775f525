"""What ``simcost stress`` prints for people: the figures under each stress, and what makes up the worst scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import counted, heading, provenance
from simcost.report.parts.kept_sums import kept_tables
from simcost.report.parts.money import decimals_for, half_width, money, percent, signed
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.parts.within_columns import within_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.influences.reverse_stress import Condition, ReverseStress
    from simcost.analysis.influences.stress import Outcome
    from simcost.report.stress.answer import StressReport

MOST_CONDITIONS = 8
"""Inputs whose condition in the worst scenarios is shown."""


def stress_page(report: StressReport) -> Page:
    """Arrange a cost under stress for a terminal or a notebook."""
    return Page(
        heading(report.scenario),
        (provenance(report.run),),
        report.warnings,
        lambda width: _tables(report, width),
        tuple(_sentences(report)),
    )


def _tables(report: StressReport, width: int) -> Iterator[Table]:
    test = report.test
    if test.outcomes:
        yield _outcomes(report)
        yield from kept_tables([(_name(each), each.kept) for each in (test.base, *test.outcomes)], width)
    if test.reverse and test.reverse.single:
        yield _conditions(test.reverse)


def _outcomes(report: StressReport) -> Table:
    test = report.test
    decimals = decimals_for([test.base.figures.p95.value])
    outcomes = (test.base, *test.outcomes)
    within = within_columns(outcomes)
    titles = (f"stress, {report.scenario.currency}", "mean", "P50", "P95", "change of P95", "±", "of mean", "worst 5 %", *within)
    table = columns_table(*titles, spare=((7,), (6,), (1,), (2,)))
    for place, each in enumerate(outcomes):
        table.add_row(Text(printable(_name(each))), *_figures(each, decimals), *(texts[place] for texts in within.values()))
    return table


def _name(each: Outcome) -> str:
    if each.run is None:
        return "as it is"
    return f"  {each.run.condition}" if each.run.condition else each.run.name


def _figures(each: Outcome, decimals: int) -> tuple[str, ...]:
    figures, change = each.figures, each.change
    changes = ("", "", "")
    if change is not None:
        half = half_width(change.p95, decimals)
        changes = (signed(change.p95.value, decimals), half, signed(change.mean.value, decimals))
    values = (money(its.value, decimals) for its in (figures.mean, figures.p50, figures.p95))
    return (*values, *changes, money(figures.cvar95.value, decimals))


def _conditions(found: ReverseStress) -> Table:
    table = columns_table("in the worst scenarios", "of the worst", "of all", "worst if so")
    for each in found.single[:MOST_CONDITIONS]:
        table.add_row(Text(printable(_in_words(each))), *_shares(each))
    if found.joint and len(found.joint.inputs) > 1:
        table.add_row(Text(printable(_in_words(found.joint))), *_shares(found.joint))
    return table


def _shares(each: Condition) -> tuple[str, str, str]:
    return percent(each.share_of_worst.value), percent(each.share.value), percent(each.worst_if.value)


def _in_words(each: Condition) -> str:
    return ", ".join(f"{name} in its {end} fifth" for name, end in each.inputs)


def _sentences(report: StressReport) -> Iterator[str]:
    test, currency = report.test, report.scenario.currency
    decimals = decimals_for([test.base.figures.p95.value])
    whole = [each for each in test.outcomes if each.run and not each.run.condition and each.change]
    if whole:
        worst = max(whole, key=lambda each: each.figures.p95.value)
        if worst.run and worst.change and worst.change.p95.low is not None and worst.change.p95.high is not None:
            ends = f"{money(worst.change.p95.low, decimals)} to {money(worst.change.p95.high, decimals)}"
            much = f"{money(worst.figures.p95.value, decimals)} {currency}"
            by = f"{money(worst.change.p95.value, decimals)} more (95 % interval {ends})"
            yield f"The hardest is {worst.run.name}: P95 becomes {much}, {by}."
    elif not test.outcomes:
        yield "No stress is given: write [stress.NAME] into the scenario, or give `bands='INPUT=\"P90 to P100\"'`."
    found = test.reverse
    if found and found.joint and found.worst:
        what = f"The worst {percent(found.worst / found.scenarios)} of {counted(found.scenarios)}"
        over = f"{what} exceed {money(found.threshold, decimals)} {currency}"
        share, joint = percent(found.joint.share_of_worst.value), found.joint
        yield (
            f"{over}: {share} of them have {_in_words(joint)}. So have {percent(joint.share.value)} of all scenarios, and "
            f"{percent(joint.worst_if.value)} of these are among the worst."
        )
