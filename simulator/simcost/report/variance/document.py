"""The document that ``simcost variance --json`` prints: schema ``simcost/variance/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.approved_document import parts_document
from simcost.report.parts.estimate_document import figure_document, finite, run_document, scenario_document, statistics_document
from simcost.report.parts.learned_document import learned_document
from simcost.report.variance.text import period_months
from simcost.results.file.figure_arrays import FIELD_OF

if TYPE_CHECKING:
    from simcost.analysis.variance import Outlook, Variance
    from simcost.report.variance.answer import VarianceReport

VARIANCE_SCHEMA = "simcost/variance/1"


def variance_document(report: VarianceReport) -> dict[str, Any]:
    """Arrange the report for `json.dumps`.

    Returns
    -------
    dict
        ``periods``, each with its ``first`` and ``last`` month and its ``parts``: ``group`` and ``name``, ``planned`` (a
        distribution), ``actual``, ``difference`` from the planned mean, and ``position``, the share of the plan's scenarios in
        which the part was to cost less. ``plan`` and ``forecast``: the ``total`` of the run, ``probability_within``,
        and ``fiscal_years``, ``categories``, ``owners``, ``owners_by_period``, ... with approved sums of their own, as in
        ``simcost/budget/1``; ``spent``, what was billed of these to date. ``learned``:
        see `simcost.report.parts.learned_document`.
    """
    return {
        "schema": VARIANCE_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "periods": [
            {
                **dict(zip(("first", "last"), period_months(report, each), strict=True)),
                "parts": [_part(part) for part in each.parts],
            }
            for each in report.periods
        ],
        "approved": report.approved,
        "confidence": report.confidence,
        "plan": _outlook(report.plan),
        "forecast": _outlook(report.forecast),
        "spent": _spent(report),
        "learned": learned_document(report.learned),
        "warnings": list(report.warnings),
    }


def _spent(report: VarianceReport) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (group, name), amount in report.spent.items():
        found.setdefault(FIELD_OF[group], {})[name] = amount
    return found


def _part(each: Variance) -> dict[str, Any]:
    return {
        "group": each.group,
        "name": each.name,
        "planned": statistics_document(each.planned),
        "actual": each.actual,
        "difference": finite(each.difference),
        "position": figure_document(each.position),
    }


def _outlook(each: Outlook) -> dict[str, Any]:
    total, within = statistics_document(each.total), figure_document(each.probability_within)
    return {"total": total, "probability_within": within, **parts_document(each.parts)}
