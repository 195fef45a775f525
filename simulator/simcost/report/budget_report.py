"""A budget's answers with what they rest on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from simcost.analysis.budget_answers import BudgetAnswers
    from simcost.analysis.reserve_split import ReserveSplit
    from simcost.report.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BudgetReport(Answer):
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

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.budget_text import budget_page

        return budget_page(self)

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
        axes = Axes({"month": months}, self.scenario.currency)
        named = {"p_breach_by_month": figures.p_breach_by_month, "p_first_breach_by_month": first}
        return axes.dataset({key: each for name, its in named.items() for key, each in axes.estimates(name, its).items()})

    def with_split(self, split: ReserveSplit) -> BudgetReport:
        """Return the report with a split; its CVaR is then that of the very scenarios, which the second pass has seen."""
        whole = split.whole.cvar_contribution
        exact = replace(self.answers.cvar_for_confidence, value=whole.value, low=whole.low, high=whole.high, bound=0.0)
        return replace(self, answers=replace(self.answers, cvar_for_confidence=exact), split=split)
