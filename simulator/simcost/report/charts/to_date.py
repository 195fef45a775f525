"""What it has cost by the end of each month, and when the budget is first broken."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simcost.report.charts.drawing import Asked, panels
from simcost.report.charts.fan import draw_fan, fan_words, legend_above
from simcost.report.charts.palette import BLUE, PALE, VERMILION
from simcost.report.charts.scales import from_zero, money_axis, money_scale, month_axis, share_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.report.board.board import Board
    from simcost_kernels.arrays import Array

TITLE = "What it has cost by the end of each month"
CAPTION = "The last month has the total. Nine scenarios in ten lie between P5 and P95."
CAPTION_OF_A_BUDGET = (
    "The last month has the total. Nine scenarios in ten lie between P5 and P95. Beneath: in which month more has been spent "
    "for the first time than is approved until then, and by when."
)
CAPTION_OF_PERIODS = (
    "The last month has the total. What is approved for a period is added in its first month. The budget is broken where a "
    "period by itself has cost more than is approved for it: beneath, in which month for the first time, and by when."
)


def to_date_caption(board: Board) -> str:
    """Say how to read it."""
    budget = board.result.figures.budget
    if budget is None or not is_ever_broken(budget):
        return CAPTION
    return CAPTION_OF_PERIODS if budget.periods else CAPTION_OF_A_BUDGET


def asked(board: Board) -> Asked:
    """Ask for this chart."""
    items = [month.cumulative.percentile(50.0).value for month in board.result.figures.months]
    return Asked("to-date", TITLE, to_date_caption(board), fan_words(board, items), partial(to_date_figure, board))


def is_ever_broken(budget: BudgetFigures) -> bool:
    """Whether some scenario breaks the budget, so that there is something to draw of it."""
    return any(each.value > 0.0 for each in budget.p_breach_by_month)


def to_date_figure(board: Board) -> Figure:
    """Draw the percentiles of the cost to date; with a budget what is approved until then, and when it is first exceeded."""
    figures = board.result.figures
    budget, months = figures.budget, [month.month for month in figures.months]
    items = [month.cumulative for month in figures.months]
    figure, axes = panels(2.5, 0.95, between=0.42) if budget and is_ever_broken(budget) else panels(2.5)
    draw_fan(axes[0], items, board.wanted)
    limits = _limits(board, len(items))
    if limits.size:
        edges = np.arange(len(items) + 1) - 0.5
        axes[0].stairs(limits, edges, baseline=None, color=VERMILION, linewidth=1.6, label="approved", zorder=5)
    largest = [*limits.tolist(), *(item.percentile(95.0).value for item in items)]
    money_axis(axes[0].yaxis, money_scale(largest, board.currency))
    from_zero(axes[0])
    legend_above(axes[0])
    if budget and len(axes) > 1:
        _draw_breaches(axes[1], budget)
    month_axis(axes[-1], months)
    return figure


def _limits(board: Board, months: int) -> Array:
    """Return what is approved until the end of each month; nothing where that is not known."""
    budget = board.result.figures.budget
    if budget is None:
        return np.empty(0)
    if len(board.approved) == months:
        return np.cumsum(board.approved)
    return np.full(months, budget.approved) if len(board.approved) == 1 else np.empty(0)


def _draw_breaches(axes: Axes, budget: BudgetFigures) -> None:
    first = [each.value for each in budget.first_breach.by_month] if budget.first_breach else []
    by_then = [each.value for each in budget.p_breach_by_month]
    if first:
        axes.bar(
            range(len(first)), first, width=0.7, color=PALE, edgecolor=BLUE, linewidth=0.8, label="first broken in this month"
        )
    edges = np.arange(len(by_then) + 1) - 0.5
    axes.stairs(
        by_then, edges, baseline=None, color=VERMILION, linestyle="--", linewidth=1.3, label="broken by its end, or before"
    )
    share_axis(axes, "probability")
    legend_above(axes)
