"""What a process is asked, and in which pieces it answers."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from simcost_kernels.backends.reference import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = Struct("=QQQ")
"""Seed, first scenario, and the one after the last. The answer is the float64 columns of each of the `pieces` in turn."""


def pieces(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the scenarios from which to which an answer's parts go."""
    for first in range(start, stop, PIECE):
        yield first, min(first + PIECE, stop)
