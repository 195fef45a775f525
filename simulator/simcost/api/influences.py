"""What drives a cost, and what it becomes under stress."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.api.scenarios import load, reviewed_model
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.influences.drivers import Drivers
    from simcost.analysis.work import Work
    from simcost.api.path import PathLike
    from simcost.compile.compiled import Compiled
    from simcost.compile.studies.stressed import StressRun
    from simcost.engine.simulate import Progress
    from simcost.report.drivers.answer import DriversReport
    from simcost.report.stress.answer import StressReport
    from simcost.scenario.scenario import Scenario


@checked
def drivers(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    groups: Sequence[str] = (),
    shapley: bool = False,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> DriversReport:
    """Tell what drives the cost of a scenario: each input's and group's impact in money, swings, Sobol' indices, associations.

    Parameters
    ----------
    groups
        Inputs to take together, each ``NAME=input,input``, beside the groups that the scenario has by itself.
    shapley
        Whether to estimate Shapley effects, which share the variance out among correlated inputs too.
    path, option, overrides, n, seed, backend, workers, progress, notice
        See `simcost.run`; ``n`` scenarios for each input and group.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy; a UsageError if no uncertain input reaches a cost line, or a group names no such input.
    """
    from simcost.analysis.influences.drivers import drivers as study
    from simcost.analysis.work import Work
    from simcost.engine.dealing import span_asked
    from simcost.report.drivers.answer import DriversReport
    from simcost.results.run_info import provenance_of, scenario_info

    started = perf_counter()
    compiled = reviewed_model(path, option, overrides)
    span = span_asked(compiled.plan, compiled.scenario.sampling, n=n, seed=seed, workers=workers)
    found = study(compiled.scenario, Work(backend, span, progress, notice), named=tuple(groups), shapley=shapley)
    run = provenance_of(compiled.plan, span, (found.backend, found.device), seconds=perf_counter() - started)
    return DriversReport(found, scenario_info(compiled.scenario), run, (*compiled.warnings, *_left_out(found)))


def _left_out(found: Drivers) -> tuple[str, ...]:
    if not found.non_finite:
        return ()
    what = f"{found.non_finite:,} of {found.scenarios:,} scenarios are left out: their total, as it is or with an input moved"
    return (f"{what}, is infinite or undefined.",)


@checked
def stress(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    stresses: Sequence[str] = (),
    bands: Sequence[str] = (),
    worst: float | str = 0.01,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> StressReport:
    """Tell what a cost becomes under stress, and which conditions make up the worst scenarios.

    Parameters
    ----------
    stresses
        Names of stresses of the file; all of them if there is neither a name nor a band.
    bands
        Inputs to restrict beside them, ``INPUT=P90 to P100`` each.
    worst
        Share of the scenarios that the reverse stress is about, 0.01 or ``"1 %"``; at most 0.5.
    path, option, overrides, n, seed, backend, workers, progress, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy.
    """
    from simcost.analysis.work import Work
    from simcost.compile.studies.stressed import chosen, stress_runs
    from simcost.engine.dealing import span_asked

    started = perf_counter()
    compiled = reviewed_model(path, option, overrides)
    wanted = stress_runs(chosen(compiled.scenario, tuple(stresses), tuple(bands)), compiled.scenario)
    variants = _variants(path, wanted, option, overrides)
    span = span_asked(compiled.plan, compiled.scenario.sampling, n=n, seed=seed, workers=workers)
    work, share = Work(backend, span, progress, notice), cast("float", worst)  # `checked` has read it
    return _tested(compiled, wanted, variants, work, worst=share, started=started)


def _variants(path: PathLike, wanted: Sequence[StressRun], option: str, overrides: Sequence[str]) -> dict[str, Scenario]:
    """Read the file with each option that some stress applies."""
    from simcost.scenario.lint.remarks import reviewed

    options = {each.stress.option for each in wanted if each.stress.option}
    if option and options:
        message = f"`option` {option}: a stress applies the option {min(options)}, and one is the most. Leave out `option`."
        raise UsageError(message)
    return {name: reviewed(load(path, option=name, overrides=overrides)) for name in sorted(options)}


def _tested(
    compiled: Compiled, wanted: Sequence[StressRun], variants: dict[str, Scenario], work: Work, *, worst: float, started: float
) -> StressReport:
    from simcost.analysis.influences.stress import stress_test
    from simcost.report.stress.answer import StressReport
    from simcost.results.run_info import provenance_of, scenario_info

    found = stress_test(compiled.scenario, wanted, variants, work, worst=worst)
    run = provenance_of(compiled.plan, work.span, (found.backend, found.device), seconds=perf_counter() - started)
    left_out = f"{found.non_finite:,} of {work.span.n:,} scenarios are left out: some total is infinite or undefined in them."
    warnings = [*compiled.warnings]
    for name, variant in variants.items():
        warnings += [f"with the option {name}: {each}" for each in variant.warnings if each not in compiled.warnings]
    warnings += [left_out] if found.non_finite else []
    return StressReport(found, scenario_info(compiled.scenario), run, tuple(warnings))
