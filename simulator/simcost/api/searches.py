"""One number of a scenario at several values, or at the value that meets a target."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from itertools import product
from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.searches.seeking import Names
    from simcost.api.path import PathLike
    from simcost.compile.studies.grid import Grid
    from simcost.engine.simulate import Progress
    from simcost.report.search.answers import SeekReport, SweepReport
    from simcost.scenario.scenario import ApprovedPart, Scenario

MOST_POINTS = 400
"""Points of a sweep."""


@checked
def sweep(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    grids: Sequence[str],
    *,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> SweepReport:
    """Run a scenario with one number, or two, at several values, in the same futures.

    Parameters
    ----------
    grids
        One or two texts such as ``inputs.gpu_price=9,10,11``; see `simcost.compile.studies.grid.read_grid`.
    path, option, overrides, n, seed, backend, workers, progress, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError
        Each with where, what and remedy.
    """
    from simcost.analysis.searches.sweeping import sweep as swept_over
    from simcost.analysis.work import Work
    from simcost.compile.compiled import compile_scenario
    from simcost.compile.studies.grid import read_grid, with_values
    from simcost.engine.dealing import span_of
    from simcost.report.search.answers import SweepPoint, SweepReport
    from simcost.results.run_info import run_info, scenario_info
    from simcost.scenario import load
    from simcost.scenario.lint.remarks import warnings_where_tried

    started, name = perf_counter(), os.fspath(path)
    scenario = load(name, option, tuple(overrides))
    read = tuple(read_grid(text, scenario) for text in tuple(grids))
    points = tuple(product(*(grid.values for grid in read)))
    _check_points(read, points)
    models = [compile_scenario(with_values(scenario, read, values)) for values in points]
    work = Work(backend, span_of(scenario.sampling, n=n, seed=seed, workers=workers), notice=notice)
    kernels, span = work.kernels_of_models(models)
    swept = swept_over(kernels, span, approved=_approved(scenario), progress=progress)
    return SweepReport(
        scenario=scenario_info(scenario),
        grids=read,
        points=tuple(
            SweepPoint(values, each.total, each.probability_within, each.kept, each.change)
            for values, each in zip(points, swept, strict=True)
        ),
        non_finite=max(each.non_finite for each in swept),
        run=run_info(kernels, span, seconds=perf_counter() - started),
        warnings=(
            *warnings_where_tried(scenario, (models[0].scenario, models[-1].scenario)),
            *dict.fromkeys(warning for model in models for warning in model.warnings),
        ),
    )


@checked
def seek(  # noqa: PLR0913 - the choices of a search and of a run
    path: PathLike,
    target: str,
    *,
    percentile: float | str | None = None,
    at_most: str | float | None = None,
    between: str = "",
    whole: bool = False,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> SeekReport:
    """Find the value of one number at which a percentile of the total just meets a sum, or percentiles every approved one.

    Parameters
    ----------
    target
        As ``--set`` names it: ``inputs.gpu_price``.
    percentile
        Of the total, 95 or ``p95``; else the confidence of the file's budget.
    at_most
        The sum, ``"6000000 CNY"`` or a number in the scenario's currency; else the file's approved one, and if quarters,
        fiscal years, categories, stages or owners have sums, these too: the value keeps the percentile of each within its own.
    between
        ``LOW,HIGH``: where to look, with a unit if the target is no input; else from an uncertain input's P1 to its P99, from
        half of a certain one to twice it.
    whole
        Only whole numbers will do, as of a month or a term in any case.
    path, option, overrides, n, seed, backend, workers, progress, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy; a UsageError if no value meets the target, or the percentile goes up and down.
    """
    from simcost.analysis.searches.percentile_function import PercentileFunction
    from simcost.analysis.searches.seeking import Search
    from simcost.analysis.searches.seeking import seek as search_for
    from simcost.analysis.work import Work
    from simcost.compile.studies.grid import at_ends, range_to_seek, takes_whole_numbers
    from simcost.engine.dealing import span_of
    from simcost.report.search.answers import SeekReport
    from simcost.results.run_info import run_info, scenario_info
    from simcost.scenario import load
    from simcost.scenario.lint.remarks import warnings_where_tried

    started, name = perf_counter(), os.fspath(path)
    scenario = load(name, option, tuple(overrides))
    level, sums = _asked(scenario, cast("float | None", percentile), at_most)  # `checked` has read the percentile
    grid = range_to_seek(target, between, scenario)
    work = Work(backend, span_of(scenario.sampling, n=n, seed=seed, workers=workers), progress, notice)
    function = PercentileFunction(scenario, grid, percent=level, sums=sums, work=work)
    goal, ends = sums[0].approved if len(sums) == 1 else 0.0, (grid.values[0], grid.values[-1])
    names = _names(grid, level, sums, scenario.currency)
    if len(sums) > 1:
        names = replace(names, limiting=lambda value: f" ({_called(sums[function.limiting(value)]) or 'the whole'})")
    whole = whole or (not grid.unit and takes_whole_numbers(scenario, grid))
    sought = search_for(Search(goal, ends, function.percentile, function.difference, whole, names))
    limiting, (kernels, span) = function.limiting(sought.beyond), function.last
    return SeekReport(
        scenario=scenario_info(scenario),
        target=grid.target,
        unit=grid.unit,
        percentile=level,
        at_most=sums[limiting].approved,
        period=_called(sums[limiting]),
        several=len(sums) > 1,
        sought=replace(
            sought,
            at_value=function.figures[sought.value][limiting],
            at_beyond=function.figures[sought.beyond][limiting],
        ),
        run=run_info(kernels, span, seconds=perf_counter() - started),
        warnings=(*warnings_where_tried(scenario, at_ends(scenario, grid)), *function.warnings, *_misread(level)),
    )


def _misread(level: float) -> tuple[str, ...]:
    """Warn of a percentile below 1: who writes 0.95 means the 95th as a rule."""
    if level >= 1.0:
        return ()
    return (
        f"P{level:g} is what {level:g} % of the scenarios do not exceed. If P{100 * level:g} is meant, write {100 * level:g}.",
    )


def _asked(scenario: Scenario, percentile: float | None, at_most: str | float | None) -> tuple[float, tuple[ApprovedPart, ...]]:
    """Return the percentile, in percent, and the most that it may be: what is not given is the budget's, by period too."""
    from simcost.analysis.figures import percentile_of
    from simcost.scenario.scenario import ApprovedPart
    from simcost.scenario.sections.budget import asked_budget

    budget = scenario.budget
    parts = budget.sums if budget and at_most is None else ()
    approved = budget.total if budget else None
    level = percentile_of(budget) if budget else None
    if at_most is not None:
        approved = asked_budget(at_most, None, scenario.currency, said="at_most").total
    if percentile is not None:
        level = percentile
    if level is None or approved is None:
        message = f'{scenario.path}: has no [budget]. Give `percentile=95` and `at_most="6000000 {scenario.currency}"`.'
        raise UsageError(message)
    return level, (ApprovedPart("total", "", approved), *parts)


