"""What a change of some parameters can change: the steps and the states that depend on them, a forward slice of the plan.

Variants of a plan have other parameters and the same draws, so that whatever is not in the slice of a variant's own numbers is
what the plan has there, to the last bit. The slice of one input of a model of hundreds is a few steps in a hundred. The word is
Weiser's (1984, "Program slicing", IEEE Transactions on Software Engineering 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Slice:
    """Numbers of steps, ascending, and of states."""

    steps: tuple[int, ...]
    states: tuple[int, ...]


class Uses:
    """Who uses what in a plan: its def-use chains.

    Parameters
    ----------
    plan
        Verified.
    """

    def __init__(self, plan: Plan) -> None:
        self._users: dict[str, list[str]] = {}
        for section in plan.numbered().values():
            for number, step in section.items():
                for operand in step.args:
                    self._users.setdefault(operand, []).append(f"v{number}")
        for number, state in enumerate(plan.state):
            for operand in (state.initial, state.next):
                self._users.setdefault(operand, []).append(f"s{number}")

    def forward_slice(self, parameters: Iterable[int]) -> Slice:
        """Return what depends on some parameters, by their numbers; a state counts from the first month on."""
        pending, found = [f"p{number}" for number in parameters], set[str]()
        while pending:
            new = set(self._users.get(pending.pop(), ())) - found
            found |= new
            pending += new
        numbers = {kind: sorted(int(name[1:]) for name in found if name[0] == kind) for kind in "vs"}
        return Slice(tuple(numbers["v"]), tuple(numbers["s"]))


def changed(parameters: Sequence[Sequence[float]]) -> list[NDArray[np.int64]]:
    """Return, for each list of parameters, the numbers of those that are not to the bit what they are in the first list."""
    bits = np.array(parameters, dtype=np.float64).view(np.uint64)
    return [np.flatnonzero(each) for each in bits != bits[:1]]
