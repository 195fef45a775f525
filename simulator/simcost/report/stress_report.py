"""A cost under stress, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.analysis.stress import StressTest
    from simcost.report.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, repr=False)
class StressReport(Answer):
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

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.stress_text import stress_page

        return stress_page(self)
