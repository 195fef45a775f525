"""What a budget asks."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.api.learnings import closed_months, unlearned
from simcost.api.results import open_result
from simcost.api.runs import run
from simcost.api.scenarios import load
from simcost.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.budget_gate import Gate
    from simcost.analysis.budgets.reserve_split import ReserveSplit
    from simcost.api.path import PathLike
    from simcost.compile.base_estimate import BaseEstimate
    from simcost.engine.simulate import Progress
    from simcost.report.budget.answer import BudgetReport
    from simcost.results.result import Result
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.summaries.summary import Summary


@checked
def budget(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    approved: str | float | None = None,
    confidence: float | str | None = None,
    learn: bool = False,
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
        The sum, ``"6000000 CNY"`` or a number in the scenario's currency, and the wanted probability, 0.9 or ``"90 %"``; else
        the file's.
    learn
        Whether to tell of every approved sum how likely it is kept given the bills of closed months, and which would be enough;
        the gate then judges that. See `variance`.
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
    from simcost.analysis.learning.learned import learn_from
    from simcost.analysis.learning.learning import MOST
    from simcost.analysis.work import Work
    from simcost.compile.base_estimate import base_estimate
    from simcost.engine.spans import Span
    from simcost.engine.stages import stages
    from simcost.results.file.guarded import looks_like_result
    from simcost.scenario.sections.budget import asked_budget, assignments, require_budget

    confidence = cast("float | None", confidence)  # `checked` has read it
    if looks_like_result(Path(path)):
        if option or overrides or learn or backend != "auto" or any(each is not None for each in (n, seed, workers, output)):
            message = f"{path}: is a result, which is read as it is. Give the scenario file to run it otherwise."
            raise UsageError(message)
        return _of_result(open_result(path), approved, confidence)
    scenario = load(path, option=option, overrides=overrides)
    if approved is None:
        require_budget(scenario)
    else:
        asked_budget(approved, confidence, scenario.currency)  # for what it says of a sum that is none
    asked = assignments(approved, confidence, scenario.budget)
    overrides = (*overrides, *asked)
    scenario = load(path, option=option, overrides=overrides) if asked else scenario
    learning = learn and closed_months(scenario) < scenario.months
    scenarios = scenario.sampling.scenarios if n is None else n
    runs, splits, learns = stages(progress, scenarios, scenarios * split, 2 * min(scenarios, MOST) * learning)
    with _written_to(None if output is None else os.fspath(output)) as target:
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
            progress=runs,
            notice=notice,
        )
        report = _report(result, result.summary(), _figures(result), base_estimate(scenario))
        if output is None:
            report = replace(report, run=replace(report.run, result=""))
        span = Span(result.run.seed, result.run.first, result.run.scenarios, workers or 0)
        learned = learn_from(scenario, Work(backend, span, learns, notice)) if learning else None
        report = replace(report, warnings=(*report.warnings, *(unlearned(learned) if learn else ())))
        report = report.with_learned(learned) if learned else report
        found = _split(scenario, result, backend, workers, splits) if split else None
        return report.with_split(found) if found else report


def verdict_of(result: Result) -> tuple[BudgetFigures, Gate]:
    """Judge the budget of a run as `budget` does.

    Raises
    ------
    UsageError
        If the run had no budget.
    """
    from simcost.analysis.budgets.budget_gate import gate

    figures = _figures(result)
    return figures, gate(figures, result.run.scenarios)


@contextmanager
def _written_to(output: str | None) -> Iterator[str]:
    """Where to write a result: where it is wanted, else into a folder that is gone in the end."""
    if output is not None:
        yield output
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="simcost-") as folder:
        yield str(Path(folder) / "budget.h5")


def _split(
    scenario: Scenario, result: Result, backend: str, workers: int | None, progress: Progress | None
) -> ReserveSplit | None:
    """Run the scenarios of a result once more."""
    from simcost.analysis.budgets.reserve_split import reserve_split
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.preparation.prepared import prepared
    from simcost.engine.processors import workers_for
    from simcost.engine.spans import Span

    run = result.run
    with prepared(compile_scenario(scenario).plan, backend, n=run.scenarios, workers=workers) as kernel:
        return reserve_split(
            kernel,
            Span(run.seed, run.first, run.scenarios, workers or workers_for(kernel)),
            summary=result.summary(),
            level=scenario.budget.confidence if scenario.budget else 0.0,
            confidence=confidence_of_each(run.looks),
            progress=progress,
        )


def _of_result(result: Result, approved: str | float | None, confidence: float | None) -> BudgetReport:
    """Answer from a result file, for the budget of its run or for another."""
    summary = result.summary()
    if approved is not None:
        figures = _of_whole(result, summary, approved, confidence)
    elif confidence is not None:
        figures = _with_confidence(result, summary, confidence)
    else:
        figures = _figures(result)
    return _report(result, summary, figures, _base_of(result))


def _report(result: Result, summary: Summary, figures: BudgetFigures, base: BaseEstimate | None) -> BudgetReport:
    from simcost.analysis.budgets.budget_answers import budget_answers
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.compile.costs import total_column
    from simcost.report.budget.answer import BudgetReport

    each = confidence_of_each(result.run.looks)
    answers = budget_answers(figures, summary, total_column(result.columns), base=base, confidence=each)
    return BudgetReport(answers, result.scenario, result.run, result.figures.warnings)


def _figures(result: Result) -> BudgetFigures:
    """Return the figures of the run's own budget."""
    from simcost.scenario.sections.budget import REMEDY

    if result.figures.budget is None:
        message = f"{result.path}: its run had no [budget]. {REMEDY}"
        raise UsageError(message)
    return result.figures.budget


def _with_confidence(result: Result, summary: Summary, confidence: float) -> BudgetFigures:
    """Return figures of the run's own sums, of the whole, of periods and of parts, for another confidence."""
    from simcost.analysis.budgets.budget import budget_figures
    from simcost.analysis.estimates.intervals import confidence_of_each

    own = _figures(result).own_budget(result.columns)
    each = confidence_of_each(result.run.looks)
    return budget_figures(result.columns, summary, replace(own, confidence=confidence), confidence=each)


def _of_whole(result: Result, summary: Summary, approved: str | float, confidence: float | None) -> BudgetFigures:
    """Return figures for a sum of the whole alone; of the run's own sum the run has counted exactly what is within."""
    from simcost.analysis.budgets.budget_answers import other_budget
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.compile.costs import total_column
    from simcost.results.approved_months import approved_by_month
    from simcost.scenario.sections.budget import asked_budget

    said = result.figures.budget
    if confidence is None and said:
        confidence = said.confidence
    asked = asked_budget(approved, confidence, result.scenario.currency)
    each = confidence_of_each(result.run.looks)
    found = other_budget(summary, total_column(result.columns), asked, confidence=each)
    if said is None or said.approved != found.approved:
        return found
    months = ("p_breach_by_month", "first_breach") if len(approved_by_month(result)) == 1 else ()
    return replace(found, **{name: getattr(said, name) for name in ("probability_within", "overrun", *months)})


def _base_of(result: Result) -> BaseEstimate | None:
    """Compute the base estimate from the scenario's text in the result; None if it needs files that are not in there."""
    from tempfile import TemporaryDirectory

    from simcost.compile.base_estimate import base_estimate
    from simcost.scenario import load

    said = result.scenario
    with TemporaryDirectory(prefix="simcost-") as folder:
        path = Path(folder) / "scenario.toml"
        path.write_bytes(said.text.encode("utf-8"))
        try:
            return base_estimate(load(path, said.option, said.overrides))
        except ScenarioError:
            return None
