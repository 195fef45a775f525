"""Counted operations of a plan: what one scenario asks of the float64 and of the integer units.

Counted from the very bodies that every back end runs: + - * / and square roots of float64, one each, and the integer
operations of Philox. Comparisons, selections, loads, conversions and address arithmetic are not counted. Of a choice between
a usual and a rare body the rare one counts by how often it is taken; a warp of a GPU may run both, and a division is some nine
operations there, so true work is more: ``cuda_instructions.py``.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import dataclass

import numpy as np

from simcost_kernels.functions import elementary, table_quantiles

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
ONE = {"add": 1, "sub": 1, "mul": 1, "div": 1, "sqrt": 1}
BODY = {
    "normal_quantile": "normal_quantile",
    "normal_cdf": "normal_cdf",
    "smooth_quantile": "smooth_quantile",
    "exp": "exp",
    "log": "log",
    "pow": "power",
}
RARE = {"_normal_tail": 0.032, "_cdf_tails": 0.5, "_cdf_far": 1.5e-8}
"""How often a body is taken that a choice calls rare, for a uniform argument."""

NAMES = {name: value for module in (elementary, table_quantiles) for name, value in vars(module).items()}
BODIES = {
    name: body
    for name, body in NAMES.items()
    if inspect.isfunction(body) and body.__module__ in (elementary.__name__, table_quantiles.__name__)
}
"""The bodies that are counted; what they call besides is free."""

PHILOX_INTEGER = 10 * (2 + 4 + 2)
"""Ten rounds of two multiplications to 64 bits, four exclusive ors and two additions; a call gives two uniforms."""

UNIFORM_INTEGER, UNIFORM_FLOAT = 4, 2


@dataclass(frozen=True)
class Operations:
    """Operations of one scenario."""

    float64: float
    integer: float


def counted(plan) -> Operations:
    """Count a whole scenario: set-up once, years and months as often as they come."""
    times = {"setup": 1, "year": -(-plan.horizon // 12), "month": plan.horizon, "final": 1}
    float64 = integer = 0.0
    for section, repeated in times.items():
        for step in getattr(plan, section):
            if step.op == "draw":
                calls = -(-repeated // 2) if section == "month" else repeated
                integer += calls * PHILOX_INTEGER + repeated * UNIFORM_INTEGER
                float64 += repeated * UNIFORM_FLOAT
            else:
                float64 += repeated * (ONE.get(step.op, 0) if step.op not in BODY else of_body(BODY[step.op]))
    return Operations(float64, integer)


def of_body(name: str) -> float:
    """Count the float64 operations of a body of `elementary` or `table_quantiles`, bodies that it calls included."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(BODIES[name])))
    return sum(map(_of_node, ast.walk(tree)))


def _of_node(node: ast.AST) -> float:
    match node:
        case ast.BinOp(op=op) if isinstance(op, ARITHMETIC):
            return 0 if _is_whole(node) else 1
        case ast.Call(func=ast.Name("sqrt")):
            return 1
        case ast.Call(func=ast.Name("choose"), args=[_, ast.Name(usual), ast.Name(rare), _]):
            share = RARE[rare]
            return (1 - share) * of_body(usual) + share * of_body(rare)
        case ast.Call(func=ast.Name(callee)) if callee in BODIES:
            return of_body(callee)
        case _:
            return 0


def _is_whole(node: ast.AST) -> bool:
    """Tell whether an expression is on the bits of a number."""
    match node:
        case ast.Name(name):
            return isinstance(NAMES.get(name), np.uint64) or name == "bits"
        case (
            ast.Call(func=ast.Name("as_bits"))
            | ast.BinOp(op=ast.BitAnd() | ast.BitOr() | ast.BitXor() | ast.LShift() | ast.RShift())
        ):
            return True
        case ast.BinOp(left=left, right=right):
            return _is_whole(left) or _is_whole(right)
        case _:
            return False
