"""A comparison of options read back from its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from simcost.analysis.comparisons.comparison import Comparison, Contrast, Model
from simcost.analysis.comparisons.crossover import Crossover
from simcost.analysis.comparisons.dominance import Dominance
from simcost.analysis.total_figures import FIGURES, TotalFigures
from simcost.api.reading.parts import estimate_of, figure_of, kept_of, number, run_of, scenario_of, statistics_of, text
from simcost.report.compare.answer import CompareReport
from simcost.scenario.changes import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.results.run_info import ScenarioInfo

ORDERS: dict[int, Literal[0, 1, 2]] = {0: 0, 1: 1, 2: 2}


def compare_of(document: Mapping[str, Any]) -> CompareReport:
    """Return the comparison that a document tells."""
    models, contrasts = document["models"], document["differences"]
    comparison = Comparison(tuple(map(_model, models)), tuple(map(_contrast, contrasts)), int(number(document["non_finite"])))
    if len(models) != len(contrasts) + 1:
        message = f"{len(contrasts)} differences of {len(models)} models"
        raise ValueError(message)
    return CompareReport(
        comparison=comparison,
        scenarios=tuple(_scenario(each, document["scenario"]) for each in models),
        run=run_of(document["run"]),
        crossovers=tuple(map(_crossover, document["crossovers"])),
        warnings=tuple(map(text, document["warnings"])),
        changes=tuple(tuple(map(_change, each.get("changes", ()))) for each in contrasts),
    )


def _change(document: Mapping[str, Any]) -> Change:
    before, after = (None if document[key] is None else text(document[key]) for key in ("before", "after"))
    return Change(text(document["key"]), before, after)


def _scenario(model: Mapping[str, Any], common: Mapping[str, Any]) -> ScenarioInfo:
    own = {key: model[key] for key in ("sha256", "option", "overrides")}
    return scenario_of({**common, **own, "name": model["scenario"], "billed_to": None})


def _model(document: Mapping[str, Any]) -> Model:
    regret = document["regret"]
    return Model(
        text(document["name"]),
        statistics_of(document["total"]),
        estimate_of(document["probability_within"]),
        kept_of(document),
        figure_of(document["cheapest"]),
        number(regret["mean"]),
        figure_of(regret["p95"]),
    )


def _contrast(document: Mapping[str, Any]) -> Contrast:
    said, name, against = document["dominance"], text(document["name"]), text(document["against"])
    by: Literal["model", "base", ""] = "model" if said["by"] == name else "base" if said["by"] == against else ""
    return Contrast(
        name,
        against,
        TotalFigures(*(figure_of(document["figures"][figure]) for figure in FIGURES)),
        figure_of(document["cheaper"]),
        number(document["equal"]),
        statistics_of(document["futures"]),
        Dominance(ORDERS[said["order"]], by, number(said["lower"])),
    )


def _crossover(document: Mapping[str, Any]) -> Crossover:
    at = document["at"]
    values, shares = tuple(map(number, document["values"])), tuple(map(figure_of, document["cheaper_at"]))
    if len(values) != len(shares):
        message = f"{len(shares)} shares at {len(values)} values"
        raise ValueError(message)
    return Crossover(
        text(document["name"]),
        text(document["against"]),
        text(document["target"]),
        values,
        text(document["unit"]),
        shares,
        figure_of(document["flips"]),
        number(document["several"]),
        number(document["always_cheaper"]),
        number(document["never_cheaper"]),
        None if at is None else statistics_of(at),
    )
