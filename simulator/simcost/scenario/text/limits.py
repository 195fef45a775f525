"""Limits that protect against a stranger's file, checked on its text before the TOML parser sees it.

tomllib takes 39 s for 32,000 dots in 64 KB and fails with RecursionError on 900 brackets, so both are counted first, in
one linear pass that knows strings and comments.
"""

from __future__ import annotations

import re

LARGEST_FILE = 1 << 20
"""Bytes; a page of scenario has about 5,000."""

DEEPEST_NESTING = 32
"""Brackets and braces inside each other."""

MOST_KEY_PARTS = 16
"""Parts of a dotted key."""

MOST_VALUES = 20_000
"""Keys and list items of a file; tomllib reads these in 0.2 s."""

LONGEST_NAME = 64
"""Characters of a name."""

MOST_FORMULA_NODES = 100_000
"""Numbers, names and operations in all formulas of a file."""

# A string that is not closed runs to the end of its line (or of the text); possessive quantifiers keep that linear.
_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|)"
    r'|"(?:[^"\\\n]|\\[^\n])*+(?:"|)'
    r"|'[^'\n]*+(?:'|))"
    r"|(?P<line>(?:\#[^\n]*+)?\n\s*+|\#[^\n]*+)"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<value>[=,])|(?P<dot>\.)",
    re.DOTALL,
)


_DEEPER = {"open": 1, "close": -1}


def over_the_limits(text: str) -> tuple[int, str, str] | None:
    """Find the first place where a text goes over a limit.

    Returns
    -------
    tuple or None
        Character position, what is wrong, remedy; None if all is well.
    """
    depth = dots = values = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "dot":
            dots += 1
        elif kind != "text":
            dots = 0
            depth += _DEEPER.get(kind or "", 0)
            values += kind in ("open", "value")
            if depth < 0:  # tomllib reads no further than this
                return None
        if dots >= MOST_KEY_PARTS or depth > DEEPEST_NESTING or values > MOST_VALUES:
            return token.start(), *_over(dots, depth)
    return None


def _over(dots: int, depth: int) -> tuple[str, str]:
    if dots >= MOST_KEY_PARTS:
        return f"a key of more than {MOST_KEY_PARTS} parts", "Nest no deeper than the tables of the language."
    if depth > DEEPEST_NESTING:
        return f"brackets nested more than {DEEPEST_NESTING} deep", "Nothing in a scenario needs so many."
    return f"more than {MOST_VALUES:,} values", "Put long lists into a CSV file: empirical = { file = ..., column = ... }."
