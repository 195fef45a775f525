"""The document that ``simcost compare --json`` prints: schema ``simcost/compare/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.compare_sentences import sentences
from simcost.report.estimate_json import estimate_object, finite, run_document
from simcost.report.summary_json import percentile_key, statistics_document

if TYPE_CHECKING:
    from simcost.analysis.comparison import Contrast, Model
    from simcost.analysis.crossover import Crossover
    from simcost.report.compare_report import CompareReport
    from simcost.results.run_info import ScenarioInfo

COMPARE_SCHEMA = "simcost/compare/1"


def compare_document(report: CompareReport) -> dict[str, Any]:
    """Arrange a comparison for `json.dumps`.

    Returns
    -------
    dict
        ``models`` with their totals as in ``simcost/summary/1``; ``differences``, model less base, each an object of ``value``,
        ``low`` and ``high`` but for ``equal`` and ``futures`` (the distribution of the difference); ``crossovers``; the sentences
        that the table ends in. A number that is undefined, and an end that does not exist, is None.
    """
    first = report.scenarios[0]
    return {
        "schema": COMPARE_SCHEMA,
        "scenario": {key: getattr(first, key) for key in ("currency", "start", "months")},
        "run": run_document(report.run),
        "models": [_model(*each) for each in zip(report.comparison.models, report.scenarios, strict=True)],
        "differences": [_contrast(each) for each in report.comparison.contrasts],
        "crossovers": [_crossover(each) for each in report.crossovers],
        "excluded": report.comparison.excluded,
        "sentences": sentences(report),
        "warnings": list(report.warnings),
    }


def _model(model: Model, scenario: ScenarioInfo) -> dict[str, Any]:
    return {
        "name": model.name,
        "scenario": scenario.name,
        "sha256": scenario.sha256,
        "option": scenario.option,
        "overrides": list(scenario.overrides),
        "total": statistics_document(model.total),
        "probability_within": estimate_object(model.within) if model.within else None,
        "cheapest": estimate_object(model.cheapest),
        "regret": {"mean": finite(model.regret), "p95": estimate_object(model.regret_p95)},
    }


def _contrast(contrast: Contrast) -> dict[str, Any]:
    return {
        "name": contrast.name,
        "against": contrast.against,
        "mean": estimate_object(contrast.mean),
        "percentiles": {percentile_key(each.p): estimate_object(each) for each in contrast.percentiles},
        "cvar95": estimate_object(contrast.tail),
        "cheaper": estimate_object(contrast.cheaper),
        "equal": contrast.equal,
        "futures": statistics_document(contrast.futures),
        "dominance": {
            "order": contrast.dominance.order,
            "by": {"model": contrast.name, "base": contrast.against, "": None}[contrast.dominance.by],
            "lower": contrast.dominance.lower,
        },
    }


def _crossover(each: Crossover) -> dict[str, Any]:
    return {
        "name": each.name,
        "against": each.against,
        "target": each.target,
        "unit": each.unit,
        "values": list(each.values),
        "flips": estimate_object(each.flips),
        "several": each.several,
        "always_cheaper": each.always_cheaper,
        "never_cheaper": each.never_cheaper,
        "cheaper_at": [estimate_object(share) for share in each.cheaper_at],
        "at": statistics_document(each.at) if each.at else None,
    }
