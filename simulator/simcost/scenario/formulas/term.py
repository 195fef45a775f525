"""A part of a formula with its unit, and its conversions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from simcost.scenario.formulas.expression import Apply, Expression, Number
from simcost.scenario.quantities.units import DIMENSIONLESS, Unit, in_base_units, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG_LIST = 16
"""Numbers from which on they are looked up in a table: comparing with each place costs more from about here."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula.

    Parameters
    ----------
    expression
        It yields the part's value in ``unit``.
    unit
        None if it fits any: the number 0, a driver within its own formula, or a part that has a problem already.
    value
        The value if it is known before any draw, for folding and for exponents.
    """

    expression: Expression
    unit: Unit | None
    value: float | None = None


def nested(operator: str, parts: Sequence[Expression]) -> Expression:
    """Apply an associative operator to many parts as a balanced tree of pairs."""
    if len(parts) == 1:
        return parts[0]
    middle = (len(parts) + 1) // 2
    return Apply(operator, (nested(operator, parts[:middle]), nested(operator, parts[middle:])))


def chosen(index: Expression, parts: Sequence[Expression]) -> Expression:
    """Select the part whose number the index reaches, counted from 1: by comparisons, or from a long list of numbers."""
    if len(parts) >= LONG_LIST and all(isinstance(part, Number) for part in parts):
        return Apply("choose", (index, *parts))
    return compared(index, parts)


def compared(index: Expression, parts: Sequence[Expression], first: int = 1) -> Expression:
    """Select the part whose number the index reaches, counted from ``first``, as a balanced tree of ``where``."""
    if len(parts) == 1:
        return parts[0]
    middle = (len(parts) + 1) // 2
    lower, upper = compared(index, parts[:middle], first), compared(index, parts[middle:], first + middle)
    return Apply("where", (Apply("lt", (index, Number(float(first + middle)))), lower, upper))


def combined(operator: str, left: Term, right: Term) -> Unit | None:
    """Return the unit of a product or quotient; a factor of unknown unit makes it unknown, the number 0 does not."""
    units = [DIMENSIONLESS if term.unit is None and term.value == 0 else term.unit for term in (left, right)]
    first, second = units
    if first is None or second is None:
        return None
    return first * second if operator == "mul" else first / second


def for_power(term: Term, power: Fraction) -> Term:
    """Convert to base units where a fractional power of the unit's scale would not be exact."""
    if term.unit is None or all((exponent * power).denominator == 1 for _, exponent in term.unit.factors):
        return term
    return in_unit(term, in_base_units(term.unit))


def tidied(term: Term) -> Term:
    """Return the term in a unit that a person would write."""
    return term if term.unit is None else in_unit(term, tidy(term.unit))


def in_unit(term: Term, unit: Unit) -> Term:
    """Convert a term of the same dimension."""
    if term.unit is None:
        return Term(term.expression, unit, term.value)
    factor = term.unit.scale / unit.scale
    value = None if term.value is None else float(Fraction(term.value) * factor)
    return Term(converted(term.expression, factor), unit, value)


def converted(expression: Expression, factor: Fraction) -> Expression:
    """Multiply by an exact factor; by a division where that rounds once and a multiplication would round twice."""
    if factor == 1:
        return expression
    if isinstance(expression, Number) and math.isfinite(expression.value):
        return Number(float(Fraction(expression.value) * factor))
    if factor.numerator == 1:
        return Apply("div", (expression, Number(float(factor.denominator))))
    return Apply("mul", (expression, Number(float(factor))))
