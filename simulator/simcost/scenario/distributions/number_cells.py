"""Numbers as spreadsheets show them, with thousands, money or 万: which are understood, and what to write instead of others.

Understood is what can be read in one way: groups of three digits by commas, spaces or apostrophes, a point before decimals, a
sign or a code of money before or after, 万 or 亿 after, full-width digits. What might be another number is nobody's to guess:
a decimal comma, a percentage, ``k`` and ``M``, brackets for a minus.
"""

from __future__ import annotations

import re
import unicodedata

_DIGITS = r"(?:[0-9]{1,3}(?P<group>[, '’])[0-9]{3}(?:(?P=group)[0-9]{3})*|[0-9]+)"

_MONEY = r"(?:[¥$€£元]|[A-Z]{3})"

_FORMATTED = re.compile(
    rf"(?P<before>-?)(?:(?P<sign>{_MONEY})\s*)?(?P<number>-?{_DIGITS}(?:\.[0-9]+)?)\s*(?P<multiple>[万亿]?)\s*(?P<code>{_MONEY})?",
    re.ASCII,
)

_SIGNS = {
    "¥": "CNY CNH JPY",
    "元": "CNY CNH HKD MOP TWD",
    "$": "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NZD SBD SGD SRD TTD TWD UYU XCD",
    "€": "EUR",
    "£": "GBP EGP FKP GIP LBP SDG SHP SYP",
}
"""Currencies that a sign of money may stand for."""

_WHOLE = r"-?(?:[0-9]{1,3}(?:[. '’][0-9]{3})+|[0-9]+)"

_PART = r"(?![0-9]{3}(?![0-9]))[0-9]+"
"""Not three digits alone, which a comma before them makes thousands."""

_COMMA = re.compile(rf"(?P<before>-?)(?:{_MONEY}\s*)?(?P<whole>{_WHOLE}),(?P<part>{_PART})[^0-9,.]*", re.ASCII)

_POWER = {"": "", "万": "e4", "亿": "e8"}

_OTHERS = (
    (re.compile(r".*[%‰]"), "Write the share: 0.12 for 12 %."),
    (re.compile(r"\(.*\)"), "Write a minus: -1200 for (1,200)."),
    (re.compile(r".*[0-9]\s?[kKmMbB]"), "Write the number out: 12000 for 12k."),
)
"""What else people write beside digits, and what to write instead."""


def number_alone(cell: str) -> str:
    """Return the number of a cell like ``¥3,100``, ``3 100.50 CNY`` or ``1.2万``, as `float` reads it; empty if it is none."""
    found = _FORMATTED.fullmatch(_plain(cell))
    if found is None or (found["before"] and found["number"].startswith("-")):
        return ""
    return found["before"] + re.sub(r"[, '’]", "", found["number"]) + _POWER[found["multiple"]]


def currencies_of(cell: str) -> frozenset[str] | None:
    """Return the currencies that signs and codes of money beside a number may stand for, ISO 4217 codes; None without any."""
    found = _FORMATTED.fullmatch(_plain(cell))
    words = [word for word in (found["sign"], found["code"]) if word] if found else []
    return frozenset.intersection(*(frozenset(_SIGNS.get(word, word).split()) for word in words)) if words else None


def instead_of(cell: str) -> str:
    """Return what to write instead of a cell that has digits and is no number that is understood."""
    text = _plain(cell)
    for form, remedy in _OTHERS:
        if form.fullmatch(text):
            return remedy
    comma = _COMMA.fullmatch(text)
    if comma is None:
        return "Write the number alone, with a point: 0.5."
    whole = re.sub(r"[. '’]", "", comma["before"] + comma["whole"])
    return f"Its comma looks like a decimal sign. Write a point: {whole}.{comma['part']}."


def _plain(cell: str) -> str:
    """Return a cell with the signs of ASCII for those of full width, with plain spaces and the minus of a keyboard."""
    return unicodedata.normalize("NFKC", cell.strip()).replace("−", "-")
