"""All charts of a report, in their order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.report.charts import distribution, months, to_date
from simcost.report.charts.breakdown import CAPTION as BREAKDOWN
from simcost.report.charts.breakdown import breakdown_figure, breakdown_words, dearest
from simcost.report.charts.drawing import Asked, drawn, require_matplotlib, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.analysis.statistics import Statistics
    from simcost.report.board.board import Board
    from simcost.report.charts.drawing import Chart


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


def _asked(board: Board) -> Iterator[Asked]:
    yield distribution.asked(board)
    if board.result.scenario.months > 1:  # of a single one the chart of the total tells all
        yield to_date.asked(board)
        yield months.asked(board)
    for name, title, items, approved in _periods(board):
        yield _breakdown(board, (name, title, " Diamonds are what is approved." if approved else ""), items, approved)
    figures = board.result.figures
    for name, title, all_of_them in (
        ("categories", "What each category costs", figures.categories),
        ("lines", "What each cost line costs", figures.lines),
    ):
        shown = dearest(all_of_them)
        part = f" The {len(shown)} largest of {len(all_of_them)} are drawn." if len(shown) < len(all_of_them) else ""
        yield _breakdown(board, (name, title, part), shown, {})


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
