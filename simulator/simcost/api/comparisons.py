"""Several models in the same futures: comparing options of a file, or files."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING

from simcost.api.checked import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.analysis.work import Work
    from simcost.api.path import PathLike
    from simcost.compile.studies.grid import Grid
    from simcost.compile.studies.variants import Variant
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost.report.compare.answer import CompareReport
    from simcost.scenario.changes import Change
    from simcost.scenario.scenario import Scenario


@checked
def compare(  # noqa: PLR0913 - the choices of a run
    paths: PathLike | Sequence[PathLike],
    *,
    options: Sequence[str] = (),
    overrides: Sequence[str] = (),
    crossover: str = "",
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> CompareReport:
    """Compare models on common random numbers: the options of a file, or several files.

    Parameters
    ----------
    paths
        One scenario file, or several, the base first.
    options
        Of the one file, one for all files or one for each; see `simcost.compile.studies.variants.variants`.
    overrides
        Assignments that are applied to all of them.
    crossover
        ``inputs.NAME`` or ``inputs.NAME=1,2,3``: find where the choice flips; see `simcost.compile.studies.grid.read_grid`.
    n, seed
        Else those of the first.
    backend, workers, progress, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy.
    """
    from simcost.analysis.comparisons.comparison import comparison
    from simcost.analysis.comparisons.crossover import PASSES
    from simcost.analysis.comparisons.paired_run import paired_run
    from simcost.analysis.estimates.precision import interval_ratio
    from simcost.analysis.work import Work
    from simcost.compile.studies.grid import ascending_grid
    from simcost.compile.studies.variants import variants
    from simcost.engine.dealing import span_of
    from simcost.engine.stages import stages
    from simcost.report.compare.answer import CompareReport
    from simcost.results.run_info import run_info, scenario_info

    started = perf_counter()
    files = (paths,) if isinstance(paths, (str, os.PathLike)) else paths
    found = variants([os.fspath(path) for path in files], tuple(options), tuple(overrides))
    models = [each.compiled for each in found]
    grid = ascending_grid(crossover, models[0].scenario) if crossover else None
    work = Work(backend, span_of(models[0].scenario.sampling, n=n, seed=seed, workers=workers), notice=notice)
    kernels, span = work.kernels_of_models(models)
    runs = span.n * len(models)
    compares, *crosses = stages(progress, runs, *[runs * len(grid.values)] * PASSES if grid else ())
    totals = paired_run(kernels, span, progress=compares)
    approved = [budget.total if (budget := model.scenario.budget) else None for model in models]
    compared = comparison(totals, [each.name for each in found], approved)
    return CompareReport(
        comparison=compared,
        scenarios=tuple(scenario_info(model.scenario) for model in models),
        crossovers=_crossovers(grid, found, work, crosses) if grid else (),
        run=run_info(kernels, span, seconds=perf_counter() - started, interval_ratio=interval_ratio(totals.totals, 0)),
        warnings=_warnings(found, grid),
        changes=_changes([model.scenario for model in models]),
    )


def _changes(scenarios: Sequence[Scenario]) -> tuple[tuple[Change, ...], ...]:
    """Return what each file but the first says differently; nothing of the options of one file, which say it themselves."""
    from simcost.scenario.changes import changes_between

    first, *others = scenarios
    return tuple(changes_between(first, each) if each.path != first.path else () for each in others)


def _warnings(found: Sequence[Variant], grid: Grid | None) -> tuple[str, ...]:
    """Return what lint and the models' points warn of, with what it does where a crossover is sought."""
    from simcost.compile.studies.grid import at_ends
    from simcost.compile.studies.variants import told_of, uncommon_points
    from simcost.scenario.lint.prepaid import unevenly_prepaid
    from simcost.scenario.lint.remarks import warnings_where_tried

    first = found[0].compiled
    tried = warnings_where_tried(first.scenario, at_ends(first.scenario, grid)) if grid else ()
    return (
        *told_of(found),
        *(each for each in tried if each not in first.warnings),
        *uncommon_points(found),
        *unevenly_prepaid(each.compiled.scenario for each in found),
    )


def _crossovers(grid: Grid, found: Sequence[Variant], work: Work, progress: Sequence[Progress | None]) -> tuple[Crossover, ...]:
    """Run every model at every value of a grid, and at more where the choice flips."""
    from simcost.analysis.comparisons.crossover import crossovers
    from simcost.compile.compiled import compile_scenario
    from simcost.compile.studies.grid import takes_whole_numbers, with_values

    def ready(tried: Grid) -> tuple[Sequence[Kernel], Span]:
        scenarios = [with_values(each.compiled.scenario, (tried,), (value,)) for each in found for value in tried.values]
        return work.kernels_of_models([compile_scenario(each) for each in scenarios], groups=("total",))

    whole = takes_whole_numbers(found[0].compiled.scenario, grid)
    return crossovers(ready, grid, names=[each.name for each in found], whole=whole, progress=progress)
