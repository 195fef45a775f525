"""What is approved in each month, read again from the scenario file that a result holds: the figures keep the whole sum alone."""

from __future__ import annotations

from contextlib import suppress
from math import fsum, isclose
from typing import TYPE_CHECKING

from simcost.errors import ScenarioError
from simcost.scenario.months import month_named
from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import replace_all
from simcost.scenario.problems import Findings, TooManyFindingsError
from simcost.scenario.sections.budget import read_budget
from simcost.scenario.sections.fiscal import FiscalCalendar
from simcost.scenario.text.document import restored

if TYPE_CHECKING:
    from simcost.results.result import Result
    from simcost.results.run_info import ScenarioInfo
    from simcost.scenario.scenario import Budget

SAME = 1e-12
"""Relative difference of two sums of the same money in another order."""


def approved_by_month(result: Result) -> tuple[float, ...]:
    """Return what is approved in each month, in the scenario's currency, at most as many as the run has.

    Returns
    -------
    tuple of float
        One sum alone is for the whole run; one of a quarter or a fiscal year stands in its first month. None at all without a
        budget, or where this version reads another one in the file than the run did.
    """
    budget, declared = result.figures.budget, _declared(result.scenario)
    if budget is None or declared is None or not isclose(fsum(declared.approved), budget.approved, rel_tol=SAME):
        return ()
    return declared.approved


def _declared(said: ScenarioInfo) -> Budget | None:
    """Read the budget of the file with its option and assignments, and nothing else of it."""
    findings = Findings()
    with suppress(ScenarioError, TooManyFindingsError):
        replaced = replaced_copy(restored("", said.text, said.sha256).data)
        replace_all(replaced, said.option, said.overrides, findings)
        table, scenario = replaced.data.get("budget"), replaced.data.get("scenario")
        if isinstance(table, dict) and isinstance(scenario, dict):
            fiscal = FiscalCalendar(month_named(said.start), said.months, scenario.get("fiscal_year_start"))
            return read_budget(table, said.currency, said.months, findings, fiscal=fiscal)
    return None
