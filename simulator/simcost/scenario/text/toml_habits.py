"""How people write keys and values elsewhere, which TOML does not know: what is wrong, and the line as it should be.

They can only explain why a text could not be read, never cause it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

LONGEST = 80
"""Characters of a value that is shown in quotes."""

QUOTES = "“”„‘’«»"

BRACKETS = {"【": "[", "】": "]", "、": ","}
"""What an input method types for these, beside the full-width letters of Unicode."""

WORDS = {"True": "true", "False": "false", "yes": "true", "no": "false", "None": "", "null": ""}


def explanation(message: str, text: str, position: int) -> tuple[str, str] | None:
    """Return what is wrong where tomllib stopped and the remedy, if a habit is known that makes people write this."""
    start = text.rfind("\n", 0, position) + 1
    line = text[start:].partition("\n")[0]
    here, rest = text[position : position + 1], line[position - start :]
    found = None
    if message.startswith("Expected '=' after a key") and here in ":：＝":
        found = f'"{here}" between a key and its value', 'Write "=".'
    elif message.startswith("Expected newline"):
        found = _after_a_value(here, rest, line.partition("=")[2])
    elif message.startswith("Invalid value"):
        found = _value(here, rest)
    return found or _of_an_input_method(rest)


def _after_a_value(here: str, rest: str, value: str) -> tuple[str, str] | None:
    if here in ";,；，" and rest.rstrip() == here:
        return f'"{here}" after a value', "Remove it: a line ends by itself."
    if rest.startswith("//"):
        return "a comment that begins with //", "Begin it with #."
    return _unquoted(value, r"[+-]?[0-9][0-9_.]*(\s*%|\s+[^\W\d]|\s+-\s+[0-9])")


def _value(here: str, rest: str) -> tuple[str, str] | None:
    if here == "=":
        return 'two signs "="', "Write one."
    if here and here in QUOTES:
        return f"the quotes {here}, which TOML does not know", 'Write straight ones: "...".'
    word = re.match(r"\w*", rest)
    if word and word[0] in WORDS:
        meant = WORDS[word[0]]
        return f"{word[0]} is no value of TOML", f"Write {meant}." if meant else "Leave the key out."
    return _unquoted(rest, r"[^\W\d]")


def _of_an_input_method(rest: str) -> tuple[str, str] | None:
    """Explain what an input method for Chinese or Japanese types for ASCII: ``［``, ``，``, ``１２``, a wide space."""
    wide = "".join(takewhile(lambda letter: _plain(letter) != letter, rest[:LONGEST]))
    plain = "".join(map(_plain, wide))
    if not wide or not plain.isascii():
        return None
    if not plain.strip():
        return f"a space that TOML does not know (U+{ord(wide[0]):04X})", "Write an ordinary one."
    return f'the full-width "{wide}"', f'Write "{plain}".'


def _plain(letter: str) -> str:
    return BRACKETS.get(letter) or unicodedata.normalize("NFKC", letter)


def _unquoted(value: str, pattern: str) -> tuple[str, str] | None:
    """Explain a text without quotes, which begins as the pattern says."""
    written = re.split("#|//", value, maxsplit=1)[0].strip()
    if not re.match(pattern, written) or len(written) > LONGEST or re.search(r"[\"'\[\]{}\\\\]", written):
        return None
    return "a text without quotes", f'Write "{written}".'
