"""``[[contracts]]``: an agreement on the spend of a term: negotiated and volume discounts, and a minimum with its shortfall.

The spend is billed by other lines, at list prices; the contract adds what comes off it and what is missing to the minimum. What
is spent is counted anew in each term. A term that the end of the run cuts owes the minimum in proportion to its months.
Inflation raises the spend as it raises the lines that bill it; thresholds and minimum are sums that the parties agreed upon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.agreements.agreed import AGREED, times_index
from simcost.scenario.blocks.agreements.terms import LONGEST_TERM, Terms
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import POSITIVE, SHARE
from simcost.scenario.schema import MOST_MONTHS
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer


class DiscountTable(Table):
    """A discount on what is spent within a stretch of the term's spend."""

    up_to: Annotated[
        Value, number("Spend of the term at list prices where it ends.", "5e6 CNY", unit="MONEY", bounds=POSITIVE)
    ] = None
    discount: Annotated[Value, number("Share that comes off what lies within.", "5 %", unit="1", bounds=SHARE)]


class ContractsTable(BlockTable):
    """An agreement on spend: discounts, and a minimum of each term."""

    category: Annotated[Category, Field(examples=["compute"])]
    spend: Annotated[
        Value, number("What it covers, at list prices, billed elsewhere.", "gpus * gpu_price * hours", unit="MONEY/month")
    ]
    discount: Annotated[Value, number("Negotiated, on all of it.", "6 to 8 to 12 %", unit="1", bounds=SHARE)] = None
    discounts: Annotated[
        list[DiscountTable],
        Field(
            max_length=20,
            description="By volume: each on the spend between its threshold and the one before; the last has none.",
            examples=[[{"up_to": "5e6 CNY", "discount": "5 %"}, {"discount": "9 %"}]],
        ),
    ] = Field(default_factory=list)
    minimum: Annotated[
        Value,
        number(
            "Least that is paid in each term, after discounts; in proportion if the run ends within it.", "20e6 CNY", unit="MONEY"
        ),
    ] = None
    term: Annotated[int, Field(ge=1, le=LONGEST_TERM, description="Months.", examples=[12])] = 12
    month: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Month of the run in which it starts.", examples=[1])] = 1
    renew: Annotated[
        bool | None, Field(description="Whether a term follows a term; needed if one ends within the run.", examples=[True])
    ] = None


def expand(block: ContractsTable, contract: Writer) -> None:
    """Spend of the month under contract, what comes off it, and what is missing at the end of each term."""
    terms = Terms(block.month, block.term, block.renew, contract.months)
    if not terms.are_possible(contract, length="term", renewed="renew") or not _is_possible(block, contract):
        return
    spend = contract.value("spend")
    billed = f"{terms.while_one_runs(spend)} * {contract.one_month()}{times_index(block, contract)}"
    covered = contract.driver("covered", billed, "spend")
    off = _discount(block, terms, covered, contract)
    if off != "0":
        key = "discounts" if block.discounts else "discount"
        contract.cost("discount", f"-{off} / {contract.one_month()}", key, **AGREED)
    if block.minimum is not None:
        minimum = contract.value("minimum")
        paid = _of_term("paid", f"{covered} - {off}", terms, contract)
        contract.cost("shortfall", f"{_shortfall(terms, minimum, paid)} / {contract.one_month()}", "minimum", **AGREED)


def _is_possible(block: ContractsTable, contract: Writer) -> bool:
    """Whether there is anything agreed upon, and thresholds ascend; findings if not."""
    known, before = contract.problems, 0.0
    if block.discount is not None and block.discounts:
        contract.refuse("discounts beside discount", "Keep one of the two.", "discounts")
    elif block.discount is None and not block.discounts and block.minimum is None:
        contract.refuse("a contract without discount and without minimum", "Give one of them.", "name")
    for i, row in enumerate(block.discounts):
        place, last = ("discounts", i), i + 1 == len(block.discounts)
        if last and row.up_to is not None:
            contract.refuse("up_to of the last discount", "Add a discount without it for all that is beyond.", *place, "up_to")
        elif not last and row.up_to is None:
            contract.refuse("a discount without end before the last", "Give it an up_to.", *place)
        elif not last:
            end = contract.certain(*place, "up_to")
            if end is not None and end <= before:
                contract.refuse("the discount ends before it begins", "Give thresholds that ascend.", *place, "up_to")
            before = end or before
    return contract.problems == known


def _discount(block: ContractsTable, terms: Terms, covered: str, contract: Writer) -> str:
    """Return what comes off the spend of a month."""
    if block.discount is not None:
        off = f"{covered} * {contract.value('discount')}"
        return contract.driver("off", off, "discount")
    if not block.discounts:
        return "0"
    spent = _of_term("spent", covered, terms, contract)
    before = f"({spent} - {covered})"
    parts, start = [], "0"
    for i, row in enumerate(block.discounts):
        share = contract.value("discounts", i, "discount", called=f"discount_{i + 1}")
        if row.up_to is None:
            parts.append(f"{share} * (max({spent}, {start}) - max({before}, {start}))")
        else:
            end = contract.value("discounts", i, "up_to", called=f"end_{i + 1}")
            if i and any(contract.certain("discounts", j, "up_to") is None for j in range(i + 1)):
                end = contract.driver(f"reached_{i + 1}", f"max({start}, {end})", "discounts", i, "up_to")
            parts.append(f"{share} * (clip({spent}, {start}, {end}) - clip({before}, {start}, {end}))")
            start = end
    return contract.driver("off", " + ".join(parts), "discounts")


def _of_term(name: str, amount: str, terms: Terms, contract: Writer) -> str:
    """Write the sum of a month's amount over the months of its term so far."""
    last = f"prev({contract.named(name)}, 0)"
    carried = terms.at_each("0", otherwise=last) if len(terms.starts) > 1 else last
    return contract.driver(name, f"{carried} + {amount}", "spend")


def _shortfall(terms: Terms, minimum: str, paid: str) -> str:
    """Write what is missing to the minimum in the last month of each term, and in that of the run if it cuts one."""
    parts = [terms.at_each(f"max({minimum} - {paid}, 0)", end=True)] if terms.ends else []
    if terms.cut:
        part = f"{minimum} * {terms.cut} / {terms.length}"
        parts.append(f"where(month == {terms.months}, max({part} - {paid}, 0), 0)")
    return f"({' + '.join(parts)})"
