"""Reading a result file back, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.costs import EVERY_PERIOD
from simcost.results.file.budget_arrays import monthly_names, read_budget
from simcost.results.file.document import StoredDocument
from simcost.results.file.estimate_arrays import part_names
from simcost.results.file.figure_arrays import figure_names, read_figures
from simcost.results.file.groups import AXES_OF, INPUT_FIELDS, RUN_NUMBERS, RUN_TEXTS, SCENARIO_TEXTS, labels_of
from simcost.results.file.guarded import Damaged, group_at, numbers_at, opened
from simcost.results.file.histogram import Histogram
from simcost.results.file.netcdf import Group, Variable
from simcost.results.file.part_arrays import part_array_names
from simcost.results.file.period_arrays import period_names
from simcost.results.file.pool_arrays import SIZING
from simcost.results.file.samples import rows_of
from simcost.results.result import Result
from simcost.results.run_info import InputInfo, RunInfo, ScenarioInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    import h5py
    from numpy.typing import NDArray

    from simcost.results.file.groups import Columns
    from simcost.results.file.netcdf import Attribute

LONGEST_HORIZON = 12_000
"""Months; a file that claims more is no result of simcost."""


def open_result(path: Path | str) -> Result:
    """Read a result file.

    Raises
    ------
    ResultError
        If it is not there, no result of simcost, cut short, or not as it was written.
    """
    with opened(Path(path)) as file:
        return _read(file, str(path))


def _read(file: h5py.File, path: str) -> Result:
    document = StoredDocument(file)
    run = document.group("run")
    columns = _columns(run, numbers_at(group_at(file, "run"), "column_month", "int32", 1))
    groups = {
        "/": _with_numbers(document.group("/"), file, _root_shapes(columns)),
        "scenario": document.group("scenario"),
        "run": _with_numbers(run, group_at(file, "run"), {"column_month": ("int32", 1)}),
    }
    if document.has("budget"):
        held = group_at(file, "budget")
        found = {group for group, _, _ in columns}
        by_period = period_names() if EVERY_PERIOD in found else ()
        shapes = dict.fromkeys((*monthly_names(), *by_period, *part_array_names(found)), ("float64", 1))
        groups["budget"] = _with_numbers(document.group("budget"), held, shapes)
    document.verify(groups)
    return _assemble(path, groups, columns, document.checks)


def _assemble(path: str, groups: Mapping[str, Group], columns: Columns, checks: Mapping[str, Any]) -> Result:
    scenario = _scenario_info(groups["scenario"])
    root = {name: variable.data for name, variable in groups["/"].variables.items()}
    budget = groups.get("budget")
    warnings = groups["run"].variables.get("warning")
    figures = replace(
        read_figures(root, labels_of(columns), scenario.month_names()),
        non_finite=int(groups["/"].attributes["non_finite"]),
        budget=read_budget(budget.attributes, {name: each.data for name, each in budget.variables.items()}) if budget else None,
        warnings=tuple(warnings.data.tolist()) if warnings else (),
    )
    run = groups["run"].attributes
    return Result(
        path=path,
        figures=figures,
        scenario=scenario,
        run=_run_info(run, path),
        columns=columns,
        histograms={group: _histogram(root, group) for group in rows_of(columns) if group in AXES_OF},
        kept=int(checks["kept"]),
        identity_sha256=str(run["identity_sha256"]),
        plan_digest=str(run["plan_digest"]),
        libraries={name: str(run[name]) for name in ("machine", "numpy", "scipy")},
        sample_checksums=checks["samples"],
        summary_sha256=checks["summary"],
    )


def _root_shapes(columns: Columns) -> dict[str, tuple[str, int]]:
    """Types and numbers of axes of every array of numbers that a run with these columns has on its root."""
    shapes = {"percentile": ("float64", 1), "month": ("int32", 1), "bin": ("int32", 1), "bin_edge": ("int32", 1)}
    for group in rows_of(columns):
        if group == "pool":
            shapes |= dict.fromkeys(part_names(SIZING).values(), ("float64", 2))
        if group in AXES_OF:
            shapes |= {name: ("float64", rank) for name, rank in figure_names(group)}
            rank = len(AXES_OF[group]) + 1
            shapes |= {f"{group}_histogram": ("int64", rank), f"{group}_histogram_edges": ("float64", rank)}
    return shapes


def _with_numbers(group: Group, target: h5py.Group, shapes: Mapping[str, tuple[str, int]]) -> Group:
    """Add a group's arrays of numbers to its texts."""
    numbers = {name: Variable((), numbers_at(target, name, kind, rank)) for name, (kind, rank) in shapes.items()}
    return Group({**group.variables, **numbers}, group.attributes)


def _columns(run: Group, months: NDArray[np.int32]) -> Columns:
    parts = (run.variables[name].data.tolist() for name in ("column_group", "column_label"))
    return tuple(zip(*parts, months.tolist(), strict=True))


def _scenario_info(group: Group) -> ScenarioInfo:
    data = {name: variable.data.tolist() for name, variable in group.variables.items()}
    months = int(group.attributes["months"])
    if not 1 <= months <= LONGEST_HORIZON:
        message = f"it claims {months} months"
        raise Damaged(message)
    rows = zip(data.get("input", ()), *(data.get(f"input_{field}", ()) for field in INPUT_FIELDS), strict=True)
    inputs = tuple(InputInfo(name, **dict(zip(INPUT_FIELDS, values, strict=True))) for name, *values in rows)
    said = {key: str(group.attributes[key]) for key in SCENARIO_TEXTS if key != "billed_to" or key in group.attributes}
    pools = tuple(zip(data.get("pool", ()), data.get("pool_unit", ()), strict=True))
    overrides = tuple(data.get("override", ()))
    return ScenarioInfo(**said, months=months, overrides=overrides, inputs=inputs, text=data["text"], pools=pools)


def _run_info(attributes: Mapping[str, Attribute], path: str) -> RunInfo:
    texts_of = {key: str(attributes[key]) for key in RUN_TEXTS}
    numbers_of = {key: int(attributes[key]) for key in RUN_NUMBERS}
    known: dict[str, Any] = {**texts_of, **numbers_of}
    seconds, ratio = float(attributes["seconds"]), float(attributes["interval_ratio"])
    return RunInfo(**known, seconds=seconds, interval_ratio=ratio, result=path)


def _histogram(root: Mapping[str, NDArray[Any]], group: str) -> Histogram:
    edges, counts = (root[f"{group}_{name}"] for name in ("histogram_edges", "histogram"))
    return Histogram(edges.reshape(-1, edges.shape[-1]), counts.reshape(-1, counts.shape[-1]))
