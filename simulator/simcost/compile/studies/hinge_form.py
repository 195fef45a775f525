"""Formulas as functions of what is decided: linear, but for hinges such as ``max(use - committed, 0)``.

With d for the decisions, a value is in every month

    base + sum_j slope_j d_j + sum_h weight_h max(point_h - d_j(h), 0)

where base, slopes, weights and points are operands that rest on no decision. Sums, multiples and conditions of such values are
such values; so are ``min``, ``max``, ``clip`` and ``abs`` of linear ones. Whatever else is made of a decision is refused: a
product of two, a rounding, a hinge within a hinge, last month's value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simcost.compile.folding import Folding
from simcost.scenario.formulas.expression import Apply, Expression, Name, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Scenario

Hinge = tuple[int, str]
"""The number of a decision, and the operand of the point up to which it saves something."""


class NotAHingeFormError(Exception):
    """A formula is more than linear with hinges; caught by the compiler, never shown."""


@dataclass(frozen=True, slots=True)
class Entering:
    """How a decision enters a scenario: as an input that is ``addend + factor d``."""

    decision: int
    addend: float
    factor: float


@dataclass(frozen=True, slots=True)
class Form:
    """A value as a function of what is decided, in operands; see the module's text."""

    base: str
    slopes: Mapping[int, str] = field(default_factory=dict)
    hinges: Mapping[Hinge, str] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        """Whether it rests on no decision."""
        return not self.slopes and not self.hinges

    def mapped(self, change: Callable[[str], str]) -> Form:
        """Apply a linear change to each of its parts."""
        slopes = {decision: change(slope) for decision, slope in self.slopes.items()}
        return Form(change(self.base), slopes, {hinge: change(weight) for hinge, weight in self.hinges.items()})


class HingeForms:
    """Brings the formulas of a scenario to this form.

    Parameters
    ----------
    lowering
        Of the scenario: what rests on no decision is lowered by it.
    entering
        The inputs that are decided.
    """

    def __init__(self, scenario: Scenario, lowering: Lowering, entering: Mapping[str, Entering]) -> None:
        self._lowering, self._entering = lowering, entering
        self.fold = Folding(lowering.builder)
        self._decided = _resting(scenario, set(entering))
        self._drivers: dict[str, Form | None] = {}
        for driver in scenario.drivers:
            if driver.name in self._decided and lowering.known(driver.name) is not None:
                try:
                    self._drivers[driver.name] = self.of(driver.expression)
                except NotAHingeFormError:  # no cost line of this view may need it
                    self._drivers[driver.name] = None

    def of(self, expression: Expression) -> Form:
        """Return a formula in this form.

        Raises
        ------
        NotAHingeFormError
            If it has none.
        """
        if not names_in((expression,)) & self._decided:
            return Form(self.fold.kept(self._lowering.value(expression)))
        match expression:
            case Name(name):
                return self._named(name)
            case Apply("where", (condition, a, b)):
                return self._where(self._free(condition), self.of(a), self.of(b))
            case Apply("clip", (x, low, high)):
                return self._min(self._max(self.of(x), self.of(low)), self.of(high))
            case Apply(operator, arguments):
                return self._applied(operator, [self.of(each) for each in arguments])
        raise NotAHingeFormError

    def plus(self, a: Form, b: Form) -> Form:
        """Return the sum of two values."""
        return self._joined(a, b, self.fold.add)

    def _named(self, name: str) -> Form:
        if (its := self._entering.get(name)) is not None:
            return Form(self.fold.number(its.addend), {its.decision: self.fold.number(its.factor)})
        form = self._drivers.get(name)
        if form is None:
            raise NotAHingeFormError
        return form

    def _free(self, expression: Expression) -> str:
        form = self.of(expression)
        if not form.is_free:
            raise NotAHingeFormError
        return form.base

    def _applied(self, operator: str, forms: list[Form]) -> Form:
        match operator, forms:
            case "add", (a, b):
                return self.plus(a, b)
            case "sub", (a, b):
                return self._minus(a, b)
            case "neg", (a,):
                return a.mapped(self.fold.neg)
            case "mul", (a, b):
                return self._scaled(b, a, self.fold.mul) if a.is_free else self._scaled(a, b, self.fold.mul)
            case "div", (a, b):
                return self._scaled(a, b, self.fold.div)
        return self._bent(operator, forms)

    def _bent(self, operator: str, forms: list[Form]) -> Form:
        match operator, forms:
            case "max", (a, b):
                return self._max(a, b)
            case "min", (a, b):
                return self._min(a, b)
            case "abs", (a,):
                return self._minus(self._positive(a).mapped(lambda part: self.fold.add(part, part)), a)
        raise NotAHingeFormError

    def _scaled(self, form: Form, by: Form, scale: Callable[[str, str], str]) -> Form:
        if not by.is_free:
            raise NotAHingeFormError
        return form.mapped(lambda part: scale(part, by.base))

    def _minus(self, a: Form, b: Form) -> Form:
        return self.plus(a, b.mapped(self.fold.neg))

    def _max(self, a: Form, b: Form) -> Form:
        return self.plus(b, self._positive(self._minus(a, b)))

    def _min(self, a: Form, b: Form) -> Form:
        return self._minus(a, self._positive(self._minus(a, b)))

    def _where(self, condition: str, a: Form, b: Form) -> Form:
        return self._joined(a, b, lambda one, other: self.fold.where(condition, one, other))

    def _joined(self, a: Form, b: Form, join: Callable[[str, str], str]) -> Form:
        """Join two values part by part; what one lacks is zero, and what comes to zero is dropped."""
        zero = self.fold.zero
        slopes = {each: join(a.slopes.get(each, zero), b.slopes.get(each, zero)) for each in {**a.slopes, **b.slopes}}
        hinges = {each: join(a.hinges.get(each, zero), b.hinges.get(each, zero)) for each in {**a.hinges, **b.hinges}}
        return Form(
            join(a.base, b.base),
            {decision: slope for decision, slope in slopes.items() if self.fold.constant(slope) != 0.0},
            {hinge: weight for hinge, weight in hinges.items() if self.fold.constant(weight) != 0.0},
        )

    def _positive(self, form: Form) -> Form:
        """Return max(u + v d, 0).

        Where v < 0 it is -v max(p - d, 0) with p = -u / v; where v > 0 it is u + v d + v max(p - d, 0).
        """
        fold = self.fold
        if form.is_free:
            return Form(fold.op("max", form.base, fold.zero))
        if form.hinges or len(form.slopes) > 1:
            raise NotAHingeFormError
        ((decision, v),) = form.slopes.items()
        u, zero = form.base, fold.zero
        rises, level = fold.op("lt", zero, v), fold.op("eq", v, zero)
        base = fold.where(level, fold.op("max", u, zero), fold.where(rises, u, zero))
        point = fold.div(fold.neg(u), v)
        return Form(base, {decision: fold.op("max", v, zero)}, {(decision, point): fold.op("abs", v)})


def _resting(scenario: Scenario, names: set[str]) -> set[str]:
    """Return the names, and those of the drivers that rest on them."""
    found, more = set(names), True
    while more:
        fresh = {each.name for each in scenario.drivers if names_in((each.expression,)) & found} - found
        found |= fresh
        more = bool(fresh)
    return found
