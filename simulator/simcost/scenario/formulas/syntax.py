"""The grammar of formulas: Python's parser makes a tree, and a whitelist decides what of it is a formula.

Nothing of a file is ever evaluated by Python: the tree is only walked. Length, characters, nesting and number literals are
checked on the text before the parser sees it.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from simcost.scenario.formulas import habits as formula_habits
from simcost.scenario.formulas.grammar import BUILTINS, CHARACTERS, ELSEWHERE, FORBIDDEN, FUNCTIONS, REFUSED, usage
from simcost.scenario.refusal import Refusal, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_TEXT = 20_000
"""Characters of a formula."""

SECTIONS = ("inputs", "drivers", "series")
"""Whose names formulas know as they are."""

MAX_NODES = 10_000
"""Numbers, names and operations of a formula."""

MAX_DEPTH = 64
"""Nesting; a chain such as ``a + b + c`` is one level."""

MAX_HEIGHT = 200
"""Height of the tree with chains counted link by link: what later stages may recurse into."""


class FormulaError(Refusal):
    """A formula that cannot be taken.

    Parameters
    ----------
    offset
        Character of the formula's text, from 0.
    problems
        All that is wrong: (offset, what, remedy); this one is the first of them.
    """

    def __init__(self, what: str, remedy: str, offset: int, problems: tuple[tuple[int, str, str], ...] = ()) -> None:
        super().__init__(what, remedy)
        self.offset = offset
        self.problems = problems or ((offset, what, remedy),)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A formula whose form is right; names and units are not yet looked up.

    Parameters
    ----------
    text
        The formula as written.
    root
        Its tree: nodes of the whitelist only.
    names
        Inputs and drivers it needs, in Python's normal form of identifiers (NFKC).
    current
        Those it needs of the same month: all but the ones that stand only in the first argument of ``prev``.
    nodes
        Numbers, names and operations.
    """

    text: str
    root: ast.expr
    names: frozenset[str]
    current: frozenset[str]
    nodes: int


@lru_cache(maxsize=1024)
def parse(text: str) -> Syntax:
    """Read a formula; those of a file are read once more for each of its options.

    Raises
    ------
    FormulaError
        With every problem of its form.
    """
    _check_text(text)
    root = _python_tree(text)
    nodes = _measure(root)
    raise_first(problem for node in _walk(root) for problem in _problems(text, node))
    return Syntax(text, root, frozenset(_names(root, previous=True)), frozenset(_names(root, previous=False)), nodes)


def offset_of(text: str, node: ast.expr) -> int:
    """Return the character at which a node begins: Python counts bytes of UTF-8."""
    return node.col_offset if text.isascii() else len(text.encode()[: node.col_offset].decode(errors="ignore"))


def raise_first(problems: Iterable[tuple[int, str, str]]) -> None:
    """Raise what is wrong, if anything, in the order of the text and each thing once."""
    distinct: dict[str, tuple[int, str, str]] = {}
    for problem in sorted(problems):
        distinct.setdefault(problem[1], problem)
    if distinct:
        (offset, what, remedy), *_ = found = tuple(distinct.values())
        raise FormulaError(what, remedy, offset, found)


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        what = f"a formula of {len(text):,} characters"
        raise FormulaError(what, f"A formula has at most {MAX_TEXT:,}: make parts of it drivers.", 0)
    if not text.strip():
        what = "the formula is empty"
        raise FormulaError(what, 'Write a number, a name, or something like "gpu_count * gpu_price".', 0)
    depth = 0
    for offset, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_DEPTH:
            _refuse_depth(offset)
        if not _is_known(character):
            _refuse_character(character, offset)
    if match := re.search(r"(?<![\w.])[0-9]{1,3}(,[0-9]{3})+(?![0-9_])", text):
        what = f'"{match[0]}" can be read as one number or as several'
        raise FormulaError(what, "Write thousands as 1_000; put a space after a comma between arguments.", match.start())


def _is_known(character: str) -> bool:
    if character.isascii():
        return (character.isprintable() or character.isspace()) and character not in FORBIDDEN
    return f"a{character}".isidentifier() or character.isspace()


def _refuse_character(character: str, offset: int) -> NoReturn:
    plain = CHARACTERS.get(character) or unicodedata.normalize("NFKC", character)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    what = f'the character "{shown}" has no meaning in a formula'
    is_meant = plain not in ("", character) and all(map(_is_known, plain))
    raise FormulaError(what, f'Write "{plain}".' if is_meant else "Remove it.", offset)


def _refuse_depth(offset: int) -> NoReturn:
    what = f"a formula nested more than {MAX_DEPTH} deep"
    raise FormulaError(what, "Make parts of it drivers.", offset)


