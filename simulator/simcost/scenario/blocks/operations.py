"""``[[operations]]``: what is counted and paid by the month: servers, network and security devices, licences; and support.

Support is a share of a spend, as the large clouds bill it; the spend is any formula in money a month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.table import BlockTable, Category, Value
from simcost.scenario.bounds import NOT_NEGATIVE, SHARE
from simcost.scenario.names import identifier_for
from simcost.scenario.quantities.units import money, word
from simcost.scenario.schema import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writer import Writer


class ItemTable(Table):
    """Things of one kind, and the price of one."""

    name: Annotated[str, Field(min_length=1, max_length=20, description="Unique name within the block.", examples=["firewalls"])]
    count: Annotated[Value, Field(description="How many, in any unit.", examples=["5 device"])]
    price: Annotated[Value, Field(description="Price of one.", examples=["2_000 CNY/device/month"])]


class SupportTable(Table):
    """Support as a share of a spend."""

    share: Annotated[Value, Field(description="Share of the spend.", examples=["6 %"])]
    spend: Annotated[Value, Field(description="The spend, money a month.", examples=["gpus * gpu_price * hours"])]
    minimum: Annotated[Value, Field(description="Least that it costs.", examples=["7_000 CNY/month"])] = None


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
        if item.name in [other.name for other in block.items[:i]]:
            operations.refuse(f'a second item "{item.name}"', "Give each its own name.", "items", i, "name")
            continue
        called, unit = identifier_for(item.name).lower(), operations.unit_of("items", i, "count")
        each = None if unit is None else money(operations.expansion.currency) / unit / word("month")
        count = operations.value("items", i, "count", unit=None, bounds=NOT_NEGATIVE, called=called)
        price = operations.value("items", i, "price", unit=each, bounds=NOT_NEGATIVE, called=f"{called}_price")
        operations.cost(item.name, f"{count} * {price}", "items", i, "price")
    if block.support is not None:
        share = operations.value("support", "share", unit="1", bounds=SHARE)
        support = f"{operations.value('support', 'spend', unit='MONEY/month', bounds=NOT_NEGATIVE)} * {share}"
        if operations.has("support", "minimum"):
            minimum = operations.value("support", "minimum", unit="MONEY/month", bounds=NOT_NEGATIVE)
            support = f"max({support}, {minimum})"
        operations.cost("support", support, "support")
