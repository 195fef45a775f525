"""Decisions as axes: places that a search moves along, and the assignments that a place stands for."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from simcost.scenario.sections.decisions import OPTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.sections.decisions import Decision

Point = tuple[float, ...]
"""A place on each axis: a whole number on axes of values, any number on others."""

RESOLUTION = 1e-4
"""Of an axis without steps: the part of its length to which a place is told."""

DIGITS = 12
"""Of a value in an assignment: rounding errors of steps do not show."""

PURE = "1"
"""Unit of a pure number, which ``--set`` takes bare."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One decision: its places are 0 to ``last``, whole ones if it has values (``whole``)."""

    decision: Decision
    last: float
    whole: bool

    @property
    def ordered(self) -> bool:
        """Whether neighbouring places have values that are near each other."""
        return not self.decision.choices

    @property
    def finest(self) -> float:
        """Return the distance of two places that are told apart."""
        return 1.0 if self.whole else self.last * RESOLUTION

    @property
    def scale(self) -> float:
        """Return what one place is worth, in the decision's unit."""
        return self.decision.step or 1.0

    def nearest(self, place: float) -> float:
        """Return the place that is meant by a number."""
        return float(min(max(round(place) if self.whole else place, 0.0), self.last))

    def number(self, place: float) -> float:
        """Return the value at a place, in the decision's unit."""
        decision = self.decision
        return float(f"{decision.low + place * self.scale:.{DIGITS}g}")

    def text(self, place: float) -> str:
        """Return the value at a place as a person writes it."""
        if not self.ordered:
            return self.decision.choices[round(place)]
        unit = "" if self.decision.unit == PURE else f" {self.decision.unit}"
        return f"{self.number(place):,.6g}{unit}".rstrip()

    def label(self, place: float) -> float | str:
        """Return the value at a place: a number in the decision's unit, a text where its values have no order."""
        return self.number(place) if self.ordered else self.text(place)

    def assignment(self, place: float) -> str:
        """Return what ``--set`` would be given."""
        if not self.ordered:
            return f"{self.decision.target}={self.decision.choices[round(place)]}"
        number, unit = self.number(place), self.decision.unit
        if unit not in ("", PURE):
            return f'{self.decision.target}="{number!r} {unit}"'
        return f"{self.decision.target}={number:.0f}" if number.is_integer() else f"{self.decision.target}={number!r}"


def axis_of(decision: Decision) -> Axis:
    """Return the axis of a decision: a step that does not reach the largest value ends before it."""
    if decision.choices:
        return Axis(decision, len(decision.choices) - 1.0, whole=True)
    length = decision.high - decision.low
    if decision.step:
        return Axis(decision, float(floor(length / decision.step * (1.0 + 1e-12))), whole=True)
    return Axis(decision, length, whole=False)


def size(axes: Sequence[Axis]) -> float:
    """Return how many points there are; infinite if any value will do."""
    points = 1.0
    for axis in axes:
        points *= axis.last + 1.0 if axis.whole else float("inf")
    return points


def changes(axes: Sequence[Axis], point: Point) -> tuple[str, tuple[str, ...]]:
    """Return the option and the assignments that a point stands for."""
    option, assignments = "", []
    for axis, place in zip(axes, point, strict=True):
        if axis.decision.target == OPTION:
            option = axis.decision.choices[round(place)]
        else:
            assignments.append(axis.assignment(place))
    return option, tuple(assignments)
