"""``[[spot]]``: work on machines that may be taken away: what an interruption loses is done again, on spot or on demand.

The price is any driver, so a series brings its process. Work that finds no spot, or finds it dearer than ``ceiling``, is bought
on demand. Interruptions strike each device at a constant rate of the month, and a month has so many of them that their mean is
charged; what is lost is the work since the last checkpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import POSITIVE, SHARE
from simcost.scenario.quantities.units import money, word

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.quantities.units import Unit


class SpotTable(BlockTable):
    """Work on spot machines: a price, interruptions, and what is done about them."""

    category: Category = "compute"
    work: Annotated[Value, number("Hours of a month's work if nothing interrupted it.", "20_000 to 30_000 GPU*hour/month")]
    price: Annotated[Value, number("Spot price, a series for one that moves.", "spot_price")]
    list_price: Annotated[Value, number("Price on demand.", "12 CNY/GPU/hour")]
    interruptions: Annotated[
        Value,
        number(
            "How often a device is taken away; drawn for each month.",
            "1 to 3 to 10 %/hour",
            unit="1/hour",
            bounds=POSITIVE,
            draw="month",
        ),
    ]
    checkpoint: Annotated[
        Value,
        number(
            "Work between two checkpoints, lost as far as it is done; of jobs without, their whole length.",
            "30 minute",
            unit="hour",
            bounds=POSITIVE,
        ),
    ]
    restart: Annotated[Value, number("Paid time until an interrupted job runs again.", "5 to 8 to 20 minute", unit="hour")] = None
    interrupted: Annotated[
        Literal["rework", "fallback"],
        Field(
            description="The stretch since the checkpoint is done again on spot until it succeeds, or once, on demand.",
            examples=["rework"],
        ),
    ]
    available: Annotated[
        Value,
        number(
            "Share of the work that finds spot machines; drawn for each month.",
            "85 to 95 to 99 %",
            unit="1",
            bounds=SHARE,
            draw="month",
        ),
    ] = None
    ceiling: Annotated[Value, number("Spot price above which all of a month's work is bought on demand.", "10 CNY/GPU/hour")] = (
        None
    )


def expand(block: SpotTable, spot: Writer) -> None:
    """What of the work runs on spot, what interruptions add, and the lines of the bill."""
    each = _price(spot)
    work = spot.value("work")
    price = spot.value("price", unit=each)
    list_price = spot.value("list_price", unit=each)
    on_spot = spot.driver("on_spot", f"{work}{_share(spot, price, each)}", "work")
    write = _rework if block.interrupted == "rework" else _fallback
    done, vain, instead = write(spot)
    spot.cost("spot", f"{on_spot}{done} * {price}", "price")
    spot.cost("interruptions", f"{on_spot} * {vain} * {price}", "interruptions")
    spot.cost("on demand", f"({work} - {on_spot}{instead.format(on_spot)}) * {list_price}", "list_price")


def _price(spot: Writer) -> Unit | None:
    """Return the unit of the prices; None if that of the work is not known, and a finding if that has no hours of a month."""
    unit = spot.unit_of("work")
    if unit is None:
        return None
    times = {base for base, _ in (word("hour") / word("month")).dimension}
    if times & {base for base, _ in (unit * word("month") / word("hour")).dimension}:
        what = f"work in {unit.text} is no work of a month"
        spot.refuse(what, 'Write for example "20_000 GPU*hour/month"; of devices that always run, "devices * hours".', "work")
        return None
    return money(spot.expansion.currency) / word("month") / unit


def _share(spot: Writer, price: str, each: Unit | None) -> str:
    """Return the factors of the work that runs on spot: what finds machines, at a price not above the ceiling."""
    factors = ""
    if spot.has("available"):
        factors += f" * {spot.value('available')}"
    if spot.has("ceiling"):
        factors += f" * where({price} <= {spot.value('ceiling', unit=each)}, 1, 0)"
    return factors


def _rework(spot: Writer) -> tuple[str, str, str]:
    """Write what is added by work that is done again on spot until it succeeds.

    A stretch t between two checkpoints, with a restart s after each interruption, takes exp(r s) (exp(r t) - 1) / r hours on
    average at the rate r: Daly 2006, "A higher order estimate of the optimum checkpoint interval for restart dumps", Future
    Generation Computer Systems 22.

    Returns
    -------
    tuple
        Factors of what is done on spot, hours in vain for an hour of work, and the term of what is done on demand instead.
    """
    rate, stretch, restart = _times(spot)
    hours = f"(exp({rate} * {stretch}) - 1) / ({rate} * {stretch})"
    return "", spot.driver("rework", f"{f'exp({rate} * {restart}) * ' if restart else ''}{hours} - 1", "interruptions"), ""


def _fallback(spot: Writer) -> tuple[str, str, str]:
    """Write what is added by work that is done again on demand.

    A stretch t survives with probability exp(-r t), runs (1 - exp(-r t)) / r hours on spot on average, and t + s on demand if it
    does not survive; the tuple is that of `_rework`.
    """
    rate, stretch, restart = _times(spot)
    done = spot.driver("survives", f"exp(-({rate} * {stretch}))", "interruptions")
    vain = spot.driver("rework", f"(1 - {done}) / ({rate} * {stretch}) - {done}", "interruptions")
    instead = f" + {{}} * (1 - {done})" + (f" * (1 + {restart} / {stretch})" if restart else "")
    return f" * {done}", vain, instead


def _times(spot: Writer) -> tuple[str, str, str]:
    """Return the rate of interruptions, the work between two checkpoints, and the restart, empty if there is none."""
    rate = spot.value("interruptions")
    stretch = spot.value("checkpoint")
    return rate, stretch, spot.value_or("", "restart")
