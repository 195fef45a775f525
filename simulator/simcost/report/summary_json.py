"""The document that ``simcost run --json`` prints: schema ``simcost/summary/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.compile.costs import BY_MONTH
from simcost.report.parts.estimate_json import figure_document, finite, run_document, scenario_document
from simcost.results.figure_arrays import FIELD_OF
from simcost.results.views import name_of_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.overrun import Overrun
    from simcost.analysis.budgets.period_budget import PeriodBudget
    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics
    from simcost.results.run_info import RunInfo, ScenarioInfo

SUMMARY_SCHEMA = "simcost/summary/1"


def summary_document(figures: Figures, scenario: ScenarioInfo, run: RunInfo) -> dict[str, Any]:
    """Arrange figures and provenance for `json.dumps`.

    Returns
    -------
    dict
        Numbers, texts, lists and dicts only; a number that is undefined, and an end of an interval that does not exist, is
        None. Beside the documented keys ``run`` has ``limit``, ``replicates``, ``looks``, ``stopped`` and ``interval_ratio`` (see
        `RunInfo`); ``quarters``, ``fiscal_years``, ``present_value`` and ``categories_by_month``, ... are there if the scenario
        asks for them, ``view`` if both views are; the budget has its wanted ``confidence`` and ``sum_for_confidence``;
        ``overrun`` is None where no scenario exceeds the approved sum.
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
        **({"quarters": _named(figures.quarters)} if figures.quarters else {}),
        **({"fiscal_years": _named(figures.fiscal_years)} if figures.fiscal_years else {}),
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


def percentile_key(p: float) -> str:
    """``p95``, ``p2.5``: the key of a percentile, with every digit that was asked for."""
    return f"p{p:.15g}"


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


def statistics_document(item: Statistics) -> dict[str, Any]:
    """Arrange the statistics of one column."""
    moments = {key: finite(getattr(item, key)) for key in ("mean", "sd", "min", "max")}
    percentiles = {percentile_key(each.p): figure_document(each) for each in item.percentiles}
    return {**moments, "percentiles": percentiles}


def budget_document(budget: BudgetFigures) -> dict[str, Any]:
    """Arrange the figures of a budget."""
    first = budget.first_breach
    return {
        "approved": finite(budget.approved),
        "confidence": finite(budget.confidence),
        "probability_within": figure_document(budget.probability_within),
        "p_breach_by_month": [figure_document(each) for each in budget.p_breach_by_month],
        "p_first_breach_by_month": [figure_document(each) for each in first.by_month] if first else [],
        "p_never_breached": figure_document(first.never) if first else None,
        "overrun": _overrun(budget.overrun) if budget.overrun else None,
        "sum_for_confidence": figure_document(budget.sum_for_confidence),
        "reserve_for_confidence": figure_document(budget.reserve_for_confidence),
        **(_periods(budget) if budget.periods else {}),
    }


def _periods(budget: BudgetFigures) -> dict[str, Any]:
    together = budget.probability_within_every_period
    return {
        "periods": {each.label: _period(each) for each in budget.periods},
        "probability_within_every_period": figure_document(together) if together else None,
    }


def _period(each: PeriodBudget) -> dict[str, Any]:
    return {
        "approved": finite(each.approved),
        "probability_within": figure_document(each.probability_within),
        "sum_for_confidence": figure_document(each.sum_for_confidence),
    }


def _overrun(found: Overrun) -> dict[str, Any]:
    return {name: figure_document(getattr(found, name)) for name in ("mean", "p50", "p95")}
