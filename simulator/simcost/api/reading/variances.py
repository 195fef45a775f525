"""A comparison of bills with a plan read back from its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.variance import Outlook, PeriodVariance, Variance
from simcost.api.reading.learnings import learning_of
from simcost.api.reading.parts import estimate_of, figure_of, number, parts_of, run_of, scenario_of, statistics_of, text
from simcost.report.variance.answer import VarianceReport
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.scenario import BUDGETED

if TYPE_CHECKING:
    from collections.abc import Mapping


def variance_of(document: Mapping[str, Any]) -> VarianceReport:
    """Return the comparison that a document tells."""
    scenario, approved = scenario_of(document["scenario"]), document["approved"]
    months = scenario.month_names()
    return VarianceReport(
        scenario=scenario,
        run=run_of(document["run"]),
        periods=tuple(
            PeriodVariance(
                months.index(each["first"]) + 1, months.index(each["last"]) + 1, tuple(_part(part) for part in each["parts"])
            )
            for each in document["periods"]
        ),
        plan=_outlook(document["plan"]),
        forecast=_outlook(document["forecast"]),
        approved=None if approved is None else number(approved),
        warnings=tuple(map(text, document["warnings"])),
        confidence=None if approved is None else number(document["confidence"]),
        learned=learning_of(document.get("learned"), scenario.currency),
        spent={
            (group, text(name)): number(amount)
            for group in BUDGETED
            for name, amount in document["spent"].get(FIELD_OF[group], {}).items()
        },
    )


def _part(document: Mapping[str, Any]) -> Variance:
    group, name = text(document["group"]), text(document["name"])
    return Variance(group, name, statistics_of(document["planned"]), number(document["actual"]), figure_of(document["position"]))


def _outlook(document: Mapping[str, Any]) -> Outlook:
    return Outlook(statistics_of(document["total"]), estimate_of(document["probability_within"]), parts_of(document))
