"""The budget's figures as a group of the result file, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.netcdf import Group, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simcost.analysis.budget import BudgetFigures
    from simcost.analysis.intervals import Estimate
    from simcost.results.netcdf import Attribute

NUMBERS = ("approved", "confidence")
ESTIMATES = ("probability_within", "sum_for_confidence", "reserve_for_confidence")
MONTHLY = "p_breach_by_month"

ENDS = {"value": "", "low": "_low", "high": "_high"}
"""Parts of an estimate, and what is added to its name for each."""

LONG_NAME = "probability that the cumulative cost has exceeded what is approved, in this month or an earlier one"


def budget_group(budget: BudgetFigures, currency: str) -> Group:
    """Single figures as attributes, monthly ones as variables; a confidence limit that does not exist is NaN."""
    single = {name: float(getattr(budget, name)) for name in NUMBERS}
    for name in ESTIMATES:
        estimate = getattr(budget, name)
        single |= {name + ending: _number(getattr(estimate, part)) for part, ending in ENDS.items()}
    monthly = {
        MONTHLY + ending: Variable(
            ("month",),
            np.array([_number(getattr(each, part)) for each in budget.p_breach_by_month], dtype=np.float64),
            {"units": "1", "long_name": LONG_NAME + ("" if part == "value" else f", {part}er 95 % confidence limit")},
        )
        for part, ending in ENDS.items()
    }
    return Group(monthly, {**single, "currency": currency})


def monthly_names() -> tuple[str, ...]:
    """Names of the group's variables."""
    return tuple(MONTHLY + ending for ending in ENDS.values())


def read_budget(attributes: Mapping[str, Attribute], arrays: Mapping[str, NDArray[np.float64]]) -> BudgetFigures:
    """Rebuild the figures from what `budget_group` describes."""
    from simcost.analysis.budget import BudgetFigures

    approved, confidence = (float(attributes[name]) for name in NUMBERS)
    estimates = {name: _estimate([float(attributes[name + ending]) for ending in ENDS.values()]) for name in ESTIMATES}
    monthly = zip(*(arrays[name].tolist() for name in monthly_names()), strict=True)
    by_month = tuple(_estimate(each) for each in monthly)
    return BudgetFigures(approved=approved, confidence=confidence, p_breach_by_month=by_month, **estimates)


def _estimate(parts: Sequence[float]) -> Estimate:
    from simcost.analysis.intervals import Estimate

    value, low, high = parts
    return Estimate(value, _end(low), _end(high))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _end(value: float) -> float | None:
    return None if np.isnan(value) else value
