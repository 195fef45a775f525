"""The budget's figures of each category, stage and owner with a sum of its own as arrays of its group, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.file.estimate_arrays import estimate_variables, part_names, read_estimate, read_estimates
from simcost.results.file.netcdf import Variable, texts
from simcost.scenario.scenario import APPROVED_GROUPS
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.part_budget import PartBudget
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.results.file.estimate_arrays import Arrays
    from simcost.results.file.netcdf import Attribute

LONG_NAMES = {
    "probability_within": "probability that the cost of the {} stays within what is approved for it",
    "sum_for_confidence": "sum that is enough for the {} with the wanted confidence",
    "p95": "95th percentile of the cost of the {}",
    "overrun_mean": "mean of what the {} costs more than approved where it does",
    "overrun_p50": "median of what the {} costs more than approved where it does",
    "overrun_p95": "95th percentile of what the {} costs more than approved where it does",
}
"""Estimates of a part, and what they are."""


def part_estimates(part: PartBudget) -> dict[str, Estimate]:
    """Return the estimates of a part by their names; NaN without ends where nothing overran."""
    from simcost.analysis.estimates.intervals import Estimate

    over, nothing = part.overrun, Estimate(float("nan"), None, None)
    return {
        **{name: getattr(part, name) for name in ("probability_within", "sum_for_confidence", "p95")},
        **{f"overrun_{name}": getattr(over, name) if over else nothing for name in ("mean", "p50", "p95")},
    }


def part_variables(budget: BudgetFigures, currency: str) -> dict[str, Variable]:
    """Return the arrays, ``approved_by_owner`` and so on; none of a group in which nothing has a sum of its own."""
    variables: dict[str, Variable] = {}
    for group in APPROVED_GROUPS:
        parts, axis = [each for each in budget.parts if each.group == group], f"approved_{group}"
        if not parts:
            continue
        approved = np.array([each.approved for each in parts])
        told = {"units": currency, "long_name": f"approved for the {spoken(group)}"}
        variables[axis] = Variable((axis,), texts(each.label for each in parts), {"long_name": f"name of the {spoken(group)}"})
        variables[f"approved_by_{group}"] = Variable((axis,), approved, told)
        estimates = [part_estimates(each) for each in parts]
        for name, long_name in LONG_NAMES.items():
            its, unit = [each[name] for each in estimates], "1" if name == "probability_within" else currency
            array = f"{name}_by_{group}"
            variables |= estimate_variables(array, its, {axis: -1}, unit=unit, long_name=long_name.format(spoken(group)))
    return variables


def every_part_estimates(budget: BudgetFigures) -> dict[str, Estimate]:
    """Return how likely all parts are kept at once, by the names that documents have."""
    return {f"probability_within_every_{group}": each for group, each in budget.probability_within_every_part.items()}


def part_array_names(groups: Collection[str]) -> Iterator[str]:
    """Yield the names of the arrays of numbers of a run with these groups of columns."""
    for group in APPROVED_GROUPS:
        if f"within_{group}" in groups:
            yield f"approved_by_{group}"
            yield from (array for name in LONG_NAMES for array in part_names(f"{name}_by_{group}").values())


def read_parts(arrays: Arrays) -> tuple[PartBudget, ...]:
    """Rebuild the figures from what `part_variables` describes."""
    from simcost.analysis.budgets.overrun import Overrun
    from simcost.analysis.budgets.part_budget import PartBudget

    found = []
    for group in APPROVED_GROUPS:
        if f"approved_{group}" in arrays:
            estimates = (read_estimates(arrays, f"{name}_by_{group}") for name in LONG_NAMES)
            rows = zip(arrays[f"approved_{group}"].tolist(), arrays[f"approved_by_{group}"].tolist(), *estimates, strict=True)
            for label, approved, within, enough, p95, *over in rows:
                overrun = None if np.isnan(over[0].value) else Overrun(*over)
                found.append(PartBudget(group, label, approved, within, enough, p95, overrun))
    return tuple(found)


def read_every_part(attributes: Mapping[str, Attribute]) -> dict[str, Estimate]:
    """Rebuild how likely all parts are kept at once."""
    named = {group: f"probability_within_every_{group}" for group in APPROVED_GROUPS}
    return {
        group: read_estimate(*(float(attributes[attribute]) for attribute in part_names(name).values()))
        for group, name in named.items()
        if name in attributes
    }
