"""What simcost does, for the command line and for notebooks: parse, compile, run, store, read back.

Every function here is also an attribute of the package: ``import simcost; simcost.run("scenario.toml")``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.api.arguments import checked
from simcost.api.budgets import budget as budget
from simcost.api.comparisons import compare as compare
from simcost.api.influences import drivers as drivers
from simcost.api.influences import stress as stress
from simcost.api.optimizations import optimize as optimize
from simcost.api.recomputing import replay as replay
from simcost.api.recomputing import verify as verify
from simcost.api.reviews import lint as lint
from simcost.api.searches import seek as seek
from simcost.api.searches import sweep as sweep
from simcost.api.uncertainties import uncertainty as uncertainty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simcost.api.path import PathLike
    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Progress
    from simcost.results.result import Result
    from simcost.results.samples import Keep
    from simcost.scenario.scenario import Scenario, View


@checked
def load(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        The file.
    option
        Name of one of its options to apply.
    overrides
        Assignments such as ``inputs.gpu_price="9 to 12 CNY/GPU/hour"``, applied after the option.

    Raises
    ------
    ScenarioError
        With all problems of the file at once.
    """
    from simcost.scenario import load as load_scenario

    return load_scenario(os.fspath(path), option=option, overrides=tuple(overrides))


@checked
def expand(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> str:
    """Return the text of a plain scenario file in which blocks have become inputs, drivers and cost lines.

    It runs to the same results to the last bit. See `load` for the parameters and what is raised.
    """
    from simcost.scenario.text.expand import expanded_text

    return expanded_text(os.fspath(path), option=option, overrides=tuple(overrides))


@checked
def compile(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:  # noqa: A001 - api.compile(...)
    """Read a scenario file and compile it; see `load` for the parameters and what is raised.

    Returns
    -------
    Compiled
        With ``plan``, which any back end runs, and ``warnings``.
    """
    from simcost.compile.compiled import compile_scenario

    return compile_scenario(load(path, option=option, overrides=overrides))


@checked
def validate(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:
    """Check a scenario file as thoroughly as a run does; the same as `compile`, with the warnings of `lint`."""
    from simcost.engine.dealing import check_dealing
    from simcost.scenario.lint.remarks import warnings_of

    compiled = compile(path, option=option, overrides=overrides)
    check_dealing(compiled.plan, 0, compiled.scenario.sampling.scenarios)
    return replace(compiled, warnings=(*warnings_of(compiled.scenario), *compiled.warnings))


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
        Threads; else as many as help the back end. It never changes a figure.
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
    from simcost.analysis.figures import figures
    from simcost.compile.calendar import month_names
    from simcost.engine.backend import prepared
    from simcost.engine.dealing import span_asked
    from simcost.engine.processors import workers_for
    from simcost.engine.stopping import looks, simulate_until
    from simcost.results.drawing import check_keep, drawing_of, is_enough
    from simcost.results.store import ResultWriter
    from simcost.scenario.lint.remarks import warnings_of
    from simcost.scenario.sections.budget import REMEDY_OF_A_RUN, require_budget

    started = perf_counter()
    compiled = compile(path, option=option, overrides=overrides)
    scenario, plan = compiled.scenario, compiled.plan
    if budgeted:
        require_budget(scenario, remedy=REMEDY_OF_A_RUN)
    span = span_asked(plan, scenario.sampling, n=n, seed=seed, first=first, workers=workers)
    stop = scenario.sampling.stop
    schedule = looks(span.n) if stop else (span.n,)
    check_keep(keep, schedule)
    confidence = confidence_of_each(len(schedule))
    target = None if output is None else os.fspath(output)
    with (
        ResultWriter(
            target,
            scenario=scenario,
            plan=plan,
            seed=span.seed,
            first=span.first,
            n=span.n,
            at_least=schedule[0],
            keep=keep,
            force=force,
        ) as writer,  # first, so that nobody waits for a compiler to be told that a file is in the way
        prepared(plan, backend, n=span.n, notice=notice) as kernel,
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
        found = figures(
            tuple(plan.columns()),
            summary,
            percentiles=cast("tuple[float, ...]", percentiles),  # `checked` has read them
            month_names=month_names(scenario),
            budget=scenario.budget,
            confidence=confidence,
        )
        drawing = drawing_of(summary, plan, stop, len(schedule))
        warnings = (*warnings_of(scenario), *compiled.warnings, *gain_warning(plan.sampling.method, drawing.interval_ratio))
        writer.finish(summary, found, kernel=kernel, warnings=warnings, seconds=perf_counter() - started, drawing=drawing)
    return open_result(writer.path)


@checked
def open_result(path: PathLike) -> Result:
    """Read a result file; see `simcost.results.read.open_result`."""
    from simcost.results.read import open_result as read

    return read(Path(path))


@checked
def show(path: PathLike, *, percentiles: float | str | Iterable[float | str] = (), view: View | None = None) -> Result:
    """Read a result file, with other percentiles beside those of its run, or in the other view.

    Parameters
    ----------
    percentiles
        One or several, in percent, 97.5 or ``"p97.5"`` each; any can be asked for, since the file holds the exact summary.
    view
        ``cash`` or ``amortised``; None for that of the run.

    Raises
    ------
    ResultError, UsageError
        If the file is no sound result, or a percentile is not between 0 and 100.
    """
    from simcost.results.more_percentiles import with_percentiles
    from simcost.results.views import in_view

    wanted = cast("tuple[float, ...]", percentiles)  # `checked` has read them
    return in_view(with_percentiles(open_result(path), wanted), view)


@checked
def export(path: PathLike, output: PathLike, *, format: str | None = None, force: bool = False) -> None:  # noqa: A002 - as pandas
    """Write every figure of a result file to a table; see `simcost.results.export.export`.

    Parameters
    ----------
    output
        File to write.
    format
        ``csv``, ``parquet`` or ``xlsx``; else as the file's name ends.
    force
        Replace a file that exists.

    Raises
    ------
    ResultError, UsageError
        If the result is not sound, the file cannot be written or stands already, or no format is told.
    """
    from simcost.results.export import export as write
    from simcost.results.export import format_of
    from simcost.results.output_file import refuse_to_replace

    refuse_to_replace(Path(output), force=force)
    kind = format or format_of(Path(output))
    write(open_result(path), kind, Path(output))
