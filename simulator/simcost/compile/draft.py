"""A plan while it grows, and its last act: dropping what no output needs, and numbering the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simcost_kernels.draws.sampling import RANDOM, Sampling
from simcost_kernels.plan import SECTIONS, Output, Plan, State, Step, Table
from simcost_kernels.sound_plan import verify

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Draft:
    """The parts of a plan as they grow; operands are those of a plan, with ``x7`` for a value not yet numbered."""

    horizon: int
    sampling: Sampling = RANDOM
    parameters: list[float] = field(default_factory=list)
    calendar: list[tuple[float, ...]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    steps: dict[str, tuple[str, Step]] = field(default_factory=dict)
    state: list[list[str]] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)


class _Numbering:
    """Keeps what the outputs need and gives everything its final number."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._needed = self._closure(output.value for output in draft.outputs)
        self.names = {name: f"v{i}" for i, name in enumerate(self._in_order())}
        for kind in "pctds":
            used = sorted((name for name in self._needed if name[0] == kind), key=lambda name: int(name[1:]))
            self.names |= {name: f"{kind}{i}" for i, name in enumerate(used)}

    def plan(self) -> Plan:
        draft = self._draft
        plan = Plan(
            parameters=self._kept("p", draft.parameters),
            calendar=self._kept("c", draft.calendar),
            tables=self._kept("t", draft.tables),
            streams=self._kept("d", draft.streams),
            **{section: self._section(section) for section in SECTIONS},
            state=tuple(State(self.names[first], self.names[then]) for first, then in self._kept("s", draft.state)),
            outputs=tuple(Output(o.group, o.label, self.names[o.value], o.monthly) for o in draft.outputs),
            horizon=draft.horizon,
            sampling=draft.sampling,
        )
        verify(plan)
        return plan

    def _closure(self, wanted: Iterable[str]) -> set[str]:
        """Return every operand that the wanted ones rest on."""
        needed: set[str] = set()
        pending = list(wanted)
        while pending:
            name = pending.pop()
            if name in needed:
                continue
            needed.add(name)
            if name[0] == "x":
                pending.extend(self._draft.steps[name][1].args)
            elif name[0] == "s":
                pending.extend(self._draft.state[int(name[1:])])
        return needed

    def _in_order(self) -> Iterable[str]:
        """Yield the needed steps section by section; within one, a step's operands were always built before it."""
        for section in SECTIONS:
            yield from (name for name, (place, _) in self._draft.steps.items() if place == section and name in self._needed)

    def _section(self, section: str) -> tuple[Step, ...]:
        steps = self._draft.steps
        return tuple(
            Step(step.op, tuple(self.names[operand] for operand in step.args))
            for name, (place, step) in steps.items()
            if place == section and name in self._needed
        )

    def _kept(self, kind: str, everything: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(item for i, item in enumerate(everything) if f"{kind}{i}" in self._needed)


def numbered(draft: Draft) -> tuple[Plan, dict[str, str]]:
    """Return the verified plan of what the outputs of a draft need, and the plan's name of each operand that they need."""
    numbering = _Numbering(draft)
    return numbering.plan(), numbering.names
