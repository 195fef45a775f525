"""Who runs a plan where nobody says: the reference, a compiled kernel of the plan's own, or the interpreter of all plans.

What is compiled is taken where it is faster. What is not is compiled where that pays within the work at hand, or once runs
without it have taken as long as compiling takes: whatever the future brings, that is at most about twice what was best (the
ski-rental rule: Karlin et al. 1988, "Competitive snoopy caching"). The interpreter serves all plans, so it comes first, but where
there is so much to do that a kernel of its own pays at once. Models that differ in a few numbers are done sooner by the
interpreter whatever is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from simcost.engine.preparation.expected_time import INTERPRETER_S, LOAD_S
from simcost.engine.processors import idle_processors

if TYPE_CHECKING:
    from simcost.engine.preparation.expected_time import Expected
    from simcost_kernels.plan import Plan

IDLE_TO_COMPILE = 1.5
"""Idle processors from which a run and its compiler do not take each other's time; where they do, what the run has done by then
is worth less than the time that the compiler takes longer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who runs a plan: first who begins, then who takes over when it is compiled, if that is another."""

    first: str
    then: str = ""

    @property
    def last(self) -> str:
        """Who runs to the end."""
        return self.then or self.first


REFERENCE, OWN, INTERPRETER = Choice("reference"), Choice("own"), Choice("interpreter")


@dataclass(frozen=True, slots=True)
class Ready:
    """What is compiled, and how long runs have taken without it: a plan's own kernel, and the interpreter of all plans.

    Parameters
    ----------
    own, interpreter
        Whether it is in the cache.
    own_spent_s, interpreter_spent_s
        Seconds that earlier runs have taken more for want of it: of this plan, and of all plans.
    """

    own: bool = False
    interpreter: bool = False
    own_spent_s: float = 0.0
    interpreter_spent_s: float = 0.0


def choose(work: Expected, ready: Ready, *, beside: bool = True) -> Choice:
    """Return who does some work: the fastest of what is ready, until something better is compiled if that is worth it.

    Parameters
    ----------
    beside
        Whether the compiler has a processor of its own; otherwise compiling comes first.
    """
    seconds = {REFERENCE: work.reference_s, OWN: LOAD_S + work.own_s, INTERPRETER: LOAD_S + work.interpreter_s}
    there = {REFERENCE: True, OWN: ready.own, INTERPRETER: ready.interpreter}
    first = min((each for each in seconds if there[each]), key=seconds.__getitem__)
    better = _worth_compiling(work, ready, seconds, beside=beside)
    if better is None:
        return first
    return Choice(first.first, better.first) if beside else better


def _worth_compiling(work: Expected, ready: Ready, seconds: dict[Choice, float], *, beside: bool) -> Choice | None:
    """Return what is to be compiled for some work, if anything."""
    interpreter_s = seconds[INTERPRETER]
    without_s = min(seconds[REFERENCE], seconds[OWN]) if ready.own else seconds[REFERENCE]
    if without_s <= interpreter_s:
        return None
    saved_s = interpreter_s - seconds[OWN]
    if saved_s > work.compile_s or (ready.interpreter and saved_s > 0.0 and ready.own_spent_s >= work.compile_s):
        return OWN
    pays = INTERPRETER_S + (LOAD_S if beside else interpreter_s) < without_s
    if not ready.interpreter and (pays or ready.interpreter_spent_s >= INTERPRETER_S):
        return INTERPRETER
    return None


def automatic(plan: Plan, work: Expected, *, times: int = 1, beside: bool = True) -> Choice:
    """Return who does some work on a plan on this machine, and note what that takes more than it would if all were compiled.

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
    from simcost_kernels.backends.cpu import can_compile_apart, is_compiled, seconds_spent

    ready = Ready(
        own=is_compiled(plan),
        interpreter=is_compiled(plan, interpreter=True),
        own_spent_s=seconds_spent(plan),
        interpreter_spent_s=seconds_spent(plan, interpreter=True),
    )
    choice = choose(in_all, ready, beside=beside and idle_processors() >= IDLE_TO_COMPILE and can_compile_apart())
    _note_waiting(plan, work, ready, choice, in_all)
    return choice


def _note_waiting(plan: Plan, work: Expected, ready: Ready, choice: Choice, in_all: Expected) -> None:
    """Note what work takes more for want of what is not compiled: of that alone by which it would have been done."""
    from simcost_kernels.backends.cpu import spend

    if choice == INTERPRETER:
        if work.own_s < work.interpreter_s:
            spend(plan, work.interpreter_s - work.own_s)
    elif not ready.interpreter and not choice.then and choose(in_all, Ready(ready.own, interpreter=True)) == INTERPRETER:
        spend(plan, work.reference_s if choice == REFERENCE else work.own_s - work.interpreter_s, interpreter=True)


def compiled(plan: Plan, work: Expected, *, times: int = 1) -> Choice:
    """Return whether the interpreter or a plan's own kernel does some work here, where no other may; see `automatic`."""
    from simcost_kernels.backends.cpu import is_compiled

    by_its_own = LOAD_S + work.own_s + (0.0 if is_compiled(plan) else work.compile_s / times)
    choice = automatic(plan, replace(work, reference_s=by_its_own), times=times, beside=False)
    return OWN if choice == REFERENCE else choice
