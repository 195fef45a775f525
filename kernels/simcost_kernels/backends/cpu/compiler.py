"""Compiling in a process of its own: this one keeps its memory and its Ctrl-C, and may do something else meanwhile.

The child gets a plan and leaves its machine code in the private cache folder. It lives as long as it is wanted: it is killed when
nobody waits for it any more, and ends by itself when this process does, however that ends.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np

from simcost_kernels.backends.cpu.folder import kernel_folder
from simcost_kernels.plan import Table
from simcost_kernels.saved_plan import to_json
from simcost_kernels.system.child import Child, can_have_children

if TYPE_CHECKING:
    from types import TracebackType

    from simcost_kernels.plan import Plan

INTERPRETER = "interpreter"
"""What the child is told if not the plan's own kernel is wanted but the interpreter of all plans."""

SHAPES = {"smooth": (1, 8), "step": (2, 1)}
"""Of a table of each kind, as small as it can be: machine code depends on the plan's structure, not on its numbers."""


class Compilation:
    """A plan being compiled by another process; to be used in a ``with`` statement, whose end also ends that process.

    Parameters
    ----------
    plan
        Verified.
    interpreter
        Whether to compile the interpreter of all plans, not the plan's own kernel.

    Raises
    ------
    OSError
        If no process can be started.
    """

    def __init__(self, plan: Plan, *, interpreter: bool = False) -> None:
        self.child = Child(__package__, *([INTERPRETER] if interpreter else []))
        try:
            with suppress(OSError):  # it has failed already: `wait` will tell
                self.child.tell(to_json(_structure(plan)).encode() + b"\n")
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def wait(self) -> bool:
        """Wait until the process has ended, and tell whether the machine code is in the cache."""
        return self.child.process.wait() == 0

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.child.stop()


def can_compile_apart() -> bool:
    """Tell whether another process can compile for this one: whether there is a cache folder to hand the machine code over."""
    return can_have_children() and kernel_folder() is not None


def compile_apart(plan: Plan, *, interpreter: bool = False) -> bool:
    """Compile a plan, or the ``interpreter`` for all plans, in another process; tell whether that is in the cache now."""
    if not can_compile_apart():
        return False
    try:
        with Compilation(plan, interpreter=interpreter) as compilation:
            return compilation.wait()
    except OSError:
        return False


def _structure(plan: Plan) -> Plan:
    """Return a plan that compiles to the same machine code, without what makes it large."""
    return replace(plan, tables=tuple(Table(table.kind, np.zeros(SHAPES[table.kind])) for table in plan.tables))
