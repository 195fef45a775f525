"""What the file has in the place of an input or a driver that is made of a block or a value: ``fx.USD`` for ``fx_USD``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.names import identifier_of
from simcost.scenario.tables import known_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.scenario.blocks.registry import Block


def target_of(made: str, data: Mapping[str, Any]) -> str:
    """Return what ``--set`` replaces where it names what a block or a value of a file would become; empty if none begins so.

    Parameters
    ----------
    made
        Name of an input or a driver that the file has not.
    data
        The file's tables, blocks as they are written.
    """
    found = [(len(begin), target) for begin, target in _targets(made, data) if made == begin or made.startswith(f"{begin}_")]
    return max(found, default=(0, ""))[1]


def target_in(block: Block, name: str, made: str) -> str:
    """Return the key of a block that an input is made of, as ``--set`` has it: ``staff."Data".salary`` for data_salary."""
    path = f'{block.section}."{name}"' if block.form == "list" else f"{block.section}.{name}"
    key = made.removeprefix(f"{_prefix(block, name)}_")
    return f"{path}.{key if key in known_keys(block.table) else 'KEY'}"


def _prefix(block: Block, name: str) -> str:
    return identifier_of(name) if block.form == "list" else name


def _targets(made: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the names begin with that each part of a file makes, and the target that replaces it."""
    yield from ((f"fx_{code}", f"fx.{code}") for code in _table(data.get("fx")))
    if "rate" in _table(data.get("discounting")):
        yield "discount_rate", "discounting.rate"
    inflation = _table(data.get("inflation"))
    if "rate" in inflation:
        yield "inflation", "inflation.rate"
    for category in _table(inflation.get("categories")):
        yield f"inflation_{identifier_of(category)}", f'inflation.categories."{category}"'
    for block in BLOCKS.values():
        for name in _names(block, data.get(block.section)):
            if begin := _prefix(block, name):
                yield begin, target_in(block, name, made)


def _names(block: Block, section: object) -> Iterator[str]:
    if block.form == "table":
        yield from _table(section)
    elif isinstance(section, list):
        yield from (each["name"] for each in section if isinstance(each, dict) and isinstance(each.get("name"), str))


def _table(section: object) -> dict[str, Any]:
    return section if isinstance(section, dict) else {}
