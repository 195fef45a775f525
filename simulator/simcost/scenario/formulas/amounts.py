"""From the unit of a cost line's amount to what is charged: money per hour, per month, or per payment."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from simcost.scenario.formulas.expression import Number
from simcost.scenario.formulas.syntax import FormulaError
from simcost.scenario.formulas.term import converted
from simcost.scenario.quantities.units import DIMENSIONLESS, Unit, base_unit, money, tidy, word
from simcost.scenario.quantities.vocabulary import CALENDAR, CLOCK, MEASURES, MONEY

if TYPE_CHECKING:
    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.quantities.units import Factors
    from simcost.scenario.quantities.vocabulary import Symbol
    from simcost.scenario.scenario import Charge, Every

_TIMES = frozenset(symbol for symbol in MEASURES.values() if [base for base, _ in symbol.dimension] in ([CLOCK], [CALENDAR]))
"""Words that are nothing but a time."""


def amount(expression: Expression, unit: Unit, currency: str, every: Every) -> tuple[Expression, Charge]:
    """Fit an amount to its time base.

    Parameters
    ----------
    expression, unit
        From `resolve`.
    currency
        The scenario's ISO 4217 code.
    every
        ``month``: money per clock time is charged by the hours of each month, money per calendar time by the month.
        ``year``: a payment of money, or of money per year. ``once``: a payment of money.

    Returns
    -------
    tuple
        The expression in currency per hour, per month, or per payment, and which of the three.

    Raises
    ------
    FormulaError
        If the unit is not money over the right time; it names what is left over.
    """
    sum_, time = money(currency), _times(unit)
    if expression == Number(0.0):
        return expression, "month" if every == "month" else "payment"
    if unit.dimension == (sum_ * time).dimension:
        if every == "month" and time != DIMENSIONLESS:
            return _in(expression, unit, sum_ * time), "hours" if CLOCK in dict(unit.dimension) else "month"
        if every != "month" and time == DIMENSIONLESS:
            return _in(expression, unit, sum_), "payment"
        if every == "year" and time == word("month") ** Fraction(-1):
            return _in(expression, unit, sum_ / word("year")), "payment"
        raise _wrong_time(unit, currency, every)
    raise _left_over(unit, currency, every)


def _times(unit: Unit) -> Unit:
    """Return 1/hour or 1/month if that is the unit's only time, otherwise 1."""
    times = {base: power for base, power in unit.dimension if base in (CLOCK, CALENDAR)}
    if len(times) == 1 and set(times.values()) == {Fraction(-1)}:
        return base_unit(next(iter(times))) ** Fraction(-1)
    return DIMENSIONLESS


def _in(expression: Expression, unit: Unit, wanted: Unit) -> Expression:
    return converted(expression, unit.scale / wanted.scale)


def _wrong_time(unit: Unit, currency: str, every: Every) -> FormulaError:
    if every == "month":
        what = f"a monthly cost in {unit.text} ({unit.described}), which is a sum and no rate"
        remedy = f'Give {currency}/month or {currency}/hour; or write every = "once" or every = "year" for a payment.'
    elif every == "once":
        what = f"a cost paid once in {unit.text} ({unit.described}), which is a rate and no sum"
        remedy = 'Multiply by a time, or write every = "month".'
    else:
        what = f"a yearly payment in {unit.text} ({unit.described}), which is a rate over clock time"
        remedy = f'Give {currency} or {currency}/year, or write every = "month".'
    return FormulaError(what, remedy, 0)


def _left_over(unit: Unit, currency: str, every: Every) -> FormulaError:
    """Say what stands beside the money and the time, and what to do about it."""
    wanted = {"month": f"{currency}/month or {currency}/hour", "year": f"{currency} or {currency}/year", "once": currency}[every]
    what = f"the amount is in {unit.text} ({unit.described}), not in {wanted}"
    powers = dict(unit.dimension)
    if powers.pop(MONEY + currency, 0) != 1:
        return FormulaError(what, f"Multiply by a price in {_price(unit, currency, every).text}.", 0)
    words = [factor for factor in _words(unit) if factor[0].dimension != money(currency).dimension]
    above = [_named(word) for word in words if word[1] > 0]
    below = [_named(word) for word in words if word[1] < 0 and word[0] not in _TIMES]
    advice = [f"multiply by a number of {name}" for name in below] + [f"divide by a number of {name}" for name in above]
    remedy = " and ".join(advice) or "use one time only"
    return FormulaError(what, f"{remedy[0].upper()}{remedy[1:]}.", 0)


def _words(unit: Unit) -> Factors:
    """Return the words that have a dimension as the user wrote them, once for each dimension if they can be put together."""
    tidied = tidy(unit).factors
    written = {symbol for symbol, _ in unit.factors}
    factors = tidied if written.issuperset(symbol for symbol, _ in tidied) else unit.factors
    return tuple(factor for factor in factors if factor[0].dimension)


def _named(factor: tuple[Symbol, Fraction]) -> str:
    symbol, power = factor
    return Unit(((symbol, abs(power)),)).text


def _price(unit: Unit, currency: str, every: Every) -> Unit:
    """Return the unit of a price that makes an amount of this unit a cost."""
    words = _words(unit)
    things = Unit(tuple(factor for factor in words if factor[0] not in _TIMES and factor[1] > 0))
    times = Unit(tuple(factor for factor in words if factor[0] in _TIMES and (factor[1] > 0 or every == "month")))
    if every == "month":
        times = DIMENSIONLESS if _times(times) != DIMENSIONLESS else times * word("month")
    return money(currency) / things / tidy(times)
