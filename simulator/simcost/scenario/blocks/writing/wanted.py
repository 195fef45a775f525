"""What a block's key must be: its unit, and the range of its value. Checked on the input or driver that it becomes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from simcost.scenario.bounds import ANY, Bounds
from simcost.scenario.distributions import canonical as d
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.quantities.vocabulary import CALENDAR, CLOCK, MONEY

if TYPE_CHECKING:
    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.quantities.vocabulary import Dimension
    from simcost.scenario.scenario import Input

MOST_OUTSIDE = 1e-6
"""Probability outside of what is possible that a distribution may have: one scenario in a million."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a value must be.

    Parameters
    ----------
    unit
        Any of the same dimension is taken; None takes every unit.
    bounds
        In that unit, or in the value's own.
    example
        What the user may write: ``attrition = "12 %/year"``.
    """

    unit: Unit | None
    bounds: Bounds = ANY
    example: str = ""


def is_wanted_input(each: Input, wanted: Wanted, findings: Findings) -> bool:
    """Whether an input has the unit and the range that its block wants; a finding if not."""
    place: Place = ("inputs", each.name)
    if not _fits(each.unit, wanted, place, findings):
        return False
    factor = each.unit.scale / wanted.unit.scale if wanted.unit is not None else Fraction(1)
    if isinstance(each.distribution, d.Constant):
        problem = _out_of_bounds(each.text, float(each.distribution.value * factor), wanted)
    else:
        problem = _at_an_open_end(each, wanted.bounds, factor) or _reaching_out(each, wanted.bounds, factor)
    if problem:
        findings.add(Finding(place, *problem))
    return problem is None


def is_wanted_driver(name: str, unit: Unit, wanted: Wanted, findings: Findings) -> bool:
    """Whether a formula yields the unit that its block wants; a finding if not."""
    return _fits(unit, wanted, ("drivers", name), findings)


def _fits(unit: Unit, wanted: Wanted, place: Place, findings: Findings) -> bool:
    expected = wanted.unit
    if expected is None or unit.dimension == expected.dimension or _as_money(unit) == _as_money(expected):
        return True
    what = f"this is in {unit.text} ({unit.described})" if unit.dimension else "this is a pure number"
    other = f"not in {expected.text} ({expected.described})" if expected.dimension else "not a pure number"
    hint = "" if "hours" in wanted.example else _by_hours(unit, expected) or _of_a_year(str(place[1]), unit)
    findings.add(Finding(place, f"{what}, {other}", f"Write for example {wanted.example}{hint}."))
    return False


def _by_hours(unit: Unit, expected: Unit) -> str:
    """Return what else helps where the two differ by the kind of time alone: ``request/month`` for ``request/s``."""
    found, wanted = dict(unit.dimension), dict(expected.dimension)
    for mine, its, remedy in (
        (CALENDAR, CLOCK, '; or divide a name by the hours of each month: "NAME / hours"'),
        (CLOCK, CALENDAR, '; or multiply a name by the hours of each month: "NAME * hours"'),
    ):
        rest = {base: power for base, power in found.items() if base != mine}
        if found.get(mine) == wanted.get(its) == -1 and rest == {base: power for base, power in wanted.items() if base != its}:
            return remedy
    return ""


def _of_a_year(name: str, unit: Unit) -> str:
    """Return what else helps where growth is given by the month or the year: it is a share, and of a year."""
    by_time = dict(unit.dimension) in ({CALENDAR: -1}, {CLOCK: -1})
    if not by_time or not name.endswith(("growth", "decline")):
        return ""
    return "; it is what a year brings: of 3 % in each month 42.6 % if it grows, 30.6 % if it falls"


def _as_money(unit: Unit) -> Dimension:
    """Return a dimension in which all currencies are one: a price may be in any; a rate from one to another keeps both."""
    currencies = [base for base, _ in unit.dimension if base.startswith(MONEY)]
    if len(currencies) != 1:
        return unit.dimension
    return tuple(sorted((MONEY if base == currencies[0] else base, power) for base, power in unit.dimension))


def _out_of_bounds(text: str, value: float, wanted: Wanted) -> tuple[str, str] | None:
    """Say what is wrong with a certain value."""
    broken = wanted.bounds.violated(value)
    if not broken:
        return None
    unitless = broken.startswith("a ") or wanted.unit is None or not wanted.unit.dimension
    expected = broken if unitless or wanted.unit is None else f"{broken} {wanted.unit.text}"
    percentage = (
        f', or write "{value:g} %"' if unitless and broken.endswith(" 1") and 2 <= value <= 100 and "%" not in text else ""
    )
    return f"{show(text)} is not {expected}", f"Give {expected}{percentage}."


def _reaching_out(each: Input, bounds: Bounds, factor: Fraction) -> tuple[str, str] | None:
    """Say what is wrong with a distribution that may give what is impossible."""
    least = bounds.least if bounds.least is not None else bounds.above
    most = bounds.most if bounds.most is not None else bounds.below
    low, high = -math.inf if least is None else float(least / factor), math.inf if most is None else float(most / factor)
    first, last = each.distribution.known_support()
    if low <= first and last <= high:
        return None

    for end, share in (
        (f"below {low:g}", 1.0 - each.distribution.probability_of_range(low, math.inf)),
        (f"above {high:g}", 1.0 - each.distribution.probability_of_range(-math.inf, high)),
    ):
        if share > MOST_OUTSIDE:
            unit = f" {each.unit.text}" if each.unit.dimension else ""
            side = f"min = {low:g}" if end.startswith("below") else f"max = {high:g}"
            return f"{share * 100:.2g} % of the distribution lies {end}{unit}", f"Give another one, or truncate it: {side}."
    return None


def _at_an_open_end(each: Input, bounds: Bounds, factor: Fraction) -> tuple[str, str] | None:
    """Say what is wrong with a distribution that may give the very value which is the first impossible one."""
    if not isinstance(each.distribution, d.Poisson | d.Binomial | d.Discrete | d.Mixture | d.Truncated):
        return None  # no single value of the others has a probability

    for bound, side in ((bounds.above, "above"), (bounds.below, "below")):
        end = None if bound is None else float(bound / factor)
        share = 0.0 if end is None else each.distribution.probability_of_range(end, end)
        if share > MOST_OUTSIDE:
            return (
                f"{share * 100:.2g} % of the distribution is {end:g}",
                f"Give values {side} {end:g} only. {bounds.instead}".rstrip(),
            )
    return None


ROUNDING = 1e-12
"""Relative; what a factor leaves of a bound that is met exactly."""


def outside_when_moved(each: Input, wanted: Wanted, factor: float, addend: float) -> str:
    """Say what of an input is impossible once every value is multiplied and then increased; empty if nothing.

    Parameters
    ----------
    addend
        In the input's unit.
    """
    scale = float(each.unit.scale / wanted.unit.scale) if wanted.unit is not None else 1.0
    unit = f" {each.unit.text}" if each.unit.factors else ""
    if isinstance(each.distribution, d.Constant) or factor == 0.0:
        value = addend + (factor * each.distribution.value if isinstance(each.distribution, d.Constant) else 0.0)
        broken = wanted.bounds.violated(float(f"{value * scale:.12g}"))
        return f"{each.name} becomes {value:.6g}{unit}, which is not {broken}" if broken else ""
    bounds = wanted.bounds
    for end, side in ((_first(bounds.least, bounds.above), "below"), (_first(bounds.most, bounds.below), "above")):
        if end is None:
            continue
        before = (end / scale - addend) / factor
        slack = ROUNDING * max(abs(before), abs(addend / factor))
        is_upper = (side == "above") == (factor > 0.0)
        within = (-math.inf, before + slack) if is_upper else (before - slack, math.inf)
        share = 1.0 - each.distribution.probability_of_range(*within)
        if share > MOST_OUTSIDE:
            return f"{share * 100:.3g} % of {each.name} comes to lie {side} {end / scale:.6g}{unit}"
    return ""


def _first(closed: float | None, open_end: float | None) -> float | None:
    return open_end if closed is None else closed
