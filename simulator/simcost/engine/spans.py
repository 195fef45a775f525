"""Spans of scenarios, and how what is to be done for one is cut into pieces for several threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TILE = 8192
"""Scenarios of a piece at most: what the reference works on at once, and a few milliseconds of a compiled kernel."""

SHORTEST_TILE = 256
"""Tiles are multiples of it: whole rows of lanes of a compiled kernel."""

ROUNDS = 4
"""Pieces for each thread: the last to end has a quarter of a thread's share more than others at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """Scenarios ``first`` to ``first + n`` under a seed, on so many threads."""

    seed: int
    first: int
    n: int
    workers: int = 1


def tiles(start: int, stop: int, workers: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of pieces of a span, for so many threads."""
    rows = -(-(stop - start) // (ROUNDS * workers * SHORTEST_TILE))
    width = min(rows * SHORTEST_TILE, LONGEST_TILE)
    for first in range(start, stop, width):
        yield first, min(first + width, stop)


def shares(count: int, workers: int) -> Iterator[range]:
    """Yield neighbours of ``count`` things, for so many threads."""
    width = -(-count // (ROUNDS * workers))
    for first in range(0, count, width):
        yield range(first, min(first + width, count))
