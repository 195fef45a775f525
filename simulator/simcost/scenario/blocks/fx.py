"""``[fx]``: what other currencies are worth: quantities, distributions, formulas, or processes as in ``[series]``.

The rate of USD becomes the input or driver fx_USD in CNY/USD, and ``[fx] USD = "fx_USD"`` stays: the name that cost lines in
USD are multiplied by. The monthly shock of a process is the input fx_USD_shock, which ``[[correlation]]`` may name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks import series
from simcost.scenario.blocks.writing.rates import is_new, write_value
from simcost.scenario.blocks.writing.wanted import Wanted
from simcost.scenario.blocks.writing.writer import Writer
from simcost.scenario.bounds import POSITIVE
from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.quantities.units import money
from simcost.scenario.quantities.vocabulary import CURRENCIES

if TYPE_CHECKING:
    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.problems import Place


def expand_fx(expansion: Expansion) -> None:
    """Make each rate an input or a driver, and leave its name in its place."""
    section = validation.sound_section(expansion.replaced.data, "fx", "table", expansion.findings)
    for code in list(section):
        if _is_foreign(code, expansion):
            section[code] = _expanded(code, section[code], expansion)
        else:
            del section[code]


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


def _expanded(code: str, raw: Any, expansion: Expansion) -> str:
    """Write a rate; return its name."""
    name, place = f"fx_{code}", ("fx", code)
    unit = money(expansion.currency) / money(code)
    wanted = Wanted(unit, POSITIVE, f'{code} = "7.1 {unit.text}"')
    if not series.is_process(raw):
        return write_value(expansion, place, raw, name=("fx", code), wanted=wanted)
    if is_new(expansion, name, place):
        _process(code, raw, expansion)
        expansion.wanted[name] = wanted
    return name


def _process(code: str, raw: dict[str, Any], expansion: Expansion) -> None:
    """Write a rate that goes from month to month."""
    known = len(expansion.findings.found)
    table = validation.checked(series.SeriesTable, raw, ("fx", code), expansion.findings)
    if len(expansion.findings.found) > known:
        expansion.unsound.add(f"fx_{code}")
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
