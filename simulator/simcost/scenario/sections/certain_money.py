"""A sum of money that a file gives, which is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.problems import Finding, show
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from simcost.scenario.problems import Findings, Place


def certain_money(raw: object, currency: str, place: Place, findings: Findings, *, key: str = "approved") -> float | None:
    """Read one certain sum of money, zero or more, in the scenario's currency; a finding and None if it is none."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _not_negative(float(raw), place, findings)
    remedy = f'Write {key} = "6_500_000 {currency}".'
    if not isinstance(raw, str):
        findings.add(Finding(place, validation.mistyped(raw, "a sum of money"), remedy))
        return None
    from simcost.scenario.quantities.quantity import FORMS, parse_quantity
    from simcost.scenario.quantities.units import parse_unit

    try:
        distribution, unit = parse_quantity(raw, currency)
    except Refusal as error:
        findings.add(Finding(place, error.what, remedy if error.remedy.startswith(FORMS) else error.remedy))
        return None
    money = parse_unit(currency, currency)
    if unit.dimension == money.dimension and isinstance(distribution, Constant):
        return _not_negative(float(distribution.value * unit.scale / money.scale), place, findings)
    if not unit.dimension and unit.text == "1" and isinstance(distribution, Constant):
        findings.add(Finding(place, f"{show(raw)} has no currency", f'Write {key} = "{raw.strip()} {currency}".'))
        return None
    is_money = unit.dimension == money.dimension
    what = (
        f"{show(raw)} is uncertain, and {'what is allowed' if key == 'at_most' else 'an approved sum'} is one number"
        if is_money
        else f"{show(raw)} is in {unit.text}, not in {currency}"
    )
    findings.add(Finding(place, what, remedy))
    return None


def _not_negative(value: float, place: Place, findings: Findings) -> float | None:
    if value >= 0:
        return value
    findings.add(Finding(place, f"{value:,.0f} is negative", "Give a sum of zero or more."))
    return None
