"""Units of measure: exact scales, dimensions, and the text that the user sees.

A unit is a product of words. Clock time (second to week, a day being 24 hours) and calendar time (month, quarter, year) are
different dimensions: a month has no fixed number of hours, so only the built-in ``hours`` (hour/month) leads from one to the
other. A value stays in the unit in which the user wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from simcost.scenario.quantities.lexicon import UnitError, counted, money_symbol, refuse_multiple, symbol_of
from simcost.scenario.quantities.vocabulary import BASE_SYMBOLS, MEASURES, MONEY, Dimension, Symbol

__all__ = [
    "DIMENSIONLESS",
    "Unit",
    "UnitError",
    "base_unit",
    "in_base_units",
    "money",
    "parse_unit",
    "tidy",
    "word",
]

Factors = tuple[tuple[Symbol, Fraction], ...]

MAX_TEXT = 200
"""Characters of a unit."""

MAX_EXPONENT = 9
"""Of one word, as the user writes it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of words with exponents; ``*``, ``/`` and ``**`` combine units exactly.

    Parameters
    ----------
    factors
        Distinct symbols in the order in which they are printed, exponents not zero.

    Attributes
    ----------
    scale
        How many base units (hour, month, byte, kilowatt hour, one of the currency, one counted thing) this unit is.
    dimension
        Sorted pairs of base and exponent; two values can be added if theirs are equal.
    """

    factors: Factors = ()
    scale: Fraction = field(init=False, repr=False, compare=False)
    dimension: Dimension = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", _scale(self.factors))
        object.__setattr__(self, "dimension", _dimension(self.factors))

    def __mul__(self, other: Unit) -> Unit:
        return Unit(_collected(self.factors + other.factors))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other ** Fraction(-1)

    def __pow__(self, exponent: Fraction) -> Unit:
        return Unit(tuple((symbol, power * exponent) for symbol, power in self.factors if exponent))

    @property
    def text(self) -> str:
        """As a user writes it: ``CNY/GPU/hour``; ``1`` for a pure number."""
        above = "*".join(symbol.text + _power(power) for symbol, power in self.factors if power > 0)
        below = "".join(f"/{symbol.text}{_power(-power)}" for symbol, power in self.factors if power < 0)
        return (above or "1") + below

    @property
    def described(self) -> str:
        """The dimension in words: ``money / GPU / clock time``."""
        above = " * ".join(_base_name(base) + _power(power) for base, power in self.dimension if power > 0)
        below = "".join(f" / {_base_name(base)}{_power(-power)}" for base, power in self.dimension if power < 0)
        return (above or ("1" if below else "a pure number")) + below


def _collected(factors: Factors) -> Factors:
    powers: dict[Symbol, Fraction] = {}
    for symbol, power in factors:
        powers[symbol] = powers.get(symbol, Fraction(0)) + power
    return tuple((symbol, power) for symbol, power in powers.items() if power)


def _scale(factors: Factors) -> Fraction:
    scale = Fraction(1)
    for symbol, power in factors:
        if symbol.scale != 1:
            if power.denominator != 1:
                message = (
                    f"{symbol.text}^({power}) has no exact scale: this is a bug in simcost, which converts to base units first"
                )
                raise ValueError(message)
            scale *= symbol.scale ** int(power)
    return scale


def _dimension(factors: Factors) -> Dimension:
    powers: dict[str, Fraction] = {}
    for symbol, power in factors:
        for base, exponent in symbol.dimension:
            powers[base] = powers.get(base, Fraction(0)) + exponent * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def _power(power: Fraction) -> str:
    if power.denominator != 1:
        return f"^({power})"
    return "" if power == 1 else f"^{power}"


def _base_name(base: str) -> str:
    return "money" if base.startswith(MONEY) else base


DIMENSIONLESS = Unit()


def word(text: str) -> Unit:
    """Return the unit of one measure by its symbol: ``word("hour")``."""
    return Unit(((MEASURES[text], Fraction(1)),))


def money(currency: str) -> Unit:
    """Return the unit of the scenario's currency."""
    return Unit(((money_symbol(currency, currency, 1), Fraction(1)),))


def base_unit(base: str) -> Unit:
    """Return the unit of scale 1 of one base dimension."""
    if base in BASE_SYMBOLS:
        return word(BASE_SYMBOLS[base])
    if base.startswith(MONEY):
        return money(base.removeprefix(MONEY))
    return Unit(((counted(base), Fraction(1)),))


def in_base_units(unit: Unit) -> Unit:
    """Return the unit of scale 1 of the same dimension."""
    result = DIMENSIONLESS
    for base, power in unit.dimension:
        result *= base_unit(base) ** power
    return result


