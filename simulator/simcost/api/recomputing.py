"""Telling one future of a run again, and checking a result file against what is recomputed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.errors import UsageError
from simcost.scenario import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.future import Future
    from simcost.analysis.nearest_scenario import Near
    from simcost.api.path import PathLike
    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Progress
    from simcost.report.replay.answer import Replay
    from simcost.results.result import Result
    from simcost.results.verification import Verification
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan

    Totals = Callable[[Plan, int, int, int], Array]


@checked
def replay(  # noqa: PLR0913 - which future of which run, and how to find it
    path: PathLike,
    *,
    scenario: int | None = None,
    near: float | str | None = None,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    data: PathLike = ".",
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> Replay:
    """Recompute one future of a run, with everything that it rests on month by month.

    Parameters
    ----------
    path
        A result file, or a scenario file.
    scenario
        Number of the future, from 0.
    near
        A percentile, 95 or ``p95``: take the future whose total is nearest to it.
    option, overrides, n, seed
        Of the run that a scenario file would have; see `run`. A result knows its own.
    data
        Folder of the data files that the scenario of a result names.
    backend, workers, progress, notice
        For the search of ``near``, where totals have to be recomputed; see `run`.

    Raises
    ------
    ScenarioError, UsageError, ResultError, BackendError, UndefinedCostError
        If the file is invalid or damaged, its run cannot be recomputed here, or there is no such future.
    """
    from simcost.analysis.nearest_scenario import MOST_SEARCHED, totals
    from simcost.analysis.work import Work
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.spans import Span
    from simcost.results.file.guarded import looks_like_result

    if (scenario is None) == (near is None):
        message = "which future? Give its number, `scenario=123456`, or a percentile, `near='p95'`; one of them."
        raise UsageError(message)
    percentile = cast("float | None", near)  # `checked` has read it

    def recomputed(plan: Plan, seed: int, first: int, n: int) -> Array:
        return totals(plan, Work(backend, Span(seed, first, min(n, MOST_SEARCHED), workers or 0), progress, notice))

    if looks_like_result(Path(path)):
        if option or overrides or n is not None or seed is not None:
            message = f"{path}: is a result, which is replayed as it ran. Give the scenario file to replay it otherwise."
            raise UsageError(message)
        return _of_result(path, data, number=scenario, near=percentile, recomputed=recomputed)
    compiled = compile_scenario(load(path, option, tuple(overrides)))
    sampling = compiled.scenario.sampling
    seed, n = sampling.seed if seed is None else seed, sampling.scenarios if n is None else n
    return _of_scenario(compiled, seed, n, number=scenario, near=percentile, recomputed=recomputed)


def _of_result(path: PathLike, data: PathLike, *, number: int | None, near: float | None, recomputed: Totals) -> Replay:
    """Replay a scenario of a result file: a given one, or the one nearest to a percentile."""
    from simcost.analysis.future import future
    from simcost.results.read import open_result
    from simcost.results.recompiled import recompile

    result = open_result(Path(path))
    run = result.run
    if number is not None and not run.first <= number < run.first + run.scenarios:
        theirs = f"it has {run.first:,} to {run.first + run.scenarios - 1:,}"
        message = f"{result.path}: has no scenario {number:,}: {theirs}. Give one of them, or replay the scenario file."
        raise UsageError(message)
    compiled = recompile(result, data)
    found = None
    if near is not None:
        number, found = _nearest_in_result(result, compiled.plan, near, recomputed)
    told = future(compiled.scenario, number or 0, run.seed)
    place = told.number - run.first
    stored = float(result.samples("total")[0, place]) if place < result.kept else None
    return _replay(compiled, told, found, path=result.path, stored=stored)


def _nearest_in_result(result: Result, plan: Plan, percentile: float, recomputed: Totals) -> tuple[int, Near]:
    """Look through the kept totals if all were kept, else through recomputed ones."""
    from simcost.analysis.estimates.intervals import probability
    from simcost.analysis.estimates.quantiles import quantiles
    from simcost.analysis.nearest_scenario import Near, nearest

    run = result.run
    (wanted,) = quantiles(result.summary(), 0, (probability(percentile),))
    whole = result.kept == run.scenarios
    values = result.samples("total")[0] if whole else recomputed(plan, run.seed, run.first, run.scenarios)
    return run.first + nearest(values, wanted.value), Near(percentile, wanted.value, len(values))


def _of_scenario(compiled: Compiled, seed: int, n: int, *, number: int | None, near: float | None, recomputed: Totals) -> Replay:
    """Replay a scenario of a run that has left no result: of ``n`` scenarios from the first, if one is searched."""
    from simcost.analysis.future import future
    from simcost.analysis.nearest_scenario import nearest_to_percentile
    from simcost.engine.dealing import check_range

    found = None
    if near is not None:
        check_range(compiled.plan, 0, n, seed)
        number, found = nearest_to_percentile(recomputed(compiled.plan, seed, 0, n), near)
    return _replay(compiled, future(compiled.scenario, number or 0, seed), found)


def _replay(compiled: Compiled, told: Future, near: Near | None, *, path: str = "", stored: float | None = None) -> Replay:
    from simcost.analysis.budgets.exceeded import exceeded
    from simcost.report.replay.answer import Replay
    from simcost.results.run_info import scenario_info, simcost_version
    from simcost.scenario.lint.remarks import warnings_of

    scenario = compiled.scenario
    approved = scenario.budget.total if scenario.budget else None
    warnings = (*warnings_of(scenario), *compiled.warnings)
    belongs = (scenario.sampling.method, simcost_version(), path, near, stored, exceeded(scenario, told), warnings)
    return Replay(scenario_info(scenario), told, approved, *belongs)


@checked
def verify(
    path: PathLike,
    *,
    seed: int = 1,
    everything: bool = False,
    data: PathLike = ".",
    progress: Progress | None = None,
) -> Verification:
    """Check a result file: every byte, its figures, and scenarios of it against recomputed ones, bit for bit.

    See `simcost.results.verification.verify`; ``data`` is the folder of the data files that its scenario names.

    Raises
    ------
    ResultError
        If the file is damaged, or its scenario does not compile here to the plan that ran.
    """
    from simcost.results.verification import verify as check

    return check(path, data, seed=seed, everything=everything, progress=progress)
