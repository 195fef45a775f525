"""Which value of one number makes a percentile of the total meet a target: a monotone search on common random numbers.

Every trial is a whole run over the same futures, so the percentile is a function of the number without noise between trials. It
is looked at on a coarse grid first: whether it goes one way, and between which two values it passes the target; the place is then
found by `simcost.analysis.searches.crossing`. The interval of the value is that of the percentile turned round: every value at
which the target lies within the percentile's 95 % interval.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

from simcost.analysis.searches.crossing import last_kept
from simcost.analysis.statistics import Percentile
from simcost.compile.costs import within_limit
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.estimates.intervals import Estimate

POINTS = 5
"""Values of the coarse grid."""

PRECISION = 1e-6
"""Of the range, to which the value is found."""

PRECISION_OF_ENDS = 1e-4
"""Of the range, to which the ends of its interval are."""

FARTHEST = 100.0
"""Ranges beyond the range: a target that is farther off is no matter of looking a little farther."""

EXPECTED = 25
"""Runs that a search takes, about."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found.

    Parameters
    ----------
    value, at_value
        The value that just meets the target, and the percentile there: at most the target, or its rounding more.
    beyond, at_beyond
        A value on the other side, at most two steps of `PRECISION` farther, and the percentile there: above the target. Where
        the range ends at the value, the value itself.
    low, high
        Ends of the value's 95 % interval; None where it reaches beyond the range.
    rising
        Whether the percentile rises with the value.
    runs
        How many were made.
    """

    value: float
    at_value: Percentile
    beyond: float
    at_beyond: Percentile
    low: float | None
    high: float | None
    rising: bool
    runs: int


@dataclass(frozen=True, slots=True)
class Search:
    """What is sought, and how it is tried.

    Parameters
    ----------
    target
        The most that the percentile may be.
    ends
        Between which values to look, ascending.
    percentile
        Makes a run with a value and returns the percentile with its interval; asked once for each value.
    difference
        Makes runs with two values and returns how much the percentile changes from the first to the second.
    whole
        Whether only whole numbers will do.
    named
        What is changed, and how a value and a sum are written, for messages.
    """

    target: float
    ends: tuple[float, float]
    percentile: Callable[[float], Percentile]
    difference: Callable[[float, float], Estimate]
    whole: bool
    named: Names

    @property
    def limit(self) -> float:
        """Return the target with what its rounding may be, as the gate allows it."""
        return within_limit(self.target)


@dataclass(frozen=True, slots=True)
class Names:
    """Words for messages: ``inputs.gpu_price``, a value with its unit, a sum with its currency, the percentile.

    ``unit`` is what ``--between`` needs beside its numbers; empty if nothing. ``limiting`` names the sum that a value which was
    tried exceeds most, in brackets, where there are several.
    """

    target: str
    value: Callable[[float], str]
    money: Callable[[float], str]
    figure: str
    unit: str = ""
    limiting: Callable[[float], str] = field(default=lambda _: "")


def seek(search: Search) -> Sought:
    """Find the value that just meets the target.

    Raises
    ------
    UsageError
        If the target is not reached between the ends, the percentile goes up and down, or does not change.
    """
    tried: dict[float, Percentile] = {}

    def at(value: float) -> Percentile:
        if value not in tried:
            tried[value] = search.percentile(value)
        return tried[value]

    low, high = search.ends
    grid = [low + (high - low) * place / (POINTS - 1) for place in range(POINTS)]
    if search.whole:  # of a month or a term no other value can be tried
        grid = sorted({low, high, *(float(round(value)) for value in grid if low < round(value) < high)})
    figures = [at(value).value for value in grid]
    rising = _direction(search, grid, figures)
    _refuse_unreachable(search, grid, figures)
    sides = ("high", "low") if rising else ("low", "high")
    if search.whole:
        value, beyond = _whole_root(search, at, grid, rising=rising)
        ends = [_whole_end(search, at, grid, which, rising=rising) for which in sides]
    else:
        value, beyond = _root(search, at, grid, rising=rising)
        ends = [_end(search, at, grid, which, rising=rising) for which in sides]
    ends_around = _holding(value, *ends)
    return Sought(value, at(value), beyond, at(beyond), *ends_around, rising, len(tried))


def _holding(value: float, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Move an end to the value where it passes it: of a percentile without an error both are one, found less precisely."""
    return None if low is None else min(low, value), None if high is None else max(high, value)


def _direction(search: Search, grid: Sequence[float], figures: Sequence[float]) -> bool:
    """Tell whether the percentile rises; refuse one that demonstrably does both, or neither."""
    names = search.named
    if len(set(figures)) == 1:
        message = (
            f"{names.figure} is {names.money(figures[0])} whatever {names.target} is. It does not depend on it: seek another."
        )
        raise UsageError(message)
    rising = figures[-1] > figures[0]
    for (first, before), (second, after) in pairwise(zip(grid, figures, strict=True)):
        if (after > before) == rising or after == before:
            continue
        change = search.difference(first, second)
        end = change.high if rising else change.low
        if end is not None and (end < 0.0 if rising else end > 0.0):
            way = "falls" if rising else "rises"
            message = (
                f"{names.figure} goes up and down as {names.target} grows: it {way} from {names.money(before)} at "
                f"{names.value(first)} to {names.money(after)} at {names.value(second)}{_turning(search, grid, figures)}"
            )
            raise UsageError(message)
    return rising


