"""``[fx]``: what other currencies are worth: quantities, distributions, formulas, or processes as in ``[series]``.

The rate of USD becomes the input or driver fx_USD in CNY/USD, and ``[fx] USD = "fx_USD"`` stays: the name that cost lines in
USD are multiplied by. The monthly shock of a process is the input fx_USD_shock, which ``[[correlation]]`` may name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks import series
from simcost.scenario.blocks.wanted import Wanted
from simcost.scenario.blocks.writer import Writer
from simcost.scenario.overrides import Origin
from simcost.scenario.parameters import Bounds
from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.schema import Table
from simcost.scenario.units import money
from simcost.scenario.vocabulary import CURRENCIES

if TYPE_CHECKING:
    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.problems import Place

POSITIVE = Bounds(above=0)

PROCESS = "start"
"""The key that tells a process from the table of a distribution."""


class _RateTable(Table):
    """Stands for a rate that is no process: it has no keys."""


def expand_fx(expansion: Expansion) -> None:
    """Make each rate an input or a driver, and leave its name in its place."""
    section = validation.sound_section(expansion.replaced.data, "fx", "table", expansion.findings)
    for code in list(section):
        known = len(expansion.findings.found)
        if not _is_foreign(code, expansion):
            del section[code]
        elif not _is_name(section[code]) and _is_new(code, expansion):
            section[code] = _expanded(code, section[code], expansion)
            if len(expansion.findings.found) > known:
                expansion.unsound.add(section[code])


def _is_name(raw: object) -> bool:
    """Whether the rate is that of an input or driver of the file."""
    return isinstance(raw, str) and raw.isidentifier()


def _is_foreign(code: str, expansion: Expansion) -> bool:
    """Whether a code is that of another currency than the scenario's; a finding if not."""
    place: Place = ("fx", code)
    if code not in CURRENCIES:
        remedy = "Write CNY." if code == "RMB" else suggestion(code, CURRENCIES, "See the list of ISO 4217.")
        expansion.findings.add(Finding(place, f'"{code[:64]}" is no ISO 4217 code of a currency', remedy, at="key"))
    elif code == expansion.currency:
        what = f"{code} is the scenario's own currency"
        expansion.findings.add(Finding(place, what, "Remove it: its rate is 1.", at="key"))
    return code in CURRENCIES and code != expansion.currency


def _is_new(code: str, expansion: Expansion) -> bool:
    """Whether the name of a rate is free; a finding if not."""
    name, data = f"fx_{code}", expansion.replaced.data
    if name not in data["inputs"] and name not in data["drivers"]:
        return True
    remedy = f'Write {code} = "{name}" to take it for the rate, or rename it.'
    expansion.findings.settle(Finding(("fx", code), f'"{name}", the name of this rate, is there already', remedy))
    data["fx"][code] = name
    return False


def _expanded(code: str, raw: Any, expansion: Expansion) -> str:
    """Write a rate; return its name."""
    name = f"fx_{code}"
    unit = money(expansion.currency) / money(code)
    wanted = Wanted(unit, POSITIVE, f'{code} = "7.1 {unit.text}"')
    if isinstance(raw, dict) and PROCESS in raw:
        _process(code, raw, expansion)
    elif isinstance(raw, (str, dict, int, float)) and not isinstance(raw, bool):
        _value(code, raw, expansion)
    else:
        what = validation.mistyped(raw, "a rate")
        expansion.findings.add(Finding(("fx", code), what, f"Write for example {wanted.example}."))
    expansion.wanted[name] = wanted
    return name


def _value(code: str, raw: Any, expansion: Expansion) -> None:
    origins, place = expansion.replaced.origins, ("fx", code)
    origins[*place, "rate"] = origins.get(place) or Origin(place)
    writer = Writer(expansion, place, {"rate": raw}, _RateTable())
    writer.prefix = "fx"
    writer.value("rate", unit=None, called=code)


def _process(code: str, raw: dict[str, Any], expansion: Expansion) -> None:
    """Write a rate that goes from month to month."""
    table = validation.checked(series.SeriesTable, raw, ("fx", code), expansion.findings)
    if table is None:
        return
    writer = Writer(expansion, ("fx", code), raw, table)
    writer.prefix = f"fx_{code}"
    series.expand(table, writer)
    start = f"{writer.prefix}_start"
    if start in expansion.wanted:
        unit = money(expansion.currency) / money(code)
        expansion.wanted[start] = replace(
            expansion.wanted[start], unit=unit, bounds=POSITIVE, example=f'start = "7.1 {unit.text}"'
        )
