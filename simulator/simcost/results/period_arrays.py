"""The budget's figures of each quarter or fiscal year as arrays of its group, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.netcdf import Variable, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simcost.analysis.budgets.period_budget import PeriodBudget

AXIS = "period"
APPROVED = "approved_by_period"
FIELDS = {"probability_within": "probability_within_by_period", "sum_for_confidence": "sum_for_confidence_by_period"}
FORMER = {**FIELDS, "probability_within": "p_within_by_period"}
"""Names in files of before the documents and the files had the same words: they are read."""

LONG_NAMES = {
    APPROVED: "approved for the period",
    "probability_within_by_period": "probability that the cost of the period stays within what is approved for it",
    "sum_for_confidence_by_period": "sum that is enough for the period with the wanted confidence",
}
ENDS = {"value": "", "low": "_low", "high": "_high"}
"""Parts of an estimate, and what is added to its name for each."""


def period_variables(periods: Sequence[PeriodBudget], currency: str) -> dict[str, Variable]:
    """Return the arrays; none if there are no periods."""
    if not periods:
        return {}
    labels = Variable((AXIS,), texts(each.label for each in periods), {"long_name": "name of the period"})
    approved = np.array([each.approved for each in periods])
    variables = {AXIS: labels, APPROVED: _variable(APPROVED, approved, currency)}
    for field, name in FIELDS.items():
        unit = "1" if field == "probability_within" else currency
        for part, ending in ENDS.items():
            values = [getattr(getattr(each, field), part) for each in periods]
            data = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
            variables[name + ending] = _variable(name, data, unit, part)
    return variables


def period_names(*, former: bool) -> tuple[str, ...]:
    """Names of the arrays of numbers."""
    fields = FORMER if former else FIELDS
    return (APPROVED, *(name + ending for name in fields.values() for ending in ENDS.values()))


def read_periods(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[PeriodBudget, ...]:
    """Rebuild the figures from what `period_variables` describes."""
    from simcost.analysis.budgets.period_budget import PeriodBudget
    from simcost.analysis.estimates.intervals import Estimate

    if AXIS not in arrays:
        return ()
    parts = {
        field: [
            Estimate(value, None if np.isnan(low) else low, None if np.isnan(high) else high)
            for value, low, high in zip(*(arrays[name + ending].tolist() for ending in ENDS.values()), strict=True)
        ]
        for field, name in (FORMER if FORMER["probability_within"] in arrays else FIELDS).items()
    }
    rows = zip(arrays[AXIS].tolist(), arrays[APPROVED].tolist(), *parts.values(), strict=True)
    return tuple(PeriodBudget(*row) for row in rows)


def _variable(name: str, data: NDArray[np.float64], unit: str, part: str = "value") -> Variable:
    limit = "" if part == "value" else f", {part}er 95 % confidence limit"
    return Variable((AXIS,), data, {"units": unit, "long_name": LONG_NAMES[name] + limit})
