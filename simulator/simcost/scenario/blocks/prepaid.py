"""What was paid upfront at the beginning of a term: the price and the rate of exchange of that month, not of later ones.

A prepayment is a non-monetary item: it is spread over its term at the rate of the day on which it was paid (IAS 21, 23b). So the
cash and the amortised view of a term have one sum, however prices and rates move within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.fx import currencies_in

if TYPE_CHECKING:
    from simcost.scenario.blocks.terms import Terms
    from simcost.scenario.blocks.writer import Writer


def paid_price(terms: Terms, writer: Writer, price: str, *path: str) -> str:
    """Return the price at the beginning of the term that a month is in, in the scenario's currency if a rate is known.

    Parameters
    ----------
    price
        Name of the price that the key at ``path`` gives.
    """
    own = in_own_currency(writer, price, *path)
    if own == price and _stays(writer, *path):
        return price
    name = f"paid_{'_'.join(path)}"
    return writer.driver(name, terms.at_each(own, otherwise=f"prev({writer.named(name)}, 0)"), *path)


def in_own_currency(writer: Writer, price: str, *path: str) -> str:
    """Return a price that is a quantity in another currency times its rate, as a formula; any other as it is."""
    unit, rates = writer.unit_of(*path), writer.expansion.replaced.data.get("fx")
    codes = currencies_in(unit) - {writer.expansion.currency} if unit is not None else set()
    if len(codes) != 1 or not isinstance(rates, dict) or not (codes & rates.keys()):
        return price
    return f"({price} * {rates[codes.pop()]})"


def _stays(writer: Writer, *path: str) -> bool:
    """Whether a price is one number for the whole run: neither a formula nor drawn anew."""
    raw: Any = writer.raw
    for part in path:
        raw = raw[part]
    return writer.unit_of(*path) is not None and not (isinstance(raw, dict) and raw.get("draw", "run") != "run")
