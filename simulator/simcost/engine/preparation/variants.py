"""Who runs models that differ in their parameters alone: a kernel of their plan, or the interpreter of all plans.

The interpreter (`interpreter_text`) is compiled once for all plans, does for every model but the first only what depends
on its own parameters, and is a little slower than a kernel that is compiled for one plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simcost.engine.preparation.expected_time import REFERENCE_NS, cpu_s, expected
from simcost_kernels.interpreter.forward_slice import Uses, changed
from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.preparation.expected_time import Expected
    from simcost_kernels.plan import Plan

LEAST_NS = 4.0
"""Nanoseconds a scenario of a step that only moves numbers, where `expected_time.REFERENCE_NS` says those of the others."""


def runs_together(plan: Plan, parameters: Sequence[Sequence[float]]) -> float:
    """Return how many runs of a plan take the time that models of it take together: all steps once, then what each one changes.

    Parameters
    ----------
    parameters
        Of each model.
    """
    if len(parameters) == 1:
        return 1.0
    times = dict(zip(SECTIONS, (1, plan.n_years, plan.horizon, 1), strict=True))
    each = [
        times[section] * REFERENCE_NS.get(step.op, LEAST_NS)
        for section, steps in plan.numbered().items()
        for step in steps.values()
    ]
    uses, whole = Uses(plan), sum(each)
    again = sum(each[step] for numbers in changed(parameters)[1:] for step in uses.forward_slice(numbers.tolist()).steps)
    return 1.0 + (again / whole if whole else 0.0)


def expected_together(plan: Plan, n: int, parameters: Sequence[Sequence[float]], *, further: int = 0) -> Expected:
    """Return what models of a plan, each over n scenarios, are expected to take side by side.

    Parameters
    ----------
    parameters
        Of models that the reference and the interpreter run together.
    further
        How many more models of the plan there are, which nobody can run together with these.
    """
    together = expected(plan, round(n * (runs_together(plan, parameters) + further)))
    return replace(together, own_s=cpu_s(plan, n * (len(parameters) + further)))
