"""``[[tariffs]]``: a price that depends on how much is used in a month: tiers, free allowances, discounts, minimum spend.

Tiers are given by their width or by the threshold at which they end, all in one way; the last has neither. Graduated: each unit
costs the price of the tier in which it lies. Volume: all units cost the price of the tier that the month reaches. Inflation
raises the charge, not the minimum that was agreed upon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.agreements.agreed import AGREED, missing_to
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import POSITIVE, SHARE
from simcost.scenario.quantities.units import money, word
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.quantities.units import Unit


class TierTable(Table):
    """A tier: how far it goes, and its price."""

    width: Annotated[Value, number("How much it holds.", "10 TB", bounds=POSITIVE)] = None
    up_to: Annotated[Value, number("Use of a month at which it ends.", "10 TB", bounds=POSITIVE)] = None
    price: Annotated[Value, number("Price of one; 0 for a free allowance.", "0.50 CNY/GB")]


class TariffsTable(BlockTable):
    """A price in tiers by the use of each month."""

    category: Annotated[Category, Field(examples=["network"])]
    use: Annotated[Value, number("Use over a month.", "40 to 60 TB/month")]
    tiers: Annotated[
        list[TierTable],
        Field(
            min_length=1,
            max_length=20,
            description="From the first unit on, by `width` or by `up_to`; the last tier has neither.",
            examples=[[{"width": "10 TB", "price": "0.50 CNY/GB"}, {"price": "0.40 CNY/GB"}]],
        ),
    ]
    scheme: Annotated[
        Literal["graduated", "volume"],
        Field(description="Each unit at its own tier's price, or all at that of the tier reached.", examples=["graduated"]),
    ] = "graduated"
    discount: Annotated[Value, number("Negotiated, on the whole charge.", "8 %", unit="1", bounds=SHARE)] = None
    minimum: Annotated[Value, number("Least that a month costs, not inflated.", "20_000 CNY/month", unit="MONEY/month")] = None


def expand(block: TariffsTable, tariff: Writer) -> None:
    """Use of the month, its price by tiers, and what is missing to the minimum."""
    if not _is_possible(block, tariff):
        return
    key = _key(block)
    unit = tariff.unit_of("tiers", 0, key) if key else None
    each = None if unit is None else money(tariff.expansion.currency) / unit
    use = tariff.value("use", unit=None if unit is None else unit / word("month"))
    amount = tariff.driver("amount", f"{use} * {tariff.one_month()}", "use")
    ends = _ends(block, tariff, key, unit)
    prices = [tariff.value("tiers", i, "price", unit=each, called=f"price_{i + 1}") for i in range(len(block.tiers))]
    write = _graduated if block.scheme == "graduated" else _volume
    charge = f"({write(amount, ends, prices)})"
    if tariff.has("discount"):
        charge += f" * (1 - {tariff.value('discount')})"
    charge = tariff.driver("charge", f"{charge} / {tariff.one_month()}", "tiers")
    tariff.cost("charge", charge, "tiers")
    if tariff.has("minimum"):
        minimum = tariff.value("minimum")
        tariff.cost("shortfall", missing_to(minimum, charge, block, tariff), "minimum", **AGREED)


def _key(block: TariffsTable) -> Literal["width", "up_to", ""]:
    """Return how the tiers are given; nothing if there is but one."""
    if len(block.tiers) == 1:
        return ""
    return "width" if block.tiers[0].width is not None else "up_to"


def _is_possible(block: TariffsTable, tariff: Writer) -> bool:
    """Whether the tiers are given in one way and ascend; findings if not."""
    known, key, before = tariff.problems, _key(block), 0.0
    for i, tier in enumerate(block.tiers):
        place, last = ("tiers", i), i + 1 == len(block.tiers)
        given = [name for name in ("width", "up_to") if getattr(tier, name) is not None]
        if last and given:
            tariff.refuse(f"{given[0]} of the last tier", "Add a tier without it for all that is beyond.", *place, given[0])
        elif not last and given != [key]:
            what = f"a tier with {' and '.join(given) or 'neither width nor up_to'}"
            tariff.refuse(what, "Give every tier but the last a width, or every one an up_to.", *place)
        elif not last and key == "up_to":
            end = tariff.certain(*place, key, unit=tariff.unit_of("tiers", 0, key))
            if end is not None and end <= before:
                tariff.refuse("the tier ends before it begins", "Give thresholds that ascend, or widths.", *place, key)
            before = end or before
    return tariff.problems == known


def _ends(block: TariffsTable, tariff: Writer, key: str, unit: Unit | None) -> list[str]:
    """Return where each tier but the last ends, as formulas."""
    called = {"width": "width", "up_to": "end"}.get(key, "")
    given = [tariff.value("tiers", i, key, unit=unit, called=f"{called}_{i + 1}") for i in range(len(block.tiers) - 1)]
    return _ascending(given, tariff) if key == "up_to" else [" + ".join(given[: i + 1]) for i in range(len(given))]


def _ascending(ends: list[str], tariff: Writer) -> list[str]:
    """Return thresholds none of which is below the one before: a tier that is drawn to end before it begins holds nothing."""
    unit, found = tariff.unit_of("tiers", 0, "up_to"), ends[:1]
    for i, end in enumerate(ends[1:], 1):
        is_known = all(tariff.certain("tiers", j, "up_to", unit=unit) is not None for j in range(i + 1))
        found.append(end if is_known else tariff.driver(f"reached_{i + 1}", f"max({found[-1]}, {end})", "tiers", i, "up_to"))
    return found


def _graduated(amount: str, ends: list[str], prices: list[str]) -> str:
    starts = ["", *(f" - ({end})" for end in ends)]
    parts = [f"{price} * clip({amount}{start}, 0, {end}{start})" for price, start, end in zip(prices, starts, ends, strict=False)]
    return " + ".join([*parts, f"{prices[-1]} * max({amount}{starts[-1]}, 0)"])


def _volume(amount: str, ends: list[str], prices: list[str]) -> str:
    price = prices[-1]
    for end, lower in zip(reversed(ends), reversed(prices[:-1]), strict=True):
        price = f"where({amount} <= {end}, {lower}, {price})"
    return f"{amount} * {price}"
