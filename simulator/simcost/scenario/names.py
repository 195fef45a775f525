"""Names and texts of a file: what may be a name in formulas, which names key random numbers, which texts can be shown."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from simcost.scenario.formulas.grammar import RESERVED
from simcost.scenario.look_alikes import in_latin, strange_letter
from simcost.scenario.problems import Finding, Findings, Place
from simcost.scenario.text.limits import LONGEST_NAME
from simcost_kernels.draws.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def check_name(name: str, place: Place, findings: Findings) -> bool:
    """Whether a key can be a name in formulas; a finding if not."""
    problem = _problem(name)
    if problem:
        findings.add(Finding(place, *problem, at="key"))
    return problem is None


def _problem(name: str) -> tuple[str, str] | None:
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 3] + "..."
    if len(name) > LONGEST_NAME:
        return f'the name "{shown}" has {len(name):,} characters', f"A name has at most {LONGEST_NAME}."
    if not name.isidentifier():
        remedy = "Use letters, digits and underscores, a letter first"
        return f'"{shown}" is no name for formulas', f"{remedy}: {identifier_for(name)}." if identifier_for(
            name
        ) else f"{remedy}."
    if unicodedata.normalize("NFKC", name) != name:
        return f'the name "{shown}" has letters that formulas read differently', f"Write {unicodedata.normalize('NFKC', name)}."
    if name in RESERVED:
        return f'"{name}" has a meaning in formulas', f"Choose another name, such as {name}_value."
    return None


def check_text(text: str, place: Place, findings: Findings, *, lines: bool = False) -> None:
    """Refuse what a terminal or a table could not show: a label on one line, or a text of several lines.

    Parameters
    ----------
    lines
        Whether line breaks and tabs are well.
    """
    shown = text.replace("\n", " ").replace("\t", " ") if lines else text
    if not shown.isprintable():
        what = f"{place[-1]} has {'' if lines else 'line breaks or '}characters that cannot be seen"
        findings.add(Finding(place, what, "Write it as plain text."))
    elif not lines and text != text.strip():
        findings.add(Finding(place, f"{place[-1]} has blanks at its ends", "Remove them."))


def identifier_for(name: str) -> str:
    """Suggest an identifier near to a text; empty if there is none."""
    words = "".join(letter if letter.isidentifier() or letter.isdigit() else " " for letter in name).split()
    joined = "_".join(words)
    return joined if joined.isidentifier() else f"x_{joined}" if joined else ""


def identifier_of(name: str) -> str:
    """Return what is made of a block's name to begin its inputs and drivers with; empty if it has no letters."""
    return unicodedata.normalize("NFKC", identifier_for(name)).lower()


def check_distinct(inputs: Mapping[str, object], drivers: Mapping[str, object], findings: Findings) -> None:
    """Refuse a name of both an input and a driver, names that look alike, and inputs whose random numbers would be the same."""
    for name in drivers:
        if name in inputs:
            findings.add(Finding(("drivers", name), f'"{name}" is an input too', "Rename one of them.", at="key"))
    for first, second in _alike([*inputs, *drivers]):
        strange = f"its {strange_letter(second)}" if strange_letter(second) else f"there {strange_letter(first)}"
        what = f'"{second}" looks like "{first}" and is another name: {strange}'
        section = "inputs" if second in inputs else "drivers"
        findings.add(Finding((section, second), what, "Rename one of them.", at="key"))
    for first, second in _collisions(inputs):
        what = f'"{second}" would draw the same random numbers as "{first}" (stream id {stream_id(first):#010x})'
        findings.add(Finding(("inputs", second), what, "Rename one of them.", at="key"))


def _alike(names: Iterable[str]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    return [(first, name) for name in names if (first := seen.setdefault(in_latin(name), name)) != name]


def _collisions(names: Iterable[str]) -> list[tuple[str, str]]:
    seen: dict[int, str] = {}
    found = []
    for name in names:
        earlier = seen.setdefault(stream_id(name), name)
        if earlier != name:
            found.append((earlier, name))
    return found
