"""``[[operations]]``: what is counted and paid by the month: servers, network and security devices, licences; and support.

Support is a share of a spend, as the large clouds bill it; the spend is any formula in money a month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.writing.rows import has_own_name
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE
from simcost.scenario.names import identifier_of
from simcost.scenario.quantities.units import money, word
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer


class ItemTable(Table):
    """Things of one kind, and the price of one."""

    name: Annotated[str, Field(min_length=1, max_length=20, description="Unique name within the block.", examples=["firewalls"])]
    count: Annotated[Value, number("How many, in any unit.", "5 device")]
    price: Annotated[Value, number("Price of one.", "2_000 CNY/device/month")]


class SupportTable(Table):
    """Support as a share of a spend."""

    share: Annotated[Value, number("Share of the spend.", "6 %", unit="1", bounds=SHARE)]
    spend: Annotated[Value, number("The spend, money a month.", "gpus * gpu_price * hours", unit="MONEY/month")]
    minimum: Annotated[Value, number("Least that it costs.", "7_000 CNY/month", unit="MONEY/month")] = None


class OperationsTable(BlockTable):
    """Servers, devices and licences by the month, and support."""

    category: Category = "operations"
    items: Annotated[
        list[ItemTable],
        Field(
            max_length=200,
            description="What is counted.",
            examples=[[{"name": "firewalls", "count": "5 device", "price": "2_000 CNY/device/month"}]],
        ),
    ] = Field(default_factory=list)
    support: Annotated[SupportTable | None, Field(description="Support as a share of a spend.")] = None


def expand(block: OperationsTable, operations: Writer) -> None:
    """A line for each item, and one for support."""
    if not block.items and block.support is None:
        operations.refuse("operations without items and without support", "Give one of them.", "name")
    for i, item in enumerate(block.items):
        if not has_own_name("items", i, "item", operations):
            continue
        called, unit = identifier_of(item.name), operations.unit_of("items", i, "count")
        each = None if unit is None else money(operations.expansion.currency) / unit / word("month")
        count = operations.value("items", i, "count", called=called)
        price = operations.value("items", i, "price", unit=each, called=f"{called}_price")
        operations.cost(item.name, f"{count} * {price}", "items", i, "price")
    if block.support is not None:
        share = operations.value("support", "share")
        support = f"{operations.value('support', 'spend')} * {share}"
        if operations.has("support", "minimum"):
            minimum = operations.value("support", "minimum")
            support = f"max({support}, {minimum})"
        operations.cost("support", support, "support")
