"""``[[tokens]]``: a language model behind an interface that is paid by the token: input, output, and input from its cache.

Requests that fail are sent again and paid again. Prices fall at a yearly rate, drawn for each year and compounded monthly; where
they fall otherwise, each price may name a series. Inflation raises what is paid by the token, not the minimum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from simcost.scenario.blocks.agreements.agreed import AGREED, missing_to
from simcost.scenario.blocks.writing.rows import are_both_or_none
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE, Bounds
from simcost.scenario.months import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

BELOW_ONE = Bounds(below=1)


class TokensTable(BlockTable):
    """A language model that is paid by the token."""

    category: Category = "tokens"
    requests: Annotated[
        Value, number("Requests that are answered, by clock time.", "visits * requests_per_visit / hours", unit="request/s")
    ]
    input: Annotated[Value, number("Tokens of a prompt.", "900 to 1_400 token/request", unit="token/request")]
    output: Annotated[
        Value, number("Tokens of an answer, with those of its thinking.", "150 to 400 token/request", unit="token/request")
    ]
    cached: Annotated[
        Value, number("Share of the input that the provider's cache holds.", "30 to 50 to 65 %", unit="1", bounds=SHARE)
    ] = None
    retries: Annotated[Value, number("Requests sent again, over those that are answered.", "1 to 2 to 6 %", unit="1")] = None
    input_price: Annotated[Value, number("Price of input.", "2 CNY/Mtoken", unit="MONEY/Mtoken")]
    cached_price: Annotated[Value, number("Price of input from the cache.", "0.4 CNY/Mtoken", unit="MONEY/Mtoken")] = None
    output_price: Annotated[Value, number("Price of output.", "8 CNY/Mtoken", unit="MONEY/Mtoken")]
    decline: Annotated[
        Value,
        number(
            "Fall of all prices over a year; drawn for each year.", "10 to 30 to 50 %", unit="1", bounds=BELOW_ONE, draw="year"
        ),
    ] = None
    discount: Annotated[Value, number("Negotiated, on the whole charge.", "8 %", unit="1", bounds=SHARE)] = None
    minimum: Annotated[Value, number("Least that a month costs, not inflated.", "20_000 CNY/month", unit="MONEY/month")] = None


def expand(block: TokensTable, api: Writer) -> None:
    """Requests with their repetitions, a line for each kind of token, and what is missing to the minimum."""
    if not are_both_or_none("cached", "cached_price", api):
        return
    sent = _sent(api)
    prompt = api.value("input")
    lines = {"input": prompt, "output": api.value("output")}
    if block.cached is not None:
        share = api.value("cached")
        lines["input"], lines["cached"] = f"{prompt} * (1 - {share})", f"{prompt} * {share}"
    factors = _factors(api)
    charges = []
    for kind, tokens in lines.items():
        price = api.value(f"{kind}_price")
        charges.append(" * ".join([sent, tokens, price, *factors]))
        api.cost("cached input" if kind == "cached" else kind, charges[-1], f"{kind}_price")
    if block.minimum is not None:
        minimum = api.value("minimum")
        charge = f"({' + '.join(charges)}) * hours"
        api.cost("shortfall", missing_to(minimum, charge, block, api), "minimum", **AGREED)


def _sent(api: Writer) -> str:
    """Return the requests that are paid."""
    requests = api.value("requests")
    if not api.has("retries"):
        return requests
    return api.driver("sent", f"{requests} * (1 + {api.value('retries')})", "requests")


def _factors(api: Writer) -> list[str]:
    """Return what multiplies all prices."""
    factors = []
    if api.has("decline"):
        decline = api.value("decline")
        fall = f"where(month > 1, (1 - {decline}) ** (1 / {MONTHS_A_YEAR}), 1)"
        factors.append(api.driver("price_level", f"prev({api.named('price_level')}, 1) * {fall}", "decline"))
    if api.has("discount"):
        factors.append(f"(1 - {api.value('discount')})")
    return factors
