"""Shares of a whole, of which the last takes the rest: where draws add up to more than all, each is that part of their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.blocks.writing.footing import range_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer

ROUNDING = 1e-9
"""What a sum of shares may be above one: 0.7 + 0.2 + 0.1 is."""


def divide_all(rows: str, kind: str, writer: Writer) -> bool:
    """Whether each row but the last has a share, all together at most one; findings if not."""
    known, count = writer.problems, len(writer.raw[rows])
    for i in range(count):
        last = i + 1 == count
        if writer.has(rows, i, "share") == last:
            what = f"a share of the last {kind}, which takes the rest" if last else f"a {kind} without share"
            writer.refuse(what, f"Give a share to every {kind} but the last.", rows, i)
    given = sum(writer.certain(rows, i, "share") or 0.0 for i in range(count - 1))
    if given > 1 + ROUNDING:
        writer.refuse(f"the shares of the {rows} add up to {given * 100:g} %", "Give at most 100 % together.", rows)
    return writer.problems == known


def in_proportion(share: str, rows: str, writer: Writer) -> str:
    """Return a share as a formula: over the sum of all, if that may be more than one; `write_sum` writes it."""
    return f"({share} / {writer.named(f'{rows}_sum')})" if _may_exceed_all(rows, writer) else share


def write_sum(shares: Sequence[str], rows: str, writer: Writer) -> None:
    """Write the sum of all shares but the last, or one, whichever is more, where it may be more than one."""
    if _may_exceed_all(rows, writer):
        writer.driver(f"{rows}_sum", f"max({' + '.join(shares)}, 1)", rows)


def _may_exceed_all(rows: str, writer: Writer) -> bool:
    """Whether the shares of the rows, each one at most, may add up to more than one."""
    shares = [row["share"] for row in writer.raw[rows] if "share" in row]
    most = sum(min(range_of(share, "1", writer.expansion.currency)[1], 1.0) for share in shares)
    return len(shares) > 1 and most > 1 + ROUNDING
