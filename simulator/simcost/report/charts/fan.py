"""Percentiles along months: the band from P5 to P95, the median, the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.report.charts.palette import BLUE, INK, PALE
from simcost.report.charts.scales import money_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from simcost.analysis.statistics import Statistics
    from simcost.report.board.board import Board
    from simcost_kernels.arrays import Array

MOST_MARKED = 36
"""Months up to which each has its mark on the line of the median."""


def draw_fan(axes: Axes, items: Sequence[Statistics], wanted: float) -> None:
    """Draw percentiles of two months or more, with that of the wanted confidence."""
    x = np.arange(len(items), dtype=np.float64)
    marked = "o" if len(items) <= MOST_MARKED else ""
    axes.fill_between(x, _along(items, 5.0), _along(items, 95.0), color=PALE, linewidth=0, label="P5 to P95", zorder=1)
    axes.plot(x, _along(items, wanted), color=BLUE, linestyle=":", label=f"P{wanted:.10g}", zorder=2)
    axes.plot(x, _along(items, 50.0), color=BLUE, marker=marked, markersize=3.5, label="P50 (median)", zorder=3)
    axes.plot(x, _along(items, None), color=INK, linestyle=(0, (4, 2)), linewidth=1.1, label="mean", zorder=4)


def _along(items: Sequence[Statistics], p: float | None) -> Array:
    return np.array([item.mean if p is None else item.percentile(p).value for item in items])


def fan_words(board: Board, medians: Sequence[float]) -> str:
    """Tell the medians of the first, the last, the dearest and the cheapest month."""
    names = [month.month for month in board.result.figures.months]
    scale = money_scale(medians, board.currency)
    told = sorted({0, len(medians) - 1, medians.index(max(medians)), medians.index(min(medians))})
    return f"P50 in {scale.unit}: {', '.join(f'{names[place]} {scale.text(medians[place])}' for place in told)}"


def legend_above(axes: Axes) -> None:
    """Put what the lines are above them, where nothing lies beneath."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.99), ncols=6, borderaxespad=0.0, handlelength=2.2, columnspacing=1.4)
