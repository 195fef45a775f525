"""The list after the equals sign of ``inputs.gpu_price=9,10,11 CNY/GPU/hour``, and what people write in its place."""

from __future__ import annotations

import re
from math import isfinite

MOST_PROPOSED = 12
"""Numbers in a proposal that has a step."""

_NUMBER = r"(?>[+-]?(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_RECIPROCAL = r"1\s*[*/]\s*[^\W\d]"
"""How a unit without a numerator begins: ``1/hour``."""

_ITEM = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>.*?)\s*", re.DOTALL)
_RANGE = r"\bto\b|\.\.+|…|-|–|—|~|:|至|到"
_APART = r"[;|、，；]|\band\b|\s"
_LIST = re.compile(
    rf"(?P<number>{_NUMBER})(?P<unit>[^\d*^]*?)\s*(?:(?P<range>{_RANGE})|{_APART})\s*(?!{_RECIPROCAL})(?=[+-]?[\d.])",
    re.IGNORECASE,
)
_SIGN = r"(?:(?:^|(?<=[\[({,;:])|(?<=\.\.)|(?<=\bto ))[+-])?"
_NUMBERS = re.compile(
    rf"{_SIGN}(?<![A-Za-z0-9_*^])(?<!\d\.)(?!{_RECIPROCAL})(?:\d[\d_]*(?:\.\d+)?|(?<!\.)\.\d+)(?:[eE][+-]?\d+)?"
)
_BRACKETS = re.compile(r"^\w*[\[({](.*)[\])}]$", re.DOTALL)


class ListError(ValueError):
    """A text that is no list of values.

    Parameters
    ----------
    what
        What is wrong, with the value.
    proposal
        The numbers of the text as they are to be written; empty if it has none.
    ends
        The same with the first and the last of them alone.
    """

    def __init__(self, what: str, proposal: str, ends: str) -> None:
        super().__init__(what)
        self.what = what
        self.proposal = proposal
        self.ends = ends


def listed_values(listed: str) -> list[tuple[float, str]]:
    """Read numbers apart by commas, each with the text of the unit beside it, empty for none.

    Raises
    ------
    ListError
        If one of them is no finite number, or several stand where one should: a range, or another sign than a comma.
    """
    return [_item(item, listed) for item in listed.split(",")]


def _item(item: str, listed: str) -> tuple[float, str]:
    shown, match = item.strip(), _ITEM.fullmatch(item)
    if separated := _LIST.match(shown):
        what = "is a range" if separated["range"] else "is more than one number"
        raise _refused(shown, what, listed)
    value = float(match["number"].replace("_", "")) if match else float("nan")
    if match is None or not isfinite(value):
        raise _refused(shown, "is no number", listed)
    return value, match["unit"]


def _refused(shown: str, what: str, listed: str) -> ListError:
    """Return the error with the numbers that were meant: between the two ends of a range stands their middle too."""
    inner = _BRACKETS.sub(r"\1", listed.strip())
    texts = list(dict.fromkeys(_NUMBERS.findall(inner)))
    last = _ITEM.fullmatch(inner[inner.rfind(texts[-1]) :]) if texts else None
    unit = f" {last['unit']}" if last and re.match(rf"[^\W\d]|%|{_RECIPROCAL}", last["unit"]) else ""
    ends = f"{texts[0]},{texts[-1]}{unit}" if len(texts) > 1 else ""
    separated = _LIST.match(inner)
    if separated and separated["range"]:
        texts = _filled(texts)
    return ListError(f'"{shown}" {what}', f"{','.join(texts)}{unit}" if texts else "", ends)


def _filled(texts: list[str]) -> list[str]:
    """Return a range as numbers: two ends with their middle, ``9:12:1`` by its step."""
    numbers = [float(text.replace("_", "")) for text in texts]
    if len(numbers) < 2 or not all(map(isfinite, numbers)):
        return texts
    low, high, *more = numbers
    if not more:
        return [texts[0], f"{low + (high - low) / 2:.6g}", texts[1]]
    count = (high - low) / more[0] if len(more) == 1 and more[0] else 0.0
    return [f"{low + step * more[0]:.6g}" for step in range(int(count) + 1)] if 1.0 <= count < MOST_PROPOSED else texts
