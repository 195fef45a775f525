"""What was billed against what was planned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.api.learnings import closed_months, unlearned
from simcost.api.scenarios import reviewed_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.api.path import PathLike
    from simcost.engine.simulate import Progress
    from simcost.report.variance.answer import VarianceReport


@checked
def variance(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    learn: bool = False,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    output: PathLike | None = None,
    force: bool = False,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> VarianceReport:
    """Compare the bills of a scenario's ``[actuals]`` with what the same file planned without them.

    Parameters
    ----------
    learn
        Whether to tell what the bills say of the months to come: the forecast and its inputs given the bills, from at most
        131,072 scenarios.
    path, option, overrides, n, seed, backend, workers, progress, notice
        See `simcost.run`.
    output
        Table to write, ``.csv``, ``.parquet`` or ``.xlsx``; none without.
    force
        Replace a file that exists.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy; a UsageError if no month is billed.
    """
    from simcost.analysis.learning.learned import learn_from
    from simcost.analysis.learning.learning import MOST
    from simcost.analysis.variance import outlook, variances
    from simcost.analysis.work import Work
    from simcost.compile.cut import cut
    from simcost.compile.studies.variance_plan import billed, outlook_groups, spent, told, variance_plan, without_bills
    from simcost.engine.dealing import span_asked
    from simcost.engine.preparation.prepared import kernels_for
    from simcost.engine.processors import workers_for
    from simcost.engine.simulate import simulate
    from simcost.engine.stages import stages
    from simcost.report.variance.answer import VarianceReport
    from simcost.results.export import export
    from simcost.results.run_info import run_info, scenario_info

    started = perf_counter()
    kind = _table(output, force=force)
    compiled = reviewed_model(path, option, overrides)
    scenario = compiled.scenario
    closed = closed_months(scenario)
    periods = [billed(scenario, first, closed) for first in dict.fromkeys((closed - 1, 0))]
    plans = [variance_plan(without_bills(scenario), periods), cut(compiled.plan, outlook_groups(scenario))]
    span = span_asked(plans[0], scenario.sampling, n=n, seed=seed, workers=workers)
    kernels = kernels_for(plans, backend, n=span.n, notice=notice)
    span = replace(span, workers=span.workers or workers_for(kernels[0]))
    learning = learn and closed < scenario.months
    *shown, last = stages(progress, span.n, span.n, 2 * min(span.n, MOST) * learning)
    planned, forecast = (simulate(kernel, span, progress=each) for kernel, each in zip(kernels, shown, strict=True))
    learned = learn_from(scenario, Work(backend, span, last, notice)) if learning else None
    columns = [tuple(plan.columns()) for plan in plans]
    report = VarianceReport(
        scenario=scenario_info(scenario),
        run=run_info(kernels, span, seconds=perf_counter() - started),
        periods=variances(columns[0], planned, periods),
        plan=outlook(columns[0], planned, scenario.budget),
        forecast=outlook(columns[1], forecast, scenario.budget),
        approved=scenario.budget.total if scenario.budget else None,
        warnings=(*compiled.warnings, *_left_out(told(scenario)), *(unlearned(learned) if learn else ())),
        confidence=scenario.budget.confidence if scenario.budget else None,
        learned=learned,
        spent=spent(scenario),
    )
    if output is not None:
        export(report, kind, Path(output))
    return report


def _left_out(breakdowns: Sequence[str]) -> tuple[str, ...]:
    """Say that cost lines are not told one by one, where they are too many."""
    from simcost.compile.studies.variance_plan import MOST_LINES

    return () if "line" in breakdowns else (f"there are more than {MOST_LINES} cost lines: they are told by category and owner",)


def _table(output: PathLike | None, *, force: bool) -> str:
    """Return the format of the table that is wanted, before anything runs; empty without one."""
    from simcost.results.export import format_of
    from simcost.results.output_file import refuse_to_replace

    if output is None:
        return ""
    refuse_to_replace(Path(output), force=force)
    return format_of(Path(output), "Name it by one of them.")
