"""The CUDA back end: the plan's C++ text on a GPU, a thread a scenario, reduced to a summary there; the bits of the reference.

Reading order: `kernel` (what the engine calls), `workers` (who works, and what happens when memory runs out), `worker` (a plan on
one device), `reduction` and ``reduction.cuh`` (columns to a summary), `device` (what is asked of a device), `cupy_device` (a GPU
through CuPy).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcost_kernels.backends.cuda.kernel import CudaKernel

__all__ = ["CudaKernel"]


def __getattr__(name: str) -> Any:
    """Fetch `CudaKernel` when it is wanted."""
    if name != "CudaKernel":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from simcost_kernels.backends.cuda import kernel

    return kernel.CudaKernel
