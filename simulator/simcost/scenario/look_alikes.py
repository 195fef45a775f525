"""Letters of other scripts that nobody can tell from Latin ones: a word with them is not the one that is read.

Source: the confusable letters of Unicode Technical Standard 39, Greek and Cyrillic ones that are the same in most typefaces.
"""

from __future__ import annotations

import unicodedata


def in_latin(word: str) -> str:
    """Return a word as it looks: each letter that looks like a Latin one is that one."""
    return word.translate(_LATIN)


def strange_letter(word: str) -> str:
    """Name the first letter that looks like a Latin one and is none; empty if there is none."""
    found = next((letter for letter in word if ord(letter) in _LATIN), "")
    return f'"{found}" is {unicodedata.name(found)}' if found else ""


LOOK_ALIKES: dict[str, str] = {
    "A": "\u0391\u0410",
    "B": "\u0392\u0412",
    "C": "\u0421",
    "E": "\u0395\u0415",
    "H": "\u0397\u041d",
    "I": "\u0399\u0406",
    "J": "\u0408",
    "K": "\u039a\u041a",
    "M": "\u039c\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e",
    "P": "\u03a1\u0420",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "X": "\u03a7\u0425",
    "Y": "\u03a5\u0423",
    "Z": "\u0396",
    "a": "\u0430",
    "c": "\u0441",
    "e": "\u0435",
    "i": "\u0456",
    "j": "\u0458",
    "o": "\u03bf\u043e",
    "p": "\u0440",
    "s": "\u0455",
    "v": "\u03bd",
    "x": "\u0445",
    "y": "\u0443",
}
"""By Latin letter, the Greek and Cyrillic ones that look like it."""

_LATIN = str.maketrans({letter: latin for latin, letters in LOOK_ALIKES.items() for letter in letters})
