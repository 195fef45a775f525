"""All charts of a report, in their order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.report.charts import distribution, months, to_date
from simcost.report.charts.bills import bills_asked
from simcost.report.charts.breakdown import CAPTION as BREAKDOWN
from simcost.report.charts.breakdown import breakdown_figure, breakdown_words, dearest
from simcost.report.charts.drawing import Asked, drawn, require_matplotlib, style
from simcost.report.charts.influences import influences_asked
from simcost.report.charts.sweep import crossovers_asked, sweep_asked, sweeps_asked
from simcost.report.compare.answer import CompareReport
from simcost.report.drivers.answer import DriversReport
from simcost.report.search.answers import SweepReport
from simcost.report.search.beside import SweepsBeside
from simcost.report.variance.answer import VarianceReport
from simcost.results.file.figure_arrays import FIELD_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics
    from simcost.report.board.board import Board
    from simcost.report.charts.drawing import Chart
    from simcost.results.answer import Answer


APPROVED = " Diamonds are what is approved."
"""What a caption says of the marks."""


def charts(board: Board) -> tuple[Chart, ...]:
    """Draw every chart that a result has something for.

    Raises
    ------
    ResultError
        If matplotlib is not installed.
    """
    require_matplotlib()
    with style():
        return tuple(drawn(asked) for asked in _asked(board))


def answer_charts(answer: Answer | SweepsBeside) -> tuple[Chart, ...]:
    """Draw the charts of an answer that has some.

    Raises
    ------
    ResultError
        If matplotlib is not installed.
    """
    asked: Iterable[Asked] = ()
    if isinstance(answer, SweepReport):
        asked = sweep_asked(answer)
    elif isinstance(answer, SweepsBeside):
        asked = sweeps_asked(answer)
    elif isinstance(answer, CompareReport):
        asked = crossovers_asked(answer)
    elif isinstance(answer, VarianceReport):
        asked = bills_asked(answer)
    elif isinstance(answer, DriversReport):
        asked = influences_asked(answer)
    require_matplotlib()
    with style():
        return tuple(map(drawn, asked))


def _asked(board: Board) -> Iterator[Asked]:
    yield distribution.asked(board)
    if board.result.scenario.months > 1:  # of a single one the chart of the total tells all
        yield to_date.asked(board)
        yield months.asked(board)
    for name, title, items, approved in _periods(board):
        yield _breakdown(board, (name, title, APPROVED if approved else ""), items, approved)
    figures = board.result.figures
    for group, title, all_of_them in (
        ("category", "What each category costs", figures.categories),
        ("line", "What each cost line costs", figures.lines),
        ("stage", "What each stage costs", figures.stages),
        ("owner", "What each owner costs", figures.owners),
    ):
        sums = _sums(figures, group)
        if sums or group in ("category", "line"):
            shown = dearest(all_of_them)
            part = f" The {len(shown)} largest of {len(all_of_them)} are drawn." if len(shown) < len(all_of_them) else ""
            yield _breakdown(board, (FIELD_OF[group], title, f"{part}{APPROVED if sums else ''}"), shown, sums)


def _sums(figures: Figures, group: str) -> dict[str, float]:
    """Return what is approved for categories, ... with a sum of their own, by name."""
    return {each.label: each.approved for each in (figures.budget.parts if figures.budget else ()) if each.group == group}


def _breakdown(
    board: Board, words: tuple[str, str, str], items: Mapping[str, Statistics], approved: Mapping[str, float]
) -> Asked:
    """Ask for bars; ``words`` are the chart's name, its title, and what its caption says beside that of all of them."""
    name, title, more = words
    draw = partial(breakdown_figure, items, board.currency, approved=approved)
    return Asked(name, title, f"{BREAKDOWN}{more}", breakdown_words(items, board.currency), draw)


def _periods(board: Board) -> Iterator[tuple[str, str, Mapping[str, Statistics], dict[str, float]]]:
    """Yield the fiscal years where there are several, and the quarters where sums are approved for them."""
    figures = board.result.figures
    sums = {each.label: each.approved for each in figures.budget.periods} if figures.budget else {}
    for name, title, items in (
        ("fiscal-years", "What each fiscal year costs", figures.fiscal_years),
        ("quarters", "What each quarter costs", figures.quarters),
    ):
        approved = {label: sums[label] for label in items if label in sums}
        if approved or (name == "fiscal-years" and len(items) > 1):
            yield name, title, items, approved
