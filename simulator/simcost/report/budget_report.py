"""A budget's answers with what they rest on: the run, and the file that it came from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from simcost.analysis.budget_answers import BudgetAnswers, budget_answers, other_budget, total_column
from simcost.analysis.budget_gate import Gate, gate
from simcost.analysis.intervals import confidence_of_each
from simcost.analysis.reserve_split import GROUPS, ReserveSplit
from simcost.compile.base_estimate import base_estimate
from simcost.errors import ScenarioError, UsageError
from simcost.results.xarrays import estimates, xarray
from simcost.scenario import load
from simcost.scenario.budget import read_budget
from simcost.scenario.problems import Findings
from simcost.scenario.scenario import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.analysis.budget import BudgetFigures
    from simcost.compile.base_estimate import BaseEstimate
    from simcost.results.result import Result
    from simcost.results.run_info import RunInfo, ScenarioInfo
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.summary import Summary

REMEDY = 'Give --approved "6000000 CNY", or write [budget] with approved and confidence into the scenario.'


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """What ``simcost budget`` prints.

    Parameters
    ----------
    answers
        The answers.
    scenario, run
        What was asked, and how it was computed; ``run.result`` is empty if no file is left.
    warnings
        Those of the run.
    split
        What makes up the mean of the worst scenarios; None where no second pass was made.
    """

    answers: BudgetAnswers
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]
    split: ReserveSplit | None = None

    def _repr_html_(self) -> str:
        """Return the tables of ``simcost budget`` for a notebook."""
        from simcost.report.budget_text import budget_page
        from simcost.report.page import page_html

        return page_html(budget_page(self))

    def to_xarray(self) -> Any:
        """Return the probabilities by month as an `xarray.Dataset`, which needs xarray: of a breach by then, and of the first.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        figures = self.answers.figures
        first = figures.first_breach.by_month if figures.first_breach else ()
        months = self.scenario.month_names() if figures.p_breach_by_month else ()
        named = {"p_breach_by_month": figures.p_breach_by_month, "p_first_breach_by_month": first}
        return xarray().Dataset(estimates("month", named), coords={"month": list(months)})


def report_of_run(result: Result, base: BaseEstimate, *, stays: bool) -> BudgetReport:
    """Answer from a run just made with the budget that is asked about; ``stays`` tells whether its file does."""
    report = _report(result, result.summary(), _said(result), base)
    return report if stays else replace(report, run=replace(report.run, result=""))


def with_split(report: BudgetReport, split: ReserveSplit | None) -> BudgetReport:
    """Return the report with a split; its CVaR is then that of the very scenarios, which the second pass has seen."""
    if split is None:
        return report
    tail, whole = report.answers.tail, split.whole.worst
    exact = replace(tail, value=whole.value, low=whole.low, high=whole.high, bound=0.0)
    return replace(report, answers=replace(report.answers, tail=exact), split=split)


def partial_groups(scenario: Scenario) -> tuple[str, ...]:
    """Return the groups in which some cost lines have no name."""
    return tuple(group for group in GROUPS if any(not getattr(cost, group) for cost in scenario.costs))


def report_of_result(result: Result, approved: str | float | None, confidence: float | None) -> BudgetReport:
    """Answer from a result file, for the budget of its run or for another.

    Raises
    ------
    ResultError, UsageError
        If the file's summary is damaged, or there is no budget or none that can be read.
    """
    summary = result.summary()
    if approved is None and confidence is None:
        figures = _said(result)
    else:
        figures = _figures(result, summary, _asked(result, approved, confidence))
    return _report(result, summary, figures, _base_of(result))


def changes(approved: str | float | None, confidence: float | None) -> tuple[str, ...]:
    """Return the assignments that give a scenario another budget."""
    given = {"approved": approved, "confidence": confidence}
    return tuple(f"budget.{key}={value}" for key, value in given.items() if value is not None)


def verdict_of(result: Result) -> tuple[BudgetFigures, Gate]:
    """Judge the budget of a run as `simcost.budget` does.

    Raises
    ------
    UsageError
        If the run had no budget.
    """
    figures = _said(result)
    return figures, gate(figures, result.run.scenarios)


def require_budget(scenario: Scenario) -> None:
    """Refuse a scenario without a budget, before anything runs."""
    if scenario.budget is None:
        message = f"{scenario.path}: has no [budget]. {REMEDY}"
        raise UsageError(message)


@contextmanager
def output_or_none(output: str | None) -> Iterator[str]:
    """Where to write a result: where it is wanted, else into a folder that is gone in the end."""
    if output is not None:
        yield output
        return
    with TemporaryDirectory(prefix="simcost-") as folder:
        yield str(Path(folder) / "budget.h5")


def _report(result: Result, summary: Summary, figures: BudgetFigures, base: BaseEstimate | None) -> BudgetReport:
    each = confidence_of_each(result.run.looks)
    answers = budget_answers(figures, summary, total_column(result.columns), base=base, confidence=each)
    return BudgetReport(answers, result.scenario, result.run, result.figures.warnings)


def _said(result: Result) -> BudgetFigures:
    """Return the figures of the run's own budget."""
    if result.figures.budget is None:
        message = f"{result.path}: its run had no [budget]. {REMEDY}"
        raise UsageError(message)
    return result.figures.budget


def _asked(result: Result, approved: str | float | None, confidence: float | None) -> Budget:
    """Return the budget that is asked about: what is not given is that of the run."""
    if approved is None:
        said = _said(result)
        return Budget((said.approved,), said.confidence if confidence is None else confidence)
    if confidence is None and result.figures.budget:
        confidence = result.figures.budget.confidence
    return _read(approved, confidence, result.scenario.currency)


def _figures(result: Result, summary: Summary, asked: Budget) -> BudgetFigures:
    """Return figures for a budget; of the run's own sum the run has counted exactly what is within, and by month."""
    each = confidence_of_each(result.run.looks)
    found, said = other_budget(summary, total_column(result.columns), asked, confidence=each), result.figures.budget
    if said is None or said.approved != found.approved:
        return found
    exact = ("probability_within", "p_breach_by_month", "first_breach", "overrun")
    return replace(found, **{name: getattr(said, name) for name in exact})


def _read(approved: object, confidence: float | None, currency: str) -> Budget:
    """Read a budget as a scenario file would have it."""
    findings = Findings()
    raw = {"approved": _number(approved), **({} if confidence is None else {"confidence": confidence})}
    budget = read_budget(raw, currency, 0, findings)
    if budget is None or findings.found:
        finding = findings.found[0]
        message = f"--{finding.place[-1]}: {finding.what}. {finding.remedy}".rstrip()
        raise UsageError(message)
    return budget


def _number(value: object) -> object:
    """Return the finite number that a text is; else the value itself."""
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return number if isinstance(number, float) and isfinite(number) else value


def _base_of(result: Result) -> BaseEstimate | None:
    """Compute the base estimate from the scenario's text in the result; None if it needs files that are not in there."""
    said = result.scenario
    with TemporaryDirectory(prefix="simcost-") as folder:
        path = Path(folder) / "scenario.toml"
        path.write_bytes(said.text.encode("utf-8"))
        try:
            return base_estimate(load(path, said.option, said.overrides))
        except ScenarioError:
            return None
