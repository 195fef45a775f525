"""The groups of a result file and what lies in each: the one place that names them, for writer and reader alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.costs import every_part
from simcost.results.file.netcdf import Group, Variable, text, texts
from simcost.scenario.scenario import APPROVED_BY, APPROVED_GROUPS, BY_PERIOD
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcost.results.run_info import RunInfo, ScenarioInfo
    from simcost_kernels.summaries.summary import Summary

RESULT_SCHEMA = "simcost/result/1"
"""Stamped on the root; a file of another schema is refused."""

Axes = tuple[str, ...]

VIEW_AXES: dict[str, Axes] = {
    "total": (),
    "category": ("category",),
    "line": ("line",),
    "stage": ("stage",),
    "owner": ("owner",),
    "month": ("month",),
    "cumulative": ("month",),
    "quarter": ("quarter",),
    "fiscal_year": ("fiscal_year",),
    "category_by_month": ("category", "month"),
    "line_by_month": ("line", "month"),
    "stage_by_month": ("stage", "month"),
    "owner_by_month": ("owner", "month"),
    **{f"{group}{BY_PERIOD}": (f"{group}{BY_PERIOD}",) for group in APPROVED_BY},
}
"""The groups of cost columns of one view, each with the axes that its items lie on, the last fastest (none: a single number)."""

OTHER_VIEWS = ("amortised_", "cash_")
"""What the groups of another view than the run's own begin with; their names lie on axes of their own."""

AXES_OF: dict[str, Axes] = {
    **VIEW_AXES,
    "present_value": (),
    "pool": ("pool",),
    **{
        view + group: tuple(axis if axis == "month" else view + axis for axis in axes)
        for view in OTHER_VIEWS
        for group, axes in VIEW_AXES.items()
    },
}
"""All groups of columns that have figures, with their axes."""

PARTS = {f"within_{group}": f"approved_{group}" for group in APPROVED_GROUPS}
"""The columns that tell of each part with an approved sum of its own whether it is kept, and the axis of those that have one."""

SAMPLE_AXES: dict[str, Axes] = {
    **AXES_OF,
    "sizing": ("pool",),
    "breach": ("month",),
    "within": (),
    "within_quarter": ("quarter",),
    "within_fiscal_year": ("fiscal_year",),
    "within_every_period": (),
    **{group: (axis,) for group, axis in PARTS.items()},
    **{every_part(group): () for group in APPROVED_GROUPS},
}
"""The same for kept columns, which have a group more where there are pools, and some more when a budget is declared."""

COUNTED = frozenset(SAMPLE_AXES.keys() - AXES_OF.keys() | {"pool"})
"""Groups that are not money."""

_LONG_NAMES = {
    "total": "cost of the whole horizon",
    "category": "cost by category",
    "line": "cost by cost line",
    "stage": "cost by stage of the life cycle",
    "owner": "cost by owner",
    "pool": "devices of the pool in its sizing month",
    "sizing": "sizing month of the pool, counted from 1",
    "month": "cost of the month",
    "cumulative": "cost from the start to the end of the month",
    "quarter": "cost by quarter of the fiscal year",
    "fiscal_year": "cost by fiscal year",
    "category_by_month": "cost by category and month",
    "line_by_month": "cost by cost line and month",
    "stage_by_month": "cost by stage of the life cycle and month",
    "owner_by_month": "cost by owner and month",
    "present_value": "present value of the cost of the whole horizon",
    "breach": "whether the cumulative cost has exceeded what is approved, in this month or an earlier one",
    "within": "whether the total stays within what is approved",
    "within_quarter": "whether the quarter stays within what is approved for it",
    "within_fiscal_year": "whether the fiscal year stays within what is approved for it",
    "within_every_period": "whether every period stays within what is approved for it",
    **{f"{group}{BY_PERIOD}": f"cost by {group} in the periods that it has sums for" for group in APPROVED_BY},
    **{f"within_{group}": f"whether the {spoken(group)} stays within what is approved for it" for group in APPROVED_GROUPS},
    **{every_part(group): f"whether every {spoken(group)} with a sum of its own stays within it" for group in APPROVED_GROUPS},
}

LONG_NAMES = _LONG_NAMES | {
    view + group: f"{view.removesuffix('_')} {_LONG_NAMES[group]}" for view in OTHER_VIEWS for group in VIEW_AXES
}

SUMMARY_ARRAYS = {
    "ranges": ("int64", ("range", "end")),
    "count": ("int64", ("range", "column")),
    "mean": ("float64", ("range", "column")),
    "squares": ("float64", ("range", "column")),
    "minimum": ("float64", ("column",)),
    "maximum": ("float64", ("column",)),
    "non_finite": ("int64", ("column",)),
    "non_finite_scenarios": ("int64", ("end",)),
    "cell_offsets": ("int64", ("offset",)),
    "cell_keys": ("int32", ("cell",)),
    "cell_counts": ("int64", ("cell",)),
    "cell_lows": ("float64", ("cell",)),
    "cell_highs": ("float64", ("cell",)),
}
"""The arrays of a stored summary, their types and axes (see `simcost_kernels.summaries.summary.Summary.to_arrays`)."""

SECTION_ARRAYS = {"cell_sections": ("uint32", ("cell", "section"))}
"""Those that a summary has beside them if its scenarios were dealt out to replicates."""

SMALL_BYTES = 1000
"""Arrays below it are not worth packing."""

Columns = tuple[tuple[str, str, int], ...]
"""(group, label, month) of each column of the plan; month counts from 0, and is -1 where it does not apply."""


