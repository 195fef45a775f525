"""Bills against the plan, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.learning.learning import Learning
    from simcost.analysis.variance import Outlook, PeriodVariance
    from simcost.report.parts.page import Page
    from simcost.results.export import Row
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class VarianceReport(Answer):
    """What ``simcost variance`` prints.

    Parameters
    ----------
    scenario, run
        What was asked, and how it was computed.
    periods
        The last month that is closed, and all that are; one alone if only the first is.
    plan, forecast
        The whole run without bills and with them.
    approved
        The budget of the whole run; None without one.
    warnings
        Of the scenario.
    confidence
        Wanted probability of staying within what is approved; None without a budget.
    learned
        What the bills tell of the open months; None where that was not asked for, or none is open.
    spent
        What was billed to date of all that has an approved sum beside the whole, by group and name.
    """

    scenario: ScenarioInfo
    run: RunInfo
    periods: tuple[PeriodVariance, ...]
    plan: Outlook
    forecast: Outlook
    approved: float | None
    warnings: tuple[str, ...]
    confidence: float | None = None
    learned: Learning | None = None
    spent: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.variance.text import variance_page

        return variance_page(self)

    def rows(self) -> tuple[Row, ...]:
        """Return every figure, one a row, as the command writes them to a table: ``pandas.DataFrame(report.rows())``."""
        from simcost.report.variance.rows import variance_rows

        return tuple(variance_rows(self))

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.variance.document import variance_document

        return variance_document(self)
