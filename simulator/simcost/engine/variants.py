"""What ``auto`` expects of many variants of a plan, which are run together (see `simcost_kernels.guards`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.engine.choice import cpu_s, is_due

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan

MANY = 16
"""Variants from which their own kernel is worth its longer compilation."""

LONGER = 2.0
"""Time of that compilation, of the time that the kernel of the plan alone takes."""

SHARED = 0.25
"""Time of a variant beside others, of the time that it takes alone: 0.2 for the benchmark, compiled or on NumPy."""


def time_alone(n: int, models: int) -> int:
    """Return how many scenarios of one model take the time that n of each of so many variants take."""
    return n * models if models < MANY else round(n * (1.0 + SHARED * (models - 1)))


def has_own_kernel(plan: Plan, n: int, models: int) -> bool:
    """Tell whether so many models, each over n scenarios, are run by a compiled kernel for variants of their plan.

    It is, once it is compiled, or where none is. Where the kernel of the plan alone is there, the other one is compiled when
    what it would have saved is as much as compiling takes (see `choice.choose`).
    """
    if models < MANY:
        return False
    from simcost_kernels.backends.cpu import is_compiled, seconds_spent, spend

    if is_compiled(plan, variants=True) or not is_compiled(plan):
        return True
    saved = cpu_s(plan, n * models) - cpu_s(plan, time_alone(n, models))
    if is_due(plan, saved + seconds_spent(plan, variants=True)):
        return True
    spend(plan, saved, variants=True)
    return False
