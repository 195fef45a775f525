"""Several commitments on one pool by the hour: each covers what those before it leave, and the last bills what lies beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.names import identifier_of
from simcost.scenario.quantities.quantity import NOTHING

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer


def check_paid_once(pool: str, writer: Writer) -> None:
    """Refuse commitments on a pool that has a price, or of which another than the last bills what lies beyond them all."""
    priced = [each for each in writer.tables_of("compute") if each.get("name") == pool and each.get("price") is not None]
    if priced:
        what = f'the pool "{pool}" has a price: it bills its devices, and the commitment bills them too'
        writer.refuse(what, "Remove the price of the pool: list_price is that of what lies beyond.", "pool")
    last = _committed_on(pool, writer)[-1]
    if last != writer.name and not NOTHING.match(str(writer.raw.get("list_price")).strip()):
        what = f'"{last[:64]}" is on the pool "{pool}" too, and each of the two bills all that lies beyond itself'
        remedy = f'Write list_price = 0: what lies beyond all of them is bought at that of "{last[:64]}", the last.'
        writer.refuse(what, remedy, "list_price")


def committed_before(pool: str, writer: Writer) -> list[str]:
    """Return what the commitments on a pool cover that stand before one in the file, by their names in formulas."""
    names = _committed_on(pool, writer)
    return [f"{identifier_of(each)}_committed" for each in names[: names.index(writer.name)]]


def is_last_on(pool: str, writer: Writer) -> bool:
    """Whether no commitment on a pool follows in the file."""
    return _committed_on(pool, writer)[-1] == writer.name


def _committed_on(pool: str, writer: Writer) -> list[str]:
    """Return the names of the commitments on a pool, in the order of the file."""
    return [str(each.get("name")) for each in writer.tables_of("commitments") if each.get("pool") == pool]
