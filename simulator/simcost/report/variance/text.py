"""What ``simcost variance`` prints for people: bills against the plan by part, the run with them, and what stands out."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import heading, provenance
from simcost.report.parts.money import decimals_for, money, percent, signed, wanted_percent
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.variance.learned_text import learned_sentences, learned_tables
from simcost.scenario.months import month_name, month_named, months_from
from simcost.scenario.scenario import BY_PERIOD, PERIODS
from simcost.scenario.sections.breakdown import PLURAL, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.budgets.part_budget import PartBudget
    from simcost.analysis.variance import PeriodVariance, Variance
    from simcost.report.variance.answer import VarianceReport

READING = (
    "Position: of the plan's scenarios, the share in which this was to cost less (of those with the same cost, half). "
    "Above 95 % or below 5 % a bill is beyond what nine of ten futures of the plan have. Differences are from its mean."
)

MOST_NAMED = 5
"""Parts of a breakdown that a sentence names."""


def variance_page(report: VarianceReport) -> Page:
    """Arrange the report for a terminal or a notebook."""
    notes = (READING, *_sentences(report))
    return Page(heading(report.scenario), (provenance(report.run),), report.warnings, lambda _: _tables(report), notes)


def period_months(report: VarianceReport, period: PeriodVariance) -> tuple[str, str]:
    """Return the names of the first and of the last month of a period."""
    months = months_from(month_named(report.scenario.start), report.scenario.months)
    return month_name(months[period.first - 1]), month_name(months[period.last - 1])


def _title(report: VarianceReport, period: PeriodVariance) -> str:
    first, last = period_months(report, period)
    return last if first == last else f"{first} to {last}"


def _tables(report: VarianceReport) -> Iterator[Table]:
    for period in report.periods:
        yield _period_table(_title(report, period), period)
    yield _outlook_table(report)
    if report.learned is not None:
        yield from learned_tables(report, report.learned)
    for group, plans in groupby(report.plan.parts, lambda each: each.group):
        yield _parts_table(report, group, list(plans))


def _period_table(title: str, period: PeriodVariance) -> Table:
    decimals = decimals_for([value for each in period.parts for value in (each.actual, each.planned.mean)])
    table = columns_table(title, "planned", "P5", "P95", "actual", "difference", "of planned", "position", spare=((2, 3), (6,)))
    for group, parts in groupby(period.parts, lambda each: each.group):
        if group != "total":
            table.add_row("")
            table.add_row(f"by {'cost line' if group == 'line' else group}", style="bold")
        for each in parts:
            name = "total" if group == "total" else f"  {each.name}"
            table.add_row(Text(printable(name)), *_cells(each, decimals))
    return table


def _cells(each: Variance, decimals: int) -> Sequence[str]:
    planned = each.planned
    ends = (money(planned.percentile(p).value, decimals) for p in (5.0, 95.0))
    change = f"{signed(100 * each.difference / planned.mean, 1)} %" if planned.mean else ""
    figures = (money(planned.mean, decimals), *ends, money(each.actual, decimals), signed(each.difference, decimals), change)
    certain = "certain" if planned.max else "not planned"
    return (*figures, percent(each.position.value) if planned.min < planned.max else certain)


def _outlook_table(report: VarianceReport) -> Table:
    titles = ("mean", "P50", "P80", "P95", "within budget")
    table = columns_table(f"whole run, {report.scenario.currency}", *(titles if report.approved is not None else titles[:-1]))
    decimals = decimals_for([report.plan.total.mean, report.forecast.total.mean])
    rows = [
        (name, each.total, each.probability_within) for name, each in (("plan", report.plan), ("with the bills", report.forecast))
    ]
    if (learned := report.learned) is not None:
        rows.append(("learned", learned.total.after, learned.total.probability_within))
    for name, total, enough in rows:
        values = (total.mean, *(total.percentile(p).value for p in (50.0, 80.0, 95.0)))
        within = () if enough is None else (percent(enough.value),)
        table.add_row(name, *(money(value, decimals) for value in values), *within)
    return table


def _parts_table(report: VarianceReport, group: str, plans: Sequence[PartBudget]) -> Table:
    """Return what is approved for each category, ... beside what is spent of it, and how likely it is enough in the end."""
    wanted = f"enough in {wanted_percent(report.confidence or 0.0)}"
    parts = report.learned.parts if report.learned else ()
    learned = {each.name: each.probability_within for each in parts if each.group == group}
    whole = "" if group in PERIODS or group.endswith(BY_PERIOD) else ", whole run"
    titles = ("approved", "spent", "of it", "within, plan", "with the bills", *(("learned",) if learned else ()), wanted)
    table = columns_table(f"{spoken(group)}{whole}", *titles, spare=((4,), (3,), *(((5,),) if learned else ())))
    forecast = {each.label: each for each in report.forecast.parts if each.group == group}
    decimals = decimals_for([each.approved for each in plans])
    for each in plans:
        spent, ends = report.spent[group, each.label], forecast[each.label]
        table.add_row(
            Text(printable(each.label)),
            *(money(each.approved, decimals), money(spent, decimals)),
            f"{100 * spent / each.approved:.1f} %" if each.approved else "",
            *(percent(one.probability_within.value) for one in (each, ends)),
            *((percent(within.value if (within := learned.get(each.label)) else None),) if learned else ()),
            money(ends.sum_for_confidence.value, decimals),
        )
    return table


def _sentences(report: VarianceReport) -> Iterator[str]:
    currency = report.scenario.currency
    to_date = report.periods[-1]
    total = to_date.parts[0]
    decimals = decimals_for([total.actual, total.planned.mean])
    more = f"{money(abs(total.difference), decimals)} {'more' if total.difference > 0 else 'less'} than planned"
    yield (
        f"{_title(report, to_date)}: {money(total.actual, decimals)} {currency} were billed, {more} on average; "
        f"{percent(total.position.value)} of the plan's scenarios cost less."
    )
    if report.approved:
        spent = f"{100 * total.actual / report.approved:.1f} %"
        months = f"{to_date.last} of {report.scenario.months} months"
        yield f"Of the approved {money(report.approved, decimals)} {currency} {spent} are spent after {months}."
    for group, plural in PLURAL.items():
        if said := [each for each in to_date.parts if each.group == group and each.is_unusual]:
            said.sort(key=lambda each: -abs(each.difference))
            named = ", ".join(f"{printable(each.name)} {signed(each.difference, decimals)}" for each in said[:MOST_NAMED])
            yield f"Outside P5 to P95 of the plan to date, {plural}: {named}{', ...' if len(said) > MOST_NAMED else ''}."
    if report.learned is not None:
        yield from learned_sentences(report, report.learned)
