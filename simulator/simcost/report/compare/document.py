"""The document that ``simcost compare --json`` prints: schema ``simcost/compare/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.compare.changes import changes_document
from simcost.report.compare.sentences import sentences
from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, statistics_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.comparisons.comparison import Contrast, Model
    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.report.compare.answer import CompareReport
    from simcost.results.run_info import ScenarioInfo
    from simcost.scenario.changes import Change

COMPARE_SCHEMA = "simcost/compare/1"


def compare_document(report: CompareReport) -> dict[str, Any]:
    """Arrange a comparison for `json.dumps`.

    Returns
    -------
    dict
        ``models`` with their totals as in ``simcost/summary/1``; ``differences``, model less base, with the ``figures`` of the
        total that ``drivers`` and ``stress`` have too, ``futures``, the distribution of the difference, and ``changes``, what the
        file says differently; ``crossovers``; the sentences that the table ends in.
    """
    first = report.scenarios[0]
    return {
        "schema": COMPARE_SCHEMA,
        "scenario": {key: getattr(first, key) for key in ("currency", "start", "months")},
        "run": run_document(report.run),
        "models": [_model(*each) for each in zip(report.comparison.models, report.scenarios, strict=True)],
        "differences": [_contrast(*each) for each in zip(report.comparison.contrasts, report.changes, strict=True)],
        "crossovers": [_crossover(each) for each in report.crossovers],
        "non_finite": report.comparison.non_finite,
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
        "probability_within": figure_document(model.probability_within),
        "probability_within_every_period": figure_document(model.probability_within_every_period),
        "cheapest": figure_document(model.cheapest),
        "regret": {"mean": finite(model.regret), "p95": figure_document(model.regret_p95)},
    }


def _contrast(contrast: Contrast, changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "name": contrast.name,
        "against": contrast.against,
        "figures": figures_document(contrast.figures),
        "cheaper": figure_document(contrast.cheaper),
        "equal": contrast.equal,
        "futures": statistics_document(contrast.futures),
        "dominance": {
            "order": contrast.dominance.order,
            "by": {"model": contrast.name, "base": contrast.against, "": None}[contrast.dominance.by],
            "lower": contrast.dominance.lower,
        },
        "changes": changes_document(changes),
    }


def _crossover(each: Crossover) -> dict[str, Any]:
    return {
        "name": each.name,
        "against": each.against,
        "target": each.target,
        "unit": each.unit,
        "values": list(each.values),
        "flips": figure_document(each.flips),
        "several": each.several,
        "always_cheaper": each.always_cheaper,
        "never_cheaper": each.never_cheaper,
        "cheaper_at": [figure_document(share) for share in each.cheaper_at],
        "at": statistics_document(each.at) if each.at else None,
    }
