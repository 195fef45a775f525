"""Chains of additions in a plan: what each but the last one makes is wanted by the next alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan


def inner_sums(plan: Plan) -> frozenset[int]:
    """Return the numbers of all sums of values that nothing wants but another such sum of their section, as its first operand."""
    wanted = {name for section in SECTIONS for name in plan.taken_at_end(section)}
    uses = Counter(operand for section in SECTIONS for step in getattr(plan, section) for operand in step.args)
    found: set[int] = set()
    for steps in plan.numbered().values():
        sums = {number for number, step in steps.items() if step.op == "add" and all(each[0] in "vs" for each in step.args)}
        first = {int(steps[number].args[0][1:]) for number in sums if steps[number].args[0][0] == "v"}
        found |= {number for number in sums & first if uses[f"v{number}"] == 1 and f"v{number}" not in wanted}
    return frozenset(found)
