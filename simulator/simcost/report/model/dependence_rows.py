"""The tables of what moves together: pairs of inputs, and inputs with their factors."""

from __future__ import annotations

from typing import Any

Row = tuple[str, ...]

OF_PAIRS = ("between", "copula", "asked", "got", "lower tail", "upper tail")
OF_FACTORS = ("factor", "copula", "input", "loading", "rank")


def pair_rows(pairs: list[dict[str, Any]]) -> list[Row]:
    """Return what is asked of pairs and what they get; copulas and tails only where one has tails to tell of."""
    plain = all(each["copula"] == "gaussian" for each in pairs)
    return [
        (
            " and ".join(each["between"]),
            "" if plain else _copula(each),
            f"{each['rank']:g}" if each["kendall"] is None else f"Kendall {each['kendall']:g}",
            f"{each['achieved']:.3g}",
            *("" if plain else f"{each[tail]:.2g}" for tail in ("lower_tail", "upper_tail")),
        )
        for each in pairs
    ]


def factor_rows(factors: list[dict[str, Any]]) -> list[Row]:
    """Return the loading of each input on its factor, and its rank correlation with it."""
    return [(each["factor"], _copula(each), each["input"], f"{each['loading']:g}", f"{each['achieved']:.3g}") for each in factors]


def _copula(each: dict[str, Any]) -> str:
    return str(each["copula"]) if each["df"] is None else f"{each['copula']}, df {each['df']:g}"
