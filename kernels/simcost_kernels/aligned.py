"""Arrays that begin with a cache line: a vector of eight numbers that lies across two lines costs two accesses."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE = 64
"""Bytes of a cache line."""


def aligned_empty(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return a float64 array of a shape, C-contiguous, whose first value begins a cache line; its values are undefined."""
    memory = np.empty(prod(shape) + LINE // 8)
    first = -memory.ctypes.data % LINE // 8
    return memory[first : first + prod(shape)].reshape(shape)


def aligned_copy(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a copy of an array that begins a cache line."""
    copy = aligned_empty(values.shape)
    copy[...] = values
    return copy
