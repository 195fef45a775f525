"""What ``simcost fit`` tells people beside the lines that it prints: tables of what was tried, and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from simcost.analysis.fitting.series_fit import growth_a_year
from simcost.report.fit.sentences import fit_notes
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.number import number
from simcost.report.parts.page import Page, print_page
from simcost.scenario.months import MONTHS_A_YEAR, month_name, months_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.fitting.distribution_fit import DistributionFit
    from simcost.analysis.fitting.series_fit import Form, SeriesFit
    from simcost.report.fit.answer import FitReport

TAKEN = "taken"


def print_fit(report: FitReport, file: TextIO) -> None:
    """Print the evidence; colours only if the file is a terminal and ``NO_COLOR`` is not set."""
    print_page(fit_page(report), file)


def fit_page(report: FitReport) -> Page:
    """Arrange the evidence for a terminal or a notebook."""
    data = report.data
    read = f"{data.taken:,} of {data.rows:,} rows are taken"
    when = f", {month_name(data.months[0])} to {month_name(data.months[-1])}" if data.months else ""
    unit = "" if report.unit == "1" else f" {report.unit}"
    heading = f"{data.whence}: {number(min(data.values))} to {number(max(data.values))}{unit}{when}"
    return Page(heading, (f"{read}.", *data.remarks), report.warnings, lambda _: _tables(report), tuple(fit_notes(report)))


def _tables(report: FitReport) -> Iterator[Table]:
    if report.distribution is not None:
        yield _candidates(report.distribution)
    if report.series is not None:
        yield _forms(report.series)


def _candidates(found: DistributionFit) -> Table:
    table = columns_table("family", "", "AICc", "p", "P5", "P50", "P95", "its 95 % interval", spare=((4, 5),))
    p5, p50, p95 = found.percentiles
    own = TAKEN if found.taken is None else ""
    table.add_row("the values", own, "", "", number(p5.value), number(p50.value), number(p95.value), _ends(p95))
    for each in found.candidates:
        chosen = TAKEN if each is found.taken else ""
        shown = (number(each.p5), number(each.p50), number(each.p95.value), _ends(each.p95))
        table.add_row(each.family, chosen, f"{each.aicc:,.1f}", f"{each.p_value:.3f}", *shown, style="bold" if chosen else None)
    return table


def _ends(estimate: Estimate) -> str:
    low, high = ("?" if each is None else number(each) for each in (estimate.low, estimate.high))
    return f"{low} to {high}"


def _forms(found: SeriesFit) -> Table:
    year_on = month_name(months_from(found.last, MONTHS_A_YEAR + 1)[-1])
    table = columns_table(
        "series",
        "growth a year",
        "error",
        "deviation",
        "persistence",
        f"{year_on} P50",
        "P5 to P95",
        "held out",
        spare=((4,), (5,)),
    )
    for form, name in ((found.noise, "growth and noise"), (found.walk, "growth and volatility")):
        taken = f"{name}, {TAKEN}" if form is found.taken else name
        table.add_row(Text(taken), *_figures(found, form), style="bold" if form is found.taken else None)
    return table


def _figures(found: SeriesFit, form: Form) -> Iterator[str]:
    mean, sd = growth_a_year(form.fitted)
    yield f"{100.0 * mean:+.1f} %"
    yield f"±{100.0 * sd:.1f}"
    yield f"{100.0 * form.fitted.sd:.1f} %{' a month' if form.fitted.wanders else ''}"
    yield "" if form.fitted.wanders else f"{form.fitted.persistence:.2f}"
    yield number(form.year_on.value)
    yield _ends(form.year_on)
    yield f"{form.inside} of {found.held_out}"
