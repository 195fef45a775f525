"""A scenario whose blocks are being expanded: its data, and what is remembered of each block's keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.writing.footing import range_of
from simcost.scenario.overrides.replaced import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.problems import Findings, Place


@dataclass(slots=True)
class Expansion:
    """A scenario whose blocks are being expanded.

    Parameters
    ----------
    replaced
        Its data, to which inputs, drivers and cost lines are added.
    folder
        Where the files that a block names lie.
    start
        (year, month) of the first month.
    wanted
        What the values given in blocks must be, by the name of the input or driver that they became.
    labels
        Which block a place of the plain scenario comes from, for comments.
    unsound
        Names in formulas of what blocks with problems would make: nothing more is said of what rests on them.
    impacts
        By the name of an input or driver: the factors of risks that change it, and where each is written.
    coinciding
        Of a list of festivals those that may have days in one month, and in which months.
    of_festivals
        Drivers of lists of festivals, by what they are and the list.
    """

    replaced: Replaced
    folder: Path
    findings: Findings
    currency: str
    start: tuple[int, int]
    months: int
    wanted: dict[str, Wanted] = field(default_factory=dict)
    labels: dict[Place, str] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    impacts: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)
    coinciding: dict[tuple[str, ...], dict[str, set[int]]] = field(default_factory=dict)
    of_festivals: dict[tuple[str, ...], str] = field(default_factory=dict)

    def range_of(self, name: str, raw: Any, unit: str) -> tuple[float, float]:
        """Return the least and the greatest that a value can be in a unit: endless where its form does not tell.

        Parameters
        ----------
        name
            Of the input that it becomes: a stress of the file may multiply it or add to it at run time, however much.
        """
        return (-inf, inf) if name in self._moved() else range_of(raw, unit, self.currency)

    def _moved(self) -> set[str]:
        """Return the names of all that a stress of the file multiplies or adds to."""
        stresses = self.replaced.data.get("stress")
        tables = [each for each in stresses.values() if isinstance(each, dict)] if isinstance(stresses, dict) else []
        moves = [table.get(key) for table in tables for key in ("scale", "shift")]
        return {name for move in moves if isinstance(move, dict) for name in move}

    def remember(self, place: Place, origin: Place) -> None:
        """Say where a place of the plain scenario was written: at a key of the file, or where that key was replaced."""
        earlier = self.replaced.origin(origin)
        if earlier is None:
            self.replaced.origins[place] = Origin(origin)
        elif earlier[0].assignment:
            self.replaced.origins[place] = earlier[0]
        else:
            self.replaced.origins[place] = Origin((*earlier[0].place, *earlier[1]))
