"""``[[storage]]``: data that stay, data that come each month and are kept for a while, replicas, and classes with their prices.

A month is billed for what it holds at its end. NAME_held is the data as such, NAME_stored the same with all replicas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.writing.rows import are_both_or_none, has_own_name
from simcost.scenario.blocks.writing.shares import divide_all, in_proportion, write_sum
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import ABOVE_LOSS, AT_LEAST_ONE, SHARE
from simcost.scenario.names import identifier_of
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer


USES = (("requests", "request_price"), ("retrieval", "retrieval_price"))
"""What else than storage a class is paid for, and its price."""


class ClassTable(Table):
    """A kind of storage: its part of the data, and its prices."""

    name: Annotated[str, Field(min_length=1, max_length=20, description="Unique name within the block.", examples=["SSD"])]
    share: Annotated[
        Value, number("Part of the data; the last class has none and takes the rest.", "25 %", unit="1", bounds=SHARE)
    ] = None
    price: Annotated[Value, number("Price of what is stored.", "0.80 CNY/GB/month", unit="MONEY/GB/month")]
    requests: Annotated[Value, number("Requests a month.", "2e9 request/month", unit="request/month")] = None
    request_price: Annotated[Value, number("Price of a request.", "1e-6 CNY/request", unit="MONEY/request")] = None
    retrieval: Annotated[Value, number("Data read a month.", "40 TB/month", unit="GB/month")] = None
    retrieval_price: Annotated[Value, number("Price of reading.", "0.05 CNY/GB", unit="MONEY/GB")] = None


class StorageTable(BlockTable):
    """Stored data: what stays, what is added and kept for a while, replicas and classes."""

    category: Category = "storage"
    start: Annotated[Value, number("Data that are there and stay.", "180 to 230 to 340 TB", unit="GB")]
    growth: Annotated[
        Value,
        number(
            "Growth of these over a year, compounded monthly; drawn for each year.",
            "20 to 30 to 60 %",
            unit="1",
            bounds=ABOVE_LOSS,
            draw="year",
        ),
    ] = None
    added: Annotated[Value, number("Data that come in a month.", "8 to 14 TB/month", unit="GB/month")] = None
    retention: Annotated[
        int | None,
        Field(ge=1, le=60, description="Months for which these are kept, their own included; for ever without.", examples=[6]),
    ] = None
    replicas: Annotated[Value, number("Copies, or the factor of erasure coding.", 3, unit="1", bounds=AT_LEAST_ONE)] = 1
    classes: Annotated[
        list[ClassTable],
        Field(
            min_length=1,
            max_length=10,
            description="Where the data are.",
            examples=[[{"name": "SSD", "price": "0.80 CNY/GB/month"}]],
        ),
    ]


def expand(block: StorageTable, store: Writer) -> None:
    """What is held and stored, then the lines of each class."""
    if not _is_possible(block, store):
        return
    held = _held(block, store)
    replicas = store.value_or("1", "replicas")
    stored = store.driver("stored", f"{held} * {replicas}", "replicas" if store.has("replicas") else "start")
    taken: list[str] = []
    for i, each in enumerate(block.classes):
        called = identifier_of(each.name)
        share = _share(i, each, called, taken, store)
        price = store.value("classes", i, "price", called=f"{called}_price")
        store.cost(each.name, f"{stored} * {share} * {price}", "classes", i, "price")
        for what, key in USES:
            if getattr(each, what) is not None:
                number = store.value("classes", i, what, called=f"{called}_{what}")
                price = store.value("classes", i, key, called=f"{called}_{key}")
                store.cost(f"{each.name} {what}", f"{number} * {price}", "classes", i, what)
    write_sum(taken, "classes", store)


def _held(block: StorageTable, store: Writer) -> str:
    """Write the data of a month: what stays, and what was added in the last months of the retention."""
    start = store.value("start")
    parts = [start]
    if store.has("growth"):
        growth = store.value("growth")
        grown = f"prev({store.named('base')}, {start}) * where(month > 1, (1 + {growth}) ** (1 / 12), 1)"
        parts = [store.driver("base", grown, "growth")]
    if store.has("added"):
        added = store.value("added")
        month = store.driver("added_this_month", f"{added} * {store.one_month()}", "added")
        kept = f"cumulative({month})"
        if block.retention is not None:
            expired = store.lagged(month, "added", block.retention, "retention")
            kept = f"prev({store.named('kept')}, 0) + {month} - {expired}"
        parts.append(store.driver("kept", kept, "added"))
    return store.driver("held", " + ".join(parts), "start")


def _share(i: int, each: ClassTable, called: str, taken: list[str], store: Writer) -> str:
    """Return the part of a class: its own, or what the others leave."""
    if each.share is None:
        return f"max(1 - {' - '.join(taken)}, 0)" if taken else "1"
    taken.append(store.value("classes", i, "share", called=f"{called}_share"))
    return in_proportion(taken[-1], "classes", store)


def _is_possible(block: StorageTable, store: Writer) -> bool:
    """Whether the classes divide the data, and each price has its amount; findings if not."""
    known = store.problems
    if block.retention is not None and block.added is None:
        store.refuse("a retention of nothing", "Give added, or remove it.", "retention")
    divide_all("classes", "class", store)
    for i in range(len(block.classes)):
        has_own_name("classes", i, "class", store)
        for what, price in USES:
            are_both_or_none(what, price, store, "classes", i)
    return store.problems == known
