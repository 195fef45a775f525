"""Sums that were agreed upon, beside prices that rise: what is spent grows with its index of prices, a minimum of it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.blocks.inflation import index_of
from simcost.scenario.blocks.writing.wanted import Wanted
from simcost.scenario.bounds import NOT_NEGATIVE
from simcost.scenario.quantities.units import DIMENSIONLESS

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.table import BlockTable
    from simcost.scenario.blocks.writing.writer import Writer

AGREED = {"index": "1"}
"""Key of lines whose amount has its inflation already."""


def times_index(block: BlockTable, writer: Writer) -> str:
    """Return what multiplies a month's spend: the block's own index, else that of all lines of its category."""
    if block.index is None:
        index = index_of(block.category, writer.expansion.replaced.data.get("inflation"))
    else:
        index = writer.driver("index", block.index, "index")
        writer.expansion.wanted[index] = Wanted(DIMENSIONLESS, NOT_NEGATIVE, 'index = "1"')
    return f" * {index}" if index else ""


def missing_to(minimum: str, charge: str, block: BlockTable, writer: Writer) -> str:
    """Return what a month's charge lacks of a minimum; nothing in the months that the block's own index closes by being 0."""
    lacking = f"max({minimum} - {charge}{times_index(block, writer)}, 0)"
    return lacking if block.index is None else f"where({writer.named('index')} > 0, {lacking}, 0)"
