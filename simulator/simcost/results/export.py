"""A result as a table for other programs: CSV, Parquet, Excel."""

from __future__ import annotations

import csv
from dataclasses import asdict, astuple, dataclass, fields
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simcost.compile.costs import BY_MONTH
from simcost.errors import ResultError, UsageError
from simcost.results.file.budget_arrays import NUMBERS, monthly_estimates, single_estimates
from simcost.results.file.figure_arrays import FIELD_OF, MOMENTS
from simcost.results.file.part_arrays import part_estimates
from simcost.results.temporary import TemporaryFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.part_budget import PartBudget
    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics
    from simcost.results.result import Result
    from simcost.results.run_info import RunInfo, ScenarioInfo

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text in a CSV file that begins so for a formula; names come from a stranger's file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Parameters
    ----------
    group, name, month
        What it belongs to: ``total``, ``present_value``; ``category``, ``line``, ``stage``, ``owner``, ``quarter``,
        ``fiscal_year``, ``pool`` and a name; ``month``, ``cumulative`` and a month; ``category_by_month``, ... a name and a
        month; ``sizing``, a pool and a month; ``budget``; ``budget_category``, ``budget_stage``, ``budget_owner`` and a name.
        Those of another view than the run's begin with its name: ``amortised_total``.
    statistic
        ``mean``, ``sd``, ``min``, ``max``, ``p95``, ``probability`` of a pool's sizing month, or a figure of the budget.
    value, low, high
        The figure and its 95 % confidence interval; None where there is none.
    unit
        The currency, ``1``, or the unit of a pool's devices.
    """

    group: str
    name: str
    month: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    unit: str


class Tabular(Protocol):
    """What has rows: a result, or an answer."""

    @property
    def scenario(self) -> ScenarioInfo:
        """Which scenario was asked about."""

    @property
    def run(self) -> RunInfo:
        """How it was computed."""

    def rows(self) -> tuple[Row, ...]:
        """Every figure."""


def export(answer: Tabular, kind: str, path: Path | str) -> None:
    """Write every figure, one in a row.

    Parameters
    ----------
    kind
        ``csv``, ``parquet`` or ``xlsx``; the last two need the extra ``export``.
    path
        Replaced if it exists; nothing appears there unless the whole file is written.

    Raises
    ------
    UsageError
        If there is no such kind.
    ResultError
        If a library is missing, or the file cannot be written.
    """
    if kind not in WRITERS:
        message = f"no export as {kind!r}. Give one of: {', '.join(WRITERS)}."
        raise UsageError(message)
    final = Path(path)
    if final.is_dir() or not final.parent.is_dir():
        reason = "is a folder" if final.is_dir() else f"{final.parent} is no folder"
        message = f"{final}: {reason}. Name a file in a folder that exists."
        raise ResultError(message)
    with TemporaryFile(final) as temporary:
        try:
            WRITERS[kind](answer, temporary.path)
            temporary.publish(temporary.path.stat().st_size)
        except OSError as error:
            message = f"{final}: cannot be written: {error.strerror or error}. Free space, or write elsewhere."
            raise ResultError(message) from error


def format_of(path: Path, remedy: str = 'Name the format with `format="csv"`.') -> str:
    """Return the format that a file's name ends in; otherwise ``remedy`` says what to do.

    Raises
    ------
    UsageError
        If it ends in none.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in WRITERS:
        message = f"{path} does not end in {', '.join(f'.{each}' for each in WRITERS)}. {remedy}"
        raise UsageError(message)
    return kind


def rows(result: Result) -> Iterator[Row]:
    """Yield every figure, in the order of the printed table."""
    figures, currency = result.figures, result.scenario.currency
    yield from statistics_rows("total", "", "", figures.total, currency)
    if figures.present_value:
        yield from statistics_rows("present_value", "", "", figures.present_value, currency)
    yield from _parts(figures, currency)
    yield from _budget(figures, currency)
    yield from _pools(figures, dict(result.scenario.pools))
    if figures.other_view:
        prefix, others = f"{figures.other_view.name}_", figures.other_view.figures
        yield from statistics_rows(f"{prefix}total", "", "", others.total, currency)
        yield from _parts(others, currency, prefix)


def _parts(figures: Figures, currency: str, prefix: str = "") -> Iterator[Row]:
    for group, field in FIELD_OF.items():
        for name, item in getattr(figures, field).items():
            yield from statistics_rows(prefix + group, name, "", item, currency)
    for group, part in (("month", "total"), ("cumulative", "cumulative")):
        for month in figures.months:
            yield from statistics_rows(prefix + group, "", month.month, getattr(month, part), currency)
    for group, items in figures.by_month.items():
        for name, months in items.items():
            for month, item in zip(figures.months, months, strict=True):
                yield from statistics_rows(f"{prefix}{group}{BY_MONTH}", name, month.month, item, currency)


