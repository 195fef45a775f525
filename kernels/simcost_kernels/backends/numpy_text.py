"""Emitted text on NumPy: what each name in it stands for, and how it becomes a function."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from simcost_kernels.codegen import emit
from simcost_kernels.functions import binomial, elementary, primitives, table_quantiles
from simcost_kernels.plan import ARITY

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: dict[str, Any] = {
    **{
        name: getattr(elementary, name) for name in ("exp", "log", "power", "minimum", "maximum", "normal_quantile", "normal_cdf")
    },
    **{name: getattr(table_quantiles, name) for name in ("smooth_quantile", "step_quantile")},
    **{name: getattr(primitives, name) for name in ("where", "sqrt", "floor", "ceil", "rint", "fabs")},
    "binomial_quantile": binomial.binomial_quantile,
}
"""All that the emitted text can name."""


@cache
def operation(op: str) -> Callable[..., Any]:
    """Return one operation of the plan as a function of NumPy numbers or arrays: what the emitted text would do."""
    names = [f"x{i}" for i in range(ARITY[op])]
    text = f"def kernel({', '.join(names)}):\n    return {emit.PYTHON[op].format(*names)}\n"
    return compiled_text(text, op)


def compiled_text(text: str, digest: str) -> Callable[..., None]:
    """Execute emitted text, which holds operations and numbers of operands, never anything from a user's file."""
    names = dict(NAMES)
    exec(compile(text, f"<plan {digest[:12]}>", "exec"), names)  # noqa: S102
    function: Callable[..., None] = names["kernel"]
    return function
