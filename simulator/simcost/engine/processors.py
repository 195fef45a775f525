"""How many processors this process may use, and how many of them others leave to it."""

from __future__ import annotations

import os


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
