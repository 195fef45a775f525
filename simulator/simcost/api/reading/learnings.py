"""What was learned from bills, read back from its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.learning.learning import Learned, Learning, Unexplained
from simcost.api.reading.parts import estimate_of, figure_of, number, statistics_of, text
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.scenario import BUDGETED

if TYPE_CHECKING:
    from collections.abc import Mapping


def learning_of(document: Mapping[str, Any] | None, currency: str) -> Learning | None:
    """Return what a document tells of the open months; None where nothing was to be learned."""
    if document is None:
        return None
    return Learning(
        total=_learned("total", "", currency, document["total"]),
        rest=_learned("rest", "", currency, document["rest"]),
        parts=tuple(
            _learned(group, text(name), currency, each)
            for group in BUDGETED
            for name, each in document.get(FIELD_OF[group], {}).items()
        ),
        inputs=tuple(_learned("input", text(name), text(each["unit"]), each) for name, each in document["inputs"].items()),
        scenarios=round(number(document["scenarios"])),
        non_finite=round(number(document["non_finite"])),
        surprise=estimate_of(document["surprise"]),
        unexplained=tuple(map(_unexplained, document["unexplained"])),
    )


def _learned(group: str, name: str, unit: str, document: Mapping[str, Any]) -> Learned:
    before, after = (statistics_of(document[when]) for when in ("before", "after"))
    explained, effective = number(document["explained"]), number(document["effective_scenarios"])
    within, enough = (estimate_of(document[key]) for key in ("probability_within", "sum_for_confidence"))
    return Learned(group, name, unit, before, after, explained, effective, within, enough)


def _unexplained(document: Mapping[str, Any]) -> Unexplained:
    actual, low, high = (number(document[key]) for key in ("actual", "min", "max"))
    return Unexplained(text(document["group"]), text(document["name"]), actual, low, high, figure_of(document["surprise"]))
