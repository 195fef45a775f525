"""Building a plan step by step: every operation is put into the earliest section in which its operands are known.

What is certain is calculated here and now, by the reference back end's own operations: a sum of constants becomes a parameter,
a formula of the calendar becomes a series. Equal steps are kept once; `Builder.finish` drops what no output needs and numbers
the rest.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.draft import Draft, numbered
from simcost_kernels.backends.numpy_text import operation
from simcost_kernels.draws.sampling import RANDOM, Sampling
from simcost_kernels.plan import SECTIONS, Output, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from simcost.scenario.scenario import Persistence
    from simcost_kernels.plan import Plan, Table

SECTION_OF_DRAW: dict[Persistence, str] = {"run": "setup", "year": "year", "month": "month"}


class Builder:
    """Collects the parts of a plan and hands out their operands.

    Parameters
    ----------
    horizon
        Number of months.
    sampling
        How the plan draws its uniforms.
    """

    horizon: int

    def __init__(self, horizon: int, sampling: Sampling = RANDOM) -> None:
        self.horizon = horizon
        self._draft = Draft(horizon, sampling)
        self._known: dict[tuple[str, Step], str] = {}

    def number(self, value: float) -> str:
        """Return the operand of a certain number; each call gives a parameter of its own: numbers never shape a plan."""
        self._draft.parameters.append(float(value))
        return f"p{len(self._draft.parameters) - 1}"

    def series(self, values: Iterable[float]) -> str:
        """Return the operand of a number for each month."""
        self._draft.calendar.append(tuple(map(float, values)))
        return f"c{len(self._draft.calendar) - 1}"

    def table(self, table: Table) -> str:
        """Return the operand of a table."""
        self._draft.tables.append(table)
        return f"t{len(self._draft.tables) - 1}"

    def draw(self, stream: int, persistence: Persistence) -> str:
        """Return the uniform of a stream, drawn once for each run, year or month."""
        self._draft.streams.append(stream)
        return self._value(SECTION_OF_DRAW[persistence], Step("draw", (f"d{len(self._draft.streams) - 1}",)))

    def op(self, name: str, *operands: str) -> str:
        """Return the operand of an operation's result: calculated now if it is certain, otherwise a step."""
        return self._certain(name, operands) or self._value(self._section(operands), Step(name, operands))

    def final(self, name: str, *operands: str) -> str:
        """Return an operation's result after the last month."""
        return self._certain(name, operands) or self._value("final", Step(name, operands))

    def state(self, initial: str) -> str:
        """Return a value carried from month to month, beginning with ``initial`` (certain, or known in setup)."""
        self._draft.state.append([initial, ""])
        return f"s{len(self._draft.state) - 1}"

    def carry(self, state: str, value: str) -> None:
        """Say what a state is at the end of a month."""
        self._draft.state[int(state[1:])][1] = value

    def carrier(self, value: str) -> str:
        """Return the state that ends every month with ``value``: what is left of it after the last month."""
        return next(f"s{i}" for i, (_, then) in enumerate(self._draft.state) if then == value)

    def output(self, group: str, label: str, value: str, *, monthly: bool = False) -> None:
        """Add a result: one column, or one for each month."""
        self._draft.outputs.append(Output(group, label, value, monthly))

    def by_month(self, operand: str) -> tuple[float, ...] | None:
        """Return the values of a certain operand in each month, None if it is not certain."""
        if operand[0] == "p":
            return (self._draft.parameters[int(operand[1:])],) * self.horizon
        return self._draft.calendar[int(operand[1:])] if operand[0] == "c" else None

    def known_in_setup(self, operand: str) -> bool:
        """Tell whether an operand has its value before the first month."""
        return operand[0] == "p" or self._section((operand,)) == "setup"

    def finish(self) -> Plan:
        """Return the verified plan, without whatever no output needs."""
        return numbered(self._draft)[0]

    def finish_with(self, groups: Container[str]) -> tuple[Plan, dict[str, str]]:
        """Return the verified plan of the outputs of some groups alone, and the plan's name of each operand that it has."""
        outputs = [output for output in self._draft.outputs if output.group in groups]
        return numbered(replace(self._draft, outputs=outputs))

    def _value(self, section: str, step: Step) -> str:
        known = self._known.get((section, step))
        if known is None:
            known = f"x{len(self._draft.steps)}"
            self._draft.steps[known] = section, step
            self._known[section, step] = known
        return known

    def _section(self, operands: tuple[str, ...]) -> str:
        """Return the latest section among the operands."""
        sections = {"p": "setup", "t": "setup", "c": "month", "s": "month"}
        return max((sections.get(name[0]) or self._draft.steps[name][0] for name in operands), key=SECTIONS.index)

    def _certain(self, name: str, operands: tuple[str, ...]) -> str | None:
        """Return the result of an operation on certain operands; None if one is random or the result is not finite."""
        if any(operand[0] not in "pc" for operand in operands):
            return None
        function = _operation(name)
        if all(operand[0] == "p" for operand in operands):
            result = float(function(*(np.float64(self._draft.parameters[int(operand[1:])]) for operand in operands)))
            return self.number(result) if np.isfinite(result) else None
        values = np.asarray(function(*(np.array(self.by_month(operand)) for operand in operands)), np.float64)
        return self.series(values) if np.isfinite(values).all() else None


@cache
def _operation(name: str) -> Callable[..., Any]:
    """Return an operation that says nothing about a division by zero: it becomes a step, and is counted when it runs."""
    return np.errstate(all="ignore")(operation(name))
