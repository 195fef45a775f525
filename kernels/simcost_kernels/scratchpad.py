"""Which values wait in a GPU's shared memory instead of registers: a scratchpad, of which the text says what it holds.

A thread has 255 registers, two for each value. What the months of a large model carry does not fit beside what a month works on,
and the assembler then chooses what to spill into local memory. A value of setup is the cheapest to put away: stored once, loaded
where it is used, and its memory is on the multiprocessor whatever else passes through the caches.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost_kernels.plan import Plan, Step

CARRIED = 96
"""Values carried from month to month that fit a thread's registers: 192 of 255, and a month works in the others. Above 98 the
two largest models of the library spill on sm_90, says ``bench/cuda_resources.py``."""

ROWS = 32
"""Values in shared memory at most: 16 KB a group of 64 threads, so that four groups, as many as find room for registers, have the
64 KB of the smallest multiprocessor (sm_75). On sm_80 and later there is twice that and more."""


def waiting(plan: Plan) -> tuple[int, ...]:
    """Return the values of setup that wait in shared memory through the months: as many as are carried above `CARRIED`.

    Returns
    -------
    tuple of int
        Numbers of values, those first that fewest steps of a month load; `ROWS` at most, none for a model that fits.
    """
    needed = _used(plan.year) + _used(plan.month) + _used(plan.final) + _ends(plan)
    setup = [number for number in range(len(plan.setup)) if number in needed]
    loads = _used(plan.month)
    above = max(0, len(setup) + _carried_besides(plan) - CARRIED)
    return tuple(sorted(setup, key=lambda number: loads[number])[: min(above, ROWS)])


def _carried_besides(plan: Plan) -> int:
    """Count what the months carry besides values of setup: states, values of the year, uniforms of the odd month."""
    needed = _used(plan.month) + _ends(plan)
    yearly = sum(len(plan.setup) + place in needed for place in range(len(plan.year)))
    return len(plan.state) + yearly + sum(step.op == "draw" for step in plan.month)


def _used(steps: Iterable[Step]) -> Counter[int]:
    """Count the steps that use each value."""
    return Counter(number for step in steps for number in step.values())


def _ends(plan: Plan) -> Counter[int]:
    """Count the outputs and the states that take each value."""
    ends = (*(output.value for output in plan.outputs), *(state.next for state in plan.state))
    return Counter(int(operand[1:]) for operand in ends if operand[0] == "v")
