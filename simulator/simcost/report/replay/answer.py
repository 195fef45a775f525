"""What ``simcost replay`` tells: one future, where it was found, and whether the result file has it with the same total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import finite, scenario_document
from simcost.results.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.analysis.budgets.exceeded import Exceeded
    from simcost.analysis.future import Course, Future
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
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``values`` and ``amounts`` are lists by month, in full precision; what is undefined is None. ``percentiles`` of an
            input has one number for each of its draws. ``stored_total`` and ``matches`` are None if the result has not kept the
            scenario.
        """
        told = self.future
        return {
            "schema": "simcost/replay/1",
            "scenario": scenario_document(self.scenario),
            "run": {
                "number": told.number,
                "seed": told.seed,
                "method": self.method,
                "option": self.scenario.option,
                "overrides": list(self.scenario.overrides),
                "version": self.version,
                "result": self.path or None,
            },
            "near": _near(self.near) if self.near else None,
            "total": finite(told.total),
            "stored_total": finite(self.stored),
            "matches": self.matches,
            "approved": finite(self.approved),
            "months": _months(self),
            "lines": [_cost(line) for line in told.lines],
            "categories": [_cost(category) for category in told.categories],
            "inputs": [
                {
                    "name": each.name,
                    "unit": each.unit,
                    "draw": each.draw,
                    "percentiles": list(each.percentiles),
                    "values": _listed(each),
                }
                for each in told.inputs
            ],
            "drivers": [{"name": each.name, "unit": each.unit, "values": _listed(each)} for each in told.drivers],
            "unused": list(told.unused),
            "warnings": list(self.warnings),
        }

    @property
    def matches(self) -> bool | None:
        """Whether the stored total is the recomputed one to the last bit; None if none is stored."""
        if self.stored is None:
            return None
        return self.stored == self.future.total or (self.stored != self.stored and self.future.total != self.future.total)


def _near(near: Near) -> dict[str, Any]:
    return {"percentile": near.percentile, "value": near.value, "searched": near.searched}


def _months(replay: Replay) -> list[dict[str, Any]]:
    told = replay.future
    breach: Iterable[bool | None] = told.breach.tolist() if told.breach is not None else [None] * len(told.months)
    rows = zip(told.month_names, told.months.tolist(), told.cumulative.tolist(), breach, strict=True)
    return [
        {"month": name, "total": finite(total), "cumulative": finite(to_date), "breach": over}
        for name, total, to_date, over in rows
    ]


def _cost(each: Course) -> dict[str, Any]:
    return {"name": each.name, "total": finite(float(each.values.sum())), "amounts": _listed(each)}


def _listed(course: Course) -> list[float | None]:
    return [finite(value) for value in course.values.tolist()]
