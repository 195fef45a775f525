"""Figures as arrays on labelled axes, and back: what lies on the root of a result file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.results.groups import AXIS_OF, LONG_NAMES, OTHER_VIEWS, VIEW_AXES, unit_of
from simcost.results.netcdf import Variable
from simcost.results.pool_arrays import pool_variables, read_pools

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from simcost.analysis.figures import Figures, Percentile, Statistics

    Arrays = Mapping[str, NDArray[np.float64]]

FIELD_OF = {
    "category": "categories",
    "line": "lines",
    "stage": "stages",
    "owner": "owners",
    "quarter": "quarters",
    "fiscal_year": "fiscal_years",
}
"""The groups with names, and their fields in `Figures`."""

MOMENTS = {"mean": "mean", "sd": "standard deviation", "min": "smallest value", "max": "largest value"}

PARTS = {"value": "percentile", "low": "percentile_low", "high": "percentile_high"}
"""A percentile and the ends of its 95 % confidence interval, with the names of their variables."""

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
    if group == "present_value":
        return [figures.present_value] if figures.present_value else []
    if group == "total":
        return [figures.total]
    if group == "pool":
        return [pool.devices for pool in figures.pools.values()]
    if group in FIELD_OF:
        return list(getattr(figures, FIELD_OF[group]).values())
    return [month.total if group == "month" else month.cumulative for month in figures.months]


def figure_variables(figures: Figures, currency: str) -> dict[str, Variable]:
    """Moments and percentiles of every group that has items, with the axis of the percentiles."""
    percents = np.array([each.p for each in figures.total.percentiles], dtype=np.float64)
    attributes = {"units": "percent", "long_name": "probability of the percentile"}
    variables = {"percentile": Variable(("percentile",), percents, attributes)}
    for group in AXIS_OF:
        items = statistics_of(figures, group)
        if items:
            variables |= _group_variables(group, items, currency)
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
    )


def figure_names(group: str) -> tuple[tuple[str, int], ...]:
    """Names of one group's variables, each with the number of its axes."""
    rank = 1 if AXIS_OF[group] else 0
    return (*((f"{group}_{moment}", rank) for moment in MOMENTS), *((f"{group}_{name}", rank + 1) for name in PARTS.values()))


def _group_variables(group: str, items: Sequence[Statistics], currency: str) -> dict[str, Variable]:
    axes = (AXIS_OF[group],) if AXIS_OF[group] else ()
    variables = {}
    for moment, long_name in MOMENTS.items():
        data = _shaped(axes, (getattr(item, moment) for item in items))
        variables[f"{group}_{moment}"] = Variable(axes, data, _attributes(group, long_name, currency))
    for part, name in PARTS.items():
        data = _shaped(axes, ([_number(getattr(each, part)) for each in item.percentiles] for item in items))
        variables[f"{group}_{name}"] = Variable((*axes, "percentile"), data, _attributes(group, PART_NAMES[part], currency))
    return variables


def _shaped(axes: tuple[str, ...], values: Iterable[object]) -> NDArray[np.float64]:
    """One row for each item; the total has no axis of items."""
    data = np.array(list(values), dtype=np.float64)
    return data if axes else data[0]


def _attributes(group: str, long_name: str, currency: str) -> dict[str, str]:
    return {"units": unit_of(group, currency), "long_name": f"{LONG_NAMES[group]}: {long_name}"}


def _number(value: float | None) -> float:
    """An interval that is open on one side has NaN there, and so have figures of nothing."""
    return float("nan") if value is None else value


def _end(value: float) -> float | None:
    return None if np.isnan(value) else value


def _read_statistics(arrays: Arrays, group: str) -> list[Statistics]:
    """One group's items; none if the run had none."""
    if f"{group}_mean" not in arrays:
        return []
    moments = (np.atleast_1d(arrays[f"{group}_{moment}"]).tolist() for moment in MOMENTS)
    parts = (np.atleast_2d(arrays[f"{group}_{name}"]) for name in PARTS.values())
    percentiles = [_percentiles(arrays["percentile"], *rows) for rows in zip(*parts, strict=True)]
    return [_statistics(*each) for each in zip(*moments, percentiles, strict=True)]


def _statistics(mean: float, sd: float, low: float, high: float, percentiles: tuple[Percentile, ...]) -> Statistics:
    from simcost.analysis.figures import Statistics

    return Statistics(mean, sd, low, high, percentiles)


def _percentiles(*columns: NDArray[np.float64]) -> tuple[Percentile, ...]:
    """Percentiles of one item from their p, values and ends."""
    from simcost.analysis.figures import Percentile

    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(Percentile(p, value, _end(low), _end(high)) for p, value, low, high in rows)
