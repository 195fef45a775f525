"""What bills tell of the open months, as ``simcost variance --learn --json`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, finite, statistics_document

if TYPE_CHECKING:
    from simcost.analysis.learning.learning import Learned, Learning


def learned_document(learning: Learning | None) -> dict[str, Any] | None:
    """Arrange it for `json.dumps`.

    Returns
    -------
    dict
        ``total`` of the run, ``rest`` of its open months, ``categories`` and ``inputs``: of each its distribution ``before`` and
        ``after`` the bills, the share of its variance that they ``explained``, and how many ``effective_scenarios`` tell as much.
        ``probability_within`` the budget; ``surprise``, the share of the plan's scenarios whose bills would be as unusual; and
        ``unexplained``, the parts whose bills no scenario has, or hardly any. None where nothing was to be learned.
    """
    if learning is None:
        return None
    return {
        "total": _learned(learning.total),
        "rest": _learned(learning.rest),
        "probability_within": figure_document(learning.probability_within),
        "categories": {each.name: _learned(each) for each in learning.categories},
        "inputs": {each.name: {"unit": each.unit, **_learned(each)} for each in learning.inputs},
        "surprise": figure_document(learning.surprise),
        "unexplained": [
            {
                "group": each.group,
                "name": each.name,
                "actual": each.actual,
                "min": each.low,
                "max": each.high,
                "surprise": figure_document(each.surprise),
            }
            for each in learning.unexplained
        ],
        "scenarios": learning.scenarios,
        "non_finite": learning.non_finite,
    }


def _learned(each: Learned) -> dict[str, Any]:
    return {
        "before": statistics_document(each.before),
        "after": statistics_document(each.after),
        "explained": finite(each.explained),
        "effective_scenarios": finite(each.effective),
    }
