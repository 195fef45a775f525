"""How the total is distributed, and how sure each sum is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from simcost.report.charts.drawing import Asked, panels
from simcost.report.charts.palette import BLUE, INK, MUTED, PALE, VERMILION
from simcost.report.charts.scales import money_axis, money_scale, share_axis
from simcost.report.parts.money import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simcost.report.board.board import Board
    from simcost.report.charts.scales import MoneyScale
    from simcost_kernels.arrays import Array

TITLE = "What the whole costs, and how sure each sum is"
CAPTION = (
    "Above: how many of the scenarios cost how much, in bars of equal width. Beneath: in which share of them a sum is enough. "
    "At most one scenario in two hundred lies left of the picture, and as many right of it."
)
ROW = 0.155
"""Inches that a row of labels takes."""

CHARACTER = 0.0115
"""Share of the axis that a character of a label takes."""

GAP = 0.012
"""Share of the axis between two labels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sum that is marked: ``share`` of the scenarios cost no more."""

    label: str
    value: float
    share: float
    approved: bool = False


def distribution_figure(board: Board) -> Figure:
    """Draw the histogram of the total and beneath it the share of the scenarios in which a sum is enough."""
    counted = board.histogram()
    edges, counts = counted.edges[0], counted.counts[0].astype(np.float64)
    marks, scale = marks_of(board), _scale(board)
    low, high = _limits(edges, marks)
    labels = [_label(mark, scale) for mark in marks]
    starts = [(each.value - low) / (high - low) for each in marks]
    rows = label_rows(starts, [len(label) * CHARACTER for label in labels])
    figure, (bars, curve) = panels(1.9, 1.7, top=0.1 + ROW * (max(rows, default=0) + 1))
    draw_bars(bars, edges, counts)
    x, y = cumulative(edges, counts)
    curve.plot([min(low, x[0]), *x, max(high, x[-1])], [0.0, *y, 1.0], color=BLUE, zorder=3)
    share_axis(curve, "the sum is enough", whole=True)
    for axes in (bars, curve):
        axes.set_xlim(low, high)
    for mark, label, start, row in zip(marks, labels, starts, rows, strict=True):
        _draw_mark(bars, curve, mark)
        right = start + len(label) * CHARACTER > 1.0
        bars.annotate(
            label,
            (mark.value, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2 if right else -2, 3 + 72 * ROW * row),
            textcoords="offset points",
            ha="right" if right else "left",
            color=VERMILION if mark.approved else INK,
            annotation_clip=False,
        )
    share_axis(bars, "share of scenarios")
    money_axis(curve.xaxis, scale)
    return figure


def asked(board: Board) -> Asked:
    """Ask for this chart."""
    scale = _scale(board)
    told = f"In {scale.unit}: {', '.join(_label(mark, scale) for mark in marks_of(board))}"
    return Asked("total", TITLE, CAPTION, told, partial(distribution_figure, board))


def _scale(board: Board) -> MoneyScale:
    total, budget = board.result.figures.total, board.result.figures.budget
    return money_scale([total.max, total.min, *([budget.approved] if budget else [])], board.currency)


def _label(mark: Mark, scale: MoneyScale) -> str:
    return f"{mark.label} {scale.text(mark.value)}{f' ({percent(mark.share)})' if mark.approved else ''}"


def marks_of(board: Board) -> tuple[Mark, ...]:
    """Return P50, that of the wanted confidence, P95 and what is approved; a total that is certain has one."""
    figures = board.result.figures
    total, budget = figures.total, figures.budget
    places = sorted({50.0, board.wanted, 95.0})
    marks = [Mark(f"P{p:.10g}", total.percentile(p).value, p / 100.0) for p in places]
    if total.min == total.max:
        marks = [Mark("always", total.mean, 1.0)]
    if budget:
        marks.append(Mark("approved", budget.approved, budget.probability_within.value, approved=True))
    return tuple(mark for mark in marks if isfinite(mark.value))


def draw_bars(axes: Axes, edges: Array, counts: Array) -> None:
    """Draw the share of the scenarios in each bin; of the two outermost, which are broader, what is in as much of them."""
    inner = np.diff(edges[1:-1])
    width, whole = float(inner.max(initial=0.0)), max(float(counts.sum()), 1.0)
    if width <= 0.0:  # at least 99 % of the scenarios cost the same
        same = counts[np.diff(edges) <= 0.0].sum() / whole if np.any(np.diff(edges) <= 0.0) else 1.0
        axes.vlines([float(edges[1])], 0.0, [float(same)], color=BLUE, linewidth=6)
        axes.set_ylim(0.0, 1.05)
        return
    widths = np.diff(edges)
    shares = counts / whole * np.divide(width, widths, out=np.zeros_like(widths), where=widths > 0.0)
    axes.stairs(shares, edges, fill=True, color=PALE, linewidth=0)
    axes.stairs(shares, edges, color=BLUE, linewidth=0.9)
    axes.set_ylim(0.0, float(shares.max()) * 1.08)


def cumulative(edges: Array, counts: Array) -> tuple[Array, Array]:
    """Return sums and the share of the scenarios that cost no more: the edges of the bins, and what lies below each."""
    share = np.concatenate([[0.0], np.cumsum(counts)]) / max(float(counts.sum()), 1.0)
    return edges, share


def _limits(edges: Array, marks: Sequence[Mark]) -> tuple[float, float]:
    shown = [float(edges[1]), float(edges[-2]), *(mark.value for mark in marks)]
    shown = [each for each in shown if isfinite(each)] or [0.0]
    low, high = min(shown), max(shown)
    margin = 0.03 * (high - low) or 0.05 * abs(high) or 1.0
    return low - margin, high + margin


def _draw_mark(bars: Axes, curve: Axes, mark: Mark) -> None:
    """Draw a line through both panels at a sum, and the share that it stands for on the curve."""
    color, dashes = (VERMILION, "--") if mark.approved else (INK, "-")
    for axes in (bars, curve):
        axes.axvline(mark.value, color=color, linestyle=dashes, linewidth=1.2, zorder=4)
    curve.plot([mark.value], [mark.share], "D" if mark.approved else "o", color=color, markersize=5, clip_on=False, zorder=5)
    curve.hlines(mark.share, curve.get_xlim()[0], mark.value, color=MUTED, linewidth=0.7, linestyle=":", zorder=2)


def label_rows(starts: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Return in which row above the bars each label stands, so that none lies upon another; all in shares of the axis.

    A label begins at its mark, or ends there where it would not end on the axis.
    """
    taken: list[list[tuple[float, float]]] = []
    rows = [0] * len(starts)
    for number in sorted(range(len(starts)), key=starts.__getitem__):
        start, width = starts[number], widths[number]
        begin, end = (start, start + width) if start + width <= 1.0 else (start - width, start)
        free = (row for row, others in enumerate(taken) if all(end + GAP <= a or b + GAP <= begin for a, b in others))
        rows[number] = next(free, len(taken))
        if rows[number] == len(taken):
            taken.append([])
        taken[rows[number]].append((begin, end))
    return rows
