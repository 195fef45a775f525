"""What ``auto`` takes on this machine: what is installed, compiled and idle here, and what earlier runs have waited for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from simcost.engine.choice import INTERPRETER, REFERENCE, Choice, Ready, choose, cpu_s, interpreter_s, reference_s
from simcost.engine.processors import idle_processors

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan

IDLE_TO_COMPILE = 1.5
"""Idle processors from which a run and its compiler do not take each other's time; where they do, what the run has done by then
is worth less than the time that the compiler takes longer."""


def automatic(plan: Plan, n: int, *, beside: bool = True, processes: int = 1) -> Choice:
    """Return who runs n scenarios of a plan here, and note what it takes more than it would if all were compiled.

    The cache is asked only where its answer matters.

    Parameters
    ----------
    beside
        Whether a compiler may work beside the run.
    processes
        In how many the reference would run.
    """
    if find_spec("numba") is None or choose(plan, n, Ready(own=True), processes=processes) == REFERENCE:
        return REFERENCE
    from simcost_kernels.backends.cpu import can_compile_apart, is_compiled, seconds_spent, spend

    ready = Ready(
        own=is_compiled(plan),
        interpreter=is_compiled(plan, interpreter=True),
        own_spent_s=seconds_spent(plan),
        interpreter_spent_s=seconds_spent(plan, interpreter=True),
    )
    beside = beside and idle_processors() >= IDLE_TO_COMPILE and can_compile_apart()
    choice = choose(plan, n, ready, beside=beside, processes=processes)
    if choice == INTERPRETER:
        spend(plan, interpreter_s(plan, n) - cpu_s(plan, n))
    elif (
        choice == REFERENCE
        and not ready.interpreter
        and choose(plan, n, Ready(interpreter=True), processes=processes) != REFERENCE
    ):
        spend(plan, reference_s(plan, n, processes), interpreter=True)
    return choice
