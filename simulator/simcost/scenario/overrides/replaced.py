"""A file's data with values replaced, and where each of these comes from: an option of the file, or the command line."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.scenario.problems import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a replaced value was written: a place in the file, or an assignment of the command line."""

    place: Place
    assignment: str = ""

    def inside(self, key: str) -> Origin:
        """Return where a value in this one was written; an assignment is one whole."""
        return self if self.assignment else Origin((*self.place, key))


@dataclass(slots=True)
class Replaced:
    """A file's data with values replaced.

    Parameters
    ----------
    origins
        For each replaced place, where its value comes from.
    """

    data: dict[str, Any]
    origins: dict[Place, Origin] = field(default_factory=dict)

    def origin(self, place: Place) -> tuple[Origin, Place] | None:
        """Find who replaced a place or what it is in, and the rest of the place from there."""
        for length in range(len(place), 0, -1):
            origin = self.origins.get(place[:length])
            if origin is not None:
                return origin, place[length:]
        return None


def replaced_copy(data: Mapping[str, Any]) -> Replaced:
    """Start from a file's data, which stays as it is."""
    return Replaced(copy.deepcopy(dict(data)))