def _pools(figures: Figures, units: Mapping[str, str]) -> Iterator[Row]:
    for name, pool in figures.pools.items():
        yield from statistics_rows("pool", name, "", pool.devices, units[name])
    for name, pool in figures.pools.items():
        for month, share in zip(figures.months, pool.sized_in, strict=True):
            yield Row("sizing", name, month.month, "probability", _number(share.value), share.low, share.high, "1")


def statistics_rows(group: str, name: str, month: str, item: Statistics, currency: str) -> Iterator[Row]:
    """Yield moments and percentiles of a part."""
    for moment in MOMENTS:
        yield Row(group, name, month, moment, _number(getattr(item, moment)), None, None, currency)
    for each in item.percentiles:
        yield Row(group, name, month, f"p{each.p:.15g}", _number(each.value), each.low, each.high, currency)


def _budget(figures: Figures, currency: str) -> Iterator[Row]:
    budget = figures.budget
    if budget is None:
        return
    for name in NUMBERS:
        yield Row("budget", "", "", name, getattr(budget, name), None, None, currency if name == "approved" else "1")
    for name, estimate in single_estimates(budget).items():
        unit = "1" if name.startswith("p") else currency
        yield Row("budget", "", "", name, _number(estimate.value), estimate.low, estimate.high, unit)
    for name, estimates in monthly_estimates(budget).items():
        for month, estimate in zip(figures.months, estimates, strict=False):
            yield Row("budget", "", month.month, name, _number(estimate.value), estimate.low, estimate.high, "1")
    yield from _budget_periods(budget, currency)
    for each in budget.parts:
        yield from part_rows("budget", each, currency)


def _budget_periods(budget: BudgetFigures, currency: str) -> Iterator[Row]:
    for each in budget.periods:
        yield Row("budget", each.label, "", "approved", each.approved, None, None, currency)
        for name, unit in (("probability_within", "1"), ("sum_for_confidence", currency)):
            estimate = getattr(each, name)
            yield Row("budget", each.label, "", name, _number(estimate.value), estimate.low, estimate.high, unit)


def part_rows(group: str, each: PartBudget, currency: str) -> Iterator[Row]:
    """Yield what is approved for a part and how it is kept; the group is ``budget_owner`` for an owner of a budget."""
    group = f"{group}_{each.group}"
    yield Row(group, each.label, "", "approved", each.approved, None, None, currency)
    for name, estimate in part_estimates(each).items():
        unit = "1" if name == "probability_within" else currency
        yield Row(group, each.label, "", name, _number(estimate.value), estimate.low, estimate.high, unit)


def _write_csv(answer: Tabular, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(Row))
        writer.writerows([_inert(value) for value in astuple(row)] for row in answer.rows())


def _write_parquet(answer: Tabular, path: Path) -> None:
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    numeric = ("value", "low", "high")
    schema = arrow.schema([(field.name, arrow.float64() if field.name in numeric else arrow.string()) for field in fields(Row)])
    metadata = {"simcost.scenario_sha256": answer.scenario.sha256, "simcost.version": answer.run.version}
    table = arrow.Table.from_pylist([asdict(row) for row in answer.rows()], schema=schema.with_metadata(metadata))
    parquet.write_table(table, path)


def _write_xlsx(answer: Tabular, path: Path) -> None:
    """One sheet for each group, and one on the run; texts are written as texts, so none becomes a formula."""
    library = _library("xlsxwriter")
    workbook = library.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    money = workbook.add_format({"num_format": "#,##0.00"})
    groups: dict[str, list[Row]] = {}
    for row in answer.rows():
        groups.setdefault(row.group, []).append(row)
    for group, members in groups.items():
        _write_sheet(workbook.add_worksheet(group), members, money)
    _write_facts(workbook.add_worksheet("run"), answer)
    try:
        workbook.close()
    except library.exceptions.XlsxWriterException as error:
        raise OSError(str(error)) from error


def _write_sheet(sheet: Any, members: Iterable[Row], money: Any) -> None:
    sheet.write_row(0, 0, [field.name for field in fields(Row)])
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(members, start=1):
        form = None if row.unit == "1" else money
        for column, value in enumerate(astuple(row)):
            if isinstance(value, str):
                sheet.write_string(place, column, value)
            elif value is not None:
                sheet.write_number(place, column, value, form)


def _write_facts(sheet: Any, answer: Tabular) -> None:
    facts = {**asdict(answer.run), **{key: getattr(answer.scenario, key) for key in ("name", "sha256", "option")}}
    for place, (key, value) in enumerate(facts.items()):
        sheet.write_string(place, 0, key)
        sheet.write_string(place, 1, str(value))  # a seed of 64 bits does not fit a spreadsheet's number


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        message = f'{name.partition(".")[0]} is not installed. Install it with: pip install "simcost[export]"'
        raise ResultError(message) from error


def _inert(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_BEGINS) else value


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


WRITERS: dict[str, Callable[[Tabular, Path], None]] = {"csv": _write_csv, "parquet": _write_parquet, "xlsx": _write_xlsx}
