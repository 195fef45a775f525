"""What simcost does, for the command line and for notebooks: parse, compile, run, store, read back.

Every function here is also an attribute of the package: ``import simcost; simcost.run("scenario.toml")``.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Kernel, Progress
    from simcost.results.result import Result
    from simcost.scenario.scenario import Scenario

PathLike = str | os.PathLike[str]
Keep = int | Literal["auto", "all", "none"]

MAX_WORKERS = 8
"""Threads used unless asked for more: each holds a block of its own, about 40 MB for a large model."""


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


def expand(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> str:
    """Return the text of a plain scenario file in which blocks have become inputs, drivers and cost lines.

    It runs to the same results to the last bit. See `load` for the parameters and what is raised.
    """
    from simcost.scenario.expand import expanded_text

    return expanded_text(os.fspath(path), option=option, overrides=tuple(overrides))


def compile(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:  # noqa: A001 - api.compile(...)
    """Read a scenario file and compile it; see `load` for the parameters and what is raised.

    Returns
    -------
    Compiled
        With ``plan``, which any back end runs, and ``warnings``.
    """
    from simcost.compile.compiled import compile_scenario

    return compile_scenario(load(path, option=option, overrides=overrides))


def validate(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:
    """Check a scenario file as thoroughly as a run does; the same as `compile`."""
    return compile(path, option=option, overrides=overrides)


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
    percentiles: Sequence[float] = (),
    keep: Keep = "auto",
    output: PathLike | None = None,
    force: bool = False,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> Result:
    """Simulate a scenario and write its result file.

    Parameters
    ----------
    path, option, overrides
        See `load`.
    n
        Number of scenarios; else the file's.
    seed
        0 to 2**64 - 1; else the file's.
    first
        Number of the first scenario: scenarios ``first`` to ``first + n`` are run.
    backend
        ``auto``, or one that ``simcost doctor`` names.
    workers
        Threads; else as many as help the back end. It never changes a figure.
    percentiles
        More percentiles than the usual ones, in percent.
    keep
        How many scenarios to keep as samples: ``all``, ``none``, a number, or ``auto`` for what fits 256 MB.
    output
        Result file; else one under ``results/`` named after the scenario.
    force
        Replace a file that holds something else.
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
    from simcost.analysis.figures import figures
    from simcost.compile.calendar import month_names
    from simcost.engine.backend import prepared
    from simcost.engine.simulate import simulate
    from simcost.results.store import ResultWriter

    started = perf_counter()
    compiled = compile(path, option=option, overrides=overrides)
    scenario, plan = compiled.scenario, compiled.plan
    n, seed = scenario.sampling.scenarios if n is None else n, scenario.sampling.seed if seed is None else seed
    _check_range(scenario, first, n, seed)
    target = None if output is None else os.fspath(output)
    with (
        prepared(plan, backend, n=n, notice=notice) as kernel,
        ResultWriter(target, scenario=scenario, plan=plan, seed=seed, first=first, n=n, keep=keep, force=force) as writer,
    ):
        summary = simulate(
            kernel,
            seed=seed,
            first=first,
            n=n,
            workers=workers or _workers(kernel),
            sinks=writer.sinks,
            wanted=writer.kept,
            progress=progress,
        )
        found = figures(
            tuple(plan.columns()),
            summary,
            percentiles=tuple(percentiles),
            month_names=month_names(scenario),
            budget=scenario.budget,
        )
        writer.finish(summary, found, kernel=kernel, warnings=compiled.warnings, seconds=perf_counter() - started)
    return open_result(writer.path)


def open_result(path: PathLike) -> Result:
    """Read a result file; see `simcost.results.read.open_result`."""
    from simcost.results.read import open_result as read

    return read(Path(path))


def show(path: PathLike, *, percentiles: Sequence[float] = ()) -> Result:
    """Read a result file, with other percentiles beside those of its run.

    Parameters
    ----------
    percentiles
        In percent; any can be asked for, since the file holds the exact summary.

    Raises
    ------
    ResultError, UsageError
        If the file is no sound result, or a percentile is not between 0 and 100.
    """
    from simcost.report.more_percentiles import with_percentiles

    return with_percentiles(open_result(path), percentiles)


def export(path: PathLike, kind: str, output: PathLike) -> None:
    """Write every figure of a result file to a table; see `simcost.results.export.export`.

    Parameters
    ----------
    kind
        ``csv``, ``parquet`` or ``xlsx``.
    output
        File to write; it is replaced if it exists.
    """
    from simcost.results.export import export as write

    write(open_result(path), kind, Path(output))


def _check_range(scenario: Scenario, first: int, n: int, seed: int) -> None:
    """Refuse what the random streams or this version cannot give."""
    if n < 1 or first < 0 or first + n > 2**63 or not 0 <= seed < 2**64:
        message = f"scenarios {first} to {first} + {n} with seed {seed}: give n >= 1, first >= 0 and a seed from 0 to 2**64 - 1."
        raise UsageError(message)
    if scenario.sampling.method != "random":
        message = f'sampling.method = "{scenario.sampling.method}" is not in this version yet. Write method = "random".'
        raise UsageError(message)


def _workers(kernel: Kernel) -> int:
    """Return how many threads help: one where Python itself is the bottleneck, else one for each processor or queue."""
    if not kernel.on_host:
        return int(getattr(kernel, "queues", 1))
    if not kernel.releases_gil:
        return 1
    from simcost.engine.backend import processors

    return min(processors(), MAX_WORKERS)
