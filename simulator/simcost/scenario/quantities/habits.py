"""How people write quantities elsewhere: what is wrong with it here, and the same in our notation.

They can only explain why a text could not be read, never cause it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = r"(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+)"

EXPONENTS = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "万": 4, "亿": 8}
MULTIPLE = "(?:[km]|[mb]n|thousand|million|billion|万|亿)"
_TO = r"(?:-|~|–|—|\.\.+|至|到)"
_COUNTED = re.compile(rf"(?<!\S)({NUMBER})(?:\s*({MULTIPLE})(?=\s|$))?(?=\s|$)", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<=[0-9a-z万亿])\s*{_TO}\s*(?=[0-9])", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_UNIT_TWICE = re.compile(rf"^({NUMBER})\s*([^\s0-9]\S*)\s+to\s+({NUMBER})\s*\2$")

BEGINS_LIKE_ONE = re.compile(rf"(^|\s)to\b|^(?!1\s*[*/]\s*[^\W\d])[-+.,~±–—至到0-9]|^(?i:{MULTIPLE})(\s|$|{_TO}\s*[0-9])")
"""What is left of a quantity after its numbers and is no unit, as ``1/hour`` is one."""


def explanation(plain: str, is_read: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return what is wrong and the remedy, if a habit is known that makes people write this.

    Parameters
    ----------
    plain
        The text, normalised.
    is_read
        Whether a text is a quantity: nothing else is proposed.
    """
    for pattern, what, remedy, rewritten in _HABITS:
        if re.search(pattern, plain, re.IGNORECASE):
            proposal = rewritten(plain)
            return what, f'Write "{proposal}".' if proposal != plain and is_read(proposal) else remedy
    return None


def _in_full(plain: str) -> str:
    """Write multiples as exponents: ``20 to 32 million user`` has millions at both ends; ``20 to 25k to 32k`` may mean either."""
    *others, last = [match[2] for match in _COUNTED.finditer(plain)] or [None]
    if last is None or (any(others) and not all(others)):
        return plain
    return _COUNTED.sub(lambda match: f"{match[1]}e{EXPONENTS[(match[2] or last).lower()]}", plain)


def _with_to(plain: str) -> str:
    """Write a range with ``to``; the numbers of it in full."""
    return _in_full(_BETWEEN.sub(" to ", plain))


def _without_commas(plain: str) -> str:
    """Write thousands with underscores; a comma that may be a decimal one stays."""
    return _in_full(_THOUSANDS.sub(lambda match: match[0].replace(",", "_"), plain))


def _as_it_is(plain: str) -> str:
    return plain


def _unit_at_the_end(plain: str) -> str:
    return _UNIT_TWICE.sub(r"\1 to \3 \2", plain)


BEGINS_LIKE_A_FORMULA = re.compile(
    r"([0-9][0-9_.]*([eE][+-]?[0-9]+)?|[^\W\d]\w*)\s*(\*|\s\+|[<>]=?|[=!]=)\s*[\w(]|(min|max|where|ceil|floor|round)\s*\("
)
"""A number or a name that is multiplied, added to or compared, or a function: no unit begins so."""

_HABITS: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
    (r"^[+-]?(nan|inf|infinity)\b", "is no finite number", "Give a number.", _as_it_is),
    (r"^[¥$€£￥]", "begins with a sign of money", 'Write the currency after the number: "100 CNY".', _as_it_is),
    (r"[0-9],[0-9]", "has a comma within a number", "Write thousands as 1_000 and decimals as 1.5.", _without_commas),
    (r"[0-9]\s*(±|\+/-|\+-)", 'has "±"', "Write a table: normal = { mean = ..., sd = ... }.", _as_it_is),
    (
        rf"[0-9]\s*{MULTIPLE}?\s*{_TO}\s*[0-9]",
        "is no range in our notation",
        'Write "LOW to HIGH UNIT", or "LOW to MODE to HIGH UNIT".',
        _with_to,
    ),
    (_UNIT_TWICE.pattern, "has its unit twice", 'Write "LOW to HIGH UNIT", the unit at the end.', _unit_at_the_end),
    (r"[0-9]\s*m$", "ends with m", 'Write "minute" or "month"; millions in full: 5e6.', _as_it_is),
    (
        rf"[0-9]\s*{MULTIPLE}(\s|$)",
        "has a multiple beside the number",
        "Write the number in full: 40_000 or 40e3; only money has multiples (kCNY, 万CNY).",
        _in_full,
    ),
)
"""What people write and we do not take: pattern, what is wrong, remedy, and how to write it if that is known."""
