"""``[[tokens]]``: a language model behind an interface that is paid by the token: input, output, and input from its cache.

Requests that fail are sent again and paid again. Prices fall at a yearly rate, drawn for each year and compounded monthly; where
they fall otherwise, each price may name a series. Inflation raises what is paid by the token, not the minimum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.agreed import AGREED, missing_to
from simcost.scenario.blocks.table import BlockTable, Category, Value
from simcost.scenario.bounds import NOT_NEGATIVE, SHARE, Bounds
from simcost.scenario.months import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost.scenario.blocks.writer import Writer

BELOW_ONE = Bounds(below=1)


class TokensTable(BlockTable):
    """A language model that is paid by the token."""

    category: Category = "tokens"
    requests: Annotated[
        Value, Field(description="Requests that are answered, by clock time.", examples=["visits * requests_per_visit / hours"])
    ]
    input: Annotated[Value, Field(description="Tokens of a prompt.", examples=["900 to 1_400 token/request"])]
    output: Annotated[
        Value, Field(description="Tokens of an answer, with those of its thinking.", examples=["150 to 400 token/request"])
    ]
    cached: Annotated[
        Value, Field(description="Share of the input that the provider's cache holds.", examples=["30 to 50 to 65 %"])
    ] = None
    retries: Annotated[
        Value, Field(description="Requests sent again, over those that are answered.", examples=["1 to 2 to 6 %"])
    ] = None
    input_price: Annotated[Value, Field(description="Price of input.", examples=["2 CNY/Mtoken"])]
    cached_price: Annotated[Value, Field(description="Price of input from the cache.", examples=["0.4 CNY/Mtoken"])] = None
    output_price: Annotated[Value, Field(description="Price of output.", examples=["8 CNY/Mtoken"])]
    decline: Annotated[
        Value, Field(description="Fall of all prices over a year; drawn for each year.", examples=["10 to 30 to 50 %"])
    ] = None
    discount: Annotated[Value, Field(description="Negotiated, on the whole charge.", examples=["8 %"])] = None
    minimum: Annotated[Value, Field(description="Least that a month costs, not inflated.", examples=["20_000 CNY/month"])] = None


def expand(block: TokensTable, api: Writer) -> None:
    """Requests with their repetitions, a line for each kind of token, and what is missing to the minimum."""
    if (block.cached is None) != (block.cached_price is None):
        given, missing = ("cached", "cached_price") if block.cached_price is None else ("cached_price", "cached")
        api.refuse(f"{given} without {missing}", "Give both or none.", given)
        return
    sent = _sent(api)
    prompt = api.value("input", unit="token/request", bounds=NOT_NEGATIVE)
    lines = {"input": prompt, "output": api.value("output", unit="token/request", bounds=NOT_NEGATIVE)}
    if block.cached is not None:
        share = api.value("cached", unit="1", bounds=SHARE)
        lines["input"], lines["cached"] = f"{prompt} * (1 - {share})", f"{prompt} * {share}"
    factors = _factors(api)
    charges = []
    for kind, tokens in lines.items():
        price = api.value(f"{kind}_price", unit="MONEY/Mtoken", bounds=NOT_NEGATIVE)
        charges.append(" * ".join([sent, tokens, price, *factors]))
        api.cost("cached input" if kind == "cached" else kind, charges[-1], f"{kind}_price")
    if block.minimum is not None:
        minimum = api.value("minimum", unit="MONEY/month", bounds=NOT_NEGATIVE)
        charge = f"({' + '.join(charges)}) * hours"
        api.cost("shortfall", missing_to(minimum, charge, block, api), "minimum", **AGREED)


def _sent(api: Writer) -> str:
    """Return the requests that are paid."""
    requests = api.value("requests", unit="request/s", bounds=NOT_NEGATIVE)
    if not api.has("retries"):
        return requests
    return api.driver("sent", f"{requests} * (1 + {api.value('retries', unit='1', bounds=NOT_NEGATIVE)})", "requests")


def _factors(api: Writer) -> list[str]:
    """Return what multiplies all prices."""
    factors = []
    if api.has("decline"):
        decline = api.value("decline", unit="1", bounds=BELOW_ONE, draw="year")
        fall = f"where(month > 1, (1 - {decline}) ** (1 / {MONTHS_A_YEAR}), 1)"
        factors.append(api.driver("price_level", f"prev({api.named('price_level')}, 1) * {fall}", "decline"))
    if api.has("discount"):
        factors.append(f"(1 - {api.value('discount', unit='1', bounds=SHARE)})")
    return factors
