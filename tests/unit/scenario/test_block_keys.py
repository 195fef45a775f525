"""Every key of a block that takes a number says which, and its example is one."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import pytest

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.blocks.writing.footing import is_quantity, written_quantity
from simcost.scenario.blocks.writing.table import Takes, Value
from simcost.scenario.blocks.writing.wanted import MOST_OUTSIDE
from simcost.scenario.bounds import SHARE
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.tables import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

NUMBER = Value.__metadata__[0]
"""What tells the annotation of a key that takes a number from all others."""


def all_tables(table: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield table
    for field in table.model_fields.values():
        for inner in tables_in(field.annotation):
            yield from all_tables(inner)


def keys_with_numbers() -> dict[str, FieldInfo]:
    return {
        f"{block.section}.{table.__name__}.{name}": field
        for block in BLOCKS.values()
        for table in all_tables(block.table)
        for name, field in table.model_fields.items()
        if NUMBER in field.metadata
    }


def what_is_wrong(example: Any, takes: Takes) -> str:
    """Return what keeps an example from being taken; formulas are left to the tests of the pages."""
    if isinstance(example, str) and not is_quantity(example):
        return ""
    found = written_quantity(example, "CNY")
    if found is None:
        return "no quantity"
    distribution, unit = found
    wanted = parse_unit(takes.unit.replace("MONEY", "CNY"), "CNY") if takes.unit else unit
    if unit.dimension != wanted.dimension:
        return f"{unit.text} is not {wanted.text}"
    least = takes.bounds.least if takes.bounds.least is not None else takes.bounds.above
    most = takes.bounds.most if takes.bounds.most is not None else takes.bounds.below
    low, high = (end if end is None else float(end * wanted.scale / unit.scale) for end in (least, most))
    inside = distribution.probability_of_range(-inf if low is None else low, inf if high is None else high)
    return "" if inside >= 1 - MOST_OUTSIDE else f"{1 - inside:.2g} of it is out of bounds"


@pytest.mark.parametrize("key", keys_with_numbers())
def test_a_key_says_which_numbers_it_takes_and_its_example_is_one_of_them(key: str) -> None:
    field = keys_with_numbers()[key]
    (takes,) = [said for said in field.metadata if isinstance(said, Takes)]
    assert field.examples
    assert what_is_wrong(field.examples[0], takes) == ""


@pytest.mark.parametrize("example", ["25 GB", "25 gpus of", "120 %", "-0.1", "30 to 110 %"])
def test_an_example_that_no_share_can_be_is_seen(example: str) -> None:
    assert what_is_wrong(example, Takes("1", SHARE, "run"))


def test_all_blocks_together_have_more_than_a_hundred_such_keys() -> None:
    assert len(keys_with_numbers()) > 100
