"""The answer in a few sentences, and what it rests on."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from simcost.report.budget.approved_parts import part_sentences
from simcost.report.budget.sentences import budget_sentences
from simcost.report.parts.heading import METHODS, counted, horizon
from simcost.report.parts.money import decimals_for, half_width, money
from simcost.report.run.text import result_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.report.board.board import Board

READING = (
    "± is half of the 95 % confidence interval: what drawing {} leaves open, and nothing about whether the inputs are right."
)

SENTENCES_OF_THE_BUDGET = 2
"""That come first: whether the approved sum is enough, and what would be."""


def answer_sentences(board: Board) -> Iterator[str]:
    """Tell in a few sentences what it costs and whether what is approved is enough."""
    result = board.result
    total, currency = result.figures.total, board.currency
    decimals = decimals_for([total.max, total.min])
    if total.min == total.max:
        yield f"The total is {money(total.mean, decimals)} {currency} in every scenario."
    else:
        places = sorted({50.0, board.wanted, 95.0})
        shown = [
            f"{money(each.value, decimals)} {currency} in {p:.10g} %{'' if place else ' of the scenarios'} "
            f"(P{p:.10g}{'' if None in (each.low, each.high) else f', {half_width(each, decimals)}'})"
            for place, p in enumerate(places)
            for each in (total.percentile(p),)
        ]
        yield f"The total is at most {', '.join(shown[:-1])} and {shown[-1]}."
    if result.figures.budget:
        months = result.scenario.month_names()
        yield from list(budget_sentences(result.figures.budget, currency, months))[:SENTENCES_OF_THE_BUDGET]
        yield from part_sentences(result.figures.budget)
    if total.min != total.max:
        yield READING.format(counted(result.run.scenarios))


def reading_notes(board: Board) -> Iterator[str]:
    """Yield how to read the tables, and what the answer has not said of the budget."""
    said = set(answer_sentences(board))
    yield from (each for each in result_notes(board.result) if each not in said)


def facts(board: Board) -> Iterator[tuple[str, str]]:
    """Yield what was asked, when, and from which files."""
    result = board.result
    scenario, run = result.scenario, result.run
    yield "Scenario", scenario.name
    if scenario.option:
        yield "Option", scenario.option
    if scenario.overrides:
        yield "With", "; ".join(scenario.overrides)
    yield "Horizon", horizon(scenario.months, scenario.start, scenario.currency)
    drawn = f"{METHODS[run.method]}, {run.replicates} replicates" if run.replicates else METHODS[run.method]
    yield "Simulated", f"{counted(run.scenarios)}{f' from number {run.first:,}' if run.first else ''} ({drawn}), seed {run.seed}"
    yield "Run", f"{run.started}, {run.backend} on {run.device}, simcost {run.version}"
    yield "Result file", f"{PurePath(result.path).name}, SHA-256 {board.file_sha256}"
    yield "Scenario file", f"SHA-256 {scenario.sha256}"
