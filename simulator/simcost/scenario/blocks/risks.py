"""``[[risks]]``: an event that may happen, and what it costs or changes: a payment, a running cost, a factor for formulas.

``affects`` names inputs and drivers that are multiplied by the factor wherever they stand; other formulas may name NAME_factor.
NAME_happens is 1 in the month of an event, NAME_lasts 1 while it lasts, NAME_factor what it multiplies by (1 without an event).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.scenario import Persistence


DRAWS: dict[str, Persistence] = {"once": "run", "year": "year", "month": "month"}
"""How long a draw holds that belongs to one event."""


class RisksTable(BlockTable):
    """An event that may happen once, once a year or in every month, and its impact."""

    category: Category = "risk"
    probability: Annotated[Value, number("That it happens, in the time that `per` says.", "15 %", unit="1", bounds=SHARE)]
    per: Annotated[
        Literal["once", "year", "month"],
        Field(
            description="The time: the whole run or a year (in one of its months, each as likely), or every month.",
            examples=["year"],
        ),
    ]
    cost: Annotated[Value, number("Paid in the month of the event.", "200_000 to 900_000 CNY", unit="MONEY")] = None
    running: Annotated[Value, number("Paid while it lasts.", "80_000 CNY/month", unit="MONEY/month")] = None
    factor: Annotated[Value, number("Driver NAME_factor while it lasts, 1 otherwise.", "1.2 to 1.5 to 2", unit="1")] = None
    affects: Annotated[
        list[str],
        Field(
            max_length=1_000, description="Inputs and drivers that `factor` multiplies in all formulas.", examples=[["gpu_price"]]
        ),
    ] = Field(default_factory=list)
    duration: Annotated[
        Value, number("How long it lasts, rounded to whole months, one at least.", "1 to 2 to 6 month", unit="month")
    ] = None


def expand(block: RisksTable, risk: Writer) -> None:
    """When it happens, how long it lasts, and the impacts."""
    draw = DRAWS[block.per]
    happens = _happens(block, risk)
    if block.cost is None and block.running is None and block.factor is None:
        risk.refuse("a risk without impact", "Give cost, running or factor.", "name")
    _check_affected(block, risk)
    if risk.has("cost"):
        cost = risk.value("cost", draw=draw)
        risk.cost("cost", f"{happens} * {cost} / {risk.one_month()}", "cost")
    if block.running is None and block.factor is None:
        if block.duration is not None:
            risk.refuse("a duration of nothing: cost is paid at once", "Give running or factor, or remove it.", "duration")
        return
    lasts = _lasts(block, risk, happens)
    if risk.has("running"):
        running = risk.value("running", draw=draw)
        risk.cost("running", f"{lasts} * {_held(risk, 'running', happens, running)}", "running")
    if risk.has("factor"):
        factor = risk.value("factor", draw=draw, called="impact")
        changed = risk.driver("factor", f"where({lasts}, {_held(risk, 'impact', happens, factor)}, 1)", "factor")
        for i, name in enumerate(block.affects):
            risk.expansion.impacts.setdefault(name, []).append((changed, (*risk.place, "affects", i)))


def _check_affected(block: RisksTable, risk: Writer) -> None:
    """Refuse what is affected by nothing, or twice."""
    if block.affects and block.factor is None:
        risk.refuse("affects without a factor", "Give factor: what these are multiplied by.", "affects")
    for i, name in enumerate(block.affects):
        if name in block.affects[:i]:
            risk.refuse(f'"{name[:64]}" twice', "Name it once.", "affects", i)


def _happens(block: RisksTable, risk: Writer) -> str:
    """Write whether it happens in a month; in a year or a run at most once, in any of its months alike."""
    probability = risk.value("probability")
    chance = risk.uniform("chance", DRAWS[block.per], "probability")
    formula = f"{chance} < {probability}"
    if block.per == "year":
        formula += f" and month - 12 * (year - 1) == ceil(12 * {risk.uniform('when', 'year', 'per')})"
    elif block.per == "once":
        formula += f" and month == ceil({risk.months} * {risk.uniform('when', 'run', 'per')})"
    return risk.driver("happens", f"where({formula}, 1, 0)", "probability")


def _lasts(block: RisksTable, risk: Writer, happens: str) -> str:
    """Write whether it lasts: the months left are counted down, and a new event may renew them."""
    if block.duration is None:
        return happens
    duration = risk.value("duration", draw=DRAWS[block.per])
    months = f"max(round({duration} / {risk.one_month()}), 1)"
    left = risk.driver("left", f"max(prev({risk.named('left')}, 0) - 1, {happens} * {months}, 0)", "duration")
    return risk.driver("lasts", f"where({left} > 0, 1, 0)", "duration")


def _held(risk: Writer, name: str, happens: str, value: str) -> str:
    """Return the value drawn when the event happened, as long as it lasts."""
    held = risk.named(f"{name}_held")
    return risk.driver(
        f"{name}_held", f"where({happens}, {value}, prev({held}, {value}))", name if name == "running" else "factor"
    )
