"""What each month costs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simcost.report.charts.drawing import Asked, panels
from simcost.report.charts.fan import draw_fan, fan_words, legend_above
from simcost.report.charts.palette import VERMILION
from simcost.report.charts.scales import from_zero, money_axis, money_scale, month_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simcost.report.board.board import Board

TITLE = "What each month costs"
CAPTION = (
    "A month costs at most P50 in half of the scenarios, and between P5 and P95 in nine of ten. "
    "Percentiles of months do not add up to those of the whole."
)


def asked(board: Board) -> Asked:
    """Ask for this chart."""
    items = [month.total.percentile(50.0).value for month in board.result.figures.months]
    return Asked("months", TITLE, CAPTION, fan_words(board, items), partial(months_figure, board))


def months_figure(board: Board) -> Figure:
    """Draw the percentiles of each month, and what is approved for it where that is told by month."""
    figures = board.result.figures
    items = [month.total for month in figures.months]
    figure, (axes,) = panels(2.5)
    draw_fan(axes, items, board.wanted)
    by_month = len(board.approved) == len(items) > 1 and not (figures.budget and figures.budget.periods)
    if by_month:
        edges = np.arange(len(items) + 1) - 0.5
        axes.stairs(board.approved, edges, baseline=None, color=VERMILION, linewidth=1.6, label="approved", zorder=5)
    money_axis(
        axes.yaxis, money_scale([*board.approved * by_month, *(item.percentile(95.0).value for item in items)], board.currency)
    )
    month_axis(axes, [month.month for month in figures.months])
    from_zero(axes)
    legend_above(axes)
    return figure
