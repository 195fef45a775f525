"""What ``simcost replay`` tells: one future, where it was found, and whether the result file has it with the same total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.future import future
from simcost.analysis.intervals import quantile_rank
from simcost.analysis.nearest_scenario import MOST_SEARCHED, nearest, totals
from simcost.analysis.quantiles import quantiles
from simcost.compile.compiled import compile_scenario
from simcost.engine.backend import AUTO
from simcost.engine.dealing import check_range
from simcost.engine.stopping import Span
from simcost.errors import UndefinedCostError, UsageError
from simcost.results.recompiled import recompile
from simcost.results.run_info import scenario_info, simcost_version

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simcost.analysis.future import Future
    from simcost.engine.simulate import Progress
    from simcost.results.result import Result
    from simcost.results.run_info import ScenarioInfo
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Near:
    """How a scenario was picked.

    Parameters
    ----------
    percentile
        In percent.
    value
        That percentile of the total.
    searched
        How many scenarios were looked through for the one nearest to it.
    """

    percentile: float
    value: float
    searched: int


@dataclass(frozen=True, slots=True)
class NearestSearch:
    """How to search where totals have to be recomputed; ``workers`` 0 is as many threads as help."""

    backend: str = AUTO
    workers: int = 0
    progress: Progress | None = None
    notice: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """One future, and what it belongs to.

    Parameters
    ----------
    method
        How the future was drawn.
    version
        Of simcost, that recomputed it.
    path
        The result file; empty if a scenario file was replayed.
    stored
        Its total in the result file; None if it was not kept.
    """

    scenario: ScenarioInfo
    future: Future
    approved: float | None
    method: str
    version: str
    path: str = ""
    near: Near | None = None
    stored: float | None = None

    def _repr_html_(self) -> str:
        """Return the tables of ``simcost replay`` for a notebook."""
        from simcost.report.page import page_html
        from simcost.report.replay_text import replay_page

        return page_html(replay_page(self))

    @property
    def matches(self) -> bool | None:
        """Whether the stored total is the recomputed one to the last bit; None if none is stored."""
        if self.stored is None:
            return None
        return self.stored == self.future.total or (self.stored != self.stored and self.future.total != self.future.total)


def replay_result(
    result: Result, folder: str | os.PathLike[str], *, number: int | None, near: float | None, search: NearestSearch
) -> Replay:
    """Replay a scenario of a result file: a given one, or the one nearest to a percentile.

    Raises
    ------
    ResultError, UsageError
        If the result cannot be recomputed here, or has no such scenario.
    """
    run = result.run
    if number is not None and not run.first <= number < run.first + run.scenarios:
        theirs = f"it has {run.first:,} to {run.first + run.scenarios - 1:,}"
        message = f"{result.path}: has no scenario {number:,}: {theirs}. Give one of them, or replay the scenario file."
        raise UsageError(message)
    compiled = recompile(result, folder)
    found = None
    if near is not None:
        number, found = _nearest_in_result(result, compiled.plan, near, search)
    told = future(compiled.scenario, number or 0, run.seed)
    place = told.number - run.first
    stored = float(result.samples("total")[0, place]) if place < result.kept else None
    return _replay(compiled.scenario, told, result.path, found, stored)


def replay_scenario(
    scenario: Scenario, seed: int, n: int, *, number: int | None, near: float | None, search: NearestSearch
) -> Replay:
    """Replay a scenario of a run that has left no result: of ``n`` scenarios from the first, if one is searched."""
    found = None
    if near is not None:
        plan = compile_scenario(scenario).plan
        check_range(plan, 0, n, seed)
        number, found = _nearest_of(_recomputed(plan, Span(seed, 0, min(n, MOST_SEARCHED), search.workers), search), near)
    return _replay(scenario, future(scenario, number or 0, seed), "", found, None)


def _replay(scenario: Scenario, told: Future, path: str, near: Near | None, stored: float | None) -> Replay:
    approved = sum(scenario.budget.approved) if scenario.budget else None
    return Replay(scenario_info(scenario), told, approved, scenario.sampling.method, simcost_version(), path, near, stored)


def _nearest_in_result(result: Result, plan: Plan, percentile: float, search: NearestSearch) -> tuple[int, Near]:
    """Look through the kept totals if all were kept, else through recomputed ones."""
    run = result.run
    (wanted,) = quantiles(result.summary(), 0, (percentile / 100.0,))
    if result.kept == run.scenarios:
        values = result.samples("total")[0]
    else:
        values = _recomputed(plan, Span(run.seed, run.first, min(run.scenarios, MOST_SEARCHED), search.workers), search)
    return run.first + nearest(values, wanted.value), Near(percentile, wanted.value, len(values))


def _nearest_of(values: NDArray[np.float64], percentile: float) -> tuple[int, Near]:
    """Return the scenario whose total is a percentile of all, an order statistic, and the first if several have it."""
    finite = np.sort(values[np.isfinite(values)])
    if not len(finite):
        message = "no scenario has a finite total, so none is near a percentile. Replay one by its number: --scenario 0."
        raise UndefinedCostError(message)
    wanted = float(finite[quantile_rank(len(finite), percentile / 100.0)])
    return nearest(values, wanted), Near(percentile, wanted, len(values))


def _recomputed(plan: Plan, span: Span, search: NearestSearch) -> NDArray[np.float64]:
    return totals(plan, span, backend=search.backend, progress=search.progress, notice=search.notice)
