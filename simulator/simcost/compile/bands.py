"""Plans in which every uncertain input can be moved at run time: one compiled kernel for all the runs of an analysis.

An input draws ``low + width * u`` in place of its uniform u, where ``low`` and ``width`` are run-time parameters:

====================  ==========================================================================
(0, 1)                as it is: the same bits as the plain plan
(0.5, 0)              fixed at its median, in every period
(0.1, 0), (0.9, 0)    the ends of its swing
(0.9, 0.1)            stressed: within its highest tenth
====================  ==========================================================================

A correlated input is moved on its own marginal, after the copula, so that the others stay as they are. The weights that
correlate normal scores are run-time parameters too: another factor of the same matrix conditions on other inputs first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.closed_form import clipped
from simcost.compile.correlation import groups
from simcost.compile.costs import cost_outputs
from simcost.compile.lower import Lowering
from simcost.compile.quantiles import quantile_steps
from simcost.compile.refusals import check_distributions
from simcost.scenario.distributions import Lognormal, Normal
from simcost_kernels.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM
from simcost_kernels.plan import SECTIONS, Plan

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from numpy.typing import NDArray

    from simcost.compile.correlation import Group
    from simcost.scenario.scenario import Input, Scenario


@dataclass(frozen=True, slots=True)
class Band:
    """The part of its scale of probability from which an input is drawn: ``low`` to ``low + width``, within 0 and 1."""

    low: float = 0.0
    width: float = 1.0


WHOLE = Band()
MEDIAN = Band(0.5, 0.0)


@dataclass(frozen=True, slots=True)
class Knobs:
    """Numbers of the run-time parameters of one input.

    Parameters
    ----------
    low, width
        Of its band.
    whole
        Of what is 1.0 where the band is whole and the normal score is taken as it comes; None where the uniform is.
    """

    low: int
    width: int
    whole: int | None


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
        Gaussian correlation groups with an input that reaches an output, and their weights.
    """

    plan: Plan
    inputs: tuple[Input, ...]
    knobs: Mapping[str, Knobs]
    streams: Mapping[str, frozenset[int]]
    groups: tuple[tuple[Group, Weights], ...]

    def banded(self, bands: Mapping[str, Band]) -> Plan:
        """Return the plan with some inputs drawn from a band."""
        parameters = list(self.plan.parameters)
        for name, band in bands.items():
            knobs = self.knobs[name]
            parameters[knobs.low], parameters[knobs.width] = band.low, band.width
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


def compile_banded(scenario: Scenario, outputs: Container[str] = ("total",)) -> BandedPlan:
    """Compile a resolved scenario to a plan whose inputs can be moved.

    Parameters
    ----------
    outputs
        Groups of the outputs that are wanted; inputs that reach none of them are left out.

    Raises
    ------
    ScenarioError
        As `simcost.compile.compiled.compile_scenario` does.
    """
    check_distributions(scenario)
    correlated = groups(scenario)
    lowering = BandedLowering(scenario, correlated)
    cost_outputs(scenario, lowering)
    lowering.settle()
    return lowering.finish(scenario, outputs)


class BandedLowering(Lowering):
    """Lowers inputs with a band each; see `Lowering`."""

    def __init__(self, scenario: Scenario, correlated: tuple[Group, ...]) -> None:
        self._knobs: dict[str, tuple[str, str, str]] = {}
        self._at_band: dict[str, str] = {}
        self._weights: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._alone: dict[str, str] = {}
        super().__init__(scenario, correlated)

    def finish(self, scenario: Scenario, outputs: Container[str]) -> BandedPlan:
        """Return the plan of the wanted outputs."""
        plan, names = self.builder.finish_with(outputs)
        reaching = tuple(each for each in scenario.inputs if self._knobs.get(each.name, ("",))[0] in names)
        knobs = {each.name: _named_knobs(self._knobs[each.name], names) for each in reaching}
        values = {each.name: names[self._at_band[each.name]] for each in reaching}
        kept = {group.names[0]: group for group in self._groups.values() if any(name in knobs for name in group.names)}
        weighted = tuple((group, self._kept_weights(group, names)) for group in kept.values() if group.names[0] in self._weights)
        return BandedPlan(plan, reaching, knobs, streams_of(plan, values), weighted)

    def _kept_weights(self, group: Group, names: Mapping[str, str]) -> Weights:
        rows = (
            tuple(_number(names[each]) for each in row) if all(each in names for each in row) else None
            for row in self._weights[group.names[0]]
        )
        alone = names.get(self._alone.get(group.names[0], ""))
        return Weights(tuple(rows), None if alone is None else _number(alone))

    def _at(self, each: Input, u: str, z: str | None = None) -> str:
        op, number = self.builder.op, self.builder.number
        low, width, whole = self._knobs[each.name] = number(0.0), number(1.0), number(1.0)
        group = self._groups.get(each.name)
        if z is not None:
            u = op("normal_cdf", z)
        elif group is not None and each.name == group.names[0]:
            u = self._first(group, u)
        u = op("add", low, op("mul", width, u))
        self._at_band[each.name] = u = clipped(self.builder, u, SMALLEST_UNIFORM, LARGEST_UNIFORM)
        if z is None or not isinstance(each.distribution, Normal | Lognormal):
            return quantile_steps(self.builder, each.distribution, u)
        return quantile_steps(self.builder, each.distribution, "", op("where", whole, z, op("normal_quantile", u)))

    def _first(self, group: Group, own: str) -> str:
        """Return the uniform of a group's first input: its own, or what another factor makes of all scores."""
        self._alone[group.names[0]] = alone = self.builder.number(1.0)
        mixed = self.builder.op("normal_cdf", self._score(group, group.names[0]))
        return self.builder.op("where", alone, own, mixed)

    def _correlated(self, group: Group, independent: tuple[str, ...]) -> tuple[str, ...]:
        """Mix all scores into each, with weights that are zero where there is nothing to mix."""
        self._weights[group.names[0]] = rows = tuple(tuple(map(self.builder.number, row)) for row in group.factor.tolist())
        mixed = []
        for row in rows:
            terms = [self.builder.op("mul", weight, score) for weight, score in zip(row, independent, strict=True)]
            total = terms[0]
            for term in terms[1:]:
                total = self.builder.op("add", total, term)
            mixed.append(total)
        return tuple(mixed)


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


def _named_knobs(operands: tuple[str, str, str], names: Mapping[str, str]) -> Knobs:
    low, width, whole = operands
    return Knobs(_number(names[low]), _number(names[width]), _number(names[whole]) if whole in names else None)


def _number(operand: str) -> int:
    return int(operand[1:])
