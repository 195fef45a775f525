"""Plans in which every uncertain input can be moved at run time: one compiled kernel for all the runs of an analysis.

An input draws ``low + width * u`` in place of its uniform u, where ``low`` and ``width`` are run-time parameters:

====================  ==========================================================================
(0, 1)                as it is: the same bits as the plain plan
(0.5, 0)              fixed at its median, in every period
(0.1, 0), (0.9, 0)    the ends of its swing
(0.9, 0.1)            stressed: within its highest tenth
====================  ==========================================================================

A correlated input is moved on its own marginal, after the copula, so that the others stay as they are. Groups of other copulas
than the Gaussian have one order. How freely inputs can be moved says what the kernel costs: measured on
ecommerce_recommender.toml with the total alone, 0.83 of the plain kernel's time for points, 1.13 for bands and 1.28 for orders,
since correlated monthly inputs need a normal distribution function and a quantile more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Literal, TypeGuard

import numpy as np

from simcost.compile.closed_form import Place, clipped
from simcost.compile.correlation import Group
from simcost.compile.costs import cost_outputs
from simcost.compile.dependence import joined
from simcost.compile.lower import Lowering
from simcost.compile.quantiles import value_steps
from simcost.compile.refusals import check_distributions
from simcost.compile.twins import TwinBuilder
from simcost.scenario.distributions import Lognormal, Normal
from simcost.scenario.scenario import OTHER_VIEW
from simcost_kernels.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM, normal_quantile
from simcost_kernels.plan import SECTIONS, Plan
from simcost_kernels.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from numpy.typing import NDArray

    from simcost.compile.builder import Builder
    from simcost.compile.dependence import Joined
    from simcost.scenario.scenario import Input, Scenario
    from simcost_kernels.sampling import Sampling


@dataclass(frozen=True, slots=True)
class Band:
    """The part of its scale of probability from which an input is drawn: ``low`` to ``low + width``, within 0 and 1."""

    low: float = 0.0
    width: float = 1.0


WHOLE = Band()
MEDIAN = Band(0.5, 0.0)


Freedom = Literal["points", "bands", "orders"]
"""How inputs can be moved: fixed at a point of their scale, or left; within any band; and correlated groups in any order too:
their weights are run-time parameters, so that another factor of the same matrix conditions on other inputs first."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """Numbers of the run-time parameters of one input.

    Parameters
    ----------
    low, width
        Of its band.
    whole
        Of what is 1.0 where the band is whole and the normal score is taken as it comes; None where there is no such thing.
    on_score
        Whether ``low`` is a normal score.
    from_above
        Whether ``low`` is the probability above the band, that being what is known of the input to all its digits.
    """

    low: int
    width: int
    whole: int | None
    on_score: bool
    from_above: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """Numbers of the run-time parameters that correlate a group.

    Parameters
    ----------
    numbers
        Of each weight, by row and column; rows of inputs that reach no output are None.
    alone
        Of what is 1.0 where the first input has its own uniform and no other part in it; None if it reaches no output.
    """

    numbers: tuple[tuple[int, ...] | None, ...]
    alone: int | None


@dataclass(frozen=True, slots=True)
class BandedPlan:
    """A plan and what moves its inputs; all its variants have one digest, so one kernel.

    Parameters
    ----------
    plan
        With every band whole: it gives the bits of the plain plan.
    inputs
        The uncertain inputs that reach an output, in the file's order.
    knobs
        By the name of such an input.
    streams
        The streams that such an input draws from: its own, and those of inputs that it is correlated with.
    groups
        Gaussian correlation groups with an input that reaches an output, and their weights; none without the freedom of orders.
    freedom
        How inputs can be moved.
    picks
        Number of the parameter that picks the twin of each stream; empty without twins.
    """

    plan: Plan
    inputs: tuple[Input, ...]
    knobs: Mapping[str, Knobs]
    streams: Mapping[str, frozenset[int]]
    groups: tuple[tuple[Group, Weights], ...]
    freedom: Freedom
    picks: Mapping[int, int]

    def banded(self, bands: Mapping[str, Band]) -> Plan:
        """Return the plan with some inputs drawn from a band."""
        parameters = list(self.plan.parameters)
        for name, band in bands.items():
            knobs = self.knobs[name]
            if self.freedom == "points" and band.width not in (0.0, 1.0):
                message = f"a band of width {band.width:g} in a plan of points: a bug in simcost"
                raise ValueError(message)
            low = 1.0 - band.low - band.width if knobs.from_above else band.low
            low = low if band.width else _inside(low)
            low = float(normal_quantile(np.float64(low))) if knobs.on_score and not band.width else low
            parameters[knobs.low], parameters[knobs.width] = low, band.width
            if knobs.whole is not None:
                parameters[knobs.whole] = float(band == WHOLE)
        return replace(self.plan, parameters=tuple(parameters))

    def correlated_by(self, factors: Iterable[NDArray[np.float64]]) -> Plan:
        """Return the plan with another factor of each group's matrix, float64 (n, n), in the order of ``groups``."""
        parameters = list(self.plan.parameters)
        for (_, weights), factor in zip(self.groups, factors, strict=True):
            for row, numbers in zip(factor, weights.numbers, strict=True):
                for number, value in zip(numbers or (), row, strict=False):
                    parameters[number] = float(value)
            if weights.alone is not None:
                parameters[weights.alone] = float(factor[0, 0] == 1.0)
        return replace(self.plan, parameters=tuple(parameters))

    def picked(self, streams: Iterable[int]) -> Plan:
        """Return the plan in which the draws of some streams are those of their twins."""
        parameters = list(self.plan.parameters)
        for stream in streams:
            parameters[self.picks[stream]] = 1.0
        return replace(self.plan, parameters=tuple(parameters))


