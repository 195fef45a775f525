"""What drives a cost."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.engine.simulate import Progress
    from simcost.report.drivers_report import DriversReport

PathLike = str | os.PathLike[str]


def drivers(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    groups: Sequence[str] = (),
    shapley: bool = False,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    first: int = 0,
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
    path, option, overrides, n, seed, first, backend, workers, progress, notice
        See `simcost.run`; ``n`` scenarios for each input and group.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy; a UsageError if no uncertain input reaches a cost line, or a group names no such input.
    """
    from simcost.analysis.drivers import drivers as study
    from simcost.analysis.work import Work
    from simcost.api import compile as compile_path
    from simcost.engine.dealing import check_range
    from simcost.engine.stopping import Span
    from simcost.report.drivers_report import drivers_report

    started = perf_counter()
    compiled = compile_path(path, option=option, overrides=overrides)
    sampling = compiled.scenario.sampling
    span = Span(sampling.seed if seed is None else seed, first, sampling.scenarios if n is None else n, workers or 0)
    check_range(compiled.plan, span.first, span.n, span.seed)
    found = study(compiled.scenario, Work(backend, span, progress, notice), named=tuple(groups), shapley=shapley)
    return drivers_report(compiled, found, span, seconds=perf_counter() - started)
