"""What a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.figures import percentile_of
from simcost.results.views import name_of_other

if TYPE_CHECKING:
    from simcost.results.file.histogram import Histogram
    from simcost.results.result import Result


@dataclass(frozen=True, slots=True)
class Board:
    """A result, and what its file says beside its figures.

    Parameters
    ----------
    result
        With the percentiles and in the view that are shown.
    file_sha256
        Of the result file.
    approved
        What is approved in each month, in the scenario's currency; see `simcost.results.approved_months.approved_by_month`.
    """

    result: Result
    file_sha256: str
    approved: tuple[float, ...] = ()

    @property
    def currency(self) -> str:
        """That of the scenario."""
        return self.result.scenario.currency

    @property
    def wanted(self) -> float:
        """The percentile that is told beside P50 and P95: that of the budget's confidence, else 80."""
        budget = self.result.figures.budget
        return percentile_of(budget) if budget else 80.0

    def histogram(self) -> Histogram:
        """Return the counts of the total in the view that is shown."""
        other = self.result.figures.other_view
        named = f"{name_of_other(other.name)}_total" if other else "total"
        return self.result.histograms.get(named, self.result.histograms["total"])
