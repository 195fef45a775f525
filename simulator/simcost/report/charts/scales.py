"""Axes of money, of months and of probability, with few labels that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from simcost.report.parts.money import POWERS_FROM, SCALES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

LABEL = 2
"""Widths of a digit that stand between two labels at least."""

MOST_DECIMALS = 6
"""Of a sum beside others that are a million times as large."""

THOUSANDS_FROM = 9e4
"""Money from here on is written in thousands: seven letters beside a tick would push the unit off the drawing."""

DIGITS_ACROSS = 88
"""Digits of an axis label that the horizontal axis holds."""


@dataclass(frozen=True, slots=True)
class MoneyScale:
    """In what money is written: ``factor`` of it are one ``unit``, such as million CNY."""

    factor: float
    unit: str

    def text(self, value: float) -> str:
        """Write a sum with the digits that tell it: ``64.3``, ``1.24``, ``0.0012``."""
        size = abs(value / self.factor)
        decimals = 0 if size >= 1_000 or value == 0 else 1 if size >= 10 else 2
        if 0 < size < 0.1:
            decimals = min(1 - floor(log10(size)), MOST_DECIMALS)
        return f"{round(value / self.factor, decimals) + 0.0:,.{decimals}f}"

    def tick(self, value: float, _place: object = None) -> str:
        """Write what stands beside a tick."""
        return f"{value / self.factor + 0.0:,.10g}"


def money_scale(values: Iterable[float], currency: str) -> MoneyScale:
    """Choose the scale that suits the largest of some sums."""
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    if largest >= POWERS_FROM:
        power = 3 * (floor(log10(largest)) // 3)
        return MoneyScale(10.0**power, f"10^{power} {currency}")
    thousands = (1e3, "thousand ") if largest >= THOUSANDS_FROM else (1.0, "")
    factor, word = next(((scale, word) for scale, word in SCALES if largest >= scale), thousands)
    return MoneyScale(factor, f"{word}{currency}")


def money_axis(axis: Axis, scale: MoneyScale) -> None:
    """Label an axis of money."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(scale.tick))
    axis.set_label_text(scale.unit)


def share_axis(axes: Axes, label: str, *, whole: bool = False) -> None:
    """Label the vertical axis as one of probability: from 0 to 100 % if ``whole``."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.10g} %"))
    axes.set_ylabel(label)
    axes.set_ylim(0.0, 1.0 if whole else max(axes.get_ylim()[1], 0.01))


def from_zero(axes: Axes) -> None:
    """Let the vertical axis begin at zero, or below it where something is negative."""
    low, high = axes.dataLim.y0, axes.dataLim.y1
    if not isfinite(low) or not isfinite(high) or low == high == 0.0:
        low, high = 0.0, 1.0
    margin = 0.06 * (max(high, 0.0) - min(low, 0.0))
    axes.set_ylim(min(low - margin, 0.0) if low < 0 else 0.0, high + margin if high > 0 else 0.0)


def month_axis(axes: Axes, months: Sequence[str]) -> None:
    """Label the horizontal axis of months at 0, 1, ...: their numbers and beneath them the years, as many as have room."""
    labels = month_labels(months)
    axes.set_xticks(list(labels), list(labels.values()))
    axes.set_xlim(-0.6, len(months) - 0.4)
    axes.grid(visible=False, axis="x")


def month_labels(months: Sequence[str]) -> dict[int, str]:
    """Return the labels by the places of their months, which are named ``2027-01``.

    Every month, every quarter or every year, by what has room; a year stands beneath its January, and beneath the first month
    if no January follows so soon that both would touch.
    """
    apart = DIGITS_ACROSS / max(len(months), 1)
    step = next((each for each in (1, 3, 12) if each * apart >= 2 + LABEL), 12)
    every = next((each for each in (1, 2, 5, 10) if 12 * each * apart >= 4 + LABEL), 20)
    labels = {}
    for place, name in enumerate(months):
        year, month = name.split("-")
        if month == "01" and int(year) % every == 0:
            labels[place] = f"{month}\n{year}" if step < 12 else year
        elif (int(month) - 1) % step == 0 and step < 12:
            labels[place] = month
    return dict(sorted((labels | _first_label(months, labels, step, (4 + LABEL) / apart)).items()))


def _first_label(months: Sequence[str], labels: Mapping[int, str], step: int, room: float) -> dict[int, str]:
    """Return the label of the first month, with its year; less of it, or none, where others follow before ``room`` months."""
    year, month = months[0].split("-")
    if step == 12:
        return {0: months[0]} if all(place >= 2 * room for place in labels if place) else {}
    if all(place >= room for place, text in labels.items() if place and "\n" in text):
        return {0: f"{month}\n{year}"} if 0 in labels or all(place >= room for place in labels) else {}
    return {}
