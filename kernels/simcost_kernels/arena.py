"""Memory of many arrays that are made one by one and go together, cut from few large pieces.

Where the system gives memory by pages of 4 KiB, each costs a fault when it is first touched: 1.6 us on a virtual machine, four
times what filling it takes, and the threads of a process wait for each other there. NumPy asks for huge pages (``MADV_HUGEPAGE``,
Linux) where an array has 4 MiB or more, as the pieces of a summary of many columns have: a sixth of that.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.aligned import aligned_empty

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


class Arena:
    """Hands out memory, which lasts as long as an array in it; what is given up for a larger array is not used again.

    Several threads may `take` at once.

    Parameters
    ----------
    piece
        Numbers of a piece, taken from the system when it is wanted. What is larger has memory of its own.
    """

    __slots__ = ("_free", "_lock", "_piece")

    def __init__(self, piece: int) -> None:
        self._piece = piece
        self._free = np.empty(0)
        self._lock = Lock()

    def take(self, n: int) -> NDArray[np.float64]:
        """Return an array of n values, float64 (n,), that are undefined."""
        if n > self._piece:
            return aligned_empty((n,))
        with self._lock:
            if n > len(self._free):
                self._free = aligned_empty((self._piece,))
            taken, self._free = self._free[:n], self._free[n:]
        return taken


APART = Arena(0)
"""Every array has memory of its own."""


def with_room(wanted: int) -> int:
    """Return how many pages to make room for where so many are wanted: ten million scenarios reach farther than a block."""
    return wanted + 3 * wanted // 8


def grown(old: NDArray[Any], new: NDArray[Any], empty: float) -> NDArray[Any]:
    """Return ``new``, from an arena, with what is in ``old`` and ``empty`` beyond that."""
    new[: len(old)] = old
    new[len(old) :] = empty
    return new
