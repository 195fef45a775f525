"""A comparison with what it rests on: the models, and how the futures were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.analysis.comparison import Comparison
    from simcost.analysis.crossover import Crossover
    from simcost.report.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo


@dataclass(frozen=True, slots=True, repr=False)
class CompareReport(Answer):
    """What ``simcost compare`` prints.

    Parameters
    ----------
    comparison
        The figures.
    scenarios
        Of each model, the base first.
    run
        How it was computed; ``run.result`` is empty: no file is left.
    crossovers
        Of each model but the base, at which value of an input the choice flips; empty if that was not asked.
    warnings
        What the user should know.
    """

    comparison: Comparison
    scenarios: tuple[ScenarioInfo, ...]
    run: RunInfo
    crossovers: tuple[Crossover, ...]
    warnings: tuple[str, ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.compare_text import compare_page

        return compare_page(self)
