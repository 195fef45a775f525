"""Rows of scratch that values share: a row is free again once its value has been used for the last time.

Linear scan allocation (Poletto and Sarkar 1999, "Linear scan register allocation"), with one row too many at no cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOP = ("year", "month")
"""Sections that run again and again: what comes from before them and is used in one is needed until both are through."""


@dataclass(frozen=True, slots=True)
class LiveRange:
    """From the stage that makes a value to the last one that uses it, both included."""

    made: int
    last: int


class LiveRanges:
    """Collects the live ranges of values, stage by stage in the order of the text."""

    def __init__(self) -> None:
        self._now = 0
        self._made: dict[str, tuple[str, int]] = {}
        self._last: dict[str, int] = {}
        self._until: dict[str, list[str]] = {}
        """Values that are needed until a section has ended."""

    def make(self, name: str, section: str, *, always: bool) -> None:
        """Note that this stage makes a value, which has a row even if nothing uses it where ``always``."""
        self._made[name] = section, self._now
        if always:
            self._last[name] = self._now

    def use(self, name: str, section: str) -> None:
        """Note that this stage uses a value."""
        self._last[name] = self._now
        if self._made[name][0] != section:
            self._until.setdefault("month" if section in LOOP else section, []).append(name)

    def step(self) -> None:
        """Go on to the next stage."""
        self._now += 1

    def end(self, section: str) -> None:
        """Note that a section has ended."""
        for name in self._until.get(section, []):
            self._last[name] = self._now
        self.step()

    def found(self) -> dict[str, LiveRange]:
        """Return the live ranges of all values that have a row, in the order in which they are made."""
        return {name: LiveRange(made, self._last[name]) for name, (_, made) in self._made.items() if name in self._last}


def share_rows(ranges: Mapping[str, LiveRange], *, first: int) -> dict[str, int]:
    """Return a row for each value, counted from ``first``; values whose ranges overlap by a stage have different ones.

    Parameters
    ----------
    ranges
        By value, in the order in which they are made.
    """
    rows: dict[str, int] = {}
    free: list[int] = []
    living: list[tuple[int, int]] = []
    for name, its in ranges.items():
        free += [row for last, row in living if last < its.made]
        living = [(last, row) for last, row in living if last >= its.made]
        free.sort(reverse=True)
        row = free.pop() if free else first + len(living)
        living.append((its.last, row))
        rows[name] = row
    return rows
