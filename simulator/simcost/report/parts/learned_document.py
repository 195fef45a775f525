"""What bills tell of the open months, as ``variance`` and ``budget`` print it with ``--learn --json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, finite, statistics_document
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.scenario import APPROVED_BY, BUDGETED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.analysis.learning.learning import Learned, Learning


def learned_document(learning: Learning | None) -> dict[str, Any] | None:
    """Arrange it for `json.dumps`.

    Returns
    -------
    dict
        ``total`` of the run, ``rest`` of its open months, ``categories``, ``stages`` and ``owners`` where some of these have
        approved sums, ``fiscal_years``, ``owners_by_period``, ... where these have, and ``inputs``: of each its distribution
        ``before`` and ``after`` the bills, the share of its variance that they ``explained``, how many ``effective_scenarios``
        tell as much, ``probability_within`` what is approved for it and ``sum_for_confidence`` (None where nothing is).
        ``surprise``, the share of the plan's scenarios whose bills would be as unusual; and ``unexplained``, the parts whose
        bills no scenario has, or hardly any. None where nothing was to be learned.
    """
    if learning is None:
        return None
    return {
        "total": _learned(learning.total),
        "rest": _learned(learning.rest),
        **{FIELD_OF[group]: _named(each for each in learning.parts if each.group == group) for group in APPROVED_BY},
        **{FIELD_OF[group]: _named(each for each in learning.parts if each.group == group) for group in _by_period(learning)},
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


def _by_period(learning: Learning) -> list[str]:
    """Return the groups of what has approved sums by period."""
    return [group for group in BUDGETED if group not in APPROVED_BY and group in {each.group for each in learning.parts}]


def _named(parts: Iterable[Learned]) -> dict[str, dict[str, Any]]:
    return {each.name: _learned(each) for each in parts}


def _learned(each: Learned) -> dict[str, Any]:
    return {
        "before": statistics_document(each.before),
        "after": statistics_document(each.after),
        "explained": finite(each.explained),
        "effective_scenarios": finite(each.effective),
        "probability_within": figure_document(each.probability_within),
        "sum_for_confidence": figure_document(each.sum_for_confidence),
    }
