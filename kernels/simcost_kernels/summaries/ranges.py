"""Moments of scattered ranges of scenarios, combined along a fixed binary tree so that no order of arrival shows.

A leaf is one block of `BLOCK` scenarios; two leaves that are siblings in the aligned binary tree of block numbers become
their parent as soon as both are there, and so on up. What remains are the maximal complete subtrees, O(log n) of them for a
contiguous range; they depend on which blocks came, never on when. A query folds them from left to right.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.summaries.moments import Moments, combine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

BLOCK = 65_536
"""Scenarios in a block: the unit of moments. Ranges that begin and end on its multiples merge to the last bit."""


def parts_of(start: int, stop: int, step: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of the scenarios ``start`` to ``stop``, cut at multiples of ``step``."""
    while start < stop:
        end = min((start // step + 1) * step, stop)
        yield start, end
        start = end


@dataclass(frozen=True, slots=True)
class Node:
    """Moments of the scenarios ``start`` to ``stop - 1``."""

    start: int
    stop: int
    moments: Moments


def _join(left: Node, right: Node) -> Node:
    return Node(left.start, right.stop, combine(left.moments, right.moments))


class Ranges:
    """Disjoint ranges by ascending start, complete siblings combined."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    @property
    def n(self) -> int:
        """Number of scenarios."""
        return sum(node.stop - node.start for node in self.nodes)

    def overlap(self, start: int, stop: int) -> Node | None:
        """Return a node that shares scenarios with ``start`` to ``stop - 1``, if any."""
        place = bisect_left(self.nodes, start, key=lambda node: node.stop - 1)
        node = self.nodes[place] if place < len(self.nodes) else None
        return node if node is not None and node.start < stop else None

    def insert(self, node: Node) -> None:
        """Take in a node that overlaps none, and combine as far as it completes something."""
        place = bisect_left(self.nodes, node.start, key=lambda other: other.start)
        self.nodes.insert(place, node)
        place = self._complete_block(place)
        while (left := self._left_of_siblings(place)) is not None:
            self.nodes[left : left + 2] = [_join(self.nodes[left], self.nodes[left + 1])]
            place = left

    def fold(self) -> Node:
        """Return everything as one node; its start and stop are those of the whole, gaps included."""
        return reduce(_join, self.nodes)

    def _complete_block(self, place: int) -> int:
        """Fold the parts of a block cut into pieces once all are there; return where it then stands."""
        block = self.nodes[place].start // BLOCK * BLOCK
        first = bisect_left(self.nodes, block, key=lambda node: node.start)
        last = bisect_left(self.nodes, block + BLOCK, key=lambda node: node.start)
        parts = self.nodes[first:last]
        if len(parts) < 2 or sum(part.stop - part.start for part in parts) != BLOCK:
            return place
        self.nodes[first:last] = [reduce(_join, parts)]
        return first

    def _left_of_siblings(self, place: int) -> int | None:
        """Place of the left one of two complete siblings, one of which is at ``place``."""
        node = self.nodes[place]
        size = node.stop - node.start
        if size < BLOCK:
            return None
        left = place if node.start % (2 * size) == 0 else place - 1
        if left < 0 or left + 1 >= len(self.nodes):
            return None
        first, second = self.nodes[left : left + 2]
        return (
            left
            if (first.stop, second.stop) == (second.start, first.start + 2 * size) and first.start % (2 * size) == 0
            else None
        )


def arrays_of(nodes: Sequence[Node], n_columns: int) -> dict[str, NDArray[np.generic]]:
    """Write nodes as arrays: ``ranges`` (n_nodes, 2), ``count``, ``mean`` and ``squares`` (n_nodes, n_columns)."""
    shape = (len(nodes), n_columns)
    return {
        "ranges": np.array([(node.start, node.stop) for node in nodes], dtype=np.int64).reshape(-1, 2),
        "count": np.array([node.moments.count for node in nodes], dtype=np.int64).reshape(shape),
        "mean": np.array([node.moments.mean for node in nodes], dtype=np.float64).reshape(shape),
        "squares": np.array([node.moments.squares for node in nodes], dtype=np.float64).reshape(shape),
    }


def nodes_of(arrays: Mapping[str, NDArray[Any]], n_columns: int) -> Iterator[Node]:
    """Read back what `arrays_of` wrote; a KeyError or ValueError where it is damaged."""
    ranges = np.asarray(arrays["ranges"], dtype=np.int64).reshape(-1, 2)
    count = np.asarray(arrays["count"], dtype=np.int64).reshape(len(ranges), n_columns)
    mean = np.asarray(arrays["mean"], dtype=np.float64).reshape(len(ranges), n_columns)
    squares = np.asarray(arrays["squares"], dtype=np.float64).reshape(len(ranges), n_columns)
    for place, (start, stop) in enumerate(ranges.tolist()):
        if not 0 <= start < stop:
            message = f"scenarios {start} to {stop - 1}"
            raise ValueError(message)
        yield Node(start, stop, Moments(count[place], mean[place], squares[place]))
