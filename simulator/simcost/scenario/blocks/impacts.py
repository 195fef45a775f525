"""Risks that change inputs: whoever names an affected input or driver is given it times the risks' factors.

NAME_at_risk is that product; it stands in the place of NAME in all formulas but NAME's own. A series that festivals lift is
affected with and without them, as pools want it: NAME_ordinary has its product too, but in NAME's own formula, which is
multiplied as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from simcost.scenario.problems import Finding, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.problems import Place

_WORD = re.compile(r"\w+")


def apply_impacts(expansion: Expansion) -> None:
    """Write the product for each name that risks affect, and put it into the formulas."""
    data: dict[str, Any] = expansion.replaced.data
    made: dict[str, str] = {}
    whole = _series_by_their_ordinary_part(expansion)
    expansion.impacts.update({part: expansion.impacts[name] for part, name in whole.items()})
    for name, impacts in expansion.impacts.items():
        product = f"{name}_at_risk"
        if name in expansion.unsound or not any(factor in data["drivers"] for factor, _ in impacts):
            continue
        if problem := _problem(name, product, data):
            expansion.findings.add(Finding(impacts[0][1], *problem))
        else:
            made[name] = product
    _rewrite(made, whole, expansion)
    _check_discounting(made, expansion)
    for name, product in made.items():
        factors = [factor for factor, _ in expansion.impacts[name] if factor in data["drivers"]]
        data["drivers"][product] = " * ".join([name, *factors])
        expansion.labels["drivers", product] = f"[[risks]] on {name}"
        expansion.remember(("drivers", product), expansion.impacts[name][0][1])


def _problem(name: str, product: str, data: Mapping[str, Any]) -> tuple[str, str] | None:
    known = [*data["inputs"], *data["drivers"]]
    if name not in known:
        return f'there is no input or driver "{name[:64]}"', suggestion(name, known, "Declare it under [inputs] or [drivers].")
    if product in known:
        return f'the impact on "{name}" makes "{product}", which is there already', f'Give "{product}" another name.'
    return None


def _series_by_their_ordinary_part(expansion: Expansion) -> dict[str, str]:
    """Return the affected series by the names of what they are without festivals."""
    parts = {f"{name}_ordinary": name for name in expansion.impacts if f"{name}_ordinary" not in expansion.impacts}
    return {part: name for part, name in parts.items() if expansion.labels.get(("drivers", part)) == f"[series.{name}]"}


def _rewrite(made: Mapping[str, str], whole: Mapping[str, str], expansion: Expansion) -> None:
    """Put products in the place of names; what is wrong in such a formula is told at its beginning.

    Parameters
    ----------
    whole
        Series by the name of their ordinary part.
    """
    data: dict[str, Any] = expansion.replaced.data
    for name, text in data["drivers"].items():
        others = {key: product for key, product in made.items() if name not in (key, whole.get(key))}
        data["drivers"][name] = _with(others, text, ("drivers", name), expansion)
    for place, key in _others(data):
        table: Any = data
        for part in place:  # the table may be the user's own: it is replaced, not changed
            table[part] = table[part].copy()
            table = table[part]
        table[key] = _with(made, table[key], (*place, key), expansion)


def _check_discounting(made: Mapping[str, str], expansion: Expansion) -> None:
    """Refuse a risk on what discounts alone: every payment is discounted to one day by it, so no month can have another.

    Where a formula names it too, the risk is one on that formula.
    """
    data = expansion.replaced.data
    section = data.get("discounting")
    rate = section.get("rate") if isinstance(section, dict) else None
    texts = [*data["drivers"].values(), *(_at(data, place)[key] for place, key in _others(data))]
    if isinstance(rate, str) and rate in made and not any(made[rate] in _WORD.findall(text) for text in map(str, texts)):
        what = f'"{rate[:64]}" only discounts: all payments are discounted to one day by it, and a risk would change some months'
        remedy = "Give the rate a wider range, or name what the risk makes dearer."
        expansion.findings.add(Finding(expansion.impacts[rate][0][1], what, remedy))


def _at(data: Any, place: Place) -> Any:
    """Return the table at a place."""
    for part in place:
        data = data[part]
    return data


def _others(data: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield table and key of every formula that is no driver: of lines, pools and limits, rates of exchange and of inflation."""
    optimize = data.get("optimize")
    limits = optimize.get("limit") if isinstance(optimize, dict) else None
    listed = ((("cost",), data["cost"]), (("pool",), data.get("pool")), (("optimize", "limit"), limits))
    tables = [((*section, i), each) for section, rows in listed if isinstance(rows, list) for i, each in enumerate(rows)]
    for place, table in tables:
        keys = ("amount", "index", "devices", "event")
        yield from ((place, key) for key in keys if isinstance(table, dict) and key in table)
    rates = data.get("fx")
    yield from ((("fx",), code) for code in rates) if isinstance(rates, dict) else ()
    inflation = data.get("inflation")
    if isinstance(inflation, dict):
        yield from [(("inflation",), "rate")] if "rate" in inflation else ()
        categories = inflation.get("categories")
        yield from ((("inflation", "categories"), name) for name in categories) if isinstance(categories, dict) else ()


def _with(made: Mapping[str, str], text: object, place: Place, expansion: Expansion) -> object:
    if not isinstance(text, str):
        return text
    new = _WORD.sub(lambda word: made.get(unicodedata.normalize("NFKC", word[0]), word[0]), text)
    if new != text:
        expansion.findings.rewritten.add(place)
    return new
