"""A cost under stress, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.stress import StressTest
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True)
class StressReport:
    """What ``simcost stress`` prints.

    Parameters
    ----------
    test
        The answers.
    scenario, run
        What was asked, and how it was computed.
    warnings
        Those of the scenario, and of scenarios that were left out.
    """

    test: StressTest
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def _repr_html_(self) -> str:
        """Return the tables of ``simcost stress`` for a notebook."""
        from simcost.report.page import page_html
        from simcost.report.stress_text import stress_page

        return page_html(stress_page(self))
