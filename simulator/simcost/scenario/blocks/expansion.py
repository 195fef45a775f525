"""A scenario whose blocks are being expanded: its data, and what is remembered of each block's keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simcost.scenario.overrides import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.scenario.blocks.wanted import Wanted
    from simcost.scenario.overrides import Replaced
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

    def remember(self, place: Place, origin: Place) -> None:
        """Say where a place of the plain scenario was written: at a key of the file, or where that key was replaced."""
        earlier = self.replaced.origin(origin)
        if earlier is None:
            self.replaced.origins[place] = Origin(origin)
        elif earlier[0].assignment:
            self.replaced.origins[place] = earlier[0]
        else:
            self.replaced.origins[place] = Origin((*earlier[0].place, *earlier[1]))
