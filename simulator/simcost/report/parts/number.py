"""A number of any size in a few characters, for tables in which quantities of all kinds stand beside each other."""

from __future__ import annotations

from math import isfinite

from simcost.report.parts.money import NOTHING

DIGITS = 5
"""Significant digits of what is not whole."""

WHOLE_FROM = 10_000.0
PLAIN_FROM, PLAIN_TO = 1e-3, 1e9


def number(value: float) -> str:
    """``12.346``, ``1,234,568``, ``1.2346e+12``: five digits, whole numbers and those from 10,000 on without decimals."""
    if not isfinite(value):
        return NOTHING
    size = abs(value)
    if size and not PLAIN_FROM <= size < PLAIN_TO:
        return f"{value:.{DIGITS}g}"
    if value == round(value) or size >= WHOLE_FROM:
        return f"{round(value) + 0:,}"
    text = f"{value:,.{DIGITS}g}" if size < 1 else f"{value:,.{DIGITS - len(str(int(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
