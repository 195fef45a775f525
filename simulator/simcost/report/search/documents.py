"""The documents that ``simcost sweep --json`` and ``simcost seek --json`` print: ``simcost/sweep/1``, ``simcost/seek/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.report.parts.estimate_document import (
    figure_document,
    figures_document,
    run_document,
    scenario_document,
    statistics_document,
)
from simcost.report.search.text import seek_sentence

if TYPE_CHECKING:
    from simcost.report.search.answers import SeekReport, SweepPoint, SweepReport

SWEEP_SCHEMA, SEEK_SCHEMA = "simcost/sweep/1", "simcost/seek/1"


def sweep_document(report: SweepReport) -> dict[str, Any]:
    """Arrange a sweep for `json.dumps`.

    Returns
    -------
    dict
        ``grids`` name the numbers; ``points`` have one of each of their ``values``, the ``total`` as in ``simcost/summary/1``,
        ``probability_within`` the approved sum (None without a budget) and ``probability_within_every_period`` (None without sums
        by quarter or fiscal year), and the ``change`` of the total's figures from the first point (None there).
    """
    return {
        "schema": SWEEP_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "grids": [{"target": grid.target, "unit": grid.unit, "values": list(grid.values)} for grid in report.grids],
        "points": [_point(each) for each in report.points],
        "non_finite": report.non_finite,
        "warnings": list(report.warnings),
    }


def seek_document(report: SeekReport) -> dict[str, Any]:
    """Arrange a search for `json.dumps`.

    Returns
    -------
    dict
        ``sought`` is the value that just meets the target, of every approved sum if there are ``several``; ``period`` is then the
        quarter, fiscal year or ``owner NAME`` whose sum the next value breaks, and whose percentile and ``at_most`` are told
        (None: the total). An end of its interval is None where it reaches beyond the range; ``at_sought`` is the percentile
        there; ``beyond`` is the next value, which does not meet it.
    """
    found = report.sought
    return {
        "schema": SEEK_SCHEMA,
        "scenario": scenario_document(report.scenario),
        "run": run_document(report.run),
        "target": report.target,
        "unit": report.unit,
        "percentile": report.percentile,
        "at_most": report.at_most,
        "period": report.period or None,
        "several": report.several,
        "sought": figure_document(Estimate(found.value, found.low, found.high)),
        "at_sought": figure_document(found.at_value),
        "beyond": found.beyond,
        "at_beyond": figure_document(found.at_beyond),
        "rising": found.rising,
        "runs": found.runs,
        "sentence": seek_sentence(report),
        "warnings": list(report.warnings),
    }


def _point(point: SweepPoint) -> dict[str, Any]:
    return {
        "values": list(point.values),
        "total": statistics_document(point.total),
        "probability_within": figure_document(point.probability_within),
        "probability_within_every_period": figure_document(point.probability_within_every_period),
        "change": figures_document(point.change),
    }
