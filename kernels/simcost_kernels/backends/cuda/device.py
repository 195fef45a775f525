"""What the CUDA back end asks of a device: memory, launches, and nothing else; tests have one that is the host's compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import DTypeLike, NDArray

Buffer = Any
"""An array in a device's memory: sliced and assigned to as NumPy's are."""


class Module(Protocol):
    """A compiled translation unit."""

    def launch(self, kernel: str, groups: int, threads: int, *arguments: Buffer | np.uint64) -> None:
        """Start ``groups`` groups of ``threads`` threads of a kernel; what is launched later sees its results."""


class Device(Protocol):
    """A device and a queue of work for it.

    Attributes
    ----------
    target
        For which target text is to be printed: ``cuda``, or ``host``.
    name
        What a user calls it.
    """

    target: str
    name: str

    def active(self) -> AbstractContextManager[object]:
        """Make the device and its queue those of the calling thread; everything else here is called within."""

    def load(self, text: str) -> Module:
        """Compile a translation unit, or fetch it from a cache."""

    def upload(self, array: NDArray[Any]) -> Buffer:
        """Copy an array to the device."""

    def filled(self, shape: tuple[int, ...], dtype: DTypeLike, byte: int) -> Buffer:
        """Make an array all of whose bytes are equal; a MemoryError if there is no room, as in `empty` and `upload`."""

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> Buffer:
        """Make an array of anything."""

    def address(self, buffer: Buffer) -> int:
        """Return where an array lies in the device's memory."""

    def fetch(self, buffer: Buffer) -> NDArray[Any]:
        """Copy an array from the device, once everything launched before is done."""

    def free(self) -> None:
        """Give memory back that no array uses."""
