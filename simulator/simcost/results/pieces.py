"""Which scenarios of a run are computed again: whole rows, chosen at random by the product's own stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.draws.sampling import ROW
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Piece = tuple[int, int]
"""(start, stop) of scenarios, all of one block."""

SHARE = 1_000
"""One scenario in so many is computed again."""

FEWEST_PIECES = 16

MOST_PIECES = 128
"""From there on pieces grow instead: short ones cost as much as long ones."""

LONGEST = 8_192
"""Scenarios of a piece."""


def blocks_of(start: int, stop: int, cuts: Iterable[int]) -> Iterator[Piece]:
    """Cut a range at multiples of `BLOCK`, and wherever the run was cut besides: moments depend on it in their last bit."""
    ends = sorted({stop, *(cut for cut in cuts if start < cut < stop)})
    for end in ends:
        while start < end:
            after = min((start // BLOCK + 1) * BLOCK, end)
            yield start, after
            start = after


@dataclass(frozen=True, slots=True)
class PieceSample:
    """A random choice among the scenarios ``first`` to ``first + n``.

    Pieces are multiples of a row from number 0 on, cut at the ends of the range.
    """

    first: int
    n: int
    seed: int

    @property
    def length(self) -> int:
        """Scenarios of a piece."""
        length = ROW
        while length < LONGEST and self.n > length * SHARE * MOST_PIECES:
            length *= 2
        return length

    def pieces(self, among: int) -> set[Piece]:
        """Choose a thousandth of the first ``among`` scenarios, at least `FEWEST_PIECES` pieces; one chosen twice counts once."""
        if among <= 0:
            return set()
        length, stop = self.length, self.first + self.n
        low, high = self.first // length, -(-(self.first + among) // length)
        count = min(max(-(-among // (SHARE * length)), FEWEST_PIECES), high - low)
        u = uniforms(self.seed, stream_id("simcost verify"), 0, 0, count)
        places = (low + np.floor(u * (high - low)).astype(np.int64)).tolist()
        return {(max(place * length, self.first), min((place + 1) * length, stop)) for place in places}
