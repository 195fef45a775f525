"""What the total is at each value of a number that is swept, and where the choice between two options flips."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simcost.report.charts.drawing import Asked, panels
from simcost.report.charts.fan import legend_above
from simcost.report.charts.palette import BLUE, INK, MUTED, PALE, VERMILION
from simcost.report.charts.scales import from_zero, money_axis, money_scale, share_axis
from simcost.report.parts.money import percent, quantity
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.report.compare.answer import CompareReport
    from simcost.report.search.answers import SweepReport
    from simcost.report.search.beside import SweepsBeside
    from simcost_kernels.arrays import Array

CAPTION = (
    "At each value the total is at most P50 in half of the scenarios, and between P5 and P95 in nine of ten. All values face the "
    "same futures."
)
CAPTION_OF_A_CROSSOVER = (
    "The share of the futures in which the option costs less, at each value; on the dashed line both are as likely so. "
    "The band holds nine in ten of the values at which the choice flips, the upright line is their median."
)


MOST_TICKS = 7
"""Labels that the axis of the values holds."""


def sweep_asked(report: SweepReport) -> Iterator[Asked]:
    """Ask for the chart of a sweep over one number; of two, the tables tell it."""
    if len(report.grids) == 1 and len(report.points) > 1:
        (grid,) = report.grids
        scale = money_scale((point.total.percentile(50.0).value for point in report.points), report.scenario.currency)
        medians = ((point.values[0], point.total.percentile(50.0).value) for point in report.points)
        told = ", ".join(f"{quantity(value)} {scale.text(median)}" for value, median in medians)
        draw = partial(sweep_figure, report)
        yield Asked("sweep", f"What it costs by {grid.target}", CAPTION, f"P50 in {scale.unit}: {told}", draw)


def sweep_figure(report: SweepReport) -> Figure:
    """Draw mean, median and the band from P5 to P95 over the values."""
    (grid,), points = report.grids, sorted(report.points, key=lambda point: point.values)
    x = np.array([point.values[0] for point in points])

    def along(p: float) -> Array:
        return np.array([point.total.percentile(p).value for point in points])

    figure, (axes,) = panels(2.8)
    axes.fill_between(x, along(5.0), along(95.0), color=PALE, linewidth=0, label="P5 to P95", zorder=1)
    axes.plot(x, along(80.0), color=BLUE, linestyle=":", label="P80", zorder=2)
    axes.plot(x, along(50.0), color=BLUE, marker="o", markersize=3.5, label="P50 (median)", zorder=3)
    means = np.array([point.total.mean for point in points])
    axes.plot(x, means, color=INK, linestyle=(0, (4, 2)), linewidth=1.1, label="mean", zorder=4)
    money_axis(axes.yaxis, money_scale(along(95.0), report.scenario.currency))
    _value_axis(axes, grid.target, grid.unit, x)
    from_zero(axes)
    legend_above(axes)
    return figure


CAPTION_OF_SEVERAL = (
    "Lines are the medians (P50) of each, bands reach from its P5 to its P95. All of them face the futures of their seeds."
)
COLOURS = ((BLUE, "o", "-"), (VERMILION, "s", "--"), (INK, "^", ":"), (MUTED, "D", "-."))
"""Of the first sweeps, each with a mark and a line of its own; more begin anew."""


def sweeps_asked(found: SweepsBeside) -> Iterator[Asked]:
    """Ask for the chart of several sweeps."""
    first = found.sweeps[0]
    scale = money_scale(found.along(0, 50.0), first.scenario.currency)
    told = (f"{name}: {', '.join(map(scale.text, found.along(place, 50.0)))}" for place, name in enumerate(found.names))
    title = f"What each costs by {first.grids[0].target}"
    yield Asked("sweeps", title, CAPTION_OF_SEVERAL, f"P50 in {scale.unit}: {'; '.join(told)}", partial(sweeps_figure, found))


def sweeps_figure(found: SweepsBeside) -> Figure:
    """Draw the median and the band of each option over the values."""
    first, x = found.sweeps[0], np.array(found.values)
    figure, (axes,) = panels(3.0)
    for place, name in enumerate(found.names):
        colour, mark, line = COLOURS[place % len(COLOURS)]
        axes.fill_between(x, found.along(place, 5.0), found.along(place, 95.0), color=colour, alpha=0.18, linewidth=0, zorder=1)
        axes.plot(x, found.along(place, 50.0), color=colour, marker=mark, linestyle=line, markersize=4, label=printable(name))
    highest = [value for place in range(len(found.names)) for value in found.along(place, 95.0)]
    money_axis(axes.yaxis, money_scale(highest, first.scenario.currency))
    _value_axis(axes, first.grids[0].target, first.grids[0].unit, x)
    from_zero(axes)
    legend_above(axes)
    return figure


def crossovers_asked(report: CompareReport) -> Iterator[Asked]:
    """Ask for a chart of each crossover."""
    for place, each in enumerate(report.crossovers):
        shares = zip(each.values, each.cheaper_at, strict=True)
        told = ", ".join(f"{quantity(value)} {percent(share.value)}" for value, share in shares)
        title = f"How often {each.name} is cheaper than {each.against}, by {each.target}"
        yield Asked(f"crossover-{place}", title, CAPTION_OF_A_CROSSOVER, told, partial(crossover_figure, each))


def crossover_figure(crossover: Crossover) -> Figure:
    """Draw the share of futures in which the option costs less, and where the choice flips."""
    figure, (axes,) = panels(2.4)
    shares = [share.value for share in crossover.cheaper_at]
    if (at := crossover.at) is not None:
        low, high = at.percentile(5.0).value, at.percentile(95.0).value
        axes.axvspan(low, high, color=PALE, linewidth=0, label="P5 to P95 of the flip", zorder=1)
        axes.axvline(at.percentile(50.0).value, color=VERMILION, linewidth=1.6, label="median of the flip", zorder=3)
    axes.plot(crossover.values, shares, color=BLUE, marker="o", markersize=3.5, label="cheaper in", zorder=4)
    axes.axhline(0.5, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
    share_axis(axes, "share of futures", whole=True)
    _value_axis(axes, crossover.target, crossover.unit, np.array(crossover.values))
    legend_above(axes)
    return figure


def _value_axis(axes: Axes, target: str, unit: str, values: Array) -> None:
    """Label the horizontal axis with the number, as a table would, at the values themselves where they are few and apart."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ordered = np.unique(values)
    if len(ordered) <= MOST_TICKS and np.diff(ordered).min(initial=np.inf) * MOST_TICKS >= ordered[-1] - ordered[0]:
        axes.set_xticks(ordered)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: quantity(value)))
    axes.set_xlabel(printable(target if unit in ("", "1") else f"{target}, {unit}"))
