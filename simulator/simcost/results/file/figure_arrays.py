"""Figures as arrays on labelled axes, and back: what lies on the root of a result file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.costs import BY_MONTH
from simcost.results.file.estimate_arrays import existing, part_names, part_of
from simcost.results.file.groups import AXES_OF, LONG_NAMES, OTHER_VIEWS, VIEW_AXES, unit_of
from simcost.results.file.netcdf import Variable
from simcost.results.file.pool_arrays import pool_variables, read_pools
from simcost.scenario.scenario import BREAKDOWNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.figures import Figures
    from simcost.analysis.months_by_name import ByMonth
    from simcost.analysis.statistics import Percentile, Statistics
    from simcost.results.file.estimate_arrays import Arrays
    from simcost.results.file.groups import Axes
    from simcost_kernels.arrays import Array

FIELD_OF = {
    "category": "categories",
    "line": "lines",
    "stage": "stages",
    "owner": "owners",
    "quarter": "quarters",
    "fiscal_year": "fiscal_years",
    "category_by_period": "categories_by_period",
    "stage_by_period": "stages_by_period",
    "owner_by_period": "owners_by_period",
}
"""The groups with names, and their fields in `Figures`."""

MOMENTS = {"mean": "mean", "sd": "standard deviation", "min": "smallest value", "max": "largest value"}

PART_NAMES = {
    "value": "percentiles",
    "low": "percentiles, lower 95 % confidence limit",
    "high": "percentiles, upper 95 % confidence limit",
}


def statistics_of(figures: Figures, group: str) -> list[Statistics]:
    """Statistics of one group's items in their order."""
    for prefix in OTHER_VIEWS:
        if group.startswith(prefix):
            other = figures.other_view
            return statistics_of(other.figures, group.removeprefix(prefix)) if other and f"{other.name}_" == prefix else []
    if group in ("total", "present_value"):
        single: Statistics | None = getattr(figures, group)
        return [single] if single else []
    if group == "pool":
        return [pool.devices for pool in figures.pools.values()]
    if group.endswith(BY_MONTH):
        return [month for months in figures.by_month.get(group.removesuffix(BY_MONTH), {}).values() for month in months]
    if group in FIELD_OF:
        return list(getattr(figures, FIELD_OF[group]).values())
    return [month.total if group == "month" else month.cumulative for month in figures.months]


def figure_variables(figures: Figures, currency: str) -> dict[str, Variable]:
    """Moments and percentiles of every group that has items, with the axis of the percentiles."""
    percents = np.array([each.p for each in figures.total.percentiles], dtype=np.float64)
    attributes = {"units": "percent", "long_name": "probability of the percentile"}
    variables = {"percentile": Variable(("percentile",), percents, attributes)}
    for group, axes in AXES_OF.items():
        items = statistics_of(figures, group)
        if items:
            variables |= _group_variables(group, items, _lengths(axes, len(figures.months)), currency)
    return variables | pool_variables(figures.pools)


def read_figures(arrays: Arrays, labels: Mapping[str, Sequence[str]], month_names: Sequence[str]) -> Figures:
    """Rebuild figures from what `figure_variables` describes, without budget and warnings.

    Parameters
    ----------
    arrays
        The root's variables.
    labels
        Names on each axis of names.
    month_names
        As ``2027-01``.

    Raises
    ------
    KeyError, ValueError
        If arrays are missing or contradict each other.
    """
    from simcost.analysis.figures import OtherView

    view = next((prefix for prefix in OTHER_VIEWS if f"{prefix}total_mean" in arrays), "")
    present_value = _read_statistics(arrays, "present_value")
    found = _read_view(arrays, labels, month_names)
    return replace(
        found,
        present_value=present_value[0] if present_value else None,
        other_view=OtherView(view.removesuffix("_"), _read_view(arrays, labels, month_names, view)) if view else None,
        pools=read_pools(arrays, dict(zip(labels.get("pool", ()), _read_statistics(arrays, "pool"), strict=True)), found.lines),
    )


