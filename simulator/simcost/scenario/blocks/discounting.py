"""``[discounting]``: its rate becomes the input or driver discount_rate, and ``rate = "discount_rate"`` stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.blocks.writing.rates import write_value
from simcost.scenario.blocks.writing.wanted import Wanted
from simcost.scenario.bounds import ABOVE_LOSS
from simcost.scenario.quantities.units import DIMENSIONLESS

if TYPE_CHECKING:
    from simcost.scenario.blocks.expansion import Expansion

RATE = Wanted(DIMENSIONLESS, ABOVE_LOSS, 'rate = "6 to 8 to 11 %"')


def expand_discounting(expansion: Expansion) -> None:
    """Make the rate an input or a driver, and leave its name in its place."""
    section = validation.sound_section(expansion.replaced.data, "discounting", "table", expansion.findings)
    if "rate" in section:
        place = ("discounting", "rate")
        section["rate"] = write_value(expansion, place, section["rate"], name=("discount", "rate"), wanted=RATE)
