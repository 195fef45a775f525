"""From what the file says of the budget to a `Budget`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.distributions import Constant
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.refusal import Refusal
from simcost.scenario.scenario import Budget
from simcost.scenario.schema import BudgetTable

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_budget(raw: Mapping[str, object], currency: str, months: int, findings: Findings) -> Budget | None:
    """Read the budget: one sum for the whole run or one for each month.

    Parameters
    ----------
    months
        Length of the run; 0 if it is not known.
    """
    table = validation.checked(BudgetTable, raw, ("budget",), findings)
    approved = _approved(raw["approved"], currency, months, findings) if "approved" in raw else None
    return Budget(approved, float(table.confidence)) if table is not None and approved is not None else None


def _approved(raw: object, currency: str, months: int, findings: Findings) -> tuple[float, ...] | None:
    place = ("budget", "approved")
    if not isinstance(raw, list):
        sums = [certain_money(raw, currency, place, findings)]
    else:
        sums = [certain_money(item, currency, (*place, position), findings) for position, item in enumerate(raw)]
        if months and len(sums) != months:
            what = f"a list of {len(sums):,} for {months} months"
            findings.add(Finding(place, what, "Give one sum for each month, or one for the whole run."))
    approved = tuple(value for value in sums if value is not None)
    return approved if len(approved) == len(sums) else None


def certain_money(raw: object, currency: str, place: Place, findings: Findings, *, key: str = "approved") -> float | None:
    """Read one certain sum of money, zero or more, in the scenario's currency; a finding and None if it is none."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _not_negative(float(raw), place, findings)
    remedy = f'Write {key} = "6_500_000 {currency}".'
    if not isinstance(raw, str):
        findings.add(Finding(place, validation.mistyped(raw, "a sum of money"), remedy))
        return None
    from simcost.scenario.quantity import parse_quantity
    from simcost.scenario.units import parse_unit

    try:
        distribution, unit = parse_quantity(raw, currency)
    except Refusal as error:
        findings.add(Finding(place, error.what, error.remedy))
        return None
    money = parse_unit(currency, currency)
    if unit.dimension == money.dimension and isinstance(distribution, Constant):
        return _not_negative(float(distribution.value * unit.scale / money.scale), place, findings)
    is_money = unit.dimension == money.dimension
    what = (
        f"{show(raw)} is uncertain, and {'an approved sum' if key == 'approved' else 'what is allowed'} is one number"
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
