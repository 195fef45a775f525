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
from typing import TYPE_CHECKING, Literal

import numpy as np

from simcost.compile.dependence.correlation import CorrelatedGroup
from simcost_kernels.functions.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM, normal_quantile
from simcost_kernels.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcost.scenario.scenario import Input
    from simcost_kernels.arrays import Array


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
    moves
        Numbers of the factor of an input's value and of what is added to it; empty if values cannot be moved.
    """

    plan: Plan
    inputs: tuple[Input, ...]
    knobs: Mapping[str, Knobs]
    streams: Mapping[str, frozenset[int]]
    groups: tuple[tuple[CorrelatedGroup, Weights], ...]
    freedom: Freedom
    picks: Mapping[int, int]
    moves: Mapping[str, tuple[int, int]]

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

    def correlated_by(self, factors: Iterable[Array]) -> Plan:
        """Return the plan with another factor of each group's matrix, float64 (n, n), in the order of ``groups``."""
        parameters = list(self.plan.parameters)
        for (_, weights), factor in zip(self.groups, factors, strict=True):
            for row, numbers in zip(factor, weights.numbers, strict=True):
                for number, value in zip(numbers or (), row, strict=False):
                    parameters[number] = float(value)
            if weights.alone is not None:
                parameters[weights.alone] = float(factor[0, 0] == 1.0)
        return replace(self.plan, parameters=tuple(parameters))

    def moved(self, moves: Mapping[str, tuple[float, float]]) -> Plan:
        """Return the plan with the values of some inputs multiplied by a factor, then increased."""
        parameters = list(self.plan.parameters)
        for name, values in moves.items():
            for number, value in zip(self.moves[name], values, strict=True):
                parameters[number] = value
        return replace(self.plan, parameters=tuple(parameters))

    def picked(self, streams: Iterable[int]) -> Plan:
        """Return the plan in which the draws of some streams are those of their twins."""
        parameters = list(self.plan.parameters)
        for stream in streams:
            parameters[self.picks[stream]] = 1.0
        return replace(self.plan, parameters=tuple(parameters))


def _inside(u: float) -> float:
    return min(max(u, SMALLEST_UNIFORM), LARGEST_UNIFORM)
