"""Reading a result file back, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.results.budget_arrays import monthly_names, read_budget
from simcost.results.figure_arrays import figure_names, read_figures
from simcost.results.groups import (
    AXIS_OF,
    CONTENT_SHA256,
    INPUT_FIELDS,
    RESULT_SCHEMA,
    RUN_NUMBERS,
    RUN_TEXTS,
    SCENARIO_TEXTS,
    labels_of,
    sample_name,
)
from simcost.results.guarded import Damaged, attributes_at, group_at, has, numbers_at, opened, plain_dataset, text_at, texts_at
from simcost.results.histogram import Histogram
from simcost.results.netcdf import Group, Variable, digest, text, texts
from simcost.results.result import Result
from simcost.results.run_info import InputInfo, RunInfo, ScenarioInfo
from simcost.results.samples import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import h5py
    from numpy.typing import NDArray

    from simcost.results.groups import Columns
    from simcost.results.netcdf import Attribute

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
    said = attributes_at(file)
    if said.get("schema") != RESULT_SCHEMA:
        message = f"its schema is {said.get('schema')!r}, not {RESULT_SCHEMA!r}"
        raise Damaged(message)
    groups = {"run": _run_group(file), "scenario": _scenario_group(file)}
    columns = _columns(groups["run"])
    if has(file, "budget"):
        groups["budget"] = _budget_group(group_at(file, "budget"))
    groups["/"] = _root_group(file, columns)
    if digest(groups) != said.get(CONTENT_SHA256):
        message = "its contents are not as they were written"
        raise Damaged(message)
    return _assemble(path, groups, columns, _kept(file))


def _assemble(path: str, groups: Mapping[str, Group], columns: Columns, kept: int) -> Result:
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
        histograms={group: _histogram(root, group) for group in rows_of(columns) if group in AXIS_OF},
        kept=kept,
        identity_sha256=str(run["identity_sha256"]),
        plan_digest=str(run["plan_digest"]),
    )


def _root_group(file: h5py.File, columns: Columns) -> Group:
    """Read every variable that a run with these columns has on its root."""
    variables = {axis: _variable(texts(texts_at(file, axis))) for axis in labels_of(columns)}
    shapes = {"percentile": ("float64", 1), "month": ("int32", 1), "bin": ("int32", 1), "bin_edge": ("int32", 1)}
    for group in rows_of(columns):
        if group in AXIS_OF:
            shapes |= {name: ("float64", rank) for name, rank in figure_names(group)}
            rank = 2 if AXIS_OF[group] else 1
            shapes |= {f"{group}_histogram": ("int64", rank), f"{group}_histogram_edges": ("float64", rank)}
    attributes = attributes_at(file)
    attributes.pop(CONTENT_SHA256, None)
    return Group({**variables, **_number_variables(file, shapes)}, attributes)


def _scenario_group(file: h5py.File) -> Group:
    target = group_at(file, "scenario")
    variables = {"text": _variable(text(text_at(target, "text")))}
    inputs = ("input", *(f"input_{field}" for field in INPUT_FIELDS)) if has(target, "input") else ()
    for name in (*inputs, *(["override"] if has(target, "override") else [])):
        variables[name] = _variable(texts(texts_at(target, name)))
    return Group(variables, attributes_at(target))


def _run_group(file: h5py.File) -> Group:
    target = group_at(file, "run")
    named = ("column_group", "column_label", *(["warning"] if has(target, "warning") else []))
    variables = {name: _variable(texts(texts_at(target, name))) for name in named}
    return Group({**variables, **_number_variables(target, {"column_month": ("int32", 1)})}, attributes_at(target))


def _budget_group(target: h5py.Group) -> Group:
    return Group(_number_variables(target, dict.fromkeys(monthly_names(), ("float64", 1))), attributes_at(target))


def _number_variables(target: h5py.Group, shapes: Mapping[str, tuple[str, int]]) -> dict[str, Variable]:
    return {name: _variable(numbers_at(target, name, kind, rank)) for name, (kind, rank) in shapes.items()}


def _variable(data: NDArray[np.generic]) -> Variable:
    """Wrap data whose axes no longer matter."""
    return Variable((), data)


def _columns(run: Group) -> Columns:
    parts = (run.variables[name].data.tolist() for name in ("column_group", "column_label", "column_month"))
    return tuple(zip(*parts, strict=True))


def _kept(file: h5py.File) -> int:
    """Find how many scenarios are kept; `Result.samples` checks each array against it."""
    if not has(file, "samples"):
        return 0
    return int(plain_dataset(group_at(file, "samples"), sample_name("total"), "float64", 1).size)


def _scenario_info(group: Group) -> ScenarioInfo:
    data = {name: variable.data.tolist() for name, variable in group.variables.items()}
    months = int(group.attributes["months"])
    if not 1 <= months <= LONGEST_HORIZON:
        message = f"it claims {months} months"
        raise Damaged(message)
    rows = zip(data.get("input", ()), *(data.get(f"input_{field}", ()) for field in INPUT_FIELDS), strict=True)
    inputs = tuple(InputInfo(name, **dict(zip(INPUT_FIELDS, values, strict=True))) for name, *values in rows)
    said = {key: str(group.attributes[key]) for key in SCENARIO_TEXTS}
    return ScenarioInfo(**said, months=months, overrides=tuple(data.get("override", ())), inputs=inputs, text=data["text"])


def _run_info(attributes: Mapping[str, Attribute], path: str) -> RunInfo:
    texts_of = {key: str(attributes[key]) for key in RUN_TEXTS}
    numbers_of = {key: int(attributes[key]) for key in RUN_NUMBERS}
    known: dict[str, Any] = {**texts_of, **numbers_of}
    return RunInfo(**known, seconds=float(attributes["seconds"]), result=path)


def _histogram(root: Mapping[str, NDArray[np.generic]], group: str) -> Histogram:
    edges, counts = (np.atleast_2d(root[f"{group}_{name}"]) for name in ("histogram_edges", "histogram"))
    return Histogram(edges, counts)
