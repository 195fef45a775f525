"""Where a kernel over lanes keeps its values: the stages of each section, and the rows of scratch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.codegen.live_ranges import LiveRange, LiveRanges, share_rows
from simcost_kernels.codegen.stages import stages
from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost_kernels.codegen.stages import Stage
    from simcost_kernels.plan import Plan, Step

COPIES = 3
"""As many as an operation has operands at most."""

SPARE = 18
"""Rows that an operation on rows may work in: tails of eight rows of normal quantiles, a vector more, and where they belong."""


class Schedule:
    """The stages of a plan, and the rows of its values.

    Attributes
    ----------
    steps, stages
        By section.
    rows
        Row by operand: every state, and every value that is used outside its own loop.
    in_place
        By state: the value that it becomes, where that is put into the state's own row.
    odd
        Row by step: the uniforms that a monthly draw keeps for the odd month that follows.
    copies
        Rows for arguments that are the same for all lanes: `COPIES`.
    spare
        The first of the `SPARE` rows that any operation may overwrite.
    """

    def __init__(self, plan: Plan) -> None:
        self.steps = plan.numbered()
        self.stages = {section: self._stages(section) for section in SECTIONS}
        kept = [f"s{i}" for i in range(len(plan.state))]
        monthly = [number for number, step in self.steps["month"].items() if step.op == "draw"]
        first = len(kept) + len(monthly)
        self.in_place = in_place(plan, self.steps["month"], self.stages["month"])
        apart = set(self.in_place.values())
        shared = share_rows(
            {name: its for name, its in self._live_ranges(plan).items() if name not in apart}, first=first + COPIES + SPARE
        )
        self.rows = {name: row for row, name in enumerate(kept)} | shared
        self.rows |= {name: self.rows[state] for state, name in self.in_place.items()}
        self.odd = {number: len(kept) + place for place, number in enumerate(monthly)}
        self.copies, self.spare = tuple(range(first, first + COPIES)), first + COPIES
        self.n_rows = first + COPIES + SPARE + len(set(shared.values()))

    def _stages(self, section: str) -> tuple[Stage, ...]:
        return stages(self.steps[section], range(min(self.steps[section], default=0)))

    def _live_ranges(self, plan: Plan) -> dict[str, LiveRange]:
        """Return the live ranges of the values that are wanted outside their own loop."""
        ranges = LiveRanges()
        for section in SECTIONS:
            for stage in self.stages[section]:
                self._note(ranges, section, stage)
            for name in plan.taken_at_end(section):
                ranges.use(name, section)
            ranges.end(section)
        return ranges.found()

    def _note(self, ranges: LiveRanges, section: str, stage: Stage) -> None:
        own = {f"v{number}" for number in stage.steps}
        for number in stage.steps:
            for operand in self.steps[section][number].args:
                if operand[0] == "v" and operand not in own:
                    ranges.use(operand, section)
        for name in (f"v{number}" for number in stage.steps):
            ranges.make(name, section, always=stage.whole)
        ranges.step()


def in_place(plan: Plan, steps: Mapping[int, Step], stages: Sequence[Stage]) -> dict[str, str]:
    """Return the states that need no copy at the end of a month, with the values that they become.

    Such a value is made in a loop over the lanes, which loads before it stores, and nothing wants the old state after that loop.
    Sums over the months are most of a plan's states: without their copies a scenario of twelve blocks takes a fifth less time.
    """
    made = {f"v{number}": place for place, stage in enumerate(stages) for number in stage.steps if not stage.whole}
    last = {
        operand: place
        for place, stage in enumerate(stages)
        for number in stage.steps
        for operand in steps[number].args
        if operand[0] == "s"
    }
    kept = {state.next for state in plan.state} | {output.value for output in plan.outputs if output.monthly}
    found: dict[str, str] = {}
    for i, state in enumerate(plan.state):
        name = f"s{i}"
        free = name not in kept and state.next in made and state.next not in found.values()
        if free and last.get(name, 0) <= made[state.next]:
            found[name] = state.next
    return found