def tidy(unit: Unit) -> Unit:
    """Return the unit as a person would write it: no more words than dimensions (``TB*CNY/GB/month`` becomes ``CNY/month``).

    The scale may change: divide the scales to convert.
    """
    if len(unit.factors) <= len(unit.dimension):
        return unit
    powers = dict(unit.dimension)
    result = DIMENSIONLESS
    for symbol, _ in unit.factors:
        base = symbol.dimension[0][0] if len(symbol.dimension) == 1 else ""
        if base in powers and symbol.dimension[0][1] == 1:
            result *= Unit(((symbol, powers.pop(base)),))
    for base, power in powers.items():
        result *= base_unit(base) ** power
    return result


@lru_cache(maxsize=1024)  # a file is read once more for each of its options
def parse_unit(text: str, currency: str) -> Unit:
    """Read a unit such as ``CNY/GPU/hour``, ``request/s``, ``GPU*hour``, ``1/s`` or ``%``.

    Parameters
    ----------
    text
        Words joined by ``*`` and ``/`` from left to right, each with an optional whole exponent (``^2``).
    currency
        The scenario's ISO 4217 code.

    Raises
    ------
    UnitError
        If it cannot be read.
    """
    if len(text) > MAX_TEXT:
        what = f"a unit of {len(text):,} characters"
        raise UnitError(what, f"A unit has at most {MAX_TEXT}.")
    plain = unicodedata.normalize("NFKC", text).replace("**", "^").replace("·", "*").strip()
    if not plain:
        what = "the unit is empty"
        raise UnitError(what, 'Write "1" for a pure number.')
    _refuse_strange_characters(plain, text, currency)
    unit = DIMENSIONLESS
    sign = 1
    for part in re.split(r"([*/])", plain):
        if part in ("*", "/"):
            sign = 1 if part == "*" else -1
        else:
            unit *= _parse_factor(part.strip(), text, currency) ** Fraction(sign)
    return unit


def _refuse_strange_characters(plain: str, text: str, currency: str) -> None:
    for pattern, has, remedy in (
        (r"[()]", "has parentheses", 'Write one "/" for each word below the line: CNY/GPU/hour.'),
        (r"\w\s*-\s*\w", "has a hyphen", 'Join words by "*" or "/": "GPU*hour", "CNY/GPU/hour".'),
        (r"\bper\b", 'says "per"', 'Write "/": "request/s".'),
    ):
        if re.search(pattern, plain):
            what = f'the unit "{text}" {has}'
            meant = _in_our_notation(plain, currency)
            raise UnitError(what, f'Write "{meant}".' if meant else remedy)


def _in_our_notation(plain: str, currency: str) -> str:
    """Return what is meant by ``USD per GPU-hour`` and ``USD/(GPU*hour)``: what is joined below the line is all below it."""
    unit = re.sub(r"\s*\bper\b\s*", "/", plain)
    unit = re.sub(r"/\s*\(([^()]*)\)", lambda found: f"/{found[1].replace('*', '/')}", unit)
    above, *below = (re.split(r"(?<=\w)\s*-\s*(?=\w)", part) for part in unit.split("/"))
    unit = "/".join(["*".join(above), *("/".join(part) for part in below)])
    try:
        return "" if unit == plain else parse_unit(unit, currency).text
    except UnitError:
        return ""


def _parse_factor(part: str, text: str, currency: str) -> Unit:
    name, caret, exponent = part.partition("^")
    name = name.strip()
    if not name:
        what = f'the unit "{text}" lacks a word beside "*", "/" or "^"'
        raise UnitError(what, 'Write it as in "CNY/GPU/hour" or "1/s".')
    power = _parse_exponent(exponent.strip(), text) if caret else 1
    if name == "1":
        return DIMENSIONLESS
    if "±" in name or "+/-" in text:
        what = f'the unit "{text}" has "±"'
        raise UnitError(what, "Write a table: normal = { mean = ..., sd = ... }.")
    refuse_multiple(name)
    if re.search(r"\s", name):
        _refuse_period(name)
        joined = re.sub(r"\s+", "_", name)
        what = f'the unit "{name}" is two words'
        raise UnitError(what, f'Join them: "{joined}"; or write "*" or "/" between them.')
    return Unit(((symbol_of(name, currency), Fraction(power)),))


_PERIODS = {"monthly": "month", "yearly": "year", "annually": "year", "quarterly": "quarter", "daily": "day", "hourly": "hour"}


def _refuse_period(name: str) -> None:
    *words, last = name.split()
    if period := _PERIODS.get(last.casefold()):
        what = f'the unit "{name}" says "{last}"'
        raise UnitError(what, f'Write "{"*".join(words)}/{period}".')


def _parse_exponent(text: str, unit: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,2}", text) or not 0 < abs(int(text)) <= MAX_EXPONENT:
        what = f'the unit "{unit}" has the exponent "{text}"'
        raise UnitError(what, f"An exponent is a whole number from 1 to {MAX_EXPONENT}.")
    return int(text)
