"""Arithmetic of the numbers written in a formula, so that ``9 ** 9 ** 9`` and ``1 / 0`` are found before anything runs."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from simcost.scenario.formulas.syntax import is_finite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXACT = frozenset({"add", "sub", "mul", "div", "neg", "abs", "ceil", "floor", "round"})
"""Operators that IEEE 754 defines to the last bit: their value can stand for them. The others are left to the kernels."""

WHOLE = 1e-9
"""How far from a whole number `ceil` and `floor` take a value for it: 21 requests at 0.7 a GPU are 30 GPUs, and
30.000000000000004 in binary numbers."""

_FUNCTIONS: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": math.pow,
    "neg": operator.neg,
    "abs": abs,
    "ceil": lambda x: math.ceil(x - WHOLE),
    "floor": lambda x: math.floor(x + WHOLE),
    "round": round,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
}


def evaluate(name: str, values: Sequence[float]) -> float | None:
    """Return the value of an operator on numbers, or None if it is not a number up to 1e100."""
    try:
        value = float(_FUNCTIONS[name](*values))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if is_finite(value) else None
