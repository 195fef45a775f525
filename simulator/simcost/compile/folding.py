"""Arithmetic on operands that leaves out what changes nothing: adding zero, multiplying by one, a sign put twice.

A `Builder` calculates what is certain and keeps equal steps once; here what is certain in part is left out too, so that one
amount is one operand whichever way a formula leads to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.compile.builder import Builder


class Folding:
    """Steps of a builder; ``zero`` and ``one`` are operands."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._certain: dict[tuple[float, ...], str] = {}
        self._negative: dict[str, str] = {}
        self.zero, self.one = self.number(0.0), self.number(1.0)

    def number(self, value: float) -> str:
        """Return the one operand of a number."""
        return self.kept(self._builder.number(value))

    def kept(self, operand: str) -> str:
        """Return the one operand of these values where they are certain, else the operand."""
        values = self._builder.by_month(operand)
        return operand if values is None else self._certain.setdefault(values, operand)

    def constant(self, operand: str) -> float | None:
        """Return the number that an operand is in every month; None if it is not certain, or not one."""
        values = self._builder.by_month(operand) or ()
        return values[0] if len(set(values)) == 1 else None

    def op(self, name: str, *operands: str) -> str:
        """Return the result of an operation."""
        return self.kept(self._builder.op(name, *map(self.kept, operands)))

    def add(self, a: str, b: str) -> str:
        """Return a + b."""
        if self.constant(a) == 0.0:
            return self.kept(b)
        return self.kept(a) if self.constant(b) == 0.0 else self.op("add", a, b)

    def neg(self, a: str) -> str:
        """Return -a; the negative of a negative is what it was."""
        if a not in self._negative:
            self._negative[a] = negative = self.op("neg", a)
            self._negative[negative] = self.kept(a)
        return self._negative[a]

    def mul(self, a: str, b: str) -> str:
        """Return a b; a certain zero makes it zero."""
        for factor, other in ((a, b), (b, a)):
            match self.constant(factor):
                case 0.0:
                    return self.zero
                case 1.0:
                    return self.kept(other)
                case -1.0:
                    return self.neg(other)
        return self.op("mul", a, b)

    def div(self, a: str, b: str) -> str:
        """Return a / b."""
        match self.constant(b):
            case 1.0:
                return self.kept(a)
            case -1.0:
                return self.neg(a)
        return self.zero if self.constant(a) == 0.0 else self.op("div", a, b)

    def where(self, condition: str, a: str, b: str) -> str:
        """Return a where a condition holds, else b."""
        if self.kept(a) == self.kept(b):
            return self.kept(a)
        holds = self.constant(condition)
        if holds is not None:
            return self.kept(a if holds else b)
        return self.op("where", condition, a, b)
