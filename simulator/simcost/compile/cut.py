"""The plan of some of a plan's outputs: without the steps, states and numbers that only the others need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.draft import Draft, numbered
from simcost_kernels.plan import SECTIONS, Output, Step

if TYPE_CHECKING:
    from collections.abc import Collection

    from simcost_kernels.plan import Plan


def cut(plan: Plan, groups: Collection[str]) -> Plan:
    """Keep the outputs of some groups, in their order, and what they rest on; their columns stay as they are to the last bit.

    Parameters
    ----------
    plan
        Verified.
    groups
        Such as ``("total",)``; see `simcost_kernels.plan.Output`.

    Notes
    -----
    A draw that none of these outputs needs is dropped, and Sobol' points have a dimension less. The total needs every draw that
    any cost line needs, so a plan cut to groups with ``total`` among them has the dimensions of the whole.
    """
    draft = Draft(
        plan.horizon,
        plan.sampling,
        list(plan.parameters),
        list(plan.calendar),
        list(plan.tables),
        list(plan.streams),
    )
    for section in SECTIONS:
        for step in getattr(plan, section):
            draft.steps[f"x{len(draft.steps)}"] = section, Step(step.op, tuple(map(_drafted, step.args)))
    draft.state = [[_drafted(state.initial), _drafted(state.next)] for state in plan.state]
    draft.outputs = [
        Output(each.group, each.label, _drafted(each.value), each.monthly) for each in plan.outputs if each.group in groups
    ]
    return numbered(draft)[0]


def _drafted(operand: str) -> str:
    """Return how a draft calls an operand: only the results of steps have another name."""
    return f"x{operand[1:]}" if operand[0] == "v" else operand