def _called(part: ApprovedPart) -> str:
    """Return what a report calls a part: a period by its name alone, the total by none."""
    from simcost.scenario.scenario import APPROVED_GROUPS, BY_PERIOD

    return f"{part.group.removesuffix(BY_PERIOD)} {part.label}" if part.group in APPROVED_GROUPS else part.label


def _names(grid: Grid, level: float, sums: Sequence[ApprovedPart], currency: str) -> Names:
    """Tell a search what its messages call things."""
    from simcost.analysis.searches.seeking import Names
    from simcost.report.parts.money import decimals_for, money, quantity

    decimals = decimals_for([sums[0].approved])
    return Names(
        grid.target,
        partial(quantity, unit=grid.unit),
        lambda value: f"{money(value, decimals)} {currency}",
        f"the total's P{level:g}" if len(sums) == 1 else f"the most by which a P{level:g} exceeds its approved sum",
        "" if grid.target.startswith(("inputs.", "drivers.")) else grid.unit,
    )


def _check_points(grids: Sequence[Grid], points: Sequence[tuple[float, ...]]) -> None:
    """Refuse more numbers or points than a table shows."""
    if not 1 <= len(grids) <= 2 or len({grid.target for grid in grids}) < len(grids):
        message = f"{len(grids)} numbers are to be swept. Give one or two, different ones: inputs.a=1,2 inputs.b=3,4."
        raise UsageError(message)
    if len(points) > MOST_POINTS:
        message = f"{len(points):,} points are to be run, and {MOST_POINTS} are the most. Give fewer values."
        raise UsageError(message)


def _approved(scenario: Scenario) -> float | None:
    return scenario.budget.total if scenario.budget else None
