"""A budget's answers with what they rest on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer
from simcost.results.axes import Axes
from simcost.results.file.part_arrays import LONG_NAMES, part_estimates

if TYPE_CHECKING:
    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.budget_answers import BudgetAnswers
    from simcost.analysis.budgets.reserve_split import ReserveSplit
    from simcost.analysis.learning.learning import Learning
    from simcost.report.parts.page import Page
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
    learned
        What the bills tell; None where that was not asked for, or no month is open. The gate then judges `judged`.
    judged_given_bills
        The budget given the bills; None without.
    """

    answers: BudgetAnswers
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]
    split: ReserveSplit | None = None
    learned: Learning | None = None
    judged_given_bills: BudgetFigures | None = None

    @property
    def judged(self) -> BudgetFigures:
        """The figures that the gate judges: given the bills where these were learned from."""
        return self.judged_given_bills or self.answers.figures

    def with_learned(self, learned: Learning) -> BudgetReport:
        """Return the report with what bills tell, and its verdict given them."""
        from simcost.analysis.budgets.given_bills import gate_given_bills, given_bills

        figures = given_bills(self.answers.figures, learned)
        answers = replace(self.answers, gate=gate_given_bills(figures, learned))
        return replace(self, answers=answers, learned=learned, judged_given_bills=figures)

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.budget.text import budget_page

        return budget_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.budget.document import budget_report_document

        return budget_report_document(self)

    def to_xarray(self) -> Any:
        """Return what is told by month and by period as an `xarray.Dataset`, which needs xarray.

        By month the probabilities of a breach by then, and of the first; where each fiscal year or quarter has its sum, what
        `BudgetFigures.periods` says of each, and what `BudgetFigures.parts` says of each category, stage and owner, by the names
        of the result file.

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
        months = axes.dataset({key: each for name, its in named.items() for key, each in axes.estimates(name, its).items()})
        months = months.merge(self._by_period()) if figures.periods else months
        for group in dict.fromkeys(each.group for each in figures.parts):
            months = months.merge(self._by_part(group))
        return months

    def _by_part(self, group: str) -> Any:
        parts = [each for each in self.answers.figures.parts if each.group == group]
        axes = Axes({f"approved_{group}": tuple(each.label for each in parts)}, self.scenario.currency)
        found = axes.numbers(f"approved_by_{group}", (each.approved for each in parts), unit=axes.currency)
        estimates = [part_estimates(each) for each in parts]
        for name in LONG_NAMES:
            unit = {} if name == "probability_within" else {"unit": axes.currency}
            found |= axes.estimates(f"{name}_by_{group}", [each[name] for each in estimates], **unit)
        return axes.dataset(found)

    def _by_period(self) -> Any:
        periods, currency = self.answers.figures.periods, self.scenario.currency
        axes = Axes({"period": tuple(each.label for each in periods)}, currency)
        return axes.dataset(
            axes.numbers("approved_by_period", (each.approved for each in periods), unit=currency)
            | axes.estimates("probability_within_by_period", [each.probability_within for each in periods])
            | axes.estimates("sum_for_confidence_by_period", [each.sum_for_confidence for each in periods], unit=currency)
        )

    def with_split(self, split: ReserveSplit) -> BudgetReport:
        """Return the report with a split; its CVaR is then that of the very scenarios, which the second pass has seen."""
        whole = split.whole.cvar_contribution
        exact = replace(self.answers.cvar_for_confidence, value=whole.value, low=whole.low, high=whole.high, bound=0.0)
        return replace(self, answers=replace(self.answers, cvar_for_confidence=exact), split=split)
