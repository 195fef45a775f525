"""A run: a scenario simulated, its figures in a result file."""

from __future__ import annotations

import os
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.api.results import open_result
from simcost.api.scenarios import reviewed_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simcost.analysis.figures import Figures
    from simcost.api.path import PathLike
    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Progress
    from simcost.results.file.samples import Keep
    from simcost.results.result import Result
    from simcost_kernels.summaries.summary import Summary


@checked
def run(  # noqa: PLR0913 - a run is that many choices, all but one with a default
    path: PathLike,
    *,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    first: int = 0,
    backend: str = "auto",
    workers: int | None = None,
    percentiles: float | str | Iterable[float | str] = (),
    keep: Keep = "auto",
    output: PathLike | None = None,
    force: bool = False,
    budgeted: bool = False,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> Result:
    """Simulate a scenario and write its result file.

    Parameters
    ----------
    path, option, overrides
        See `load`.
    n
        Number of scenarios, at most so many if the file has ``sampling.stop``; else the file's.
    seed
        0 to 2**64 - 1; else the file's.
    first
        Number of the first scenario: scenarios ``first`` to ``first + n`` are run.
    backend
        ``auto``, or one that ``simcost doctor`` names.
    workers
        Threads, or processes where the back end is the reference; else as many as help. It never changes a figure.
    percentiles
        More percentiles than the usual ones, in percent: one, or several, 97.5 or ``"p97.5"`` each.
    keep
        How many scenarios to keep as samples: ``all``, ``none``, a number, or ``auto`` for what fits 256 MB.
    output
        Result file; else one under ``results/`` named after the scenario.
    force
        Replace a file that holds something else.
    budgeted
        Refuse a scenario without a budget before it runs.
    progress
        Called after each block with scenarios done, scenarios wanted and a summary of the total so far.
    notice
        Told what takes a while before the first block.

    Returns
    -------
    Result
        Figures and provenance, and the way to the samples.

    Raises
    ------
    ScenarioError, UsageError, ResultError, BackendError, UndefinedCostError
        Each with where, what and remedy; nothing is left half-written.
    """
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.analysis.estimates.precision import gain_warning
    from simcost.engine.dealing import span_asked
    from simcost.engine.preparation.prepared import prepared
    from simcost.engine.processors import workers_for
    from simcost.engine.stopping import looks, simulate_until
    from simcost.results.drawing import check_keep, drawn, is_enough
    from simcost.results.run_info import run_info
    from simcost.results.store import ResultWriter
    from simcost.scenario.sections.budget import REMEDY_OF_A_RUN, require_budget

    started = perf_counter()
    compiled = reviewed_model(path, option, overrides)
    scenario, plan = compiled.scenario, compiled.plan
    if budgeted:
        require_budget(scenario, remedy=REMEDY_OF_A_RUN)
    span = span_asked(plan, scenario.sampling, n=n, seed=seed, first=first, workers=workers)
    stop = scenario.sampling.stop
    schedule = looks(span.n) if stop else (span.n,)
    check_keep(keep, schedule)
    confidence = confidence_of_each(len(schedule))
    with (
        ResultWriter(
            None if output is None else os.fspath(output),
            scenario=scenario,
            plan=plan,
            span=span,
            at_least=schedule[0],
            keep=keep,
            force=force,
        ) as writer,  # first, so that nobody waits for a compiler to be told that a file is in the way
        prepared(plan, backend, n=span.n, workers=workers, notice=notice) as kernel,
    ):
        summary = simulate_until(
            lambda summary: is_enough(summary, plan, stop, confidence),
            kernel,
            replace(span, workers=span.workers or workers_for(kernel)),
            schedule=schedule,
            sinks=writer.sinks,
            wanted=writer.kept,
            progress=progress,
        )
        found = _figures(compiled, summary, cast("tuple[float, ...]", percentiles), confidence)  # `checked` has read them
        ran = drawn(run_info([kernel], span, seconds=perf_counter() - started), summary, plan, stop, len(schedule))
        warnings = (*compiled.warnings, *gain_warning(plan.sampling.method, ran.interval_ratio))
        writer.finish(summary, found, ran, warnings=warnings)
    return open_result(writer.path)


def _figures(compiled: Compiled, summary: Summary, percentiles: tuple[float, ...], confidence: float) -> Figures:
    """Read the figures of a run off its summary."""
    from simcost.analysis.figures import figures
    from simcost.compile.calendar import month_names

    return figures(
        tuple(compiled.plan.columns()),
        summary,
        percentiles=percentiles,
        month_names=month_names(compiled.scenario),
        budget=compiled.scenario.budget,
        confidence=confidence,
    )
