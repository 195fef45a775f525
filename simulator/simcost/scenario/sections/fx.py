"""Other currencies than the scenario's: which units may name them, and how a cost line in one of them is converted.

The rule: money of two currencies never meets in a formula, unless the formula multiplies by a rate itself; a cost line whose
amount is in another currency is multiplied by the rate of its month. So every result is in the scenario's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.formulas.expression import Apply, Name
from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.quantities.units import money
from simcost.scenario.quantities.vocabulary import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.problems import Findings, Place
    from simcost.scenario.quantities.units import Unit


@dataclass(frozen=True, slots=True)
class Rate:
    """What a currency is multiplied by: the input or driver ``name``, in ``unit`` (the scenario's currency over the other)."""

    name: str
    unit: Unit


def currencies_in(unit: Unit) -> set[str]:
    """Return the codes of the currencies in a unit."""
    bases = (base for symbol, _ in unit.factors for base, _ in symbol.dimension)
    return {base.removeprefix(MONEY) for base in bases if base.startswith(MONEY)}


def read_fx(section: Mapping[str, object], resolution: Resolution) -> dict[str, Rate | None]:
    """Read the rates of an expanded file: names of inputs and drivers, each checked for its unit; None if not sound."""
    return {code: _rate(code, str(name), resolution) for code, name in section.items()}


def _rate(code: str, name: str, resolution: Resolution) -> Rate | None:
    place: Place = ("fx", code)
    if name not in resolution.units:
        remedy = suggestion(name, resolution.units, "Give a quantity, or the name of an input or driver.")
        resolution.findings.add(Finding(place, f'there is no input or driver "{name[:64]}"', remedy))
        return None
    unit, wanted = resolution.units[name], money(resolution.currency) / money(code)
    if unit is not None and unit.dimension != wanted.dimension:
        what = f'"{name}" is in {unit.text}, not in {wanted.text}'
        resolution.findings.add(Finding(place, what, f'Write for example {code} = "7.1 {wanted.text}".'))
        return None
    return None if unit is None else Rate(name, unit)


def has_rates(unit: Unit, raw: object, declared: Iterable[str], *, place: Place, findings: Findings) -> bool:
    """Whether every currency of an input's unit is one of those that are declared, the scenario's first; a finding if not.

    Parameters
    ----------
    raw
        The input as the file has it, which tells where its unit stands.
    """
    own, *others = declared
    for code in sorted(currencies_in(unit) - {own, *others}):
        key = () if not isinstance(raw, dict) else ("unit",) if "unit" in raw else ("value",)
        what = f'"{code}" is another currency than the scenario\'s {own}, and has no rate'
        findings.add(Finding((*place, *key), what, f'Declare it: [fx] {code} = "... {own}/{code}"; or give the price in {own}.'))
        return False
    return True


def in_own_currency(expression: Expression, unit: Unit, resolution: Resolution) -> tuple[Expression, Unit] | None:
    """Multiply an amount in another currency by its rate; anything else stays as it is. None if the rate is not sound."""
    money_of = [(base.removeprefix(MONEY), power) for base, power in unit.dimension if base.startswith(MONEY)]
    if len(money_of) != 1 or money_of[0][1] != 1 or money_of[0][0] not in resolution.rates:
        return expression, unit
    rate = resolution.rates[money_of[0][0]]
    return (Apply("mul", (expression, Name(rate.name))), unit * rate.unit) if rate is not None else None
