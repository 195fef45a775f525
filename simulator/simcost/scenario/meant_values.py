"""Values of a file's plain keys that are written as elsewhere: a count, a month, a currency, a confidence; and how to write them.

They can only explain why a value was refused, never cause it.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from simcost.scenario.quantities.habits import EXPONENTS, MULTIPLE, NUMBER
from simcost.scenario.quantities.vocabulary import CURRENCIES

LONGEST = 40
"""Characters of a text that may be meant as a value."""

LEAST_PERCENT = 10.0
"""From here on a confidence is meant in percent."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

SIGNS = {"¥": "CNY", "元": "CNY", "人民币": "CNY", "YUAN": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "円": "JPY"}

_GROUPED = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+|(?:['’][0-9]{3})+|(?:\.[0-9]{3}){2,})")
_ALONE = re.compile(rf"({NUMBER}(?:e\+?[0-9]{{1,2}})?)\s*({MULTIPLE})?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:\s*[-/.年 ]\s*([0-9]{1,2})|([0-9]{2}))(?:\s*月|[-/. T].*)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{4})")
_NAMED = re.compile(r"(?:([a-z]{3,9})\.?,?\s+([0-9]{4})|([0-9]{4})\s+([a-z]{3,9}))", re.IGNORECASE)
_PERCENT = re.compile(r"p?\s*([0-9]{1,2}(?:\.[0-9]+)?)", re.IGNORECASE)


def meant_count(value: object) -> str:
    """Return the whole number that is meant by what is none: ``100_000`` for 100,000, 100k, 10万 or 1e5; empty if none is.

    Nothing is proposed for a single group after a dot, as of 100.000: they may be decimals; nor for ``12m``: it may be months.
    """
    text = _plain(value)
    if _GROUPED.fullmatch(text):
        return f"{int(re.sub('[^0-9]', '', text)):_}"
    match = _ALONE.fullmatch(text)
    if match is None or re.search(r"\.[0-9]{3}$|m$", text):
        return ""
    number = Decimal(match[1].replace("_", "")).scaleb(EXPONENTS[match[2].lower()] if match[2] else 0)
    return f"{int(number):_}" if number.adjusted() < LONGEST and number == number.to_integral_value() else ""


def meant_month(value: object) -> str:
    """Return the month that is meant by what has another form: ``2027-04`` for 2027/4, 04.2027, 2027年4月, April 2027."""
    text = _plain(value)
    if match := _YEAR_FIRST.fullmatch(text):
        year, month = match[1], int(match[2] or match[3])
    elif match := _YEAR_LAST.fullmatch(text):
        year, month = match[2], int(match[1])
    elif match := _NAMED.fullmatch(text):
        year, name = match[2] or match[3], str(match[1] or match[4]).lower()
        month = MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0
    else:
        return ""
    return f"{year}-{month:02}" if 1 <= month <= 12 else ""


def meant_currency(value: object) -> str:
    """Return the code of the currency that is meant by a sign, a name or small letters."""
    text = _plain(value).upper()
    return text if text in CURRENCIES else SIGNS.get(text, "")


def meant_share(value: object) -> str:
    """Return the share that is meant by a number of percent without its sign: ``0.8`` for 80 or P80."""
    match = _PERCENT.fullmatch(_plain(value))
    return f"{float(f'{match[1]}e-2'):g}" if match and float(match[1]) >= LEAST_PERCENT else ""


def _plain(value: object) -> str:
    """Return a value's text as it would be typed plainly; empty where it is a table, a list or far too long."""
    if isinstance(value, (dict, list, bool)):
        return ""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return text if len(text) <= LONGEST else ""
