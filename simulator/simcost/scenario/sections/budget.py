"""From what the file says of the budget to a `Budget`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario import validation
from simcost.scenario.problems import Finding, Findings
from simcost.scenario.scenario import BY_PERIOD, ApprovedPart, Budget
from simcost.scenario.sections.approved_periods import SumReader, is_by_quarter
from simcost.scenario.sections.budget_schema import BudgetTable
from simcost.scenario.sections.certain_money import certain_money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.scenario import Scenario
    from simcost.scenario.sections.fiscal import FiscalCalendar, Period

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
        sums = SumReader(currency, fiscal if months else None, findings).by_period(given, ("budget", "approved"))
        approved = _by_month(sums, months) if sums else None
        group = "quarter" if is_by_quarter(given) else "fiscal_year"
        periods = tuple(ApprovedPart(group, period.label, each) for period, each in sums or ())
    else:
        periods = ()
        approved = _approved(given, currency, months, findings) if "approved" in raw else None
    if table is None or approved is None:
        return None
    return Budget(approved, float(table.confidence), periods)


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
    parts = dict.fromkeys(each.group.removesuffix(BY_PERIOD) for each in budget.parts) if budget and approved is not None else ()
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


def _by_month(sums: Sequence[tuple[Period, float]], months: int) -> tuple[float, ...]:
    """Return a sum for each month: all of a period's in its first, to be spent in any of its months."""
    at = {period.first: approved for period, approved in sums}
    return tuple(at.get(month, 0.0) for month in range(months))
