"""The CPU back end: the plan's lane text compiled by numba, vectorised across scenarios, the same bits as the reference.

Reading order: `rows` (what a kernel does on a row of lanes), `bodies` (the elementary functions bound to numba), `memory` (loads
and stores that LLVM may reorder), `kernel` (a plan made ready), `folder` and `cache` (compiled once a machine), `compiler` (by a
process of its own), `interpreter_kernel` (any plan and its variants, by an interpreter that is compiled once for all).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simcost_kernels.backends.cpu.compiler import Compilation, can_compile_apart, compile_apart
from simcost_kernels.backends.cpu.folder import is_compiled, seconds_spent, spend

if TYPE_CHECKING:
    from simcost_kernels.backends.cpu.interpreter_kernel import InterpreterKernel
    from simcost_kernels.backends.cpu.kernel import CpuKernel

__all__ = [
    "Compilation",
    "CpuKernel",
    "InterpreterKernel",
    "can_compile_apart",
    "compile_apart",
    "is_compiled",
    "seconds_spent",
    "spend",
]

KERNELS = {"CpuKernel": "kernel", "InterpreterKernel": "interpreter_kernel"}
"""Modules that import numba, by what is fetched from them."""


def __getattr__(name: str) -> Any:
    """Fetch a kernel's class: asking whether a plan is compiled already does not import numba."""
    if name not in KERNELS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{KERNELS[name]}"), name)
