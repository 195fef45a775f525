"""The budget's figures as a group of the result file, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.results.file.estimate_arrays import estimate_variables, part_names, part_of, read_estimate, read_estimates
from simcost.results.file.netcdf import Group, Variable
from simcost.results.file.part_arrays import every_part_estimates, part_variables, read_every_part, read_parts
from simcost.results.file.period_arrays import period_variables, read_periods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.results.file.estimate_arrays import Arrays
    from simcost.results.file.netcdf import Attribute

NUMBERS = ("approved", "confidence")
EVERY_PERIOD = "probability_within_every_period"
ESTIMATES = ("probability_within", "sum_for_confidence", "reserve_for_confidence")
MONTHLY = {
    "p_breach_by_month": "probability that the cumulative cost has exceeded what is approved, in this month or an earlier one",
    "p_first_breach_by_month": "probability that the cumulative cost exceeds what is approved in this month for the first time",
}
NEVER = "p_never_breached"
OVERRUN = {"mean": "overrun_mean", "p50": "overrun_p50", "p95": "overrun_p95"}


def budget_group(budget: BudgetFigures, currency: str) -> Group:
    """Single figures as attributes, monthly ones as variables; a confidence limit that does not exist is NaN."""
    single = {name: float(getattr(budget, name)) for name in NUMBERS}
    for name, estimate in single_estimates(budget).items():
        single |= {attribute: part_of(estimate, part) for part, attribute in part_names(name).items()}
    monthly: dict[str, Variable] = {}
    for name, estimates in monthly_estimates(budget).items():
        monthly |= estimate_variables(name, estimates, {"month": -1}, unit="1", long_name=MONTHLY[name])
    parts = {**period_variables(budget.periods, currency), **part_variables(budget, currency)}
    return Group({**monthly, **parts}, {**single, "currency": currency})


def single_estimates(budget: BudgetFigures) -> dict[str, Estimate]:
    """Return the estimates of a run's budget that are single ones by their names; NaN without ends where nothing overran."""
    from simcost.analysis.estimates.intervals import Estimate

    nothing = Estimate(float("nan"), None, None)
    return {
        **{name: getattr(budget, name) for name in ESTIMATES},
        **({EVERY_PERIOD: together} if (together := budget.probability_within_every_period) else {}),
        **every_part_estimates(budget),
        NEVER: budget.first_breach.never if budget.first_breach else nothing,
        **{name: getattr(budget.overrun, field) if budget.overrun else nothing for field, name in OVERRUN.items()},
    }


def monthly_estimates(budget: BudgetFigures) -> dict[str, tuple[Estimate, ...]]:
    """Return the estimates of each month by their names."""
    first = budget.first_breach.by_month if budget.first_breach else ()
    return dict(zip(MONTHLY, (budget.p_breach_by_month, first), strict=True))


def monthly_names() -> tuple[str, ...]:
    """Names of the group's variables."""
    return tuple(array for name in MONTHLY for array in part_names(name).values())


def read_budget(attributes: Mapping[str, Attribute], arrays: Arrays) -> BudgetFigures:
    """Rebuild the figures from what `budget_group` describes."""
    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.first_breach import FirstBreach
    from simcost.analysis.budgets.overrun import Overrun

    def single(name: str) -> Estimate:
        return read_estimate(*(float(attributes[attribute]) for attribute in part_names(name).values()))

    breach, first = (read_estimates(arrays, name) for name in MONTHLY)
    known: dict[str, Any] = {**{name: float(attributes[name]) for name in NUMBERS}, **{name: single(name) for name in ESTIMATES}}
    overrun = {field: single(name) for field, name in OVERRUN.items()}
    return BudgetFigures(
        **known,
        p_breach_by_month=breach,
        first_breach=FirstBreach(first, single(NEVER)),
        periods=read_periods(arrays),
        probability_within_every_period=single(EVERY_PERIOD) if EVERY_PERIOD in attributes else None,
        parts=read_parts(arrays),
        probability_within_every_part=read_every_part(attributes),
        overrun=None if np.isnan(overrun["mean"].value) else Overrun(**overrun),
    )
