"""Figures and the provenance of an answer as `json.dumps` takes them: the parts that every document has."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from simcost.analysis.total_figures import FIGURES

if TYPE_CHECKING:
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.statistics import Percentile, Statistics
    from simcost.analysis.total_figures import TotalFigures
    from simcost.analysis.two_level import FigureBand
    from simcost.results.run_info import RunInfo, ScenarioInfo

    Figure = Estimate | Percentile | FigureBand

SCENARIO_KEYS = ("name", "sha256", "currency", "start", "months")

RUN_KEYS = (
    *("scenarios", "limit", "first", "seed", "method", "replicates", "looks", "stopped", "interval_ratio"),
    *("stream", "backend", "device", "version", "seconds", "result"),
)


def finite(value: float | None) -> float | None:
    """Return None for what is undefined or endless: JSON has neither NaN nor infinity."""
    return value if value is not None and isfinite(value) else None


def figure_document(figure: Figure | None) -> dict[str, float | None] | None:
    """Return a value with the ends of its interval, None for an end that does not exist: the one form of a figure.

    None where the figure itself was not asked for, or is undefined.
    """
    if figure is None or finite(figure.value) is None:
        return None
    return {"value": finite(figure.value), "low": finite(figure.low), "high": finite(figure.high)}


def figures_document(figures: TotalFigures | None) -> dict[str, Any] | None:
    """Arrange figures of the total by their names; None where there are none."""
    return None if figures is None else {name: figure_document(getattr(figures, name)) for name in FIGURES}


def scenario_document(scenario: ScenarioInfo) -> dict[str, Any]:
    """Tell which scenario was asked about."""
    return {
        **{key: getattr(scenario, key) for key in SCENARIO_KEYS},
        "option": scenario.option or None,
        "overrides": list(scenario.overrides),
        "billed_to": scenario.billed_to or None,
    }


def run_document(run: RunInfo) -> dict[str, Any]:
    """Tell how the answer was computed."""
    return {key: getattr(run, key) for key in RUN_KEYS}


def statistics_document(item: Statistics) -> dict[str, Any]:
    """Arrange the statistics of one column."""
    moments = {key: finite(getattr(item, key)) for key in ("mean", "sd", "min", "max")}
    percentiles = {percentile_key(each.p): figure_document(each) for each in item.percentiles}
    return {**moments, "percentiles": percentiles}


def percentile_key(p: float) -> str:
    """``p95``, ``p2.5``: the key of a percentile, with every digit that was asked for."""
    return f"p{p:.15g}"
