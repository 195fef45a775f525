"""tomllib's messages in our words: where, what, remedy."""

from __future__ import annotations

import re

from simcost.errors import Problem
from simcost.scenario.text import toml_habits

LONGEST_QUOTE = 160
"""Characters of a line that a problem quotes."""

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_RULES: tuple[tuple[str, str, str], ...] = (
    (r"Cannot overwrite a value", "this key was given before", "Keep one of the two."),
    (r"Duplicate inline table key '(.*)'", 'the key "{0}" comes twice in this inline table', "Keep one of the two."),
    (r"Cannot declare \((.*?),?\) twice", "the table {0} was declared before", "Put its keys under the first one."),
    (
        r"Cannot mutate immutable namespace \((.*?),?\)",
        "{0} was given as a value before and cannot be added to",
        "Write it once.",
    ),
    (r"Cannot redefine namespace \((.*?),?\)", "{0} was declared before", "Put its keys under the first one."),
    (r"Expected '=' after a key", 'no "=" after the key', 'Write key = value; a key with blanks needs quotes: "two words" = 1.'),
    (
        r"Expected newline or end of document after a statement",
        "something follows the value",
        "Write strings in quotes, one key a line.",
    ),
    (
        r"Expected '\]+' at the end of (?:a|an array of) table.* declaration",
        "the table's header is not closed",
        "Write [name] or [[name]].",
    ),
    (
        r"Invalid value",
        "no value that TOML knows",
        'Write strings in quotes, truth as true or false, numbers as 0.5: key = "9 CNY/hour".',
    ),
    (r"Unclosed array", "the list is not closed", "Add ]."),
    (r"Unclosed inline table", "the inline table is not closed", "Add } on the same line."),
    (r"Unterminated string", "the string is not closed", 'Add " at its end.'),
    (r"Expected \"'''\"|Expected '\"\"\"'", "the string of many lines is not closed", "Add its three quotes at the end."),
    (r"Expected \"'\"", "the string is not closed", "Add ' at its end."),
    (r"Unescaped '\\' in a string", "a backslash that starts no escape", "Write \\\\, or put the string in single quotes."),
    (r"Illegal character (.*)", "the character {0} is not allowed here", "Remove it, or write it as an escape in a string."),
    (
        r"Invalid hex value|Escaped character is not",
        "an escape of a character that does not exist",
        "Write \\uXXXX with four hex digits.",
    ),
    (r"Invalid date or datetime", "no date of the calendar", 'Write the month as start = "2027-01".'),
    (r"Exceeds the limit", "an integer of thousands of digits", "Write it as 1e20 if it is so large."),
)


def line_of(text: str, position: int) -> tuple[int, int, str]:
    """Return line and column, from 1, of a character, and the line itself, shortened."""
    position = min(position, len(text))
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    column = position - start + 1
    return text.count("\n", 0, position) + 1, column, shortened(text[start : len(text) if end < 0 else end], column)


def shortened(line: str, column: int) -> str:
    """Return the line, or what is around the column if it is long."""
    line = line.rstrip("\r")
    if len(line) <= LONGEST_QUOTE:
        return line
    start = max(0, column - LONGEST_QUOTE // 2)
    return ("..." if start else "") + line[start : start + LONGEST_QUOTE] + "..."


def translated(error: ValueError | RecursionError, text: str) -> Problem:
    """Turn an exception of tomllib into a problem with its line."""
    if isinstance(error, RecursionError):
        return Problem("", "the file is nested too deeply", "Nothing in a scenario needs that.")
    message = str(error)
    at = _AT.search(message)
    position = _position(text, at)
    what, remedy = _explained(_AT.sub("", message), text, position)
    if at is None:
        return Problem("", what, remedy)
    if what.startswith("this key was given"):  # tomllib stands behind the value
        position = len(text[:position].rstrip())
        position = text.rfind("\n", 0, position) + 1
    line, column, quoted = line_of(text, position)
    return Problem("", what, remedy, line, column, quoted)


def _position(text: str, at: re.Match[str] | None) -> int:
    if at is None or at.group(1) is None:
        return len(text.rstrip())
    line, column = int(at.group(1)), int(at.group(2))
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _explained(message: str, text: str, position: int) -> tuple[str, str]:
    special = _by_context(message, text, position)
    if special:
        return special
    for pattern, what, remedy in _RULES:
        match = re.match(pattern, message)
        if match:
            return what.format(*(_unquoted(group) for group in match.groups())), remedy
    return f"not TOML 1.0: {message[:120]}", "See https://toml.io/en/v1.0.0."


def _unquoted(key: str) -> str:
    """Print a key of tomllib's messages, where a dotted one is a tuple."""
    return key.replace("', '", ".").strip("'")


def _by_context(message: str, text: str, position: int) -> tuple[str, str] | None:
    """Explain messages that mean different things by what stands there."""
    here = text[position : position + 1]
    if habit := toml_habits.explanation(message, text, position):
        return habit
    if message.startswith("Expected newline"):
        return _unexpected(text, position)
    if message.startswith("Illegal character") and here in ("\n", "\r"):
        return "the string is not closed", 'Add " at its end, or begin it with three quotes if it has many lines.'
    if not message.startswith(("Invalid initial character", "Invalid statement")):
        return None
    if here.isalpha():
        key = re.split(r"[\s=.\]]", text[position : position + 40], maxsplit=1)[0]
        return f'"{key}" is no bare key', f'Keys with other letters than A to Z want quotes: "{key}".'
    return _KEY_EXPECTED.get(here, ("no key, no [table] and no comment", "Write key = value, [table], [[cost]] or # comment."))


_NEW_LINE = (
    "a new line inside an inline table",
    "TOML 1.0 wants { ... } on one line; or write a table of its own: [inputs.name].",
)
_KEY_EXPECTED = {"\n": _NEW_LINE, "\r": _NEW_LINE, "}": ("a comma before }", "TOML 1.0 allows none: remove it.")}


def _unexpected(text: str, position: int) -> tuple[str, str]:
    """Explain what stands behind a value, where the line should end."""
    start = text.rfind("\n", 0, position) + 1
    written = text[start:].partition("\n")[0].partition("=")[2].strip()
    if re.match(r"[0-9]{4}-[0-9]{2}\b", written):
        return "a date that TOML does not know", f'Put it in quotes: "{written[:7]}".'
    if re.match(r"[+-]?0[0-9]", written):
        return "a number that begins with 0", "Leave the 0 out."
    if re.match(r"[0-9][0-9,_.]*,[0-9]", written):
        return "a comma within a number", "Write thousands as 1_000 and decimals as 1.5."
    return "something follows the value", "Write strings in quotes, and one key on a line."
