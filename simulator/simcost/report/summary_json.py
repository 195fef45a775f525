"""The document that ``simcost run --json`` prints: schema ``simcost/summary/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.estimate_json import estimate_keys, estimate_object, finite, run_document, scenario_document
from simcost.results.views import name_of_other

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.budget import BudgetFigures
    from simcost.analysis.figures import Figures, Statistics
    from simcost.analysis.intervals import Estimate
    from simcost.analysis.overrun import Overrun
    from simcost.analysis.period_budget import PeriodBudget
    from simcost.results.run_info import RunInfo, ScenarioInfo

SUMMARY_SCHEMA = "simcost/summary/1"


def summary_document(figures: Figures, scenario: ScenarioInfo, run: RunInfo) -> dict[str, Any]:
    """Arrange figures and provenance for `json.dumps`.

    Returns
    -------
    dict
        Numbers, texts, lists and dicts only; a number that is undefined, and an end of an interval that does not exist, is
        None. Beside the documented keys ``run`` has ``limit``, ``replicates``, ``looks``, ``stopped`` and ``interval_ratio`` (see
        `RunInfo`); ``quarters``, ``fiscal_years`` and ``present_value`` are there if the scenario asks for them, ``view`` if
        both views are; the budget has its wanted ``confidence``, ``sum_for_confidence``, and the ends of
        each estimate under its name with ``_low`` and ``_high``; ``overrun`` is None where no scenario exceeds the approved sum.
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
        **({"view": name_of_other(figures.other_view.name)} if figures.other_view else {}),
        **({"present_value": statistics_document(figures.present_value)} if figures.present_value else {}),
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
                month: estimate_object(each) for month, each in zip(names, pool.sized_in, strict=True) if each.value > 0
            },
            "headroom": statistics_document(pool.headroom) if pool.headroom else None,
        }
        for name, pool in figures.pools.items()
    }


def statistics_document(item: Statistics) -> dict[str, Any]:
    """Arrange the statistics of one column."""
    moments = {key: finite(getattr(item, key)) for key in ("mean", "sd", "min", "max")}
    percentiles = {percentile_key(each.p): estimate_object(each) for each in item.percentiles}
    return {**moments, "percentiles": percentiles}


def budget_document(budget: BudgetFigures) -> dict[str, Any]:
    """Arrange the figures of a budget."""
    first = budget.first_breach
    return {
        "approved": finite(budget.approved),
        "confidence": finite(budget.confidence),
        **estimate_keys("probability_within", budget.probability_within),
        **_monthly("p_breach_by_month", budget.p_breach_by_month),
        **_monthly("p_first_breach_by_month", first.by_month if first else ()),
        **(estimate_keys("p_never_breached", first.never) if first else {}),
        "overrun": _overrun(budget.overrun) if budget.overrun else None,
        **estimate_keys("sum_for_confidence", budget.sum_for_confidence),
        **estimate_keys("reserve_for_confidence", budget.reserve_for_confidence),
        **({"periods": {each.label: _period(each) for each in budget.periods}} if budget.periods else {}),
    }


def _period(each: PeriodBudget) -> dict[str, float | None]:
    return {
        "approved": finite(each.approved),
        **estimate_keys("probability_within", each.probability_within),
        **estimate_keys("sum_for_confidence", each.sum_for_confidence),
    }


def _monthly(name: str, estimates: Sequence[Estimate]) -> dict[str, list[float | None]]:
    endings = {"value": "", "low": "_low", "high": "_high"}
    return {f"{name}{ending}": [finite(getattr(each, part)) for each in estimates] for part, ending in endings.items()}


def _overrun(found: Overrun) -> dict[str, float | None]:
    return {key: value for name in ("mean", "p50", "p95") for key, value in estimate_keys(name, getattr(found, name)).items()}
