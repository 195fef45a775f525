"""How everything is compiled: IEEE arithmetic, division without Python's check (a branch would stop vectorisation), no lock."""

from __future__ import annotations

from typing import Any

from simcost_kernels.backends.cpu.interleaving import Interleaved, InterleavedPairs

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "boundscheck": False, "pipeline_class": Interleaved}
PAIRS: dict[str, Any] = {**OPTIONS, "pipeline_class": InterleavedPairs}
"""For loops that keep many values: two vectors side by side, not four."""

INLINE: dict[str, Any] = {**OPTIONS, "forceinline": True}
"""For bodies of a line or a formula: LLVM inlines them, which compiles ten times faster than numba's own inlining."""
