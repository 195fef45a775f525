"""Line and column of every key and value of a TOML file, from tree-sitter's concrete tree; used on the error path only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.errors import Problem
from simcost.scenario.problems import MOST_FINDINGS, Finding, Findings, Place, place_text
from simcost.scenario.text.toml_messages import line_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.text.document import Document

_ESCAPES = {"x": 2, "u": 4, "U": 8}
"""Hex digits after the letter of an escape."""

_BLANKS = (" ", "\t", "\n")


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a key and its value begin, in bytes, and the value as written; a table's value is its header."""

    key: int
    value: int
    written: str


class Locator:
    """Finds places in one text.

    Parameters
    ----------
    text
        Valid TOML.
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")  # as tomllib reads it
        self._content = self._text.encode("utf-8")
        self._spans: dict[Place, Extent] = {}
        self._lengths: dict[Place, int] = {}
        for node in _parsed(self._content).named_children:
            self._read(node)

    def problem(self, finding: Finding, place: Place | None = None) -> Problem:
        """Give a finding its line, column and quoted line.

        Parameters
        ----------
        place
            Where it is written, if that is elsewhere than where it takes effect (an option).
        """
        place = finding.place if place is None else place
        known = next(place[:length] for length in range(len(place), -1, -1) if place[:length] in self._spans or not length)
        span = self._spans.get(known)
        if span is None:  # something that the whole file lacks
            return Problem(place_text(place), finding.what, finding.remedy, 1, 1)
        position = span.key if finding.at == "key" or known != place else span.value + _bytes_before(span.written, finding.offset)
        line, column, quoted = line_of(self._text, len(self._content[:position].decode("utf-8")))
        return Problem(place_text(place), finding.what, finding.remedy, line, column, quoted)

    def _read(self, node: Node, prefix: Place = ()) -> None:
        if node.type == "pair":
            self._pair(node, prefix)
        elif node.type == "table":
            self._table(node)
        elif node.type == "table_array_element":
            self._element(node)

    def _table(self, node: Node) -> None:
        header, *pairs = [child for child in node.named_children if child.type != "comment"]
        place = self._current(_keys(header))
        self._note(place, Extent(header.start_byte, header.start_byte, ""))
        for pair in pairs:
            self._read(pair, place)

    def _element(self, node: Node) -> None:
        header, *pairs = [child for child in node.named_children if child.type != "comment"]
        *parents, name = _keys(header)
        array = (*self._current(parents), name)
        self._note(array, Extent(header.start_byte, header.start_byte, ""))
        position = self._lengths.get(array, 0)
        self._lengths[array] = position + 1
        place = (*array, position)
        self._note(place, Extent(header.start_byte, header.start_byte, ""))
        for pair in pairs:
            self._read(pair, place)

    def _current(self, keys: list[str]) -> Place:
        """Resolve a header: a name that is an array of tables means its last element."""
        place: Place = ()
        for key in keys:
            place = (*place, key)
            if place in self._lengths:
                place = (*place, self._lengths[place] - 1)
        return place

    def _pair(self, node: Node, prefix: Place) -> None:
        key, value = [child for child in node.named_children if child.type != "comment"][:2]
        place = (*prefix, *_keys(key))
        span = Extent(key.start_byte, value.start_byte, _written(value))
        self._note(place, span)
        self._inside(value, place)

    def _inside(self, value: Node, place: Place) -> None:
        children = [child for child in value.named_children if child.type != "comment"]
        if value.type == "inline_table":
            for child in children:
                self._read(child, place)
        elif value.type == "array":
            for position, child in enumerate(children):
                where = (*place, position)
                self._note(where, Extent(child.start_byte, child.start_byte, _written(child)))
                self._inside(child, where)

    def _note(self, place: Place, span: Extent) -> None:
        """Keep a span, and the same for parents that exist by this dotted key alone."""
        self._spans[place] = span
        for length in range(len(place) - 1, 0, -1):
            if place[:length] in self._spans:
                break
            self._spans[place[:length]] = Extent(span.key, span.key, "")


def _parsed(content: bytes) -> Node:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language())).parse(content).root_node


def _written(node: Node) -> str:
    return node.text.decode("utf-8") if node.type == "string" and node.text is not None else ""


def _keys(node: Node) -> list[str]:
    if node.type == "dotted_key":
        return [key for child in node.named_children for key in _keys(child)]
    text = node.text.decode("utf-8") if node.text is not None else ""
    if node.type != "quoted_key":
        return [text]
    import tomllib

    return list(tomllib.loads(f"{text} = 0"))


def _bytes_before(written: str, offset: int) -> int:
    """Bytes of a string as written before the character ``offset`` of its value; 0 if the value as a whole is meant."""
    if offset < 0 or not written:
        return 0
    quotes = 3 if written[:3] in ('"""', "'''") else 1
    position = quotes
    if quotes == 3 and written[3:4] == "\n":
        position += 1
    if written[0] == "'":
        position += offset
    else:
        for _ in range(offset):
            position = _after_letter(written, _after_continuation(written, position))
        position = _after_continuation(written, position)
    return len(written[: min(position, len(written) - quotes)].encode("utf-8"))


def _after_continuation(written: str, position: int) -> int:
    """Skip backslashes at line ends, which join lines."""
    while written[position : position + 1] == "\\" and written[position + 1 : position + 2] in _BLANKS:
        position += 1
        while written[position : position + 1] in _BLANKS:
            position += 1
    return position


def _after_letter(written: str, position: int) -> int:
    """Skip one letter of a basic string, which may be an escape."""
    if written[position : position + 1] == "\\":
        position += 1 + _ESCAPES.get(written[position + 1 : position + 2], 0)
    return position + 1


def located_problems(document: Document, findings: Findings, replaced: Replaced) -> tuple[Problem, ...]:
    """Return the problems that findings are, in the order of the file's lines, at what was replaced by an option or by --set."""
    locator = Locator(document.text)
    problems = []
    for finding in findings.found:
        origin = replaced.origin(finding.place)
        if origin is None:
            problems.append(locator.problem(finding))
        elif origin[0].assignment:
            problems.append(Problem(f"assignment {origin[0].assignment[:160]}", finding.what, finding.remedy))
        else:
            problems.append(locator.problem(finding, (*origin[0].place, *origin[1])))
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    if len(findings.found) >= MOST_FINDINGS:
        ordered.append(Problem("", f"reading stopped after {MOST_FINDINGS} problems", "Mend these first."))
    return tuple(ordered)
