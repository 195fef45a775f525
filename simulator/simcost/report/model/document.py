"""How a scenario was understood, as a document: what ``simcost validate --json`` prints and its tables show."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simcost.compile.dependence.copulas import Gaussian
from simcost.compile.immediate import draws_at
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.months import month_name
from simcost.scenario.sections.fiscal import FiscalCalendar

if TYPE_CHECKING:
    from simcost.compile.compiled import Compiled
    from simcost.compile.dependence.pairs import Loading, Pair
    from simcost.scenario.scenario import Budget, Cost, Driver, Input, Scenario

SCHEMA = "simcost/model/1"
PERCENTILES = {"p5": 0.05, "p50": 0.50, "p95": 0.95}


def model_document(compiled: Compiled) -> dict[str, Any]:
    """Describe the resolved model.

    Returns
    -------
    dict
        JSON: ``inputs`` with unit, persistence and P5, P50, P95; ``drivers`` with their inferred unit; ``costs`` with their
        time base; ``other_view``, names of lines that count in one view alone; ``pools``; ``correlations`` asked for and got,
        pair by pair; ``factors`` with what each input has of them; ``budget``, ``discounting``, ``fiscal_years``, ``options``,
        ``plan``, ``warnings``.
    """
    scenario = compiled.scenario
    return {
        "schema": SCHEMA,
        "scenario": _scenario(scenario),
        "inputs": [_input(each) for each in scenario.inputs],
        "drivers": [_driver(each) for each in scenario.drivers],
        "costs": [_cost(each) for each in scenario.costs],
        "other_view": _other_view(scenario),
        "pools": [{"name": each.name, "unit": each.unit.text, "devices": each.formula} for each in scenario.pools],
        "correlations": [_correlation(each) for each in compiled.pairs],
        "factors": [_loading(each) for each in compiled.loadings],
        "budget": None if scenario.budget is None else _budget(scenario.budget),
        "discounting": None if scenario.discounting is None else {"payments": scenario.discounting.payments},
        "fiscal_years": _fiscal_years(scenario),
        "options": list(scenario.options),
        "stresses": _stresses(scenario),
        "plan": {"digest": compiled.plan.digest, "columns": compiled.plan.n_columns, "draws": len(compiled.plan.streams)},
        "warnings": list(compiled.warnings),
    }


def _stresses(scenario: Scenario) -> list[dict[str, Any]]:
    """Describe the stresses; what they are made of is loaded only where there are some."""
    if not scenario.stresses:
        return []
    from simcost.compile.studies.stressed import conditions

    return [{"name": each.name, "conditions": list(conditions(each, scenario)), "note": each.note} for each in scenario.stresses]


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "sha256": scenario.sha256,
        "currency": scenario.currency,
        "start": month_name(scenario.start),
        "months": scenario.months,
        "scenarios": scenario.sampling.scenarios,
        "seed": scenario.sampling.seed,
        "method": scenario.sampling.method,
        "option": scenario.option,
        "overrides": list(scenario.overrides),
    }


def _input(each: Input) -> dict[str, Any]:
    values = draws_at(each.distribution, list(PERCENTILES.values()))
    return {
        "name": each.name,
        "value": each.text,
        "distribution": each.distribution.in_words(),
        "unit": each.unit.text,
        "certain": isinstance(each.distribution, Constant),
        "draw": each.draw,
        **{name: _finite(float(value)) for name, value in zip(PERCENTILES, values, strict=True)},
        "source": each.source,
        "note": each.note,
    }


def _driver(each: Driver) -> dict[str, Any]:
    return {"name": each.name, "unit": each.unit.text, "formula": each.formula}


def _cost(each: Cost) -> dict[str, Any]:
    return {
        "name": each.name,
        "category": each.category,
        "stage": each.stage,
        "owner": each.owner,
        "every": each.every,
        "charge": each.charge,
        "month": each.month,
        "unit": each.unit.text,
        "amount": each.formula,
    }


def _other_view(scenario: Scenario) -> dict[str, Any] | None:
    """Name the lines that count in one view alone; None where the views are the same."""
    if not scenario.other_costs:
        return None
    own, other = ([each.name for each in costs] for costs in (scenario.costs, scenario.other_costs))
    return {
        "view": "amortised" if scenario.view == "cash" else "cash",
        "added": [name for name in other if name not in own],
        "left_out": [name for name in own if name not in other],
    }


def _correlation(pair: Pair) -> dict[str, Any]:
    asked = pair.asked
    lower, upper = pair.copula.tails
    return {
        "between": list(pair.between),
        "copula": asked.copula,
        "df": asked.df,
        "rank": asked.rank,
        "kendall": asked.kendall,
        "achieved": round(pair.achieved, 12),
        "lower_tail": round(lower, 12),
        "upper_tail": round(upper, 12),
    }


def _loading(each: Loading) -> dict[str, Any]:
    return {
        "factor": each.factor,
        "copula": "gaussian" if isinstance(each.copula, Gaussian) else "t",
        "df": None if isinstance(each.copula, Gaussian) else each.copula.df,
        "input": each.name,
        "loading": each.copula.r,
        "achieved": round(each.achieved, 12),
    }


def _budget(budget: Budget) -> dict[str, Any]:
    periods = {"periods": {each.label: each.approved for each in budget.periods}} if budget.periods else {}
    parts: dict[str, dict[str, float]] = {}
    for each in budget.parts:
        parts.setdefault(FIELD_OF[each.group], {})[each.label] = each.approved
    return {"approved": list(budget.approved), **periods, **parts, "confidence": budget.confidence}


def _fiscal_years(scenario: Scenario) -> list[str]:
    calendar = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    return [year.label for year in calendar.years]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
