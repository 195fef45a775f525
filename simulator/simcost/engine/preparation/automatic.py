"""What ``auto`` takes on this machine: what is installed, compiled and idle here, and what earlier runs have waited for."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from simcost.engine.preparation.choice import INTERPRETER, LOAD_S, OWN, REFERENCE, Choice, Ready, choose
from simcost.engine.processors import idle_processors

if TYPE_CHECKING:
    from simcost.engine.preparation.choice import Expected
    from simcost_kernels.plan import Plan

IDLE_TO_COMPILE = 1.5
"""Idle processors from which a run and its compiler do not take each other's time; where they do, what the run has done by then
is worth less than the time that the compiler takes longer."""


def automatic(plan: Plan, work: Expected, *, times: int = 1, beside: bool = True) -> Choice:
    """Return who does some work on a plan here, and note what that takes more than it would if all were compiled.

    The cache is asked only where its answer matters.

    Parameters
    ----------
    work
        What is done now.
    times
        How often about as much is to be done, this time included: what is compiled now is there for all of it.
    beside
        Whether a compiler may work beside the run.
    """
    in_all = work.times(times)
    if find_spec("numba") is None or choose(in_all, Ready(own=True, interpreter=True)) == REFERENCE:
        return REFERENCE
    from simcost_kernels.backends.cpu import can_compile_apart, is_compiled, seconds_spent, spend

    ready = Ready(
        own=is_compiled(plan),
        interpreter=is_compiled(plan, interpreter=True),
        own_spent_s=seconds_spent(plan),
        interpreter_spent_s=seconds_spent(plan, interpreter=True),
    )
    choice = choose(in_all, ready, beside=beside and idle_processors() >= IDLE_TO_COMPILE and can_compile_apart())
    if choice == INTERPRETER:
        if work.own_s < work.interpreter_s:
            spend(plan, work.interpreter_s - work.own_s)
    elif not ready.interpreter and not choice.then and choose(in_all, Ready(ready.own, interpreter=True)) == INTERPRETER:
        spend(plan, work.reference_s if choice == REFERENCE else work.own_s - work.interpreter_s, interpreter=True)
    return choice


def compiled(plan: Plan, work: Expected, *, times: int = 1) -> Choice:
    """Return whether the interpreter or a plan's own kernel does some work here, where no other may; see `automatic`."""
    from simcost_kernels.backends.cpu import is_compiled

    by_its_own = LOAD_S + work.own_s + (0.0 if is_compiled(plan) else work.compile_s / times)
    choice = automatic(plan, replace(work, reference_s=by_its_own), times=times, beside=False)
    return OWN if choice == REFERENCE else choice
