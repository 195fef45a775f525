"""What was paid upfront at the beginning of a term: quantity, price and rate of exchange of that month, not of later ones.

A prepayment is a non-monetary item: it is spread over its term at the rate of the day on which it was paid (IAS 21, 23b). So the
cash and the amortised view of a term have one sum, however quantities, prices and rates move within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.blocks.writing.footing import currencies_named, may_move

if TYPE_CHECKING:
    from simcost.scenario.blocks.agreements.terms import Terms
    from simcost.scenario.blocks.writing.writer import Writer


def paid_price(terms: Terms, writer: Writer, price: str, key: str) -> str:
    """Return the price at the beginning of the term that a month is in, in the scenario's currency if a rate is known.

    Parameters
    ----------
    price
        Name of the price that the key gives.
    """
    own = in_own_currency(writer, price)
    return _at_the_start(terms, writer, own, f"paid_{key}", key) if own != price else as_at_the_start(terms, writer, price, key)


def as_at_the_start(terms: Terms, writer: Writer, value: str, key: str) -> str:
    """Return the value at the beginning of the term that a month is in: the name of what the key gives, if that cannot move."""
    if not may_move(value, writer.expansion.replaced.data):
        return value
    return _at_the_start(terms, writer, value, f"{key}_at_start", key)


def in_own_currency(writer: Writer, price: str) -> str:
    """Return a price whose inputs are all in one other currency times its rate, as a formula; any other as it is."""
    data, own = writer.expansion.replaced.data, writer.expansion.currency
    rates, codes = data.get("fx"), currencies_named(price, data, own)
    if len(codes) != 1 or own in codes or not isinstance(rates, dict) or not (codes & rates.keys()):
        return price
    return f"({price} * {rates[codes.pop()]})"


def _at_the_start(terms: Terms, writer: Writer, formula: str, name: str, key: str) -> str:
    """Write the driver that holds a formula's value from the first month of each term to its last."""
    last = f"prev({writer.named(name)}, 0)"
    return writer.once(name, terms.at_each(formula, otherwise=last), key)
