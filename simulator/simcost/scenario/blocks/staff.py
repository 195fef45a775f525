"""``[[staff]]``: a team as a stock of whole people with its flows, and what it costs an employer.

In each month, in this order: people leave, each of last month's with the same chance (binomial); people begin, by the plan and
in place of those who left; whoever is there is paid for the whole month. In the first month nobody leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.pay_bands import Bands, BandTable, mean_base, pay_bands
from simcost.scenario.blocks.writing.table import BlockTable, Category, Month, Value, number
from simcost.scenario.bounds import ABOVE_LOSS, SHARE
from simcost.scenario.months import MONTHS_A_YEAR
from simcost.scenario.schema import MOST_MONTHS
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

WAGE = "MONEY/person/month"


class HiringTable(Table):
    """People who are hired for one month."""

    month: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Planned month of the run in which they begin.", examples=[3])]
    people: Annotated[Value, number("How many, whole people.", "4 person", unit="person")]


class ContributionTable(Table):
    """A share of the salary that the employer pays on top, on a base between a floor and a cap."""

    rate: Annotated[Value, number("The employer's share of the base.", "27 %", unit="1", bounds=SHARE)]
    floor: Annotated[Value, number("The least base.", "7_162 CNY/person/month", unit=WAGE)] = None
    cap: Annotated[Value, number("The greatest base.", "35_811 CNY/person/month", unit=WAGE)] = None


class ContractorsTable(Table):
    """People from outside who do what the team cannot yet do."""

    needed: Annotated[Value, number("Fully productive people that the work takes.", "30 person", unit="person")]
    price: Annotated[Value, number("Price of one.", "60_000 CNY/person/month", unit=WAGE)]


class StaffTable(BlockTable):
    """A team: headcount with hiring and attrition, and what an employer pays."""

    category: Category = "staff"
    headcount: Annotated[Value, number("People at the start, rounded to whole ones.", "24 person", unit="person")]
    hiring: Annotated[
        list[HiringTable],
        Field(description="The plan: how many begin in which month.", examples=[[{"month": 3, "people": "4 person"}]]),
    ] = Field(default_factory=list)
    delay: Annotated[
        Value,
        number(
            "How much later than planned they begin, in whole months; a draw for each row of the plan.",
            "0 to 1 to 4 month",
            unit="month",
        ),
    ] = None
    attrition: Annotated[
        Value, number("Leavers over headcount, as a rate: everybody has this chance.", "12 %/year", unit="1/month")
    ] = None
    backfill: Annotated[
        int | None, Field(ge=0, le=12, description="Months until a successor of who leaves begins; none without.", examples=[2])
    ] = None
    ramp: Annotated[
        int | None,
        Field(
            ge=1, le=12, description="Months in which who is new becomes fully productive; contractors do the rest.", examples=[3]
        ),
    ] = None
    salary: Annotated[Value, number("Salary at the start, the mean of the team.", "38_000 CNY/person/month", unit=WAGE)]
    bands: Annotated[
        list[BandTable],
        Field(
            max_length=20,
            description="How salaries differ: what floors and caps make of them depends on it.",
            examples=[[{"share": "70 %", "factor": 0.8}, {"factor": 1.5}]],
        ),
    ] = Field(default_factory=list)
    raise_: Annotated[
        Value,
        Field(alias="raise"),
        number("Yearly raise; drawn for each year.", "2 to 5 to 8 %", unit="1", bounds=ABOVE_LOSS, draw="year"),
    ] = None
    raise_month: Annotated[Month, Field(description="Calendar month of the raise.", examples=[4])] = 1
    bonus: Annotated[
        Value, number("Salaries paid as a bonus; drawn for each year.", "1 to 3 month", unit="month", draw="year")
    ] = None
    bonus_month: Annotated[Month, Field(description="Calendar month in which it is paid.", examples=[2])] = 12
    social_insurance: Annotated[ContributionTable | None, Field(description="Employer's social insurance.")] = None
    housing_fund: Annotated[ContributionTable | None, Field(description="Employer's housing fund.")] = None
    recruiting: Annotated[Value, number("Cost of each hire.", "60_000 CNY/person", unit="MONEY/person")] = None
    onboarding: Annotated[Value, number("Training of each hire.", "15_000 CNY/person", unit="MONEY/person")] = None
    training: Annotated[Value, number("Training of everybody.", "8_000 CNY/person/year", unit="MONEY/person/year")] = None
    contractors: Annotated[ContractorsTable | None, Field(description="Contractors for what is missing.")] = None


def expand(block: StaffTable, team: Writer) -> None:
    """Headcount, then pay, then what each hire and each person costs beside it."""
    headcount = _headcount(block, team)
    pay = _pay(block, team)
    team.cost("salary", f"{headcount} * {pay}", "salary")
    if team.has("bonus"):
        bonus = team.value("bonus")
        month = (block.bonus_month - team.expansion.start[1]) % MONTHS_A_YEAR + 1  # of each year of the run
        team.cost("bonus", f"{headcount} * {pay} * {bonus}", "bonus", every="year", month=month)
    bands = pay_bands(block.bands, team)
    if block.bands and not (team.has("social_insurance") or team.has("housing_fund")):
        team.refuse("bands without contributions: they change nothing", "Give social_insurance, or remove bands.", "bands")
    for key in ("social_insurance", "housing_fund"):
        if team.has(key):
            team.cost(key.replace("_", " "), f"{headcount} * {_contribution(team, key, pay, bands)}", key)
    for key in ("recruiting", "onboarding"):
        if team.has(key):
            price = team.value(key)
            team.cost(key, f"{_hired(block, team, key)} * {price} / {team.one_month()}", key)
    if team.has("training"):
        price = team.value("training")
        team.cost("training", f"{headcount} * {price}", "training")
    _check_ramp(block, team)
    if team.has("contractors"):
        missing = team.driver("missing", f"max({_needed(team)} - {_productive(block, team)}, 0)", "contractors", "needed")
        price = team.value("contractors", "price")
        team.cost("contractors", f"{missing} * {price}", "contractors")


def _headcount(block: StaffTable, team: Writer) -> str:
    """Write the stock and its flows: H(t) = H(t-1) - leavers(t) + hires(t)."""
    opening = team.value("headcount", called="opening")
    headcount = team.named("headcount")
    change = ""
    if team.has("attrition"):
        rate = team.value("attrition")
        chance = team.uniform("leaving", "month", "attrition")
        leavers = f"binomial({chance}, prev({headcount}, 0), {rate} * {team.one_month()})"
        change += f" - {team.driver('leavers', leavers, 'attrition')}"
    elif block.backfill is not None:
        team.refuse("backfill without attrition: nobody leaves", "Give attrition, or remove backfill.", "backfill")
    if _has_hires(block):
        change += f" + {team.driver('hires', _hires(block, team), 'hiring')}"
    return team.driver("headcount", f"prev({headcount}, round({opening})){change}", "headcount")


def _has_hires(block: StaffTable) -> bool:
    return bool(block.hiring) or block.backfill is not None


def _hires(block: StaffTable, team: Writer) -> str:
    """Return who begins in a month: those whose planned month and delay lead to it, and successors."""
    if block.delay is not None and not block.hiring:
        team.refuse("a delay without hiring", "Give hiring, or remove delay.", "delay")
    begun = [
        _planned(row.month, position, team) for position, row in enumerate(block.hiring) if _is_possible(position, block, team)
    ]
    if block.backfill is not None:
        begun.append(team.lagged(team.named("leavers"), "leavers", block.backfill))
    return " + ".join(begun)


def _is_possible(position: int, block: StaffTable, team: Writer) -> bool:
    """Whether a row of the plan lies within the run and is the only one of its month."""
    month, place = block.hiring[position].month, ("hiring", position, "month")
    if month > team.months:
        team.refuse(f"month {month} is after the last of {team.months} months", f"Give 1 to {team.months}.", *place)
    elif month in [row.month for row in block.hiring[:position]]:
        team.refuse(f"a second row for month {month}", "Add the people to the first.", *place)
    else:
        return True
    return False


def _planned(month: int, position: int, team: Writer) -> str:
    people = team.value("hiring", position, "people", called=f"hires_of_month_{month}")
    begin = f"{month}"
    if team.has("delay"):
        delay = team.value("delay", called=f"delay_of_month_{month}")
        begin += f" + round({delay} / {team.one_month()})"
    return f"where(month == {begin}, round({people}), 0)"


def _pay(block: StaffTable, team: Writer) -> str:
    """Return the salary, raised once a year in its calendar month but not in the first month of the run."""
    salary = team.value("salary")
    if not team.has("raise"):
        return salary
    raised = team.value("raise")
    due = f"calendar_month == {block.raise_month} and month > 1"
    return team.driver("pay", f"prev({team.named('pay')}, {salary}) * where({due}, 1 + {raised}, 1)", "raise")


def _contribution(team: Writer, key: str, pay: str, bands: Bands) -> str:
    """Return rate x base, the base being the pay between floor and cap."""
    ends = {end: team.value_or("", key, end) for end in ("floor", "cap")}
    base = mean_base(pay, bands, **ends)
    floor, cap = team.certain(key, "floor"), team.certain(key, "cap")
    if floor is not None and cap is not None and floor > cap:
        team.refuse(f"the floor of {floor:,.10g} is above the cap of {cap:,.10g}", "Give floor <= cap.", key, "floor")
    return f"{base} * {team.value(key, 'rate')}"


def _hired(block: StaffTable, team: Writer, key: str) -> str:
    if not _has_hires(block):
        team.refuse(f"{key} without hiring: nobody is hired", "Give hiring or backfill, or remove it.", key)
    return team.named("hires")


def _needed(team: Writer) -> str:
    return team.value("contractors", "needed")


def _check_ramp(block: StaffTable, team: Writer) -> None:
    """Refuse a ramp that changes nothing: nobody is new, or nobody does what newcomers cannot do yet."""
    if block.ramp is not None and not _has_hires(block):
        team.refuse("a ramp without hiring: nobody is new", "Give hiring or backfill, or remove ramp.", "ramp")
    elif block.ramp is not None and block.contractors is None:
        team.refuse("a ramp without contractors: it changes no cost", "Give contractors, or remove ramp.", "ramp")


def _productive(block: StaffTable, team: Writer) -> str:
    """Return headcount less what newcomers cannot do yet: in the k-th of r months, 1 - (k - 1/2) / r of a person."""
    headcount = team.named("headcount")
    if block.ramp is None:
        return headcount
    rest = range(2 * block.ramp - 1, 0, -2)  # what is still lacking, in halves of an r-th
    lost = [f"{halves} / {2 * block.ramp} * {team.lagged(team.named('hires'), 'hires', ago)}" for ago, halves in enumerate(rest)]
    return team.driver("productive", f"{headcount} - {' - '.join(lost)}", "ramp")
