"""What a budget asks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.api.listed import listed
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.reserve_split import ReserveSplit
    from simcost.api.path import PathLike
    from simcost.engine.simulate import Progress
    from simcost.report.budget_report import BudgetReport
    from simcost.results.result import Result
    from simcost.scenario.scenario import Scenario


def budget(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    approved: str | float | None = None,
    confidence: float | None = None,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    output: PathLike | None = None,
    force: bool = False,
    split: bool = True,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> BudgetReport:
    """Answer what a budget asks: from a run of a scenario file, or without one from a result file.

    Parameters
    ----------
    path
        A scenario file; or a result file, which needs none of the choices of a run.
    approved, confidence
        The sum, ``"6000000 CNY"`` or a number in the scenario's currency, and the wanted probability; else the file's.
    output
        Where to leave the result file of a run; else it leaves none.
    split
        Whether to run the scenarios once more, to split the reserve over categories, stages and owners.
    option, overrides, n, seed, backend, workers, force, progress, notice
        See `run`.

    Raises
    ------
    ScenarioError, UsageError, ResultError, BackendError, UndefinedCostError
        As `run` does; a UsageError if there is no budget, or a choice of a run is given with a result.
    """
    from simcost.api import load, open_result, run
    from simcost.compile.base_estimate import base_estimate
    from simcost.report import budget_report as reporting
    from simcost.results.guarded import looks_like_result

    if confidence is not None and not 0.0 < confidence < 1.0:
        message = f"confidence {confidence:g} is not between 0 and 1. Give a number like 0.8."
        raise UsageError(message)
    if looks_like_result(Path(path)):
        if option or overrides or backend != "auto" or any(each is not None for each in (n, seed, workers, output)):
            message = f"{path}: is a result, which is read as it is. Give the scenario file to run it otherwise."
            raise UsageError(message)
        return reporting.report_of_result(open_result(path), approved, confidence)
    overrides = (*listed(overrides), *reporting.changes(approved, confidence))
    scenario = load(path, option=option, overrides=overrides)
    reporting.require_budget(scenario)
    with reporting.output_or_none(None if output is None else os.fspath(output)) as target:
        result = run(
            path,
            option=option,
            overrides=overrides,
            n=n,
            seed=seed,
            backend=backend,
            workers=workers,
            keep="none",
            output=target,
            force=force,
            progress=progress,
            notice=notice,
        )
        report = reporting.report_of_run(result, base_estimate(scenario), stays=output is not None)
        if not split:
            return report
        return reporting.with_split(report, _split(scenario, result, backend, workers, progress))


def _split(
    scenario: Scenario, result: Result, backend: str, workers: int | None, progress: Progress | None
) -> ReserveSplit | None:
    """Run the scenarios of a result once more."""
    from simcost.analysis.intervals import confidence_of_each
    from simcost.analysis.reserve_split import reserve_split
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.backend import prepared
    from simcost.engine.processors import workers_for
    from simcost.engine.stopping import Span
    from simcost.report.budget_report import partial_groups

    run = result.run
    with prepared(compile_scenario(scenario).plan, backend, n=run.scenarios) as kernel:
        return reserve_split(
            kernel,
            Span(run.seed, run.first, run.scenarios, workers or workers_for(kernel)),
            summary=result.summary(),
            level=scenario.budget.confidence if scenario.budget else 0.0,
            partial_groups=partial_groups(scenario),
            confidence=confidence_of_each(run.looks),
            progress=progress,
        )
