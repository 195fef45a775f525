"""``[[commitments]]``: capacity or spend that is paid for whether used or not: reservations, savings plans, committed use.

Cash: the upfront payment at the start of each term, the running price by the hour, overage at list price. Amortised: upfront and
running price by the hour, split into what is used and what is not, and the same overage. Both have the same sum over a term.
What is committed is the quantity at the start of a term, until its end.
Terms and rules are those of the FOCUS specification's commitment discounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.agreements.commitment_layers import check_paid_once, committed_before, is_last_on
from simcost.scenario.blocks.agreements.prepaid import as_at_the_start, in_own_currency, paid_price
from simcost.scenario.blocks.agreements.terms import LONGEST_TERM, Terms
from simcost.scenario.blocks.sizing.autoscaling import check_not_the_mean_hour, devices_by_the_hour, write_mean
from simcost.scenario.blocks.writing.table import LONGEST_BLOCK_NAME, BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE
from simcost.scenario.months import hours_of, months_from
from simcost.scenario.quantities.units import money, word
from simcost.scenario.schema import MOST_MONTHS

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.quantities.units import Unit


class CommitmentsTable(BlockTable):
    """Capacity that is paid for whether used or not: a reservation, a savings plan, committed use."""

    category: Category = "compute"
    quantity: Annotated[Value, number("What is committed at the start of a term for all of it, in any unit.", "100 GPU")]
    use: Annotated[Value, number("What is used while it is in use, in that unit.", "gpus_needed")] = None
    pool: Annotated[
        str,
        Field(
            max_length=LONGEST_BLOCK_NAME,
            description="Or the pool that uses it hour by hour: [[compute]] by the hour.",
            examples=["Ranking"],
        ),
    ] = ""
    in_use: Annotated[
        Value, number("Share of a month's hours in which it is in use; all without.", "75 %", unit="1", bounds=SHARE)
    ] = None
    price: Annotated[Value, number("Running price of one.", "7.5 CNY/GPU/hour")] = None
    upfront: Annotated[Value, number("Paid for one at the start of each term.", "30_000 CNY/GPU")] = None
    list_price: Annotated[Value, number("Price of one beyond what is committed.", "12 CNY/GPU/hour")]
    term: Annotated[int, Field(ge=1, le=LONGEST_TERM, description="Months.", examples=[12])]
    month: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Month of the run in which it starts.", examples=[1])] = 1
    renew: Annotated[
        bool | None, Field(description="Whether a term follows a term; needed if one ends within the run.", examples=[True])
    ] = None


def expand(block: CommitmentsTable, plan: Writer) -> None:
    """What is committed in a month, how much of it is used, and the lines of both views."""
    terms = Terms(block.month, block.term, block.renew, plan.months)
    if not _is_possible(block, terms, plan):
        return
    unit = plan.unit_of("quantity")
    quantity = as_at_the_start(terms, plan, plan.value("quantity"), "quantity")
    committed = plan.driver("committed", terms.while_one_runs(quantity), "quantity")
    used, overage = _by_the_hour(block, plan, committed) if block.pool else _in_use(plan, committed, unit)
    rates = _cash(terms, plan, committed, unit)
    rate = plan.driver("rate", " + ".join(rates), "price" if plan.has("price") else "upfront")
    plan.cost("used", f"{used} * {rate}", "use", view="amortised")
    plan.cost("unused", f"({committed} - {used}) * {rate}", "use", view="amortised")
    if overage:
        plan.cost("overage", f"{overage} * {plan.value('list_price', unit=_price(plan, unit))}", "list_price")


def _in_use(plan: Writer, committed: str, unit: Unit | None) -> tuple[str, str]:
    """Write what of the use is covered, and what lies beyond."""
    use = plan.value("use", unit=unit)
    share = plan.value_or("1", "in_use")
    used = plan.driver("used", f"{share} * min({use}, {committed})", "use")
    return used, plan.driver("overage", f"{share} * max({use} - {committed}, 0)", "use")


def _by_the_hour(block: CommitmentsTable, plan: Writer, committed: str) -> tuple[str, str]:
    """Write the same of a pool whose devices follow the hours: the means over its hours.

    Of several on one pool each covers what those before it in the file leave, hour by hour; what lies beyond is the last one's.
    """
    devices, before = devices_by_the_hour(block.pool, plan), committed_before(block.pool, plan)
    left = f"max({{}} - {' - '.join(before)}, 0)" if before else "{}"
    used = write_mean("used", devices, lambda each: f"min({left.format(each)}, {committed})", "pool", plan)
    if not is_last_on(block.pool, plan):
        return used, ""
    covered = " - ".join((*before, committed))
    return used, write_mean("overage", devices, lambda each: f"max({each} - {covered}, 0)", "pool", plan)


def _cash(terms: Terms, plan: Writer, committed: str, unit: Unit | None) -> list[str]:
    """Write what is paid when; return the rates of one and an hour that it amounts to."""
    rates = []
    if plan.has("price"):
        rates.append(plan.value("price", unit=_price(plan, unit)))
        plan.cost("committed", f"{committed} * {rates[0]}", "price", view="cash")
    if plan.has("upfront"):
        sum_ = None if unit is None else money(plan.expansion.currency) / unit
        upfront = plan.value("upfront", unit=sum_)
        plan.cost("upfront", f"{terms.at_each(f'{committed} * {upfront}')} / {plan.one_month()}", "upfront", view="cash")
        running = [in_own_currency(plan, price) for price in rates]
        rates = [*running, f"{paid_price(terms, plan, upfront, 'upfront')} / {_term_hours(terms, plan)}"]
    return rates


def _price(plan: Writer, unit: Unit | None) -> Unit | None:
    """Return the unit of a price of one by the hour; None if the unit of one is not known."""
    return None if unit is None else money(plan.expansion.currency) / unit / word("hour")


def _is_possible(block: CommitmentsTable, terms: Terms, plan: Writer) -> bool:
    """Whether a commitment has a price and its terms are told; findings if not."""
    if block.price is None and block.upfront is None:
        plan.refuse("a commitment without price", "Give price, upfront or both.", "name")
    if plan.has("use") == bool(block.pool):
        what = "use and pool" if block.pool else "neither use nor pool"
        plan.refuse(what, "Give one of the two.", "pool" if block.pool else "name")
        return False
    check_not_the_mean_hour(block.use, plan)
    if block.pool and plan.has("in_use"):
        plan.refuse("in_use of a pool by the hour", "Remove it: each hour's devices are what is in use.", "in_use")
    if block.pool:
        if not devices_by_the_hour(block.pool, plan):
            return False
        check_paid_once(block.pool, plan)
    return terms.are_possible(plan, length="term", renewed="renew") and (plan.has("price") or plan.has("upfront"))


def _term_hours(terms: Terms, plan: Writer) -> str:
    """Write the clock hours of the term that a month belongs to: a leap year has more."""
    year, month = plan.expansion.start
    hours = []
    for i, start in enumerate(terms.starts, 1):
        count = sum(map(hours_of, months_from((year, month + start - 1), terms.length)))
        hours.append(plan.input(f"hours_of_term_{i}", f"{count} hour", "term"))
    if len(hours) == 1:
        return hours[0]
    term = plan.driver("term", f"floor((month - {terms.first}) / {terms.length}) + 1", "term")
    return f"choose({term}, {', '.join(hours)})"
