"""``[[data]]``: data that are collected, cleaned and labelled, the checks of labels and what is done again, and compliance.

What a check finds is labelled once more and checked again: with a share r of rework, of n labels n / (1 - r) are made in all (the
sum of n r^k).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.writing.rows import are_both_or_none
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE, Bounds
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

REWORK = Bounds(least=0, below=1)


class VolumeTable(Table):
    """An amount of data over a month, and its price."""

    amount: Annotated[Value, number("Data over a month.", "10 to 20 TB/month", unit="GB/month")]
    price: Annotated[Value, number("Price of it.", "100 CNY/TB", unit="MONEY/GB")]


class LabellingTable(Table):
    """Labels, the checks of a part of them, and those that are made again."""

    labels: Annotated[Value, number("Good labels wanted over a month.", "90_000 label/month", unit="label/month")]
    price: Annotated[Value, number("Price of making one.", "0.8 to 1.2 to 2.2 CNY/label", unit="MONEY/label")]
    checked: Annotated[Value, number("Share of the labels made that is checked.", "20 %", unit="1", bounds=SHARE)] = None
    check_price: Annotated[Value, number("Price of checking one.", "0.5 CNY/label", unit="MONEY/label")] = None
    rework: Annotated[
        Value, number("Share of the labels made that is made again.", "3 to 6 to 12 %", unit="1", bounds=REWORK)
    ] = None


class DataTable(BlockTable):
    """Collection, cleaning and labelling of data, and compliance."""

    category: Category = "data"
    stage: Annotated[str, Field(max_length=64, description="Stage of the life cycle of its cost lines.")] = "data"
    collection: Annotated[VolumeTable | None, Field(description="Data that are collected or bought.")] = None
    cleaning: Annotated[VolumeTable | None, Field(description="Data that are cleaned.")] = None
    labelling: Annotated[LabellingTable | None, Field(description="Labels made by people.")] = None
    compliance: Annotated[Value, number("Security, audits and compliance.", "20_000 CNY/month", unit="MONEY/month")] = None


def expand(block: DataTable, data: Writer) -> None:
    """A line for each step."""
    if block.collection is None and block.cleaning is None and block.labelling is None and block.compliance is None:
        data.refuse("a block of data without any step", "Give collection, cleaning, labelling or compliance.", "name")
    for step in ("collection", "cleaning"):
        if data.has(step):
            amount = data.value(step, "amount")
            data.cost(step, f"{amount} * {data.value(step, 'price')}", step)
    if block.labelling is not None:
        _labelling(block.labelling, data)
    if data.has("compliance"):
        data.cost("compliance", data.value("compliance"), "compliance")


def _labelling(labelling: LabellingTable, data: Writer) -> None:
    labels = data.value("labelling", "labels")
    price = data.value("labelling", "price")
    made = labels
    data.cost("labelling", f"{labels} * {price}", "labelling", "labels")
    if labelling.rework is not None:
        rework = data.value("labelling", "rework")
        made = data.driver("labels_made", f"{labels} / (1 - {rework})", "labelling", "rework")
        data.cost("rework", f"({made} - {labels}) * {price}", "labelling", "rework")
    if are_both_or_none("checked", "check_price", data, "labelling") and labelling.checked is not None:
        share = data.value("labelling", "checked")
        check = data.value("labelling", "check_price")
        data.cost("checks", f"{made} * {share} * {check}", "labelling", "checked")
