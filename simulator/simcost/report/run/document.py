"""The document that ``simcost run --json`` prints: schema ``simcost/summary/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.compile.costs import BY_MONTH
from simcost.report.budget.document import budget_document
from simcost.report.parts.estimate_document import figure_document, run_document, scenario_document, statistics_document
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.results.views import name_of_other
from simcost.scenario.scenario import APPROVED_BY, BY_PERIOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics
    from simcost.results.run_info import RunInfo, ScenarioInfo

PERIODS = ("quarters", "fiscal_years", *(FIELD_OF[f"{group}{BY_PERIOD}"] for group in APPROVED_BY))
"""Fields of what is told by fiscal year or quarter."""

SUMMARY_SCHEMA = "simcost/summary/1"


def summary_document(figures: Figures, scenario: ScenarioInfo, run: RunInfo) -> dict[str, Any]:
    """Arrange figures and provenance for `json.dumps`.

    Returns
    -------
    dict
        Numbers, texts, lists and dicts only; a number that is undefined, and an end of an interval that does not exist, is
        None. Beside the documented keys ``run`` has ``limit``, ``replicates``, ``looks``, ``stopped`` and ``interval_ratio`` (see
        `RunInfo`); ``quarters``, ``fiscal_years``, ``owners_by_period``, ..., ``present_value`` and ``categories_by_month``,
        ... are there if the scenario asks for them, ``view`` if both views are; the budget has its wanted ``confidence`` and
        ``sum_for_confidence``; ``overrun`` is None where no scenario exceeds the approved sum.
    """
    return {
        "schema": SUMMARY_SCHEMA,
        "scenario": scenario_document(scenario),
        "run": run_document(run),
        "total": statistics_document(figures.total),
        "categories": _named(figures.categories),
        "stages": _named(figures.stages),
        "owners": _named(figures.owners),
        "lines": _named(figures.lines),
        "months": [
            {"month": each.month, "total": statistics_document(each.total), "cumulative": statistics_document(each.cumulative)}
            for each in figures.months
        ],
        **_more(figures),
        "non_finite": figures.non_finite,
        "warnings": list(figures.warnings),
        "budget": budget_document(figures.budget) if figures.budget else None,
        "pools": _pools(figures, dict(scenario.pools)),
    }


def _more(figures: Figures) -> dict[str, Any]:
    """Arrange what a scenario has only if it asks for it: each key is there if its section is in the file."""
    return {
        **{field: _named(items) for field in PERIODS if (items := getattr(figures, field))},
        **_by_month(figures),
        **({"view": name_of_other(figures.other_view.name)} if figures.other_view else {}),
        **({"present_value": statistics_document(figures.present_value)} if figures.present_value else {}),
    }


def _by_month(figures: Figures) -> dict[str, Any]:
    """Each category, ... in each month by its name: ``categories_by_month.compute["2027-01"]``."""
    names = [month.month for month in figures.months]
    return {
        f"{FIELD_OF[group]}{BY_MONTH}": {label: _named(dict(zip(names, months, strict=True))) for label, months in items.items()}
        for group, items in figures.by_month.items()
    }


def _named(items: Mapping[str, Statistics]) -> dict[str, Any]:
    return {name: statistics_document(item) for name, item in items.items()}


def _pools(figures: Figures, units: Mapping[str, str]) -> dict[str, Any]:
    """Devices in the sizing month, the probability of each month that may be it, and the cost of the headroom."""
    names = [month.month for month in figures.months]
    return {
        name: {
            "unit": units[name],
            "devices": statistics_document(pool.devices),
            "sized_in": {
                month: figure_document(each) for month, each in zip(names, pool.sized_in, strict=True) if each.value > 0
            },
            "headroom": statistics_document(pool.headroom) if pool.headroom else None,
        }
        for name, pool in figures.pools.items()
    }