def _python_tree(text: str) -> ast.expr:
    """Parse with Python's own parser: white space of any kind is a space, so that a formula may run over lines."""
    flat = re.sub(r"\s", lambda match: " " * len(match[0].encode()), text)
    indent = len(flat) - len(flat.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(flat.strip(), mode="eval").body
    except SyntaxError as error:
        raise _from_syntax_error(error, text, indent) from None
    except (RecursionError, MemoryError, ValueError):
        _refuse_depth(0)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset += indent
            node.end_col_offset = (node.end_col_offset or 0) + indent
    return tree


def _from_syntax_error(error: SyntaxError, text: str, indent: int) -> FormulaError:
    here: int | None = None
    if "too many nested" in error.msg or "recursion" in error.msg:
        what, remedy = f"a formula nested more than {MAX_DEPTH} deep", "Make parts of it drivers."
    elif "leading zeros" in error.msg:
        what, remedy = "a number that begins with 0", "Remove the zeros before it."
    elif known := formula_habits.explanation(text):
        what, remedy, here = known
    else:
        what, remedy = f"the formula cannot be read ({error.msg.split('. ')[0]})", "Check its parentheses and operators."
    offset = here if here is not None else min(indent + max((error.offset or 1) - 1, 0), max(len(text) - 1, 0))
    return FormulaError(what, remedy, offset)


def _measure(root: ast.expr) -> int:
    """Count the nodes and refuse a tree too deep, without recursion."""
    nodes = 0
    waiting = [(root, 1, 1)]
    while waiting:
        node, depth, height = waiting.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            _refuse_depth(0)
        if height > MAX_HEIGHT:
            what = f"a chain of more than {MAX_HEIGHT - 1} operations"
            raise FormulaError(what, "Make parts of it drivers.", 0)
        chain = node.left if isinstance(node, ast.BinOp) else None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
                waiting.append((child, depth + (child is not chain), height + 1))
            elif isinstance(child, ast.keyword):
                waiting.append((child.value, depth + 1, height + 1))
    if nodes > MAX_NODES:
        what = f"a formula of {nodes:,} numbers, names and operations"
        raise FormulaError(what, f"A formula has at most {MAX_NODES:,}: make parts of it drivers.", 0)
    return nodes


def _problems(text: str, node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with one node, apart from its children."""
    if not isinstance(node, ast.expr):
        return
    at = offset_of(text, node)
    for part in (node, *_operators(node)):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in SECTIONS:
            yield at, f'"{part.value.id}." before a name', f"Write the name alone: {part.attr[:64]}."
        elif type(part) in REFUSED:
            what, remedy = REFUSED[type(part)]
            yield at, f"{what} in a formula", remedy
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        yield at, "a chain of comparisons", 'Write "a < b and b < c".'
    elif isinstance(node, ast.Call):
        yield from ((at, what, remedy) for what, remedy in _call_problems(node))
    elif isinstance(node, ast.Constant):
        yield from ((at, what, remedy) for what, remedy in _literal_problems(text, node))
    elif isinstance(node, ast.Name) and node.id in FUNCTIONS:
        yield at, f'"{node.id}" is a function', f"Write {usage(node.id)}."


def _operators(node: ast.expr) -> tuple[ast.AST, ...]:
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return (node.op,)
    return tuple(node.ops) if isinstance(node, ast.Compare) else ()


def _call_problems(call: ast.Call) -> Iterator[tuple[str, str]]:
    if not isinstance(call.func, ast.Name):
        if not isinstance(call.func, ast.Attribute | ast.Lambda | ast.Subscript):
            yield "a call of what is no function", 'Write "*" to multiply.'
        return
    name = call.func.id
    if name not in FUNCTIONS:
        known = f"Functions are {', '.join(sorted(FUNCTIONS))}."
        yield f'there is no function "{name[:64]}"', ELSEWHERE.get(name.lower()) or did_you_mean(name[:64], FUNCTIONS) or known
        return
    if call.keywords:
        yield f'a named argument in "{name}"', f"Write {usage(name)}."
        return
    least, most = FUNCTIONS[name]
    if not least <= len(call.args) <= most:
        wanted = f"{least} to {most:,} arguments" if most > least else f"{least} argument{'s' * (least > 1)}"
        yield f'"{name}" with {len(call.args)} argument{"s" * (len(call.args) != 1)}, not {wanted}', f"Write {usage(name)}."


def _literal_problems(text: str, node: ast.Constant) -> Iterator[tuple[str, str]]:
    if isinstance(node.value, bool) or node.value is None or node.value is ...:
        yield f"{node.value} in a formula", "Write 1 for true and 0 for false."
    elif isinstance(node.value, complex):
        yield "an imaginary number", "Leave out the j."
    elif isinstance(node.value, str | bytes):
        yield "a string in a formula", "Formulas know names, numbers and functions only."
    else:
        written = text.encode()[node.col_offset : node.end_col_offset].decode(errors="ignore")
        if not re.fullmatch(r"[0-9_]*\.?[0-9_]*([eE][+-]?[0-9_]+)?", written) or re.match(r"0[0-9_]", written):
            yield f'the number "{written[:40]}"', "Write it as 1000, 1_000, 0.5 or 1e6."
        elif not is_finite(node.value):
            yield f'the number "{written[:40]}" is too large', "Numbers go up to 1e100."


def is_finite(value: float) -> bool:
    """Whether a number of a formula is within what later stages take (1e100 and below)."""
    return abs(value) <= 1e100


def _names(root: ast.expr, *, previous: bool) -> Iterator[str]:
    """Yield the names that are no built-ins; ``previous`` includes the first arguments of ``prev``."""
    for node in _walk(root, previous=previous):
        if isinstance(node, ast.Name) and node.id not in BUILTINS:
            yield node.id


def _walk(root: ast.expr, *, previous: bool = True) -> Iterator[ast.AST]:
    """Yield every node but the names of functions that are called; ``previous`` includes the first arguments of ``prev``."""
    waiting: list[ast.AST] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        skipped: list[ast.AST] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            skipped = [node.func, *(node.args[:1] if node.func.id == "prev" and not previous else ())]
        waiting.extend(child for child in ast.iter_child_nodes(node) if child not in skipped)
