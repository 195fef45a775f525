"""Units through a formula: every part gets its unit, and every conversion becomes a visible multiplication or division.

Multiplying and dividing combine units and leave the numbers alone, so sums of round prices stay exact; only where two
numbers must share a unit (sums, comparisons, choices) is one of them converted.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from simcost.scenario.formulas import arithmetic
from simcost.scenario.formulas.expression import Apply, Builtin, Name, Number
from simcost.scenario.formulas.function_units import FUNCTIONS
from simcost.scenario.formulas.grammar import ARITHMETIC, BUILTINS, COMPARISONS, SIGNS
from simcost.scenario.formulas.syntax import offset_of, raise_first
from simcost.scenario.formulas.term import Term, combined, for_power, in_unit, nested, tidied
from simcost.scenario.quantities.clash import clash, clash_remedy, unknown_name
from simcost.scenario.quantities.units import DIMENSIONLESS, tidy, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.scenario.formulas.expression import BuiltinName, Expression
    from simcost.scenario.formulas.syntax import Syntax
    from simcost.scenario.quantities.units import Unit

MAX_POWER = 12
"""Greatest exponent that a word of a unit reaches within a formula."""

MAX_WORDS = 32
"""Most words of a unit within a formula."""

HOURS = word("hour") / word("month")
"""The unit of the built-in ``hours``."""

NO_SUMS: Mapping[str, tuple[str, str]] = {}

VERBS = {
    "add": "add",
    "sub": "subtract",
    "clip": "clip",
    "where": "choose between",
    "prev": "begin with",
    "choose": "choose between",
}
"""How an operator is called in a message; any other is `compare`."""


def resolve(
    syntax: Syntax,
    units: Mapping[str, Unit],
    self_name: str = "",
    own: Unit | None = None,
    *,
    sums: Mapping[str, tuple[str, str]] = NO_SUMS,
) -> tuple[Expression, Unit]:
    """Look names up, infer units and check them.

    Parameters
    ----------
    syntax
        From `parse`.
    units
        The unit of every input and driver that the formula may name; None, where it is not known, fits any.
    self_name
        The driver whose formula this is: it may name itself within ``prev(...)``, and its unit follows from the rest.
    own
        The unit that it must yield, if that is known.
    sums
        What the formula might name by mistake; see `simcost.scenario.formulas.sums`.

    Returns
    -------
    tuple
        The expression, and the unit in which it yields its value.

    Raises
    ------
    FormulaError
        With every unknown name and every clash of units.
    """
    if own is None and self_name not in syntax.names:
        walk = Walk(syntax, units, self_name, None, sums)
        term = walk.finish(walk.term(syntax.root))
        return term.expression, term.unit or DIMENSIONLESS
    own = own or infer_unit(syntax, units, self_name, sums=sums) or DIMENSIONLESS
    walk = Walk(syntax, units, self_name, own, sums)
    return walk.finish(walk.converted_root(own)).expression, own


def infer_unit(syntax: Syntax, units: Mapping[str, Unit], self_name: str, *, sums: Mapping[str, tuple[str, str]]) -> Unit | None:
    """Return the unit of a formula as far as the known ones tell; None if they tell none. See `resolve`."""
    walk = Walk(syntax, units, self_name, None, sums)
    unit = walk.finish(walk.term(syntax.root)).unit or walk.self_unit
    return None if unit is None else tidy(unit)


class Walk:
    """One pass over a formula's tree; it collects problems instead of stopping at the first."""

    def __init__(
        self,
        syntax: Syntax,
        units: Mapping[str, Unit],
        self_name: str,
        self_unit: Unit | None,
        sums: Mapping[str, tuple[str, str]],
    ) -> None:
        self.syntax = syntax
        self.units = units
        self.sums = sums
        self.keys = {unicodedata.normalize("NFKC", key): key for key in units}  # Python's parser normalises identifiers
        self.self_name = self_name
        self.self_unit = self_unit
        self.previous = 0
        self.problems: list[tuple[int, str, str]] = []

    def finish(self, term: Term) -> Term:
        """Raise all problems, or return the term in a unit that a person would write."""
        raise_first(self.problems)
        return tidied(term)

    def converted_root(self, unit: Unit) -> Term:
        """Return the whole formula in this unit."""
        return self.shared(self.syntax.root, "prev", [Term(Number(0.0), unit), self.term(self.syntax.root)])[1]

    def term(self, node: ast.expr) -> Term:
        """Return a part of the formula with its unit."""
        rules: dict[type[ast.expr], Callable[..., Term]] = {
            ast.Constant: self._literal,
            ast.Name: self._name,
            ast.BinOp: self._chain,
            ast.UnaryOp: self._sign,
            ast.Compare: self._comparison,
            ast.BoolOp: self._junction,
            ast.Call: self._call,
        }
        return rules[type(node)](node)

    def _literal(self, node: ast.Constant) -> Term:
        value = float(node.value)  # type: ignore[arg-type]  # the grammar lets only int and float pass
        return Term(Number(value), None if value == 0 else DIMENSIONLESS, value)

    def problem(self, node: ast.expr, what: str, remedy: str) -> Term:
        """Note a problem and go on with a part that fits anywhere."""
        self.problems.append((offset_of(self.syntax.text, node), what, remedy))
        return Term(Number(0.0), None)

    def _name(self, node: ast.Name) -> Term:
        if node.id in BUILTINS:
            builtin: BuiltinName = node.id  # type: ignore[assignment]  # BUILTINS are its names
            return Term(Builtin(builtin), HOURS if builtin == "hours" else DIMENSIONLESS)
        if node.id == self.self_name:
            if not self.previous:
                return self.problem(node, f'"{node.id}" names itself', "A driver may name itself only as prev(x, first).")
            return Term(Name(node.id), self.self_unit)
        key = node.id if node.id in self.units else self.keys.get(node.id)
        if key is None:
            known = [*self.units, *BUILTINS]
            return self.problem(node, *unknown_name(node.id, known, self.sums))
        return Term(Name(key), self.units[key])

    def _chain(self, node: ast.BinOp) -> Term:
        """Walk down the left side without recursion, so that a long sum is no deeper than a short one."""
        links = [node]
        while isinstance(links[-1].left, ast.BinOp):
            links.append(links[-1].left)
        term = self.term(links[-1].left)
        for link in reversed(links):
            term = self._binary(link, ARITHMETIC[type(link.op)], term, self.term(link.right))
        return term

    def _binary(self, node: ast.BinOp, operator: str, left: Term, right: Term) -> Term:
        if operator in ("add", "sub"):
            left, right = self.shared(node, operator, [left, right])
            return self.folded(node, operator, [left, right], left.unit or right.unit)
        if operator == "pow":
            return self._power(node, left, right)
        unit = combined(operator, left, right)
        if unit is not None and any(abs(power) > MAX_POWER for _, power in unit.factors):
            return self.problem(node, f"the unit {unit.text} has too high a power", f"Powers of units go up to {MAX_POWER}.")
        if unit is not None and len(unit.factors) > MAX_WORDS:
            return self.problem(node, f"a unit of more than {MAX_WORDS} words", "Check what is multiplied.")
        return self.folded(node, operator, [left, right], unit)

    def folded(self, node: ast.expr, operator: str, terms: Sequence[Term], unit: Unit | None) -> Term:
        """Apply an operator; of known numbers, compute the value too and refuse one that is not finite."""
        expression = Apply(operator, tuple(term.expression for term in terms))
        values = [term.value for term in terms if term.value is not None]
        if len(values) < len(terms):
            return Term(expression, unit)
        value = arithmetic.evaluate(operator, values)
        if value is None:
            written = ast.unparse(node)
            what = f"{written if len(written) <= 60 else 'a part of the formula'} is not a finite number up to 1e100"
            return self.problem(node, what, "Give numbers for which it is.")
        exact = operator in arithmetic.EXACT
        return Term(Number(value) if exact else expression, None if value == 0 and unit is None else unit, value)

    def _power(self, node: ast.BinOp, base: Term, exponent: Term) -> Term:
        exponent = self.pure(node.right, exponent, "an exponent")
        if base.unit is None or not base.unit.dimension:
            return self.folded(node, "pow", [in_unit(base, DIMENSIONLESS), exponent], DIMENSIONLESS)
        if exponent.value is None:
            what = f"the exponent of {base.unit.text} is no number"
            return self.problem(node, what, "Write the exponent as a number, or divide the base by its unit.")
        power = Fraction(exponent.value).limit_denominator(12)
        if abs(power - Fraction(exponent.value)) > Fraction(1, 10**12) or abs(power) > MAX_POWER:
            what = f"the exponent {exponent.value:g} of {base.unit.text}"
            return self.problem(node, what, f"A unit takes powers up to {MAX_POWER} in halves, thirds, ... twelfths.")
        base = for_power(base, power)
        return self.folded(node, "pow", [base, exponent], base.unit**power if base.unit else None)

    def _sign(self, node: ast.UnaryOp) -> Term:
        operator = SIGNS[type(node.op)]
        if operator == "not":
            return Term(Apply("not", (self.truth(node.operand),)), DIMENSIONLESS)
        term = self.term(node.operand)
        return self.folded(node, "neg", [term], term.unit) if operator else term

    def _comparison(self, node: ast.Compare) -> Term:
        operator = COMPARISONS[type(node.ops[0])]
        left, right = self.shared(node, operator, [self.term(node.left), self.term(node.comparators[0])])
        return Term(Apply(operator, (left.expression, right.expression)), DIMENSIONLESS)

    def _junction(self, node: ast.BoolOp) -> Term:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return Term(nested(operator, [self.truth(value) for value in node.values]), DIMENSIONLESS)

    def truth(self, node: ast.expr) -> Expression:
        """Return a condition: a comparison or any pure number, of which 0 is false."""
        return self.pure(node, self.term(node), "a condition", convert=False).expression

    def pure(self, node: ast.expr, term: Term, role: str, *, convert: bool = True) -> Term:
        """Return a term that must be a pure number."""
        if term.unit is not None and term.unit.dimension:
            what = f"{role} in {term.unit.text} ({term.unit.described})"
            remedy = 'Compare it: "x > 0".' if role == "a condition" else "Divide it by something of the same unit."
            return self.problem(node, what, remedy)
        return in_unit(term, DIMENSIONLESS) if convert else term

    def shared(self, node: ast.expr, operator: str, terms: Sequence[Term]) -> list[Term]:
        """Convert all terms to the unit of the first that has one."""
        common = next((term.unit for term in terms if term.unit is not None), None)
        if common is None:
            return list(terms)
        for term in terms:
            if term.unit is not None and term.unit.dimension != common.dimension:
                what = f"cannot {VERBS.get(operator, 'compare')} {clash(common, term.unit)}"
                return [self.problem(node, what, clash_remedy(common, term.unit)) for _ in terms]
        return [in_unit(term, common) for term in terms]

    def _call(self, node: ast.Call) -> Term:
        function = node.func.id  # type: ignore[attr-defined]  # the grammar lets only names be called
        return FUNCTIONS[function](self, node, function)
