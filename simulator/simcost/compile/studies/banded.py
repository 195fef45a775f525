"""Compiling a scenario to a plan whose inputs can be moved at run time; see `simcost.compile.studies.bands`."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, TypeGuard

from simcost.compile.costs import cost_outputs
from simcost.compile.dependence.correlation import CorrelatedGroup
from simcost.compile.dependence.pairs import joined
from simcost.compile.distributions.closed_form import clipped
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.quantiles import value_steps
from simcost.compile.distributions.refusals import check_distributions
from simcost.compile.lower import Lowering
from simcost.compile.studies.bands import BandedPlan, Freedom, Knobs, Weights
from simcost.compile.studies.twins import TwinBuilder
from simcost.scenario.distributions.canonical import Lognormal, Normal
from simcost.scenario.scenario import OTHER_VIEW
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.functions.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM
from simcost_kernels.plan import SECTIONS, Plan

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from simcost.compile.builder import Builder
    from simcost.compile.dependence.pairs import Joined
    from simcost.scenario.scenario import Input, Scenario
    from simcost_kernels.draws.sampling import Sampling


def compile_banded(
    scenario: Scenario,
    outputs: Container[str] = ("total",),
    *,
    freedom: Freedom = "bands",
    twinned: bool = False,
    movable: bool = False,
) -> BandedPlan:
    """Compile a resolved scenario to a plan whose inputs can be moved.

    Parameters
    ----------
    outputs
        Groups of the outputs that are wanted; inputs that reach none of them are left out. ``input`` is the value of each input
        that the others need, its mean over the months if it is drawn more than once.
    freedom
        How inputs can be moved.
    twinned
        Whether every draw has a twin that can be picked instead.
    movable
        Whether the values of inputs can be multiplied and increased too.

    Raises
    ------
    ScenarioError
        As `simcost.compile.compiled.compile_scenario` does.
    """
    check_distributions(scenario)
    scenario = _needed_for(scenario, outputs)
    lowering = BandedLowering(scenario, joined(scenario), freedom, twinned=twinned, movable=movable)
    cost_outputs(scenario, lowering)
    lowering.settle()
    if "input" in outputs:
        lowering.expose()
    return lowering.finish(scenario, outputs)


def _needed_for(scenario: Scenario, outputs: Container[str]) -> Scenario:
    """Leave out the other view and discounting where no output asks for them: their inputs reach no total."""
    if "present_value" in outputs or f"{OTHER_VIEW[scenario.view]}_total" in outputs:
        return scenario
    return replace(scenario, other_costs=(), discounting=None)


class BandedLowering(Lowering):
    """Lowers inputs with a band each; see `Lowering`."""

    def __init__(
        self,
        scenario: Scenario,
        correlated: tuple[Joined, ...],
        freedom: Freedom,
        *,
        twinned: bool,
        movable: bool,
    ) -> None:
        self._movable = movable
        self._moves: dict[str, tuple[str, str]] = {}
        shared = (stream for group in correlated for stream in group.streams)
        self._taken = {stream_id(name) for name in (*(each.name for each in scenario.inputs), *shared)}
        self._twins: TwinBuilder | None = None
        self._twinned = twinned
        self._freedom = freedom
        self._on_score = set[str]()
        self._from_above = set[str]()
        self._knobs: dict[str, tuple[str, str, str]] = {}
        self._at_band: dict[str, str] = {}
        self._weights: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._alone: dict[str, str] = {}
        super().__init__(scenario, correlated)

    def expose(self) -> None:
        """Add an output for each uncertain input that some cost line names."""
        for each in (self._inputs[name] for name in self._knobs):
            value = self._values[each.name]
            if each.draw != "run":
                share = self.builder.number(1.0 / self.builder.horizon)
                value = self.builder.final("mul", self.builder.carrier(self.running_sum(value)), share)
            self.builder.output("input", each.name, value)

    def finish(self, scenario: Scenario, outputs: Container[str]) -> BandedPlan:
        """Return the plan of the wanted outputs."""
        plan, names = self.builder.finish_with(outputs)
        reaching = tuple(each for each in scenario.inputs if self._knobs.get(each.name, ("",))[0] in names)
        knobs = {each.name: self._named_knobs(each.name, names) for each in reaching}
        values = {each.name: names[self._at_band[each.name]] for each in reaching}
        kept = {
            group.names[0]: group for group in self._groups.values() if _is_gaussian(group) and knobs.keys() & set(group.names)
        }
        weighted = tuple((group, self._kept_weights(group, names)) for group in kept.values() if group.names[0] in self._weights)
        operands = self._twins.picks if self._twins else {}
        picks = {stream: _number(names[operand]) for stream, operand in operands.items() if operand in names}
        streams = streams_of(plan, values)
        own = {name: its & picks.keys() if self._twins else its for name, its in streams.items()}
        return BandedPlan(plan, reaching, knobs, own, weighted, self._freedom, picks, self._kept_moves(names))

    def _new_builder(self, horizon: int, sampling: Sampling) -> Builder:
        if not self._twinned:
            return super()._new_builder(horizon, sampling)
        self._twins = TwinBuilder(horizon, sampling, taken=self._taken)
        return self._twins

    def _kept_moves(self, names: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        kept = {name: its for name, its in self._moves.items() if its[0] in names}
        return {name: (_number(names[factor]), _number(names[addend])) for name, (factor, addend) in kept.items()}

    def _kept_weights(self, group: CorrelatedGroup, names: Mapping[str, str]) -> Weights:
        rows = (
            tuple(_number(names[each]) for each in row) if all(each in names for each in row) else None
            for row in self._weights[group.names[0]]
        )
        alone = names.get(self._alone.get(group.names[0], ""))
        return Weights(tuple(rows), None if alone is None else _number(alone))

    def _named_knobs(self, name: str, names: Mapping[str, str]) -> Knobs:
        low, width, whole = self._knobs[name]
        return Knobs(
            _number(names[low]),
            _number(names[width]),
            _number(names[whole]) if whole in names else None,
            on_score=name in self._on_score,
            from_above=name in self._from_above,
        )

    def _at(self, each: Input, probability: Probability) -> str:
        value = self._drawn(each, probability)
        if not self._movable:
            return value
        factor, addend = self._moves[each.name] = self.builder.number(1.0), self.builder.number(0.0)
        return self.builder.op("add", self.builder.op("mul", factor, value), addend)

    def _drawn(self, each: Input, probability: Probability) -> str:
        op, number, z = self.builder.op, self.builder.number, probability.score
        low, width, whole = self._knobs[each.name] = number(0.0), number(1.0), number(1.0)
        scored = z is not None and isinstance(each.distribution, Normal | Lognormal)
        if z is not None and scored and self._freedom == "points":
            self._on_score.add(each.name)
            self._at_band[each.name] = moved = op("add", low, op("mul", width, z))
            return value_steps(each.distribution, Probability(self.builder, "", score=moved))
        if probability.from_above:
            self._from_above.add(each.name)
        self._at_band[each.name] = u = self._banded(self._before(each, probability), low, width)
        if z is None or not scored:
            return value_steps(each.distribution, Probability(self.builder, u, probability.from_above))
        score = op("where", whole, z, op("normal_quantile", u))
        return value_steps(each.distribution, Probability(self.builder, "", score=score))

    def _before(self, each: Input, probability: Probability) -> str:
        """Return the uniform of an input on its own scale, before its band; what is above where that is known."""
        if probability.score is not None:
            return self.builder.op("normal_cdf", probability.score)
        group = self._groups.get(each.name)
        is_first = self._freedom == "orders" and group is not None and each.name == group.names[0]
        return self._first(group, probability.near) if is_first and _is_gaussian(group) else probability.near

    def _banded(self, u: str, low: str, width: str) -> str:
        moved = self.builder.op("add", low, self.builder.op("mul", width, u))
        return moved if self._freedom == "points" else clipped(self.builder, moved, SMALLEST_UNIFORM, LARGEST_UNIFORM)

    def _first(self, group: CorrelatedGroup, own: str) -> str:
        """Return the uniform of a group's first input: its own, or what another factor makes of all scores."""
        self._alone[group.names[0]] = alone = self.builder.number(1.0)
        mixed = self.builder.op("normal_cdf", self._member(group, group.names[0]).score or "")
        return self.builder.op("where", alone, own, mixed)

    def _joined(self, group: Joined) -> dict[str, Probability]:
        """Mix all scores into each in a plan of orders, with weights that are zero where there is nothing to mix."""
        if self._freedom != "orders" or not _is_gaussian(group):
            return super()._joined(group)
        op = self.builder.op
        independent = [op("normal_quantile", self._uniform(name, group.draw)) for name in group.names]
        self._weights[group.names[0]] = rows = tuple(tuple(map(self.builder.number, row)) for row in group.factor.tolist())
        mixed = {}
        for name, row in zip(group.names, rows, strict=True):
            terms = [op("mul", weight, score) for weight, score in zip(row, independent, strict=True)]
            mixed[name] = Probability(self.builder, "", score=reduce(lambda total, term: op("add", total, term), terms))
        return mixed


def _is_gaussian(group: Joined | None) -> TypeGuard[CorrelatedGroup]:
    """Tell whether a group is joined by a Gaussian copula, whose factor may be another."""
    return isinstance(group, CorrelatedGroup) and group.df is None


def streams_of(plan: Plan, values: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """Return the streams that some values of a plan rest on, by the values' names."""
    steps = [step for section in SECTIONS for step in getattr(plan, section)]

    def drawn(value: str) -> frozenset[int]:
        found, seen, pending = set[int](), set[str](), [value]
        while pending:
            operand = pending.pop()
            if operand[0] == "d":
                found.add(plan.streams[int(operand[1:])])
            elif operand[0] == "v" and operand not in seen:
                seen.add(operand)
                pending.extend(steps[int(operand[1:])].args)
        return frozenset(found)

    return {name: drawn(value) for name, value in values.items()}


def _number(operand: str) -> int:
    return int(operand[1:])
