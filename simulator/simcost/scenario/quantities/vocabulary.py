"""The words of the unit language: which are measures, which are counted things, which are foreign money.

Symbols of measures (``GB``, ``Mbps``, ``kWh``) are case-sensitive, for ``Mb`` and ``MB`` differ eightfold. Whole words
(``hour``, ``byte``) and the counted things known here (``GPU``, ``server``) are taken in any case and in the plural.
Every other word is a counted thing of its own, exactly as written.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

CLOCK = "clock time"
CALENDAR = "calendar time"
DATA = "data volume"
ENERGY = "electric energy"
MONEY = "money "
"""Followed by the currency. Dimensions of measures hold a space, so no counted thing can have the same name."""

Dimension = tuple[tuple[str, Fraction], ...]
"""Bases with their exponents (never zero), sorted by base; empty for a pure number."""


class Symbol(NamedTuple):
    """One word of a unit: how it is printed, how many base units it is, and its dimension."""

    text: str
    scale: Fraction
    dimension: Dimension


def _measures(base: str, scales: dict[str, Fraction | int]) -> dict[str, Symbol]:
    return {text: Symbol(text, Fraction(scale), ((base, Fraction(1)),)) for text, scale in scales.items()}


def _bit_rates() -> dict[str, Symbol]:
    per_hour = ((CLOCK, Fraction(-1)), (DATA, Fraction(1)))
    return {f"{prefix}bps": Symbol(f"{prefix}bps", Fraction(power * 3600, 8), per_hour) for prefix, power in _DECIMAL.items()}


def _powers() -> dict[str, Symbol]:
    per_hour = ((CLOCK, Fraction(-1)), (ENERGY, Fraction(1)))
    return {text: Symbol(text, Fraction(scale), per_hour) for text, scale in (("W", Fraction(1, 1000)), ("kW", 1), ("MW", 1000))}


_DECIMAL = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

MEASURES: dict[str, Symbol] = {
    "%": Symbol("%", Fraction(1, 100), ()),
    **_measures(CLOCK, {"hour": 1, "ms": Fraction(1, 3_600_000), "s": Fraction(1, 3600), "minute": Fraction(1, 60)}),
    **_measures(CLOCK, {"day": 24, "week": 168}),
    **_measures(CALENDAR, {"month": 1, "quarter": 3, "year": 12}),
    **_measures(DATA, {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15, "EB": 10**18}),
    **_measures(DATA, {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}),
    **_measures(DATA, {f"{prefix}bit": Fraction(power, 8) for prefix, power in _DECIMAL.items()}),
    **_bit_rates(),
    **_powers(),
    **_measures(ENERGY, {"kWh": 1, "Wh": Fraction(1, 1000), "MWh": 1000, "GWh": 10**6}),
    **_measures("token", {"ktoken": 10**3, "Mtoken": 10**6, "Gtoken": 10**9}),
    **_measures("FLOP", {"GFLOP": 10**9, "TFLOP": 10**12, "PFLOP": 10**15}),
}
"""Measures by symbol. Scales count in hours, months, bytes, kilowatt hours, tokens and operations."""

BASE_SYMBOLS = {CLOCK: "hour", CALENDAR: "month", DATA: "B", ENERGY: "kWh"}
"""The measure of scale 1 for each dimension."""

SYNONYMS: dict[str, str] = {
    **dict.fromkeys(("second", "sec", "秒"), "s"),
    **dict.fromkeys(("min", "分钟"), "minute"),
    **dict.fromkeys(("h", "hr", "小时"), "hour"),
    **dict.fromkeys(("天", "日"), "day"),
    **dict.fromkeys(("周",), "week"),
    **dict.fromkeys(("月",), "month"),
    **dict.fromkeys(("季度",), "quarter"),
    **dict.fromkeys(("yr", "年"), "year"),
    **dict.fromkeys(("millisecond",), "ms"),
    **dict.fromkeys(("byte", "字节"), "B"),
    **dict.fromkeys(("percent",), "%"),
    **dict.fromkeys(("mtoken", "mtok", "百万token"), "Mtoken"),
    **dict.fromkeys(("ktok", "千token"), "ktoken"),
}
"""Other words for measures, in lower case."""

COUNTED = tuple(
    "GPU CPU TPU NPU DPU VM SSD HDD IP server core node rack device disk machine instance cluster port unit piece"
    " region shop team person employee engineer user customer seat license request query token session page click"
    " call message order item image video document label sample record row model version run job task experiment"
    " epoch step hit visit impression".split()
)
"""Things whose plural and whose spelling in another case is understood."""

IRREGULAR_PLURALS = {
    "people": "person",
    "人": "person",
    "queries": "query",
    "licence": "license",
    "licences": "license",
    "tok": "token",
}
"""Other words for counted things, in lower case."""

AMBIGUOUS = {
    "m": 'Write "month", "minute" or "metre".',
    "mo": 'Write "month".',
    "q": 'Write "quarter" or "query".',
    "d": 'Write "day".',
    "w": 'Write "W" for watt or "week".',
    "b": 'Write "B" for byte or "bit".',
    "kb": 'Write "kB" (1,000 bytes), "KiB" (1,024 bytes) or "kbit".',
    "mb": 'Write "MB" for megabytes or "Mbit" for megabits.',
    "gb": 'Write "GB" for gigabytes or "Gbit" for gigabits.',
    "tb": 'Write "TB" for terabytes or "Tbit" for terabits.',
    "pb": 'Write "PB" for petabytes.',
    "qps": 'Write "request/s" or "query/s".',
    "rps": 'Write "request/s".',
    "iops": 'Write "operation/s".',
}
"""Words in lower case that are refused because readers take them for different things; what to write instead."""

MULTIPLES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "g": 10**9, "b": 10**9, "billion": 10**9}
"""What price lists write before a counted thing, in lower case: ``1K requests``, ``million tokens``."""

MONEY_WORDS = frozenset(
    "¥ ￥ $ € £ ₩ ₹ 元 块 人民币 美元 欧元 rmb yuan dollar dollars euro euros cent cents pound pounds yen money".split()
)
"""Money without its ISO 4217 code, in lower case."""

MONEY_PREFIXES = {"": 1, "k": 10**3, "M": 10**6, "万": 10**4, "亿": 10**8}
"""Multiples of the currency: ``kUSD``, ``万CNY``."""

PREFIXES_OF_MONEY_WORDS = {"": "", "k": "k", "万": "万", "亿": "亿", "千": "k", "百万": "M"}
"""What people write before money without its code, ``万元``, and our prefix for it."""

NO_CURRENCY = "XXX"
"""ISO 4217's code for transactions in no currency: where a quantity can have none."""

CURRENCIES = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP"
    " CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF"
    " IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD"
    " MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB"
    " RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU"
    " UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG CNH".split()
)
"""ISO 4217 codes, and CNH. SSD (South Sudanese pound) is left out: in a deployment it is a disk."""
