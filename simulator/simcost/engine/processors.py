"""How many processors this process may use, and how many of them others leave to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.kernels import DeviceKernel, Kernel

MAX_WORKERS = 8
"""Threads used unless asked for more: each holds a block of its own, about 40 MB for a large model."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def idle_processors() -> float:
    """Return how many of them had nothing to do in the last minute, as far as the system tells; all where it does not."""
    try:
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
    except (AttributeError, OSError):  # Windows has none
        load = 0.0
    return processors() * max(0.0, 1.0 - load)


def workers_for(kernel: Kernel) -> int:
    """Return how many threads help: one where Python itself is the bottleneck, else one for each processor or queue."""
    if not kernel.on_host:
        return cast("DeviceKernel", kernel).queues
    return min(processors(), MAX_WORKERS) if kernel.releases_gil else 1


def workers_beside(kernels: Sequence[Kernel]) -> int:
    """Return how many threads help where kernels run side by side: those that pair the columns, whoever makes them."""
    return min(max(workers_for(kernel), 1 if kernel.on_host else min(processors(), MAX_WORKERS)) for kernel in kernels)
