"""Text of a stranger's file made safe to print."""

from __future__ import annotations

import re

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, changes of writing direction and lone surrogates; a line feed and a tab are fine."""


def printable(text: str) -> str:
    r"""Escape what could steer the terminal: ESC is shown as ``\x1b``. Spaces of all kinds stay, as in Chinese text.

    A message about a file shows what is hidden in it too: `simcost.errors.visible`.
    """
    return UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)
