"""What to decide, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.analysis.optimize.optimum import Optimum
    from simcost.report.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, repr=False)
class OptimizeReport(Answer):
    """What ``simcost optimize`` prints.

    Parameters
    ----------
    optimum
        The answers.
    scenario, run
        What was asked, and how each trial was computed; ``run.result`` is empty: no file is left.
    warnings
        Those of the scenario as it is best decided.
    """

    optimum: Optimum
    scenario: ScenarioInfo
    run: RunInfo
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.optimize_text import optimize_page

        return optimize_page(self)
