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

FITTING = {8: 30, 6: 52, 4: 94}
"""Values carried from month to month that stay in registers, by how many groups of 64 threads are to fit a multiprocessor: they
have 128, 168 and 255 registers a thread, in the rest of which a month works. With more the library's models spill on sm_90, the
benchmark's on sm_80 too, says ``bench/cuda_resources.py``. A scheduler has a warp for every second group, and a warp is ready on
a quarter of the cycles, says ``bench/cuda_instructions.py`` of the benchmark: four keep it busy, three for three quarters."""

MORE = 2
"""Values above `FITTING` that still fit, of models that have no more of setup to put away."""

ROWS = 40
"""Values in shared memory at most: 20 KB a group of 64 threads, beside 3 KB of tails. Eight such groups have the 228 KB of an
H100, six the 164 KB of an A100; multiprocessors with less are slow at float64 anyway."""


def carried(plan: Plan) -> int:
    """Count the values that the months carry: of setup, of the year, states, uniforms of the odd month."""
    needed = _used(plan.month) + _ends(plan)
    yearly = sum(number in needed for number in plan.numbered()["year"])
    monthly = sum(step.op == "draw" for step in plan.month)
    return len(_of_setup(plan)) + yearly + len(plan.state) + monthly


def groups(plan: Plan) -> int:
    """Return how many groups of threads are to fit a multiprocessor at once: the most that shared memory makes room for."""
    at_least = carried(plan) - min(ROWS, len(_of_setup(plan)))
    return next((count for count, values in FITTING.items() if at_least <= values + MORE), min(FITTING))


def waiting(plan: Plan) -> tuple[int, ...]:
    """Return the values of setup that wait in shared memory through the months: as many as are carried above what fits.

    Returns
    -------
    tuple of int
        Numbers of values, those first that fewest steps of a month load; `ROWS` at most, none for a model that fits.
    """
    above = max(0, carried(plan) - FITTING[groups(plan)])
    loads = _used(plan.month)
    return tuple(sorted(_of_setup(plan), key=lambda number: loads[number])[: min(above, ROWS)])


def _of_setup(plan: Plan) -> list[int]:
    """List the values of setup that are used after it."""
    needed = _used(plan.year) + _used(plan.month) + _used(plan.final) + _ends(plan)
    return [number for number in plan.numbered()["setup"] if number in needed]


def _used(steps: Iterable[Step]) -> Counter[int]:
    """Count the steps that use each value."""
    return Counter(number for step in steps for number in step.values())


def _ends(plan: Plan) -> Counter[int]:
    """Count the outputs and the states that take each value."""
    ends = (*(output.value for output in plan.outputs), *(state.next for state in plan.state))
    return Counter(int(operand[1:]) for operand in ends if operand[0] == "v")
