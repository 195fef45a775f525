"""The vocabulary of formulas: functions, operators, built-in names, and what Python has and formulas have not."""

from __future__ import annotations

import ast
import keyword

FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 1000),
    "max": (2, 1000),
    "abs": (1, 1),
    "ceil": (1, 1),
    "floor": (1, 1),
    "round": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "clip": (3, 3),
    "where": (3, 3),
    "prev": (2, 2),
    "cumulative": (1, 1),
    "binomial": (3, 3),
    "choose": (3, 1000),
}
"""Functions of the language, with their least and greatest number of arguments."""

_USAGE = {
    "clip": "clip(x, low, high)",
    "where": "where(condition, a, b)",
    "prev": "prev(x, first)",
    "binomial": "binomial(u, n, p)",
    "choose": "choose(i, first, second, ...)",
}

ELSEWHERE = {
    "if": "Write where(condition, a, b).",
    "ifelse": "Write where(condition, a, b).",
    "iif": "Write where(condition, a, b).",
    "switch": "Write choose(i, first, second, ...).",
    "sum": 'Write "a + b"; the sum of the months to date is cumulative(x).',
    "average": 'Write "(a + b) / 2".',
    "mean": 'Write "(a + b) / 2".',
    "pow": 'Write "a ** b".',
    "power": 'Write "a ** b".',
    "mod": "Write a - b * floor(a / b).",
    "ln": "Write log(x), which is the natural one.",
    "roundup": "Write ceil(x).",
    "rounddown": "Write floor(x).",
}
"""Functions of spreadsheets and programs, in lower case, and what to write instead."""

BUILTINS = frozenset({"month", "year", "hours", "calendar_month", "calendar_year"})
"""Names that are always there."""

RESERVED = BUILTINS | FUNCTIONS.keys() | frozenset(keyword.kwlist)
"""Names that no input or driver can have."""

ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}
SIGNS: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "", ast.Not: "not"}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}

REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Attribute: ("an attribute (a dot after a name)", "Formulas know names, numbers and functions only."),
    ast.Subscript: ("a subscript [...]", "Give the value a name of its own."),
    ast.Lambda: ("a lambda", "Write the formula itself."),
    ast.IfExp: ("a conditional (if ... else)", "Write where(condition, a, b)."),
    ast.NamedExpr: ('an assignment ":="', "Make it a driver of its own."),
    ast.ListComp: ("a comprehension", "Write the terms out."),
    ast.SetComp: ("a comprehension", "Write the terms out."),
    ast.DictComp: ("a comprehension", "Write the terms out."),
    ast.GeneratorExp: ("a comprehension", "Write the terms out."),
    ast.List: ("a list", "Formulas know single numbers only."),
    ast.Set: ("a set {...}", "Formulas know single numbers only."),
    ast.Dict: ("a table {...}", "Formulas know single numbers only."),
    ast.Tuple: ("a comma outside a function", "Write thousands as 1_000 and decimals as 1.5."),
    ast.Starred: ('a starred argument "*"', "Write the arguments out."),
    ast.JoinedStr: ("a string", "Formulas know names, numbers and functions only."),
    ast.Await: ('"await"', "Formulas know names, numbers and functions only."),
    ast.Yield: ('"yield"', "Formulas know names, numbers and functions only."),
    ast.YieldFrom: ('"yield"', "Formulas know names, numbers and functions only."),
    ast.FloorDiv: ('the operator "//"', "Write floor(a / b)."),
    ast.Mod: ('the operator "%"', 'Write a - b * floor(a / b); a percentage is an input in "%", or a number such as 0.05.'),
    ast.MatMult: ('the operator "@"', 'Write "*".'),
    ast.BitXor: ('the operator "^"', 'Write "**" for a power.'),
    ast.BitAnd: ('the operator "&"', 'Write "and".'),
    ast.BitOr: ('the operator "|"', 'Write "or".'),
    ast.LShift: ('the operator "<<"', 'Write "*".'),
    ast.RShift: ('the operator ">>"', 'Write "/".'),
    ast.Invert: ('the operator "~"', 'Write "not".'),
    ast.Is: ('"is"', 'Write "==".'),
    ast.IsNot: ('"is not"', 'Write "!=".'),
    ast.In: ('"in"', 'Write comparisons joined by "or".'),
    ast.NotIn: ('"not in"', 'Write comparisons joined by "and".'),
}
"""Constructs that Python has and formulas have not: name, remedy."""

CHARACTERS = {
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "√": "sqrt(...)",
    "²": "**2",
    "³": "**3",
    "、": ",",
}
"""Signs that people write for those of the language; full-width ones are found by their normal form."""

FORBIDDEN = frozenset("`\\#$?;")
"""Signs of ASCII that no formula holds."""


def usage(function: str) -> str:
    """Return how a function is written."""
    least, _ = FUNCTIONS[function]
    return _USAGE.get(function) or (f"{function}(a, b)" if least == 2 else f"{function}(x)")
