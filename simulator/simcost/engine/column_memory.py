"""Memory for columns, lent to one run after another: fresh memory costs more than what is computed in it for a short run.

The first touch of 38 MB, a block of 73 columns, takes 3 ms where the system backs it by huge pages, 15 ms where it does not, and
up to 120 ms on a virtual machine that gives freed memory back to its host; running a block takes 27 ms. Sweeps, searches and runs
that may stop early are many runs.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from simcost_kernels.system.aligned import aligned_columns, aligned_empty, columns_size

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from simcost_kernels.arrays import Array

MOST_SPARE = 1 << 27
"""Bytes kept for the next run at most: three blocks of 73 columns."""

_spare: list[Array] = []
_lock = Lock()


class ColumnMemory:
    """What a run takes; as a context manager it is given back at the end, and nobody may look at it any more."""

    def __init__(self) -> None:
        self._taken: list[Array] = []

    def __enter__(self) -> Self:
        """Begin a run."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Keep the memory for another run, the smaller pieces first where it is too much."""
        with _lock:
            _spare.extend(self._taken)
            _spare.sort(key=len)
            while sum(each.nbytes for each in _spare) > MOST_SPARE:
                _spare.pop()

    def columns(self, n_columns: int, width: int) -> Array:
        """Return float64 (n_columns, width), undefined; see `aligned_columns`."""
        memory = _take(columns_size(n_columns, width))
        self._taken.append(memory)
        return aligned_columns(n_columns, width, memory)


def release() -> None:
    """Keep nothing: the next run is far off, and something else wants memory."""
    with _lock:
        _spare.clear()


def _take(size: int) -> Array:
    """Return the smallest spare memory that is large enough, or new memory."""
    with _lock:
        place = next((place for place, memory in enumerate(_spare) if len(memory) >= size), None)
        return aligned_empty((size,)) if place is None else _spare.pop(place)
