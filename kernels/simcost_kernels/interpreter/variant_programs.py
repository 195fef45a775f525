"""Variants of a plan as programs over rows: all steps of the first, then for every other one the steps that it changes.

A row holds a value of the scenarios that are worked on together. All models take a month before any takes the next, so that in
each month the values of the first one stand in its rows, and every other one works out only what depends on its own numbers
(`forward_slice`) into rows of its own: those of set-up and years and its states last, those of a month and the end are for
whoever comes next. So each model has the bits that it has alone.

A program is lists of lines, ``(operation, row of the result, operands)``: those of `simcost_kernels.plan.ARITY`, and

=============  ==============================================================================
``sum``        of rows, two or more, from left to right
``copy``       a row from another one, or from a number
``out``        to an output, by its number in the place of the row
``out_month``  to the month's column of an output
=============  ==============================================================================

A cost line that changes is in the sums of all lines after it. Such a chain of additions is one line of a variant's program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost_kernels.interpreter.addition_chains import inner_sums
from simcost_kernels.interpreter.forward_slice import Uses, changed
from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simcost_kernels.interpreter.forward_slice import Slice
    from simcost_kernels.plan import Plan

    Operand = tuple[str, int]
    Done = tuple[str, tuple[Operand, ...]]
    Line = tuple[str, int, tuple[Operand, ...]]
    Program = Mapping[str, Sequence[Line]]

LASTING = ("setup", "year")
"""Sections whose values are wanted in later months."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs of a plan and its variants.

    Parameters
    ----------
    models
        Of each model, the lines of each section; what a month carries on and gives out is with the month, what the states begin
        with is with the set-up. An operand is its kind, as in a plan, and a number: that of its row if it is ``v``.
    carry
        What the first model does after all others have done a month: its states go on.
    n_rows
        How many rows there are.
    """

    models: tuple[Program, ...]
    carry: tuple[Line, ...]
    n_rows: int


def programs(plan: Plan, parameters: Sequence[Sequence[float]]) -> Programs:
    """Return the programs of models that differ in their parameters.

    Parameters
    ----------
    parameters
        Of each model; what no other one changes is done for the first alone.
    """
    uses = Uses(plan)
    slices = [uses.forward_slice(numbers.tolist()) for numbers in changed(parameters)[1:]]
    writer = _Writer(plan)
    first = writer.whole()
    lasting = [writer.lasting(each) for each in slices]
    writer.begin_passing()
    others = [writer.variant(each, rows) for each, rows in zip(slices, lasting, strict=True)]
    return Programs((first, *others), tuple(writer.carried()), writer.n_rows)


class _Writer:
    """Writes the programs of one plan, and deals out rows: to its values and its states, to what states exchange, to variants."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._steps = plan, plan.numbered()
        self._section = {number: section for section, steps in self._steps.items() for number in steps}
        self._operands = {
            number: tuple((name[0], int(name[1:])) for name in step.args)
            for steps in self._steps.values()
            for number, step in steps.items()
        }
        self._ops = {number: step.op for steps in self._steps.values() for number, step in steps.items()}
        self._own = {f"v{number}": number for number in self._section}
        self._own |= {f"s{i}": plan.n_steps + i for i in range(len(plan.state))}
        self._held = {i: len(self._own) + i for i, state in enumerate(plan.state) if state.next[0] == "s"}
        self._taken = {int(name[1:]) for section in SECTIONS for name in plan.taken_at_end(section)}
        self._inner = inner_sums(plan)
        self.n_rows = self._passing = len(self._own) + len(plan.state)

    def whole(self) -> Program:
        """Return the program of the first model, whose values each have the row of their number."""
        every = {section: self._lines(steps, self._own) for section, steps in self._steps.items()}
        return self._with_ends(every, range(len(self._plan.state)), self._own)

    def carried(self) -> Iterator[Line]:
        """Yield what carries the states of the first model on."""
        return self._carry(range(len(self._plan.state)), self._own)

    def lasting(self, own: Slice) -> dict[str, int]:
        """Give rows to the values and states of a variant that last."""
        values = [f"v{number}" for number in own.steps if self._section[number] in LASTING]
        names = [*values, *(f"s{number}" for number in own.states)]
        rows = {name: self.n_rows + place for place, name in enumerate(names)}
        self.n_rows += len(names)
        return rows

    def begin_passing(self) -> None:
        """Deal out no more rows that last: those from here on are for one variant after the other."""
        self._passing = self.n_rows

    def variant(self, own: Slice, lasting: Mapping[str, int]) -> Program:
        """Return the program of a variant."""
        rows = {**self._own, **lasting}
        every: dict[str, list[Line]] = {}
        for section in SECTIONS:
            numbers = [n for n in own.steps if self._section[n] == section]
            if section in LASTING:
                every[section] = self._lines(numbers, rows)
            else:
                every[section] = self._passing_lines(self._with_sums(numbers), rows)
        program = self._with_ends(every, own.states, rows)
        return {**program, "month": [*program["month"], *self._carry(own.states, rows)]}

    def _passing_lines(self, steps: Mapping[int, Done], rows: dict[str, int]) -> list[Line]:
        """Write steps of a month, or of the end, and put their rows to the others: one that nobody wants any more goes on."""
        last = {
            place: number for number, (_, operands) in steps.items() for kind, place in operands if kind == "v" and place in steps
        }
        ending: dict[int, list[int]] = {}
        for place, number in last.items():
            ending.setdefault(number, []).extend([place] if place not in self._taken else [])
        free: list[int] = []
        lines: list[Line] = []
        next_row = self._passing
        for number, (op, operands) in steps.items():
            if not free:
                free.append(next_row)
                next_row += 1
            rows[f"v{number}"] = free.pop()
            lines.append((op, rows[f"v{number}"], tuple(_placed(operand, rows) for operand in operands)))
            free += [rows[f"v{ended}"] for ended in ending.get(number, ())]
        self.n_rows = max(self.n_rows, next_row)
        return lines

    def _lines(self, numbers: Iterable[int], rows: Mapping[str, int]) -> list[Line]:
        return [
            (self._ops[number], rows[f"v{number}"], tuple(_placed(operand, rows) for operand in self._operands[number]))
            for number in numbers
        ]

    def _with_sums(self, numbers: Sequence[int]) -> dict[int, Done]:
        """Return operation and operands of the steps that are left when each chain of additions is one sum."""
        found: dict[int, Done] = {}
        chains: dict[int, tuple[Operand, ...]] = {}
        for number in numbers:
            operands, before = self._operands[number], self._operands[number][0]
            if before[0] == "v" and before[1] in chains:
                operands = (*chains.pop(before[1]), *operands[1:])
            if number in self._inner:
                chains[number] = operands
            else:
                found[number] = ("sum" if len(operands) > len(self._operands[number]) else self._ops[number], operands)
        return found

    def _with_ends(self, lines: Mapping[str, Sequence[Line]], states: Iterable[int], rows: Mapping[str, int]) -> Program:
        """Add what states begin with, and what is recorded."""
        begin = [("copy", rows[f"s{i}"], (_named(self._plan.state[i].initial, rows),)) for i in states]
        recorded: dict[str, list[Line]] = {"month": [], "final": []}
        for place, output in enumerate(self._plan.outputs):
            line = ("out_month" if output.monthly else "out", place, (_named(output.value, rows),))
            recorded["month" if output.monthly else "final"].append(line)
        return {"setup": [*lines["setup"], *begin], "year": lines["year"]} | {
            section: [*lines[section], *recorded[section]] for section in ("month", "final")
        }

    def _carry(self, states: Iterable[int], rows: Mapping[str, int]) -> Iterator[Line]:
        """Yield what carries states on at once: one may go on with another's old value, which is held first."""
        own = list(states)
        held = {i: ("v", self._held[i]) for i in own if i in self._held}
        yield from (("copy", place, (_named(self._plan.state[i].next, rows),)) for i, (_, place) in held.items())
        for i in own:
            yield "copy", rows[f"s{i}"], (held.get(i) or _named(self._plan.state[i].next, rows),)


def _named(name: str, rows: Mapping[str, int]) -> Operand:
    return _placed((name[0], int(name[1:])), rows)


def _placed(operand: Operand, rows: Mapping[str, int]) -> Operand:
    """Return an operand whose value has a row by that row."""
    kind, number = operand
    return ("v", rows[f"{kind}{number}"]) if kind in "vs" else operand
