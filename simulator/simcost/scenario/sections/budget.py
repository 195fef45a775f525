"""From what the file says of the budget to a `Budget`."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario import validation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.refusal import Refusal
from simcost.scenario.scenario import ApprovedPart, Budget
from simcost.scenario.sections.budget_schema import BudgetTable
from simcost.scenario.text.toml_value import in_toml_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.scenario import Scenario
    from simcost.scenario.sections.fiscal import FiscalCalendar, Period

QUARTER = re.compile("Q[1-4]", re.IGNORECASE)
"""What a key has that is meant for a quarter, however it is written."""

_REMEDY = "Give `{}`, or write [budget] with approved and confidence into the scenario."
REMEDY = _REMEDY.format('approved="6000000 CNY"')
REMEDY_OF_A_RUN = _REMEDY.format("overrides='budget.approved=\"6000000 CNY\"'")
"""What to do where there is no budget: `run` has no ``approved``."""


def read_budget(
    raw: Mapping[str, object], currency: str, months: int, findings: Findings, *, fiscal: FiscalCalendar | None = None
) -> Budget | None:
    """Read the budget: one sum for the whole run, or one for each month, quarter or fiscal year.

    Parameters
    ----------
    months
        Length of the run; 0 if it is not known.
    fiscal
        None if it is not known.
    """
    table = validation.checked(BudgetTable, raw, ("budget",), findings)
    given = raw.get("approved")
    if isinstance(given, dict):
        periods = _of_periods(given, currency, fiscal, findings) if fiscal and months else None
        approved = _by_month(periods, fiscal) if fiscal and periods else None
    else:
        periods = ()
        approved = _approved(given, currency, months, findings) if "approved" in raw else None
    if table is None or approved is None:
        return None
    return Budget(approved, float(table.confidence), tuple(period for _, period in periods or ()))


def asked_budget(approved: str | float, confidence: float | None, currency: str, *, said: str = "approved") -> Budget:
    """Read a budget that is given beside a file, as the file would have it; ``said`` is the argument that has the sum.

    Raises
    ------
    UsageError
        If it is none.
    """
    findings = Findings()
    raw = {"approved": _number(approved), **({} if confidence is None else {"confidence": confidence})}
    budget = read_budget(raw, currency, 0, findings)
    if budget is None or findings.found:
        finding = findings.found[0]
        remedy = finding.remedy.replace(f'Write approved = "6_500_000 {currency}"', f'Give `{said}="6500000 {currency}"`')
        message = f"`{said}`: {finding.what}. {remedy}".rstrip()
        raise UsageError(message)
    return budget


def assignments(approved: str | float | None, confidence: float | None, budget: Budget | None) -> tuple[str, ...]:
    """Return what gives a scenario another budget, as ``--set`` would; another sum for the whole is not that of any part."""
    given = {"approved": approved, "confidence": confidence}
    parts = dict.fromkeys(each.group for each in budget.parts) if budget and approved is not None else ()
    new = [f"budget.{key}={value}" for key, value in given.items() if value is not None]
    return (*new, *(f"budget.{group}={{}}" for group in parts))


def require_budget(scenario: Scenario, *, remedy: str = REMEDY) -> None:
    """Refuse a scenario without a budget, before anything runs; ``remedy`` says how the caller can be given one."""
    if scenario.budget is None:
        message = f"{scenario.path}: has no [budget]. {remedy}"
        raise UsageError(message)


def _number(value: object) -> object:
    """Return the finite number that a text is; else the value itself."""
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return number if isinstance(number, float) and isfinite(number) else value


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


def _of_periods(
    raw: Mapping[str, object], currency: str, fiscal: FiscalCalendar, findings: Findings
) -> tuple[tuple[Period, ApprovedPart], ...] | None:
    """Return the periods of the run and what is approved for each; None if there are findings."""
    place = ("budget", "approved")
    if not fiscal.years:
        what = "sums for fiscal years, and nothing tells when these begin"
        findings.add(Finding(place, what, "Write fiscal_year_start = 4 under [scenario], with the month of the calendar."))
        return None
    known = len(findings.found)
    by_quarter = any(QUARTER.search(key) for key in raw)
    periods = fiscal.quarters if by_quarter else fiscal.years
    _check_periods(raw, [period.name for period in periods], currency, findings)
    given = [period for period in periods if period.name in raw]
    sums = [certain_money(raw[each.name], currency, (*place, each.name), findings, key=in_toml_key(each.name)) for each in given]
    if len(findings.found) > known:
        return None
    group = "quarter" if by_quarter else "fiscal_year"
    return tuple((each, ApprovedPart(group, each.label, approved or 0.0)) for each, approved in zip(given, sums, strict=True))


def _check_periods(raw: Mapping[str, object], names: Sequence[str], currency: str, findings: Findings) -> None:
    """Report keys that are no period of the run, or else periods without a sum."""
    place = ("budget", "approved")
    strange = [key for key in raw if key not in names]
    missing = [name for name in names if name not in raw]
    for key in strange:
        remedy = f"The run has {', '.join(names)}." if len(names) < 9 else f"The run has {names[0]} to {names[-1]}."
        findings.add(Finding((*place, key), f'the run has no fiscal year or quarter "{key[:64]}"', remedy, at="key"))
    if missing and not strange:
        remedy = f'Add {in_toml_key(missing[0])} = "6_500_000 {currency}".'
        findings.add(Finding(place, f"no sum for {', '.join(missing[:5])}", remedy))


def _by_month(periods: Sequence[tuple[Period, ApprovedPart]], fiscal: FiscalCalendar) -> tuple[float, ...]:
    """Return a sum for each month: all of a period's in its first, to be spent in any of its months."""
    at = {period.first: each.approved for period, each in periods}
    return tuple(at.get(month, 0.0) for month in range(fiscal.months))


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
