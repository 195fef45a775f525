"""Memory that grows: room is made ahead, and no more of it is touched than is used.

The system gives memory when it is touched, for 1.6 us a page of 4 KiB on a virtual machine, four times what filling takes. Huge
pages cost a sixth of that, but six times as much where a machine gives what is free back to its host, as many virtual ones do
within seconds. So nothing here asks for them; NumPy does for an array of 4 MiB or more, of which there are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.system.aligned import aligned_empty

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from simcost_kernels.arrays import Array


def extended(memory: Array, used: int, wanted: int, *, empty: ArrayLike) -> Array:
    """Return memory whose rows begin with what the used part of these holds, and ``empty`` from there up to the wanted length.

    Parameters
    ----------
    memory
        float64 (k, room); may be returned itself.
    used, wanted
        Numbers of each row.
    empty
        A number, or one for each row: float64 (k, 1).
    """
    if wanted > memory.shape[1]:
        larger = aligned_empty((len(memory), wanted + wanted // 2))
        larger[:, :used] = memory[:, :used]
        memory = larger
    memory[:, used:wanted] = empty
    return memory
