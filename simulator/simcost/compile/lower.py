"""Scenario -> Plan: inputs become draws and their inverse distribution functions, formulas become steps, costs become outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.compile import calendar
from simcost.compile.builder import Builder
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.quantiles import value_steps
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.formulas.arithmetic import WHOLE
from simcost.scenario.formulas.expression import Apply, Builtin, Expression, Name, Number, names_in
from simcost.scenario.formulas.term import compared
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.plan import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcost.compile.dependence.pairs import Joined
    from simcost.scenario.scenario import Input, Persistence, Scenario

MAX_WHOLE_EXPONENT = 16
"""A literal exponent up to this becomes multiplications, which are exact to half an ulp each."""


class Lowering:
    """The values of one scenario as operands of a `Builder`; what no cost line needs is never lowered.

    Parameters
    ----------
    scenario
        Resolved.
    correlated
        The groups of the scenario's inputs that depend on each other.
    also
        Expressions that are wanted beside the cost lines.
    """

    def __init__(self, scenario: Scenario, correlated: tuple[Joined, ...], also: Iterable[Expression] = ()) -> None:
        self.builder = self._new_builder(scenario.months, Sampling(scenario.sampling.method, scenario.sampling.replicates))
        self._inputs = {each.name: each for each in scenario.inputs}
        self._drivers = {each.name: each for each in scenario.drivers}
        self._groups = {name: group for group in correlated for name in group.names}
        self._uniforms: dict[str, str] = {}
        self._probabilities: dict[str, Probability] = {}
        self._values: dict[str, str] = {}
        self._running: dict[str, str] = {}
        self._deferred: list[tuple[str, Expression]] = []
        self._builtins = {
            "month": calendar.month_numbers(scenario),
            "year": calendar.year_numbers(scenario),
            "hours": calendar.hours(scenario),
            "calendar_month": [month for _, month in calendar.months(scenario)],
            "calendar_year": [year for year, _ in calendar.months(scenario)],
        }
        wanted = [*also, *(cost.expression for cost in (*scenario.costs, *scenario.other_costs))]
        wanted += [scenario.discounting.rate] if scenario.discounting else []
        for name in self._needed(wanted):
            self._values[name] = self.value(self._drivers[name].expression)

    def value(self, expression: Expression) -> str:
        """Return the operand of an expression."""
        match expression:
            case Number(value):
                return self.builder.number(value)
            case Builtin(name):
                return self.builder.series(self._builtins[name])
            case Name(name):
                return self._named(name)
            case Apply():
                return self._applied(expression)

    def running_sum(self, value: str) -> str:
        """Return the sum of a value over the months so far, this one included."""
        certain = self.builder.by_month(value)
        if certain is not None:
            sums, total = [], 0.0
            for each in certain:
                total += each
                sums.append(total)
            return self.builder.series(sums)
        if value not in self._running:
            state = self.builder.state(self.builder.number(0.0))
            self._running[value] = self.builder.op("add", state, value)
            self.builder.carry(state, self._running[value])
        return self._running[value]

    def known(self, name: str) -> str | None:
        """Return the operand of an input or a driver that some cost line needs; None if none does."""
        return self._values.get(name)

    def settle(self) -> None:
        """Say how every state goes on; to be called when all costs are lowered."""
        while self._deferred:
            state, what = self._deferred.pop()
            self.builder.carry(state, self.value(what))

    def _new_builder(self, horizon: int, sampling: Sampling) -> Builder:
        return Builder(horizon, sampling)

    def _named(self, name: str) -> str:
        if name not in self._values:
            self._values[name] = self._input(self._inputs[name])
        return self._values[name]

    def _input(self, each: Input) -> str:
        if isinstance(each.distribution, Constant):
            return self.builder.number(each.distribution.value)
        return self._at(each, self._probability(each))

    def _probability(self, each: Input) -> Probability:
        """Return the probability at which an input takes its value."""
        group = self._groups.get(each.name)
        if group is None or (group.keeps_first and each.name == group.names[0]):
            return Probability(self.builder, self._uniform(each.name, each.draw))
        return self._member(group, each.name)

    def _at(self, each: Input, probability: Probability) -> str:
        """Return the value of an input at a probability."""
        return value_steps(each.distribution, probability)

    def _member(self, group: Joined, name: str) -> Probability:
        """Return the probability of a member of a group, lowering the whole group at once."""
        if name not in self._probabilities:
            self._probabilities |= self._joined(group)
        return self._probabilities[name]

    def _joined(self, group: Joined) -> dict[str, Probability]:
        return group.probabilities(self.builder, lambda name: self._uniform(name, group.draw))

    def _uniform(self, name: str, draw: Persistence) -> str:
        if name not in self._uniforms:
            self._uniforms[name] = self.builder.draw(stream_id(name), draw)
        return self._uniforms[name]

    def _previous(self, what: Expression, first: Expression) -> str:
        """Return last month's value: a state; ``first`` in the first month."""
        beginning = self.value(first)
        if not self._waits(what):
            certain, at_first = self.builder.by_month(self.value(what)), self.builder.by_month(beginning)
            if certain is not None and at_first is not None:
                return self.builder.series((at_first[0], *certain[:-1]))
        if self.builder.known_in_setup(beginning):
            state = value = self.builder.state(beginning)
        else:
            state = self.builder.state(self.builder.number(0.0))
            is_first = self.builder.series((1.0, *[0.0] * (self.builder.horizon - 1)))
            value = self.builder.op("where", is_first, beginning, state)
        self._deferred.append((state, what))
        return value

    def _waits(self, what: Expression) -> bool:
        """Tell whether an expression names a driver that comes later: one that rests on what is just being lowered."""
        return any(name in self._drivers and name not in self._values for name in names_in((what,)))

    def _needed(self, wanted: Iterable[Expression]) -> list[str]:
        """Return the drivers that some expressions rest on, in the order that computes."""
        needed, fresh = set[str](), names_in(wanted) & self._drivers.keys()
        while fresh:
            needed |= fresh
            fresh = (names_in(self._drivers[name].expression for name in fresh) & self._drivers.keys()) - needed
        return [name for name in self._drivers if name in needed]

    def _whole_power(self, base: str, exponent: int) -> str:
        """Return base**exponent by squaring and multiplying."""
        result = ""
        while exponent:
            if exponent & 1:
                result = self.builder.op("mul", result, base) if result else base
            exponent >>= 1
            base = self.builder.op("mul", base, base) if exponent else base
        return result

    def _applied(self, expression: Apply) -> str:
        match expression:
            case Apply("prev", (what, first)):
                return self._previous(what, first)
            case Apply("cumulative", (what,)):
                return self.running_sum(self.value(what))
            case Apply("pow", (base, Number(exponent))) if exponent.is_integer() and 1 <= exponent <= MAX_WHOLE_EXPONENT:
                return self._whole_power(self.value(base), int(exponent))
            case Apply("choose", (index, *numbers)):
                return self._looked_up(index, numbers)
            case Apply(operator, arguments):
                return self._operation(operator, *(self.value(argument) for argument in arguments))

    def _looked_up(self, index: Expression, numbers: Sequence[Expression]) -> str:
        """Return the number at a place, counted from 1: a step table whose edges are the places, the last for all beyond."""
        place = self.value(index)
        if self.builder.by_month(place) is not None:
            return self.value(compared(index, numbers))
        last = self.builder.number(len(numbers))
        within = self.builder.op("where", self.builder.op("lt", place, last), place, last)
        edges = [*np.nextafter(np.arange(2.0, len(numbers) + 1), 0.0), len(numbers)]
        values = [number.value for number in numbers if isinstance(number, Number)]
        return self.builder.op("step_quantile", within, self.builder.table(Table("step", np.array([edges, values]))))

    def _operation(self, operator: str, *operands: str) -> str:
        op = self.builder.op
        match operator:
            case "gt" | "ge":
                return op({"gt": "lt", "ge": "le"}[operator], *reversed(operands))
            case "ne":
                return op("not", op("eq", *operands))
            case "binomial":
                return op("binomial_quantile", *operands)
            case "ceil" | "floor":
                return self._to_whole(operator, operands[0])
            case "clip":
                return op("min", op("max", operands[0], operands[1]), operands[2])
            case _:
                return op(operator, *operands)

    def _to_whole(self, operator: str, value: str) -> str:
        """Return the whole number above or below, of what is nearly whole that number; a zero is 0.0, not -0.0."""
        op, number = self.builder.op, self.builder.number
        if operator == "floor":
            return op("floor", op("add", value, number(WHOLE)))
        return op("add", op("ceil", op("sub", value, number(WHOLE))), number(0.0))
