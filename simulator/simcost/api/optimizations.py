"""What to decide so that a figure of the total is small."""

from __future__ import annotations

import os
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.errors import UsageError
from simcost.scenario import load
from simcost.scenario.problems import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.optimize.trial import Trial
    from simcost.api.path import PathLike
    from simcost.report.optimize.answer import OptimizeReport
    from simcost.scenario.sections.optimization import Optimization

MOST_SCENARIOS = 262_144
"""Scenarios of a trial, unless more are asked for: a P95 to some tenths of a per cent, and trials share their draws."""


@checked
def optimize(  # noqa: PLR0913 - a search is that many choices
    path: PathLike,
    *,
    minimise: str = "",
    trials: int | None = None,
    frontier: int = 0,
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Callable[[Trial, int], None] | None = None,
    notice: Callable[[str], None] | None = None,
) -> OptimizeReport:
    """Find the decisions that make a figure of the total smallest, as a file's ``[optimize]`` says.

    Parameters
    ----------
    minimise
        ``mean``, ``cvar95`` or a percentile such as ``p95``; else the file's.
    trials
        Most new trials of the search; 200 without.
    frontier
        Points of the frontier of mean and risk at most, each searched for besides; without, up to ten of the trials.
    n
        Scenarios of a trial; else the file's, at most 262,144.
    progress
        Called after each trial with it and its number.
    overrides, seed, backend, workers, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError
        Each with where, what and remedy; a UsageError if the file decides nothing, or no trial keeps the limits.
    """
    from simcost.analysis.optimize.optimum import MOST_TRIALS, optimum
    from simcost.analysis.optimize.trial import Trials
    from simcost.analysis.work import Work
    from simcost.compile.compiled import compile_scenario
    from simcost.compile.studies.trials import compile_trial
    from simcost.engine.dealing import span_asked
    from simcost.report.optimize.answer import OptimizeReport
    from simcost.results.run_info import provenance_of, scenario_info
    from simcost.scenario.lint.remarks import reviewed

    started = perf_counter()
    scenario = load(os.fspath(path), overrides=tuple(overrides))
    if scenario.optimization is None:
        message = (
            f"{os.fspath(path)}: has no [optimize] table. Say what may be decided: [[optimize.decision]] with set, from, to."
        )
        raise UsageError(message)
    fewer = min(scenario.sampling.scenarios, MOST_SCENARIOS) if n is None else n
    plan = compile_trial(scenario, scenario.optimization.events)
    span = span_asked(plan, scenario.sampling, n=fewer, seed=seed, workers=workers)
    asked = _minimising(scenario.optimization, minimise) if minimise else scenario.optimization
    work = Work(backend, span, notice=notice)
    tried = Trials(os.fspath(path), asked, work, overrides=tuple(overrides), told=progress)
    found = optimum(tried, most=MOST_TRIALS if trials is None else trials, weights=frontier)
    run = provenance_of(plan, span, found.computed, seconds=perf_counter() - started)
    warnings = (*compile_scenario(reviewed(found.scenario)).warnings, *found.prepaid)
    return OptimizeReport(found, scenario_info(scenario), run, warnings)


def _minimising(optimization: Optimization, figure: str) -> Optimization:
    """Return the same with another figure to be small."""
    from simcost.scenario.sections.optimization import figure_of

    findings = Findings()
    found = figure_of(figure, (), findings)
    if found is None:
        (wrong,) = findings.found
        message = f"`minimise`: {wrong.what}. {wrong.remedy}"
        raise UsageError(message)
    return replace(optimization, minimise=found)
