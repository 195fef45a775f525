"""The budget's figures of each quarter or fiscal year as arrays of its group, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.file.estimate_arrays import estimate_variables, part_names, read_estimates
from simcost.results.file.netcdf import Variable, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.budgets.period_budget import PeriodBudget
    from simcost.results.file.estimate_arrays import Arrays

AXIS = "period"
APPROVED = "approved_by_period"
FIELDS = {"probability_within": "probability_within_by_period", "sum_for_confidence": "sum_for_confidence_by_period"}
LONG_NAMES = {
    "probability_within": "probability that the cost of the period stays within what is approved for it",
    "sum_for_confidence": "sum that is enough for the period with the wanted confidence",
}


def period_variables(periods: Sequence[PeriodBudget], currency: str) -> dict[str, Variable]:
    """Return the arrays; none if there are no periods."""
    if not periods:
        return {}
    approved = np.array([each.approved for each in periods])
    variables = {
        AXIS: Variable((AXIS,), texts(each.label for each in periods), {"long_name": "name of the period"}),
        APPROVED: Variable((AXIS,), approved, {"units": currency, "long_name": "approved for the period"}),
    }
    for field, name in FIELDS.items():
        unit = "1" if field == "probability_within" else currency
        estimates = [getattr(each, field) for each in periods]
        variables |= estimate_variables(name, estimates, {AXIS: -1}, unit=unit, long_name=LONG_NAMES[field])
    return variables


def period_names() -> tuple[str, ...]:
    """Names of the arrays of numbers."""
    return (APPROVED, *(array for name in FIELDS.values() for array in part_names(name).values()))


def read_periods(arrays: Arrays) -> tuple[PeriodBudget, ...]:
    """Rebuild the figures from what `period_variables` describes."""
    from simcost.analysis.budgets.period_budget import PeriodBudget

    if AXIS not in arrays:
        return ()
    estimates = (read_estimates(arrays, name) for name in FIELDS.values())
    rows = zip(arrays[AXIS].tolist(), arrays[APPROVED].tolist(), *estimates, strict=True)
    return tuple(PeriodBudget(*row) for row in rows)