def _turning(search: Search, grid: Sequence[float], figures: Sequence[float]) -> str:
    """Say where the percentile turns, and give the ranges on either side, if it is the least or the most there."""
    names, inner = search.named, range(1, len(grid) - 1)
    for word, extreme in (("least", min(figures)), ("most", max(figures))):
        place = figures.index(extreme)
        if place in inner:
            unit = f" {names.unit}".rstrip()
            ranges = ((grid[0], grid[place]), (grid[place], grid[-1]))
            either = " or ".join(f"`between='{low:.6g},{high:.6g}{unit}'`" for low, high in ranges)
            return f", and is {word} about {names.value(grid[place])}, {names.money(extreme)}. Give {either}."
    return ". Give `between='LOW,HIGH'` where it goes one way."


def _refuse_unreachable(search: Search, grid: Sequence[float], figures: Sequence[float]) -> None:
    if min(figures) <= search.limit and search.target <= max(figures):
        return
    names, (low, high) = search.named, search.ends
    farther = _farther(search.target, grid, figures)
    remedy = "Give `between='LOW,HIGH'` if other values make sense."
    if farther:
        at, ends = farther
        between = f"{ends[0]:.4g},{ends[1]:.4g} {names.unit}".strip()
        remedy = (
            f"Going on as at that end it would at about {names.value(at)}: give `between='{between}'` if such values make sense."
        )
    first, last = (f"{names.money(figures[i])}{names.limiting(search.ends[i])}" for i in (0, -1))
    message = (
        f"{names.figure} does not come to {names.money(search.target)}: it is {first} at {names.target} = "
        f"{names.value(low)} and {last} at {names.value(high)}. {remedy}"
    )
    raise UsageError(message)


def _farther(target: float, grid: Sequence[float], figures: Sequence[float]) -> tuple[float, tuple[float, float]] | None:
    """Return where a straight line through the last two points comes to the target, and a range about it; None if far away.

    A positive range stays positive: what is a price or a number of devices has no meaning below zero.
    """
    beyond_top = abs(figures[-1] - target) < abs(figures[0] - target)
    (end, here), (inner, before) = ((grid[i], figures[i]) for i in ((-1, -2) if beyond_top else (0, 1)))
    if here == before:
        return None
    at = float(f"{end + (target - here) * (end - inner) / (here - before):.3g}")
    if not 0.0 < abs(at - end) <= FARTHEST * (grid[-1] - grid[0]) or (grid[0] > 0.0 >= at):
        return None
    outer = at + (at - end) / 2.0
    return at, ((end, outer) if beyond_top else (max(outer, at / 2.0) if grid[0] > 0.0 else outer, end))


def _root(search: Search, at: Callable[[float], Percentile], grid: Sequence[float], *, rising: bool) -> tuple[float, float]:
    """Return the value that just meets the target, and one that does not: a step from the root, where sums are told apart."""
    step = PRECISION * (grid[-1] - grid[0])
    root = last_kept(lambda value: at(value).value - search.limit, grid, step, rising=rising)
    root = (grid[-1] if rising else grid[0]) if root is None else root
    inner, outer = (root - step, root + step) if rising else (root + step, root - step)
    tried = [each for each in (inner, root, outer) if grid[0] <= each <= grid[-1]]
    met = [each for each in tried if at(each).value <= search.limit]
    missed = [each for each in tried if at(each).value > search.limit]
    return (met[-1] if met else root), (missed[-1] if missed else tried[-1])


def _whole_root(search: Search, at: Callable[[float], Percentile], grid: Sequence[float], *, rising: bool) -> tuple[float, float]:
    """Return the last whole number that meets the target, and the next; by bisection."""
    found = _last_whole(lambda value: at(value).value <= search.limit, grid, rising=rising)
    if found is None:
        names = search.named
        message = (
            f"no whole number between {names.value(grid[0])} and {names.value(grid[-1])} is the last at which {names.figure} is "
            f"at most {names.money(search.target)}. Give a wider `between='LOW,HIGH'`."
        )
        raise UsageError(message)
    return found


def _whole_end(
    search: Search, at: Callable[[float], Percentile], grid: Sequence[float], which: str, *, rising: bool
) -> float | None:
    """Return the last whole number at which an end of the percentile's interval meets the target; None if there is none."""

    def meets(value: float) -> bool:
        end: float | None = getattr(at(value), which)
        return end is not None and end <= search.limit

    found = _last_whole(meets, grid, rising=rising)
    return None if found is None else found[0]


def _last_whole(meets: Callable[[float], bool], grid: Sequence[float], *, rising: bool) -> tuple[float, float] | None:
    """Return the last whole number that meets the target, and the next, by bisection; None if the range has no such pair."""
    first, last = ceil(grid[0]), floor(grid[-1])
    met, missed = (first, last) if rising else (last, first)
    if first > last or not meets(float(met)) or meets(float(missed)):
        return None
    while abs(missed - met) > 1:
        middle = (met + missed) // 2
        met, missed = (middle, missed) if meets(float(middle)) else (met, middle)
    return float(met), float(missed)


def _end(search: Search, at: Callable[[float], Percentile], grid: Sequence[float], which: str, *, rising: bool) -> float | None:
    """Return where an end of the percentile's interval passes the target; None if that is nowhere in the range."""

    def gap(value: float) -> float:
        end: float | None = getattr(at(value), which)
        return float("nan") if end is None else end - search.limit

    return last_kept(gap, grid, PRECISION_OF_ENDS * (grid[-1] - grid[0]), rising=rising)
