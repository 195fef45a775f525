"""How far each input moves the P95 of the total: a bar from what it is with the input at its P10 to that at its P90."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from simcost.report.charts.breakdown import BOTTOM, DIGIT, ROW, TOP, short_name
from simcost.report.charts.drawing import WIDTH, Asked
from simcost.report.charts.palette import BLUE, INK, PALE, VERMILION
from simcost.report.charts.scales import money_axis, money_scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from simcost.analysis.influences.drivers import InputInfluence
    from simcost.report.drivers.answer import DriversReport

MOST_BARS = 12
"""Those whose uncertainty brings most are drawn; the table has more."""

CAPTION = (
    "Diamonds are what an input's uncertainty brings: the P95 of the total less that with the input at its median. A bar reaches "
    "from the change of P95 with the input at its P10 to that at its P90; one drawn anew in each month is there in all of them."
)


def influences_asked(report: DriversReport) -> Iterator[Asked]:
    """Ask for the chart of the inputs whose uncertainty brings most."""
    shown = largest(report.drivers.inputs)
    if shown:
        currency = report.scenario.currency
        title = "What each input does to the P95"
        draw = partial(influences_figure, shown, currency)
        yield Asked("influences", title, CAPTION, influences_words(shown, currency), draw)


def largest(inputs: Sequence[InputInfluence]) -> list[InputInfluence]:
    """Return the inputs with a defined swing, in the order of the table: the largest impact first."""
    return [each for each in inputs if all(map(isfinite, (*_ends(each), each.impact.p95.value)))][:MOST_BARS]


def influences_words(inputs: Sequence[InputInfluence], currency: str) -> str:
    """Tell the swings."""
    scale = money_scale([end for each in inputs for end in _ends(each)], currency)
    told = (f"{each.input.name} {' to '.join(map(scale.text, _ends(each)))}" for each in inputs)
    return f"Change of P95 in {scale.unit}, input at P10 to P90: {', '.join(told)}"


def influences_figure(inputs: Sequence[InputInfluence], currency: str) -> Figure:
    """Draw a bar of two halves for each input, from top to bottom in their order."""
    from matplotlib.figure import Figure

    height = TOP + ROW * len(inputs) + BOTTOM
    names = [short_name(each.input.name) for each in inputs]
    left = (max(map(cell_len, names)) * DIGIT + 0.2) / WIDTH
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((left, BOTTOM / height, 0.985 - left, ROW * len(inputs) / height))
    rows, impacts = np.arange(len(inputs)), [each.impact.p95.value for each in inputs]
    low, high = zip(*map(_ends, inputs), strict=True)
    at_p10 = axes.barh(rows, low, height=0.62, color=PALE, edgecolor=BLUE, linewidth=0.8, label="input at its P10", zorder=2)
    at_p90 = axes.barh(rows, high, height=0.62, color=BLUE, edgecolor=BLUE, linewidth=0.8, label="input at its P90", zorder=2)
    marks = axes.plot(
        impacts, rows, "D", color=VERMILION, markersize=5, linestyle="none", label="what its uncertainty brings", zorder=5
    )
    axes.margins(x=0.05)
    if not any((*low, *high, *impacts)):
        axes.set_xlim(-1.0, 1.0)
    axes.set_yticks(rows, names)
    axes.set_ylim(len(inputs) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=4)
    money_axis(axes.xaxis, money_scale([*low, *high, *impacts], currency))
    axes.legend(handles=[at_p10, at_p90, *marks], loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, borderaxespad=0.0)
    return figure


def _ends(each: InputInfluence) -> tuple[float, float]:
    return each.at_p10.p95.value, each.at_p90.p95.value
