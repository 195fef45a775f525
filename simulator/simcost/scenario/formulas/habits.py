"""How people write formulas elsewhere: what is wrong with it here, and what to write instead.

They can only explain why a text could not be read, never cause it.
"""

from __future__ import annotations

import re

_NUMBER = r"[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?"

_QUANTITY = re.compile(rf"\s*({_NUMBER}(?:\s+to\s+{_NUMBER})*\s*(?!to\b)[^\W\d_][\w*/%]*)\s*")

_HABITS: tuple[tuple[str, str, str], ...] = (
    (r"^\s*=(?!=)", 'a formula that begins with "="', "Write what stands after it."),
    (r"^(?!.*==).*(?<![=<>!:])(?P<here>=)(?!=)", 'a single "=" in a formula', 'Write "==" to compare.'),
    (r"&&", 'the operator "&&" in a formula', 'Write "and".'),
    (r"\|\|", 'the operator "||" in a formula', 'Write "or".'),
    (r"!(?!=)", 'the operator "!" in a formula', 'Write "not".'),
    (r"\bif\s*\(", '"if(...)" in a formula', "Write where(condition, a, b)."),
    (r"[0-9]\s*(?P<here>%)\s*($|[-+*/),])", "a percentage in a formula", "Write 0.05 for 5 %."),
    (r"[×·]|[\w)]\s+[xX]\s+[\w(]", "a sign of multiplication that we do not know", 'Write "*".'),
    (
        r"[0-9]\s+(?!and\b|or\b|not\b|if\b|else\b|in\b|is\b)[^\W\d]",
        "a number with a unit in a formula",
        'Name it: write NAME = "5 GPU" under [inputs], and NAME here.',
    ),
)
"""Pattern, whose group ``here`` is to blame, what is wrong, remedy; each pattern takes time in proportion to a hostile text."""


def explanation(text: str) -> tuple[str, str, int | None] | None:
    """Say what is wrong with a formula that cannot be read, the remedy and the place if it is plain; None if that is unknown."""
    quantity = _QUANTITY.fullmatch(text)
    if quantity:
        return "a quantity where a formula belongs", f'Name it: write NAME = "{quantity[1]}" under [inputs], and NAME here.', None
    for pattern, what, remedy in _HABITS:
        if found := re.search(pattern, text, re.DOTALL):
            return what, remedy, found.start("here") if "here" in found.groupdict() else None
    return None
