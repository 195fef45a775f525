"""What categories, cost lines or fiscal years cost, each with the range of nine scenarios in ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len, set_cell_size

from simcost.report.charts.drawing import WIDTH
from simcost.report.charts.palette import BLUE, INK, PALE, VERMILION
from simcost.report.charts.scales import money_axis, money_scale
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from simcost.analysis.statistics import Statistics

CAPTION = "Bars and figures are means, which add up; lines reach from P5 to P95, which do not."
MOST_BARS = 20
"""The dearest are drawn; the table has all."""

LONGEST_NAME = 34
"""Columns of a terminal that a name takes; what is longer is cut."""

DIGIT = 0.072
"""Inches of a column of a terminal in the type of the charts."""

ROW, TOP, BOTTOM = 0.27, 0.3, 0.52
"""Inches: a bar, above them and beneath them."""


def dearest(items: Mapping[str, Statistics]) -> dict[str, Statistics]:
    """Return those whose means are furthest from zero, the largest first."""
    kept = sorted(items, key=lambda name: -abs(items[name].mean))[:MOST_BARS]
    return {name: items[name] for name in sorted(kept, key=lambda name: -items[name].mean)}


def breakdown_words(items: Mapping[str, Statistics], currency: str) -> str:
    """Tell the means."""
    scale = money_scale((item.mean for item in items.values()), currency)
    return f"Means in {scale.unit}: {', '.join(f'{name} {scale.text(item.mean)}' for name, item in items.items())}"


def breakdown_figure(
    items: Mapping[str, Statistics], currency: str, *, approved: Mapping[str, float], marked: str = "approved"
) -> Figure:
    """Draw a bar for each item from top to bottom, in their order.

    Parameters
    ----------
    approved
        What is approved for some of them, by name.
    marked
        What the legend calls these sums.
    """
    from matplotlib.figure import Figure

    height = TOP + ROW * len(items) + BOTTOM
    names = [short_name(name) for name in items]
    left = (max(map(cell_len, names)) * DIGIT + 0.2) / WIDTH
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((left, BOTTOM / height, 0.985 - left, ROW * len(items) / height))
    rows = np.arange(len(items))
    ends = [(item.percentile(5.0).value, item.percentile(95.0).value) for item in items.values()]
    scale = money_scale([*approved.values(), *(end for pair in ends for end in pair)], currency)
    means = [item.mean for item in items.values()]
    bars = axes.barh(rows, means, height=0.62, color=PALE, edgecolor=BLUE, linewidth=0.8, label="mean", zorder=2)
    low, high = zip(*ends, strict=True)
    ranges = axes.hlines(rows, low, high, color=INK, linewidth=1.4, label="P5 to P95", zorder=3)
    for end in (low, high):
        axes.plot(end, rows, "|", color=INK, markersize=7, markeredgewidth=1.4, zorder=3)
    sums = [approved.get(name, 0.0) for name in items]
    for row, furthest in enumerate(np.fmax(np.fmax(high, means), np.fmax(sums, 0.0))):
        axes.annotate(scale.text(means[row]), (furthest, row), xytext=(6, 0), textcoords="offset points", va="center")
    marks = _mark(axes, list(items), approved, marked)
    axes.margins(x=0.1)
    if not any((*low, *high, *means, *approved.values())):
        axes.set_xlim(0.0, 1.0)
    axes.set_yticks(rows, names)
    axes.set_ylim(len(items) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=4)
    money_axis(axes.xaxis, scale)
    axes.legend(handles=[bars, ranges, *marks], loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, borderaxespad=0.0)
    return figure


def _mark(axes: Axes, names: list[str], approved: Mapping[str, float], marked: str) -> list[Line2D]:
    """Draw what is approved for some of the rows; return what the legend tells of."""
    found = [(approved[name], row) for row, name in enumerate(names) if name in approved]
    if not found:
        return []
    sums, rows = zip(*found, strict=True)
    return axes.plot(sums, rows, "D", color=VERMILION, markersize=6, linestyle="none", label=marked, zorder=5)


def short_name(name: str) -> str:
    """Cut a name that is too long to stand beside its bar."""
    shown = " ".join(printable(name).split())
    return shown if cell_len(shown) <= LONGEST_NAME else f"{set_cell_size(shown, LONGEST_NAME - 1).rstrip()}…"
