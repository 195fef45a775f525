"""Units through the functions of formulas: a rule for each, and at the end the table of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from simcost.scenario.formulas.expression import Apply, Name
from simcost.scenario.formulas.term import Term, chosen, for_power, nested, tidied
from simcost.scenario.quantities.units import DIMENSIONLESS

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.formulas.inference import Walk
    from simcost.scenario.quantities.units import Unit


def _extreme(walk: Walk, node: ast.Call, function: str) -> Term:
    parts, unit = _alike(walk, node, function, node.args)
    return Term(Apply(function, tuple(parts)) if function == "clip" else nested(function, parts), unit)


def _alike(walk: Walk, node: ast.Call, function: str, arguments: Sequence[ast.expr]) -> tuple[list[Expression], Unit | None]:
    """Return arguments that share a unit, and that unit."""
    terms = walk.shared(node, function, [walk.term(argument) for argument in arguments])
    return [term.expression for term in terms], next((term.unit for term in terms if term.unit is not None), None)


def _rounding(walk: Walk, node: ast.Call, function: str) -> Term:
    """Whole numbers of the unit that a person would write: whole GPUs, whole TB, never whole percent."""
    term = tidied(walk.term(node.args[0]))
    return walk.folded(node, function, [term], term.unit)


def _transcendental(walk: Walk, node: ast.Call, function: str) -> Term:
    term = walk.pure(node.args[0], walk.term(node.args[0]), f"the argument of {function}")
    return walk.folded(node, function, [term], DIMENSIONLESS)


def _keeping(walk: Walk, node: ast.Call, function: str) -> Term:
    term = walk.term(node.args[0])
    if function == "cumulative":
        return Term(Apply(function, (term.expression,)), term.unit)
    return walk.folded(node, function, [term], term.unit)


def _root(walk: Walk, node: ast.Call, function: str) -> Term:
    term = for_power(walk.term(node.args[0]), Fraction(1, 2))
    return walk.folded(node, function, [term], term.unit ** Fraction(1, 2) if term.unit else None)


def _where(walk: Walk, node: ast.Call, function: str) -> Term:
    condition = walk.truth(node.args[0])
    first, second = walk.shared(node, function, [walk.term(argument) for argument in node.args[1:]])
    return Term(Apply(function, (condition, first.expression, second.expression)), first.unit or second.unit)


def _binomial(walk: Walk, node: ast.Call, function: str) -> Term:
    """How many of n: whole ones of the unit that a person would write, of n's own unit."""
    u, p = (walk.pure(node.args[i], walk.term(node.args[i]), role) for i, role in ((0, "a uniform"), (2, "a probability")))
    n = tidied(walk.term(node.args[1]))
    return Term(Apply(function, (u.expression, n.expression, p.expression)), n.unit)


def _choose(walk: Walk, node: ast.Call, function: str) -> Term:
    """Select by number: below 2 the first, from 2 the second, ...; the last for all beyond."""
    index = walk.pure(node.args[0], walk.term(node.args[0]), "the number of a choice").expression
    if isinstance(index, Apply):  # it is compared with every place
        return walk.problem(node.args[0], "the number of a choice is a formula", "Make it a driver of its own, and name that.")
    parts, unit = _alike(walk, node, function, node.args[1:])
    return Term(chosen(index, parts), unit)


def _prev(walk: Walk, node: ast.Call, function: str) -> Term:
    walk.previous += 1
    value = walk.term(node.args[0])
    walk.previous -= 1
    value, first = walk.shared(node, function, [value, walk.term(node.args[1])])
    unit = value.unit or first.unit
    if isinstance(value.expression, Name) and value.expression.name == walk.self_name:
        walk.self_unit = walk.self_unit or unit
    return Term(Apply(function, (value.expression, first.expression)), unit)


FUNCTIONS: dict[str, Callable[[Walk, ast.Call, str], Term]] = {
    **dict.fromkeys(("min", "max", "clip"), _extreme),
    **dict.fromkeys(("ceil", "floor", "round"), _rounding),
    **dict.fromkeys(("exp", "log"), _transcendental),
    **dict.fromkeys(("abs", "cumulative"), _keeping),
    "sqrt": _root,
    "where": _where,
    "prev": _prev,
    "binomial": _binomial,
    "choose": _choose,
}
"""Of each function, how a call of it (its node, and its name) becomes a term."""