def _read_view(arrays: Arrays, labels: Mapping[str, Sequence[str]], month_names: Sequence[str], prefix: str = "") -> Figures:
    """Rebuild the figures of the groups that begin with a prefix."""
    from simcost.analysis.figures import Figures, MonthFigures

    statistics = {group: _read_statistics(arrays, prefix + group) for group in VIEW_AXES}
    named: dict[str, Any] = {
        field: dict(zip(labels.get(prefix + group, ()), statistics[group], strict=True)) for group, field in FIELD_OF.items()
    }
    months = zip(month_names, statistics["month"], statistics["cumulative"], strict=True)
    (total,) = statistics["total"]
    return Figures(
        total=total,
        **named,
        months=tuple(MonthFigures(*each) for each in months),
        non_finite=0,
        budget=None,
        warnings=(),
        by_month=_by_month(statistics, labels, len(month_names), prefix),
    )


def _by_month(
    statistics: Mapping[str, Sequence[Statistics]], labels: Mapping[str, Sequence[str]], months: int, prefix: str
) -> ByMonth:
    """Share the items of each group, the months of one name after those of another, out to its names."""
    found: dict[str, dict[str, tuple[Statistics, ...]]] = {}
    for group in BREAKDOWNS:
        items = statistics[f"{group}{BY_MONTH}"]
        rows = (tuple(items[first : first + months]) for first in range(0, len(items), months))
        if items:
            found[group] = dict(zip(labels[prefix + group], rows, strict=True))
    return found


def figure_names(group: str) -> tuple[tuple[str, int], ...]:
    """Names of one group's variables, each with the number of its axes."""
    rank, percentiles = len(AXES_OF[group]), part_names(f"{group}_percentile").values()
    return (*((f"{group}_{moment}", rank) for moment in MOMENTS), *((name, rank + 1) for name in percentiles))


def _lengths(axes: Axes, months: int) -> tuple[int, ...]:
    """Lengths of the axes of a group, as numpy's reshape has them: the names come first, as many as there are."""
    return tuple(months if axis == "month" else -1 for axis in axes)


def _group_variables(group: str, items: Sequence[Statistics], lengths: tuple[int, ...], currency: str) -> dict[str, Variable]:
    axes, variables = AXES_OF[group], {}
    for moment, long_name in MOMENTS.items():
        data = np.array([getattr(item, moment) for item in items], dtype=np.float64).reshape(lengths)
        variables[f"{group}_{moment}"] = Variable(axes, data, _attributes(group, long_name, currency))
    for part, name in part_names(f"{group}_percentile").items():
        rows = np.array([[part_of(each, part) for each in item.percentiles] for item in items], dtype=np.float64)
        data = rows.reshape(*lengths, rows.shape[-1])
        variables[name] = Variable((*axes, "percentile"), data, _attributes(group, PART_NAMES[part], currency))
    return variables


def _attributes(group: str, long_name: str, currency: str) -> dict[str, str]:
    return {"units": unit_of(group, currency), "long_name": f"{LONG_NAMES[group]}: {long_name}"}


def _read_statistics(arrays: Arrays, group: str) -> list[Statistics]:
    """One group's items; none if the run had none."""
    if f"{group}_mean" not in arrays:
        return []
    moments = (arrays[f"{group}_{moment}"].ravel().tolist() for moment in MOMENTS)
    parts = (arrays[name].reshape(-1, len(arrays["percentile"])) for name in part_names(f"{group}_percentile").values())
    percentiles = [_percentiles(arrays["percentile"], *rows) for rows in zip(*parts, strict=True)]
    return [_statistics(*each) for each in zip(*moments, percentiles, strict=True)]


def _statistics(mean: float, sd: float, low: float, high: float, percentiles: tuple[Percentile, ...]) -> Statistics:
    from simcost.analysis.statistics import Statistics

    return Statistics(mean, sd, low, high, percentiles)


def _percentiles(*columns: Array) -> tuple[Percentile, ...]:
    """Percentiles of one item from their p, values and ends."""
    from simcost.analysis.statistics import Percentile

    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(Percentile(p, value, existing(low), existing(high)) for p, value, low, high in rows)
