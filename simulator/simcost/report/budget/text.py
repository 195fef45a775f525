"""What ``simcost budget`` prints for people: the answers, the months, the verdict."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.report.budget.approved_parts import part_sentences, part_tables
from simcost.report.budget.given_bills import given_bills_table
from simcost.report.budget.sentences import first_breach_sentences
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import counted, heading, precision_sentences, provenance
from simcost.report.parts.learned_sentences import doubts, how_learned
from simcost.report.parts.money import decimals_for, interval, money, percent, wanted_percent, with_interval
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable
from simcost.report.parts.split_table import READING, split_table
from simcost.scenario.scenario import BY_PERIOD
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.table import Table

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.budget_answers import BaseAnswers, BudgetAnswers
    from simcost.analysis.budgets.budget_gate import Gate
    from simcost.report.budget.answer import BudgetReport

MOST_NAMES = 5
"""Inputs at their medians that are named one by one."""

MOST_DECIMALS = 9
"""Of a percentage beside one that it is not to be taken for."""


def budget_page(report: BudgetReport) -> Page:
    """Arrange the answers for a terminal or a notebook."""
    return Page(
        heading(report.scenario),
        (provenance(report.run),),
        report.warnings,
        lambda _: _tables(report),
        tuple(_notes(report)),
    )


def verdict_sentence(report: BudgetReport) -> str:
    """Say whether the wanted confidence is met, given the bills where these were learned from."""
    said = gate_sentence(report.judged, report.answers.gate, report.scenario.currency)
    return said.replace("Gate:", "Gate, given the bills:", 1) if report.learned else said


def gate_sentence(figures: BudgetFigures, verdict: Gate, currency: str) -> str:
    """Say in one sentence whether the wanted confidence is met, and what would tell if the run cannot."""
    judged, wanted = verdict.part or verdict.period or figures, figures.confidence
    within, shown = judged.probability_within, _told_apart(wanted)
    ends = interval(within, shown)
    approved = f"{money(judged.approved, decimals_for([judged.approved]))} {currency}"
    said = (
        f"Gate: the wanted {wanted_percent(wanted)} {'is' if verdict.met else 'is not'} met{_where(figures, verdict)}: "
        f"{approved} is enough in {shown(within.value)} of the scenarios{f' (95 % interval {ends})' if ends else ''}"
    )
    if verdict.decided:
        return f"{said}."
    more = f"about {counted(verdict.enough)} would" if verdict.enough else "no number of scenarios would"
    return (
        f"{said}; the interval contains {wanted_percent(wanted)}, so this run cannot decide: {more}, if the share stays as it is."
    )


def _where(figures: BudgetFigures, verdict: Gate) -> str:
    """Say which of several approved sums the verdict rests on."""
    kinds = (*(["period"] if figures.periods else []), *dict.fromkeys(spoken(each.group) for each in figures.parts))
    if not kinds:
        return ""
    part, period = verdict.part, verdict.period
    judged = f"{part.group.removesuffix(BY_PERIOD)} {printable(part.label)}" if part else period.label if period else "the whole"
    every = ", ".join(f"each {kind}" for kind in kinds)
    return f" by {every} and the whole, least surely by {judged}" if verdict.met else f" by {judged}"


def _tables(report: BudgetReport) -> Iterator[Table]:
    answers = report.answers
    decimals = decimals_for([answers.figures.approved, answers.figures.sum_for_confidence.value])
    table = columns_table(f"budget, {report.scenario.currency}", "", "95 % interval")
    for row in (*_approved(answers, decimals), *(_base(answers.base, answers, decimals) if answers.base else ())):
        table.add_row(*row)
    yield table
    if report.judged_given_bills:
        yield given_bills_table(answers.figures, report.judged_given_bills, decimals)
    if report.split:
        yield split_table(report.split, report.scenario.currency, decimals)
    if answers.figures.periods:
        yield _of_periods(answers.figures, decimals)
    yield from part_tables(answers.figures, decimals)
    monthly, first = answers.figures.p_breach_by_month, answers.figures.first_breach
    if monthly and first:
        titles = ("over budget by the end of", "probability", "95 % interval", "for the first time", "95 % interval")
        table = columns_table(*titles, spare=((4,), (2,)))
        for month, *pair in zip(report.scenario.month_names(), monthly, first.by_month, strict=True):
            table.add_row(month, *(text for each in pair for text in with_interval(each, percent)))
        table.add_row("never", "", "", *with_interval(first.never, percent))
        yield table


def _of_periods(figures: BudgetFigures, decimals: int) -> Table:
    """Return each quarter or fiscal year by itself."""
    wanted = f"enough in {wanted_percent(figures.confidence)}"
    titles = ("period by itself", "approved", "within", "95 % interval", wanted, "95 % interval")
    table = columns_table(*titles, spare=((3,), (5,)))
    for each in figures.periods:
        within = with_interval(each.probability_within, percent)
        enough = with_interval(each.sum_for_confidence, partial(money, decimals=decimals))
        table.add_row(each.label, money(each.approved, decimals), *within, *enough)
    if figures.probability_within_every_period:
        within = with_interval(figures.probability_within_every_period, percent)
        table.add_row("all of them at once", "", *within, "", "")
    return table


def _approved(answers: BudgetAnswers, decimals: int) -> Iterator[tuple[str, str, str]]:
    figures, sum_of = answers.figures, partial(money, decimals=decimals)
    wanted, worst = wanted_percent(figures.confidence), wanted_percent(1 - figures.confidence)
    yield "approved", sum_of(figures.approved), ""
    yield "  probability of staying within", *with_interval(figures.probability_within, percent)
    yield f"sum that is enough in {wanted}", *with_interval(figures.sum_for_confidence, sum_of)
    yield "  reserve over the approved sum", *with_interval(figures.reserve_for_confidence, sum_of)
    yield f"mean of the worst {worst} (CVaR)", *with_interval(answers.cvar_for_confidence, sum_of)
    if figures.overrun:
        yield "mean overrun, where there is one", *with_interval(figures.overrun.mean, sum_of)
        yield "  median", *with_interval(figures.overrun.p50, sum_of)
        yield "  P95", *with_interval(figures.overrun.p95, sum_of)


def _base(base: BaseAnswers, answers: BudgetAnswers, decimals: int) -> Iterator[tuple[str, str, str]]:
    sum_of, wanted = partial(money, decimals=decimals), wanted_percent(answers.figures.confidence)
    yield "base estimate", sum_of(base.estimate.total), ""
    yield "  probability of staying within", *with_interval(base.probability_within, percent)
    yield f"  reserve over it for {wanted}", *with_interval(base.reserve_for_confidence, sum_of)


def _notes(report: BudgetReport) -> Iterator[str]:
    answers = report.answers
    yield _how_the_base_is_made(answers.base)
    if answers.cvar_for_confidence.bound:
        yield (
            "The CVaR is read off cells of the result: from the mean of the very same scenarios it differs by "
            f"{money(answers.cvar_for_confidence.bound, 2)} {report.scenario.currency} at most."
        )
    if report.split:
        yield READING
    if not answers.figures.p_breach_by_month:
        yield "By month nothing is known of this sum: run the scenario with `approved`."
    yield from precision_sentences(report.run)
    yield from first_breach_sentences(answers.figures, report.scenario.month_names())
    yield from part_sentences(answers.figures)
    if report.learned:
        yield f"{how_learned(report.learned)} All other tables have the bills, and nothing of what they tell."
        yield from doubts(report.learned)
    yield verdict_sentence(report)


def _how_the_base_is_made(base: BaseAnswers | None) -> str:
    if base is None:
        return "No base estimate: at the most likely values the cost is undefined, or data files are not in the result."
    estimate = base.estimate
    modes = estimate.inputs - len(estimate.medians)
    if not estimate.inputs:
        return "No input is uncertain: the base estimate is the cost."
    if not estimate.medians:
        return f"The base estimate has every uncertain input ({modes}) at its most likely value, the mode."
    names = ", ".join(estimate.medians[:MOST_NAMES])
    more = f" and {len(estimate.medians) - MOST_NAMES} more" if len(estimate.medians) > MOST_NAMES else ""
    return f"The base estimate has uncertain inputs at their modes ({modes}), or without a mode at their medians: {names}{more}."


def _told_apart(wanted: float) -> Callable[[float], str]:
    """Return how to print percentages so that none but ``wanted`` itself looks like it."""

    def shown(share: float) -> str:
        if share == wanted or percent(share) != percent(wanted):
            return percent(share)
        places = range(2, MOST_DECIMALS)
        several = (f"{100 * share:.{each}f}" for each in places)
        return next((text for text in several if float(text) != float(f"{100 * wanted:.10g}")), f"{100 * share!r}") + " %"

    return shown
