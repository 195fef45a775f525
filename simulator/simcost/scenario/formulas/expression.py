"""Formulas after parsing and unit checking: a small tree that the compiler turns into steps.

Every unit conversion is explicit in the tree (a multiplication by a number), so that nothing after this knows of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

BuiltinName = Literal["month", "year", "hours", "calendar_month", "calendar_year"]

OPERATORS: dict[str, int] = {
    "add": 2,
    "sub": 2,
    "mul": 2,
    "div": 2,
    "pow": 2,
    "neg": 1,
    "abs": 1,
    "min": 2,
    "max": 2,
    "ceil": 1,
    "floor": 1,
    "round": 1,
    "exp": 1,
    "log": 1,
    "sqrt": 1,
    "lt": 2,
    "le": 2,
    "gt": 2,
    "ge": 2,
    "eq": 2,
    "ne": 2,
    "and": 2,
    "or": 2,
    "not": 1,
    "clip": 3,
    "where": 3,
    "prev": 2,
    "cumulative": 1,
    "binomial": 3,
    "choose": 2,
}
"""Operators of the language and their number of arguments; ``min``, ``max``, ``and``, ``or`` of more are nested pairs.

``choose`` has two or more: a place in a long list of numbers, and these; of few parts, or of formulas, it is a tree of ``where``.
"""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, in the unit that its place wants."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """The value of an input or of a driver, in that one's own unit."""

    name: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """``month`` and ``year`` of the run (1, 2, ...), ``hours`` of this month, ``calendar_month`` (1 to 12), ``calendar_year``."""

    name: BuiltinName


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator of `OPERATORS` on its arguments."""

    operator: str
    arguments: tuple[Expression, ...]


Expression = Number | Name | Builtin | Apply


def names_in(expressions: Iterable[Expression]) -> set[str]:
    """Return the inputs and drivers that some expressions name."""
    found = set[str]()
    pending = list(expressions)
    while pending:
        match pending.pop():
            case Name(name):
                found.add(name)
            case Apply(_, arguments):
                pending.extend(arguments)
            case _:
                pass
    return found
