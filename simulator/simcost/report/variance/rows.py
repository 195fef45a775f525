"""Bills against the plan as rows of a table: for a spreadsheet, or pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.variance.text import period_months
from simcost.results.export import Row, part_rows, statistics_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.analysis.learning.learning import Learning
    from simcost.analysis.variance import Outlook, Variance
    from simcost.report.variance.answer import VarianceReport


def variance_rows(report: VarianceReport) -> Iterator[Row]:
    """Yield the bills of each part and period, what was planned, and the whole run by the plan and with the bills.

    Statistics of the plan have the names of a result's: ``mean``, ``p95``. The month is that of the period, or its first and
    last, ``2027-01 to 2027-03``; the whole run has none, and its group is ``plan``, ``forecast`` or ``learned``.
    """
    currency = report.scenario.currency
    for period in report.periods:
        months = " to ".join(dict.fromkeys(period_months(report, period)))
        for each in period.parts:
            yield from _part(each, months, currency)
    if report.learned is not None:
        yield from _learned(report.learned)
    for name, outlook in (("plan", report.plan), ("forecast", report.forecast)):
        yield from _outlook(name, outlook, currency)


def _learned(learned: Learning) -> Iterator[Row]:
    """Yield what was learned of the whole run, its open months, each part and input: ``learned``, ``learned rest``, ..."""
    for each in (learned.total, learned.rest, *learned.parts, *learned.inputs):
        group = f"learned {each.group}".removesuffix(" total")
        yield from statistics_rows(group, each.name, "", each.after, each.unit)
        yield Row(group, each.name, "", "explained", each.explained, None, None, "1")
        if (within := each.probability_within) is not None:
            yield Row(group, each.name, "", "probability_within", within.value, within.low, within.high, "1")


def _part(each: Variance, months: str, currency: str) -> Iterator[Row]:
    yield Row(each.group, each.name, months, "actual", each.actual, None, None, currency)
    yield Row(each.group, each.name, months, "difference", each.difference, None, None, currency)
    position = each.position
    yield Row(each.group, each.name, months, "position", position.value, position.low, position.high, "1")
    yield from statistics_rows(each.group, each.name, months, each.planned, currency)


def _outlook(name: str, each: Outlook, currency: str) -> Iterator[Row]:
    yield from statistics_rows(name, "", "", each.total, currency)
    if (within := each.probability_within) is not None:
        yield Row(name, "", "", "probability_within", within.value, within.low, within.high, "1")
    for part in each.parts:
        yield from part_rows(name, part, currency)
