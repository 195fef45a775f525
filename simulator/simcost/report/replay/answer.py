"""What ``simcost replay`` tells: one future, where it was found, and whether the result file has it with the same total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.analysis.budgets.exceeded import Exceeded
    from simcost.analysis.future import Future
    from simcost.analysis.nearest_scenario import Near
    from simcost.report.parts.page import Page
    from simcost.results.run_info import ScenarioInfo


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Replay(Answer):
    """One future, and what it belongs to.

    Parameters
    ----------
    method
        How the future was drawn.
    version
        Of simcost, that recomputed it.
    path
        The result file; empty if a scenario file was replayed.
    stored
        Its total in the result file; None if it was not kept.
    exceeded
        The sum of the budget that it exceeds first; None if none.
    warnings
        Of the scenario.
    """

    scenario: ScenarioInfo
    future: Future
    approved: float | None
    method: str
    version: str
    path: str = ""
    near: Near | None = None
    stored: float | None = None
    exceeded: Exceeded | None = None
    warnings: tuple[str, ...] = ()

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.replay.text import replay_page

        return replay_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.replay.document import replay_document

        return replay_document(self)

    @property
    def matches(self) -> bool | None:
        """Whether the stored total is the recomputed one to the last bit; None if none is stored."""
        if self.stored is None:
            return None
        return self.stored == self.future.total or (self.stored != self.stored and self.future.total != self.future.total)
