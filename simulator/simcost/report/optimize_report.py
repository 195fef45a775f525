"""What to decide, with what it rests on: the run, and the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.optimize.optimum import Optimum
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True)
class OptimizeReport:
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

    def _repr_html_(self) -> str:
        """Return the tables of ``simcost optimize`` for a notebook."""
        from simcost.report.optimize_text import optimize_page
        from simcost.report.page import page_html

        return page_html(optimize_page(self))
