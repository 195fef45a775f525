"""What drives a cost, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.analysis.total_figures import FIGURES
from simcost.results.answer import Answer
from simcost.results.xarrays import ENDS, part_of, xarray

if TYPE_CHECKING:
    from simcost.analysis.drivers import Drivers
    from simcost.report.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, repr=False)
class DriversReport(Answer):
    """What ``simcost drivers`` prints.

    Parameters
    ----------
    drivers
        The answers.
    scenario, run
        What was asked, and how it was computed.
    warnings
        Those of the scenario, and of scenarios that were left out.
    """

    drivers: Drivers
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.drivers_text import drivers_page

        return drivers_page(self)

    def to_xarray(self) -> Any:
        """Return every input's answers as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``impact``, ``at_p10`` and ``at_p90`` (input, figure); ``first_order``, ``total_order``, ``rank_correlation`` and
            ``shapley`` (input); each with ``_low`` and ``_high``; NaN for what is undefined.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        inputs = self.drivers.inputs
        moved = {key: [getattr(each, key) for each in inputs] for key in ("impact", "at_p10", "at_p90")}
        tables = {
            key + ending: (("input", "figure"), [[part_of(getattr(row, name), part) for name in FIGURES] for row in rows])
            for key, rows in moved.items()
            for ending, part in ENDS.items()
        }
        shares = {
            "first_order": [each.indices.first for each in inputs],
            "total_order": [each.indices.total for each in inputs],
            "rank_correlation": [each.association.rank_correlation for each in inputs],
            "shapley": [each.shapley for each in inputs],
        }
        columns = {
            key + ending: ("input", [part_of(each, part) for each in its])
            for key, its in shares.items()
            for ending, part in ENDS.items()
        }
        return xarray().Dataset(tables | columns, coords={"input": [each.input.name for each in inputs], "figure": list(FIGURES)})
