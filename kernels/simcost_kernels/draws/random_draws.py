"""Uniforms of a piece of scenarios at random, as arrays: Philox, whose words serve two periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.draws.philox import HALF, WORD, philox, uniform
from simcost_kernels.functions.primitives import uint64

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array


class RandomDraws:
    """The random uniforms of one piece of scenarios; keeps the odd half of a counter's words for the month that follows.

    Parameters
    ----------
    seed
        64-bit.
    first, n
        The scenarios ``first`` to ``first + n``.
    """

    __slots__ = ("_high", "_key", "_low", "_odd")

    def __init__(self, seed: int, first: int, n: int) -> None:
        self._key = uint64(seed & 0xFFFFFFFF), uint64(seed >> 32)
        scenario = np.arange(first, first + n, dtype=np.uint64)
        self._low = scenario & WORD
        crosses = first >> 32 != (first + n - 1) >> 32
        self._high = scenario >> HALF if crosses else uint64(first >> 32)
        self._odd: dict[tuple[int, int], Array] = {}

    def __call__(self, stream: int, period: int | None = None) -> Array:
        """Return the uniforms of a stream in a period (none: the whole run): float64 (n,)."""
        if period is None:
            return self._even_and_odd(stream, 0)[0]()
        kept = self._odd.pop((stream, period), None)
        if kept is not None:
            return kept
        even, odd = self._even_and_odd(stream, period)
        if period % 2:
            return odd()
        self._odd[stream, period + 1] = odd()
        return even()

    def _even_and_odd(self, stream: int, period: int) -> tuple[Callable[[], Array], ...]:
        w0, w1, w2, w3 = philox(self._low, self._high, uint64(stream), uint64(period // 2), *self._key)
        return lambda: uniform(w0, w1), lambda: uniform(w2, w3)


def uniforms(seed: int, stream: int, period: int, first: int, n: int) -> Array:
    """Return the uniforms of scenarios ``first`` to ``first + n``: float64 (n,). The plain statement of the keying.

    Parameters
    ----------
    seed
        0 to 2**64 - 1.
    stream, period
        32-bit id and period number (0 for a run, the year's or the month's index).
    """
    scenario = np.arange(first, first + n, dtype=np.uint64)
    words = philox(
        scenario & WORD,
        scenario >> HALF,
        uint64(stream),
        uint64(period // 2),
        uint64(seed & 0xFFFFFFFF),
        uint64(seed >> 32),
    )
    drawn: Array = uniform(words[2], words[3]) if period % 2 else uniform(words[0], words[1])
    return drawn
