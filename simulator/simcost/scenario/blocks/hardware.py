"""``[[hardware]]``: machines that are owned: bought, used up over their life, sold at its end, powered, housed, maintained.

Cash: the purchase in its month, the residual value in the last month of the life. Amortised: their difference in equal parts over
the months of the life (straight-line depreciation). What runs costs the same in both views. Quantity, price and
residual share are those of the month of the purchase for all of a life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.agreements.prepaid import as_at_the_start, paid_price
from simcost.scenario.blocks.agreements.terms import Terms
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import AT_LEAST_ONE, SHARE
from simcost.scenario.quantities.units import money, word
from simcost.scenario.schema import MOST_MONTHS

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

LONGEST_LIFE = 120
"""Ten years, in months."""


class HardwareTable(BlockTable):
    """Machines that are owned: purchase, depreciation, residual value, power, racks, maintenance."""

    category: Category = "compute"
    quantity: Annotated[Value, number("How many are bought, in any unit.", "16 server")]
    price: Annotated[Value, number("Price of one.", "1_700_000 to 2_100_000 CNY/server")]
    month: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Month of the run in which they are bought.", examples=[1])] = 1
    life: Annotated[int, Field(ge=1, le=LONGEST_LIFE, description="Months for which they serve.", examples=[48])]
    residual: Annotated[
        Value,
        number(
            "Part of the price paid that they are sold for in the last month of their life.",
            "5 to 10 to 20 %",
            unit="1",
            bounds=SHARE,
        ),
    ] = None
    replaced: Annotated[
        bool | None,
        Field(description="Whether others follow at the same price; needed if the life ends within the run.", examples=[True]),
    ] = None
    power: Annotated[Value, number("Electric power of one, on average.", "6.5 kW/server")] = None
    pue: Annotated[
        Value, number("Power of the data centre over that of its machines.", "1.2 to 1.3 to 1.5", unit="1", bounds=AT_LEAST_ONE)
    ] = None
    electricity: Annotated[Value, number("Price of electricity.", "0.55 to 0.75 CNY/kWh", unit="MONEY/kWh")] = None
    rack: Annotated[Value, number("Space and network of one.", "2_500 CNY/server/month")] = None
    maintenance: Annotated[Value, number("Part of the price, a year.", "4 to 6 to 8 %", unit="1", bounds=SHARE)] = None


def expand(block: HardwareTable, machine: Writer) -> None:
    """What serves in a month, then the lines of both views, then what it takes to run."""
    terms = Terms(block.month, block.life, block.replaced, machine.months)
    if not terms.are_possible(machine, length="life", renewed="replaced"):
        return
    unit = machine.unit_of("quantity")
    sum_ = None if unit is None else money(machine.expansion.currency) / unit
    quantity = as_at_the_start(terms, machine, machine.value("quantity"), "quantity")
    serving = machine.driver("serving", terms.while_one_runs(quantity), "quantity")
    price = machine.value("price", unit=sum_)
    worth = f"{quantity} * {price}"
    machine.cost("purchase", f"{terms.at_each(worth)} / {machine.one_month()}", "price", view="cash")
    lost = paid = f"{quantity} * {paid_price(terms, machine, price, 'price')}"
    if machine.has("residual"):
        residual = as_at_the_start(terms, machine, machine.value("residual"), "residual")
        lost += f" * (1 - {residual})"
        if terms.ends:
            sold = terms.at_each(f"{paid} * {residual}", end=True)
            machine.cost("residual value", f"-{sold} / {machine.one_month()}", "residual", view="cash")
    depreciation = terms.while_one_runs(f"{lost} / ({block.life} * {machine.one_month()})")
    machine.cost("depreciation", depreciation, "life", view="amortised")
    _running(machine, serving, as_at_the_start(terms, machine, price, "price") if machine.has("maintenance") else price)


def _running(machine: Writer, serving: str, price: str) -> None:
    """Write what the machines cost while they serve."""
    unit = machine.unit_of("quantity")
    if machine.has("power"):
        if not machine.has("electricity"):
            machine.refuse("power without the price of electricity", "Give electricity.", "power")
            return
        power = machine.value("power", unit=None if unit is None else word("kW") / unit)
        pue = f" * {machine.value('pue')}" if machine.has("pue") else ""
        electricity = machine.value("electricity")
        machine.cost("electricity", f"{serving} * {power}{pue} * {electricity}", "power")
    if machine.has("rack"):
        rent = None if unit is None else money(machine.expansion.currency) / unit / word("month")
        machine.cost("racks", f"{serving} * {machine.value('rack', unit=rent)}", "rack")
    if machine.has("maintenance"):
        share = machine.value("maintenance")
        machine.cost("maintenance", f"{serving} * {price} * {share} / (12 * {machine.one_month()})", "maintenance")