def compile_banded(
    scenario: Scenario, outputs: Container[str] = ("total",), *, freedom: Freedom = "bands", twinned: bool = False
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

    Raises
    ------
    ScenarioError
        As `simcost.compile.compiled.compile_scenario` does.
    """
    check_distributions(scenario)
    scenario = _needed_for(scenario, outputs)
    lowering = BandedLowering(scenario, joined(scenario), freedom, twinned=twinned)
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

    def __init__(self, scenario: Scenario, correlated: tuple[Joined, ...], freedom: Freedom, *, twinned: bool = False) -> None:
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
        return BandedPlan(plan, reaching, knobs, own, weighted, self._freedom, picks)

    def _new_builder(self, horizon: int, sampling: Sampling) -> Builder:
        if not self._twinned:
            return super()._new_builder(horizon, sampling)
        self._twins = TwinBuilder(horizon, sampling, taken=self._taken)
        return self._twins

    def _kept_weights(self, group: Group, names: Mapping[str, str]) -> Weights:
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

    def _at(self, each: Input, place: Place) -> str:
        op, number, z = self.builder.op, self.builder.number, place.score
        low, width, whole = self._knobs[each.name] = number(0.0), number(1.0), number(1.0)
        scored = z is not None and isinstance(each.distribution, Normal | Lognormal)
        if z is not None and scored and self._freedom == "points":
            self._on_score.add(each.name)
            self._at_band[each.name] = moved = op("add", low, op("mul", width, z))
            return value_steps(each.distribution, Place(self.builder, "", score=moved))
        if place.from_above:
            self._from_above.add(each.name)
        self._at_band[each.name] = u = self._banded(self._before(each, place), low, width)
        if z is None or not scored:
            return value_steps(each.distribution, Place(self.builder, u, place.from_above))
        return value_steps(each.distribution, Place(self.builder, "", score=op("where", whole, z, op("normal_quantile", u))))

    def _before(self, each: Input, place: Place) -> str:
        """Return the uniform of an input on its own scale, before its band; what is above where that is known."""
        if place.score is not None:
            return self.builder.op("normal_cdf", place.score)
        group = self._groups.get(each.name)
        is_first = self._freedom == "orders" and group is not None and each.name == group.names[0]
        return self._first(group, place.near) if is_first and _is_gaussian(group) else place.near

    def _banded(self, u: str, low: str, width: str) -> str:
        moved = self.builder.op("add", low, self.builder.op("mul", width, u))
        return moved if self._freedom == "points" else clipped(self.builder, moved, SMALLEST_UNIFORM, LARGEST_UNIFORM)

    def _first(self, group: Group, own: str) -> str:
        """Return the uniform of a group's first input: its own, or what another factor makes of all scores."""
        self._alone[group.names[0]] = alone = self.builder.number(1.0)
        mixed = self.builder.op("normal_cdf", self._member(group, group.names[0]).score or "")
        return self.builder.op("where", alone, own, mixed)

    def _joined(self, group: Joined) -> dict[str, Place]:
        """Mix all scores into each in a plan of orders, with weights that are zero where there is nothing to mix."""
        if self._freedom != "orders" or not _is_gaussian(group):
            return super()._joined(group)
        op = self.builder.op
        independent = [op("normal_quantile", self._uniform(name, group.draw)) for name in group.names]
        self._weights[group.names[0]] = rows = tuple(tuple(map(self.builder.number, row)) for row in group.factor.tolist())
        mixed = {}
        for name, row in zip(group.names, rows, strict=True):
            terms = [op("mul", weight, score) for weight, score in zip(row, independent, strict=True)]
            mixed[name] = Place(self.builder, "", score=reduce(lambda total, term: op("add", total, term), terms))
        return mixed


def _is_gaussian(group: Joined | None) -> TypeGuard[Group]:
    """Tell whether a group is joined by a Gaussian copula, whose factor may be another."""
    return isinstance(group, Group) and group.df is None


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


def _inside(u: float) -> float:
    return min(max(u, SMALLEST_UNIFORM), LARGEST_UNIFORM)


def _number(operand: str) -> int:
    return int(operand[1:])
