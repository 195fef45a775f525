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

CARRIED = 94
"""Values carried from month to month that fit a thread's registers: 188 of 255, and a month works in the others, which four
normal quantiles at once need. Above it the largest model of the library spills on sm_90, says ``bench/cuda_resources.py``."""

CARRIED_BY_SIX = 54
"""Values that fit 168 registers. A scheduler has room for three warps of so many, six groups a multiprocessor, and for two of any
more: a model of 62 values took 229 registers on sm_90, and 168 with eight of them put away."""

NEARLY_SIX = 64
"""Values up to which a model is made to fit 168 registers: few are put away for half as many warps again."""

SIX, FOUR = 6, 4
"""Groups of 64 threads a multiprocessor, which is told to the compiler: left to choose, it spilled a value of a small model."""

ROWS = 40
"""Values in shared memory at most: 20 KB a group of 64 threads, beside 2.5 KB of tails. Four groups, which is all that registers
suffice for, have the 100 KB of the smallest multiprocessor since sm_80; the 64 KB of sm_75, slow at float64 anyway, hold two."""


def carried(plan: Plan) -> int:
    """Count the values that the months carry: of setup, of the year, states, uniforms of the odd month."""
    needed = _used(plan.month) + _ends(plan)
    yearly = sum(len(plan.setup) + place in needed for place in range(len(plan.year)))
    monthly = sum(step.op == "draw" for step in plan.month)
    return len(_of_setup(plan)) + yearly + len(plan.state) + monthly


def groups(plan: Plan) -> int:
    """Return how many groups of threads are to fit a multiprocessor at once."""
    return SIX if carried(plan) <= NEARLY_SIX else FOUR


def waiting(plan: Plan) -> tuple[int, ...]:
    """Return the values of setup that wait in shared memory through the months: as many as are carried above what fits.

    Returns
    -------
    tuple of int
        Numbers of values, those first that fewest steps of a month load; `ROWS` at most, none for a model that fits.
    """
    count = carried(plan)
    above = max(0, count - (CARRIED_BY_SIX if count <= NEARLY_SIX else CARRIED))
    loads = _used(plan.month)
    return tuple(sorted(_of_setup(plan), key=lambda number: loads[number])[: min(above, ROWS)])


def _of_setup(plan: Plan) -> list[int]:
    """List the values of setup that are used after it."""
    needed = _used(plan.year) + _used(plan.month) + _used(plan.final) + _ends(plan)
    return [number for number in range(len(plan.setup)) if number in needed]


def _used(steps: Iterable[Step]) -> Counter[int]:
    """Count the steps that use each value."""
    return Counter(number for step in steps for number in step.values())


def _ends(plan: Plan) -> Counter[int]:
    """Count the outputs and the states that take each value."""
    ends = (*(output.value for output in plan.outputs), *(state.next for state in plan.state))
    return Counter(int(operand[1:]) for operand in ends if operand[0] == "v")
