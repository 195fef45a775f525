"""Numbers as people read them."""

from __future__ import annotations

from math import floor, isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.estimates.tail_mean import TailMean
    from simcost.analysis.statistics import Percentile

    Figure = Estimate | Percentile | TailMean

WHOLE_FROM = 1_000
"""Money from here on is shown without decimals."""

POWERS_FROM = 1e15
"""Money from here on is shown by its power of ten: float64 knows no more of its digits, and nobody reads them."""

NOTHING = "-"
"""What stands for a number that is undefined."""


def decimals_for(values: Iterable[float]) -> int:
    """Decimals that suit a whole table: none once its largest value reaches ``WHOLE_FROM``, else two."""
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    return 0 if largest >= WHOLE_FROM else 2


def money(value: float | None, decimals: int = 0) -> str:
    """``1,595,000``: thousands apart, no minus before a zero."""
    if value is None or not isfinite(value):
        return NOTHING
    if abs(value) >= POWERS_FROM:
        return f"{value:.4g}"
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def adding_up(parts: Sequence[float], whole: float, decimals: int = 0) -> tuple[float, ...]:
    """Round parts so that they add up to a rounded whole, each up or down: those with the largest remainders up.

    ``whole`` is their sum but for less than one unit of the last decimal.
    """
    unit = 10.0**-decimals
    if not all(map(isfinite, (whole, *parts))):
        return tuple(parts)
    floors = [floor(each / unit) for each in parts]
    missing = round(whole / unit) - sum(floors)
    up = sorted(range(len(parts)), key=lambda place: floors[place] - parts[place] / unit)[:missing]
    return tuple((each + (place in up)) * unit for place, each in enumerate(floors))


def half_width(figure: Figure, decimals: int = 0) -> str:
    """``±4,100``: half of an interval; nothing where an end does not exist."""
    low, high = figure.low, figure.high
    return NOTHING if low is None or high is None else f"±{money((high - low) / 2, decimals)}"


def signed(value: float, decimals: int = 0) -> str:
    """``+4,100``: money with its sign; none where all the digits that are shown are zero."""
    text = money(value, decimals)
    return f"+{text}" if value > 0 and text != money(0.0, decimals) else text


def interval(figure: Figure, shown: Callable[[float], str]) -> str:
    """``4,100 to 5,200``; empty where an end does not exist."""
    return "" if figure.low is None or figure.high is None else f"{shown(figure.low)} to {shown(figure.high)}"


def with_interval(figure: Figure, shown: Callable[[float], str]) -> tuple[str, str]:
    """Return the texts of a figure and of its interval."""
    return shown(figure.value), interval(figure, shown)


def percent(share: float | None) -> str:
    """``43.2 %``; what is neither impossible nor certain is never shown as 0 % or 100 %."""
    if share is None or not isfinite(share):
        return NOTHING
    if share in (0.0, 1.0):
        return f"{100 * share + 0.0:.0f} %"  # a sum of nothing may be -0.0
    text = f"{100 * share:.1f} %"
    return {"0.0 %": "<0.1 %", "100.0 %": ">99.9 %"}.get(text, text)


def wanted_percent(share: float) -> str:
    """``99.5 %``: a share that somebody has chosen, with all its digits."""
    return f"{100 * share:.10g} %"


def quantity(value: float, unit: str = "", digits: int = 5) -> str:
    """``23,070,000 user``: a number that is no money, with so many digits that count, and its unit if it has one."""
    size = abs(value)
    if size and not 1e-4 <= size < POWERS_FROM:
        text = f"{value:.{digits}g}"
    else:
        whole = len(f"{int(size)}") if size >= 1 else 0
        rounded = float(f"{value:.{digits}g}")
        text = f"{rounded:,.{max(digits - whole, 0) + (3 if size < 1 else 0)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if unit in ("", "1") else f"{text} {unit}"


SCALES = ((1e9, "billion "), (1e6, "million "))
"""Words for large money, in sentences."""


def span_in_words(low: float, high: float, currency: str) -> str:
    """``0.9 to 2.1 million CNY``: both ends with as many digits as tell them apart; one number where nothing does."""
    scale, word = next(((s, w) for s, w in SCALES if max(abs(low), abs(high)) >= s), (1.0, ""))
    if scale == 1.0:
        decimals = decimals_for([low, high])
        texts = [money(low, decimals), money(high, decimals)]
    else:
        pairs = ([f"{round(end / scale, digits) + 0.0:,.{digits}f}" for end in (low, high)] for digits in (1, 2, 3, 4))
        texts = next((pair for pair in pairs if pair[0] != pair[1]), [f"{low / scale:,.4f}"] * 2)
    return f"{texts[0] if texts[0] == texts[1] else ' to '.join(texts)} {word}{currency}"
