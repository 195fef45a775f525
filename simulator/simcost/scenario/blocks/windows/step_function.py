"""The mean of a month in which windows of days lift each other: the integral of a step function, by its jumps.

On day t of a month of T days, counted from 1, the factor f(t) is the product of the u of all windows [a, b) that hold t. It
changes at their edges alone, so that summed by parts (Abel 1826)

    integral of f from 1 to T + 1  =  T + sum over edges e of (T + 1 - e) (f(e) - f(e-)).

The jump at the edges of one window is (u - 1), there and back, times the product of the other windows that hold the edge: two
products for each window, however many fall together. Of edges at one time each is a jump of its own, in the windows' order: as if
each window were later by next to nothing than those before it, which the integral, continuous in the edges, does not notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer

LINKS = 16
"""Links of a chain in one formula, which has a greatest length; it goes on in another."""


@dataclass(frozen=True, slots=True)
class Window:
    """A festival's days in a month.

    Parameters
    ----------
    number
        Its place in the list that names it, from 1.
    festival
        What its drivers begin with: NAME_first_day, NAME_days and NAME_factor.
    """

    number: int
    festival: str

    @property
    def begins(self) -> str:
        """Its first day."""
        return f"{self.festival}_first_day"

    @property
    def ends(self) -> str:
        """The day after its last."""
        return f"({self.festival}_first_day + {self.festival}_days)"


def gained(own: Window, others: Sequence[Window], *, days: str, writer: Writer) -> str:
    """Write what the jumps at a window's edges add to the integral of a month of so many days, others being there too."""
    begins, ends = (
        chained("*", [_factor_at(edge, each, own) for each in others], called=f"beside_{own.number}_{name}", writer=writer)
        for name, edge in (("first", own.begins), ("last", own.ends))
    )
    return f"({own.festival}_factor - 1) * (({days} + 1 - {own.begins}) * {begins} - ({days} + 1 - {own.ends}) * {ends})"


def chained(operator: str, links: Sequence[str], *, called: str, writer: Writer) -> str:
    """Write a chain of operations from left to right, what leads up to its last links as drivers."""
    chain, number = list(links), 0
    while len(chain) > LINKS:
        number += 1
        head, chain = chain[:LINKS], chain[LINKS:]
        chain.insert(0, writer.driver(f"{called}_{number}", f" {operator} ".join(head), "festivals"))
    return f" {operator} ".join(chain)


def _factor_at(edge: str, other: Window, own: Window) -> str:
    """Write another window's factor at an edge; of edges at one time those of the earlier window come first."""
    holds = ("<=", "<") if other.number < own.number else ("<", "<=")
    return f"where({other.begins} {holds[0]} {edge} and {edge} {holds[1]} {other.ends}, {other.festival}_factor, 1)"