def sample_name(group: str) -> str:
    """Name of a group's kept columns: never that of its axis, which xarray would take for a coordinate."""
    return {"pool": "pool_devices", "sizing": "sizing_month"}.get(group, group if group in COUNTED else f"{group}_cost")


def unit_of(group: str, currency: str) -> str:
    """CF unit of a group's columns."""
    return "1" if group in COUNTED else currency


def labels_of(columns: Columns) -> dict[str, tuple[str, ...]]:
    """Names on each axis of names, in the plan's order; axes without any are left out."""
    found: dict[str, list[str]] = {}
    for group, label, _ in columns:
        if AXES_OF.get(group) == (group,) != ("month",):
            found.setdefault(group, []).append(label)
        if group in PARTS:
            found.setdefault(PARTS[group], []).append(label)
    return {axis: tuple(names) for axis, names in found.items()}


def lengths_of(columns: Columns, rows: slice, axes: Axes) -> tuple[int, ...]:
    """Lengths of the axes of a group whose columns are these rows; of two, the last is the months, which each name has."""
    count = rows.stop - rows.start
    months = columns[rows.stop - 1][2] + 1
    return {0: (), 1: (count,), 2: (count // max(months, 1), months)}[len(axes)]


def axis_variables(columns: Columns, scenario: ScenarioInfo) -> dict[str, Variable]:
    """Coordinates that the root and the samples share: names, and months as CF dates."""
    names = {
        axis: Variable((axis,), texts(labels), {"long_name": f"name of the {axis.replace('_', ' ')}"})
        for axis, labels in labels_of(columns).items()
    }
    months = np.array([np.datetime64(name, "M") for name in scenario.month_names()])
    days = (months.astype("datetime64[D]") - months[0].astype("datetime64[D]")).astype(np.int32)
    attributes = {"units": f"days since {scenario.start}-01", "calendar": "standard", "long_name": "first day of the month"}
    return {**names, "month": Variable(("month",), days, {**attributes, "standard_name": "time"})}


def scenario_group(scenario: ScenarioInfo) -> Group:
    """What the user asked: the file verbatim, its hash, the variant, and the inputs as they were understood."""
    variables = {"text": Variable((), text(scenario.text), {"long_name": "the scenario file, verbatim"})}
    if scenario.overrides:
        variables["override"] = Variable(("override",), texts(scenario.overrides), {"long_name": "assignments of --set"})
    if scenario.inputs:
        names = texts(each.name for each in scenario.inputs)
        variables["input"] = Variable(("input",), names, {"long_name": "name of the input"})
        for field, long_name in INPUT_FIELDS.items():
            values = texts(getattr(each, field) for each in scenario.inputs)
            variables[f"input_{field}"] = Variable(("input",), values, {"long_name": long_name})
    if scenario.pools:
        variables["pool"] = Variable(("pool",), texts(name for name, _ in scenario.pools), {"long_name": "name of the pool"})
        units = texts(unit for _, unit in scenario.pools)
        variables["pool_unit"] = Variable(("pool",), units, {"long_name": "unit of its devices"})
    attributes = {key: getattr(scenario, key) for key in SCENARIO_TEXTS}
    return Group(variables, {**attributes, "months": scenario.months})


SCENARIO_TEXTS = ("name", "sha256", "currency", "start", "option", "billed_to")

INPUT_FIELDS = {
    "unit": "unit",
    "draw": "how long one draw holds",
    "value": "value as the file has it",
    "distribution": "distribution in that unit",
    "source": "source",
    "note": "note",
}

RUN_TEXTS = ("method", "backend", "device", "version", "started", "stopped")
RUN_NUMBERS = ("scenarios", "first", "seed", "stream", "replicates", "limit", "looks")


def run_group(run: RunInfo, columns: Columns, warnings: Iterable[str], stamps: Mapping[str, str]) -> Group:
    """How it was computed; ``stamps`` are texts for the record, such as the plan's digest and the version of Python."""
    attributes = {key: getattr(run, key) for key in (*RUN_TEXTS, *RUN_NUMBERS)}
    groups, labels, months = zip(*columns, strict=True)
    variables = {
        "column_group": Variable(("column",), texts(groups), {"long_name": "what the column is"}),
        "column_label": Variable(("column",), texts(labels), {"long_name": "name within its group"}),
        "column_month": Variable(
            ("column",), np.array(months, np.int32), {"long_name": "month from 0, -1 where it does not apply"}
        ),
    }
    said = [*warnings]
    if said:
        variables["warning"] = Variable(("warning",), texts(said), {"long_name": "what the user should know"})
    return Group(
        variables,
        {**attributes, "seconds": float(run.seconds), "interval_ratio": run.interval_ratio, **stamps},
        {"column": len(columns)},
    )


def summary_group(summary: Summary, digest: str) -> Group:
    """The exact mergeable state, so that any percentile can be asked later and runs be merged."""
    arrays = summary.to_arrays()
    kinds = {**SUMMARY_ARRAYS, **(SECTION_ARRAYS if summary.sections else {})}
    lengths = {axis: length for name, (_, axes) in kinds.items() for axis, length in zip(axes, arrays[name].shape, strict=True)}
    variables = {
        name: Variable(
            axes, arrays[name], {"long_name": f"state of the summary: {name}"}, packed=arrays[name].nbytes > SMALL_BYTES
        )
        for name, (_, axes) in kinds.items()
    }
    return Group(variables, {"sha256": digest, "long_name": "mergeable summary of all scenarios"}, lengths)
