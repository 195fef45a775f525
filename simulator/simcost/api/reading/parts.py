"""The parts that documents have, read back: what `estimate_document` writes.

A document may come from a stranger. What it lacks, or has in another form, ends in one of `UNREADABLE`, which who reads it tells.
"""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from simcost.analysis.budgets.kept_sums import KEPT_GROUPS, KeptSums
from simcost.analysis.budgets.overrun import Overrun
from simcost.analysis.budgets.part_budget import PartBudget
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.statistics import Percentile, Statistics
from simcost.analysis.total_figures import FIGURES, TotalFigures
from simcost.report.parts.estimate_document import RUN_KEYS, SCENARIO_KEYS
from simcost.report.parts.kept_sums import EVERY, kept_key
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.results.run_info import RunInfo, ScenarioInfo
from simcost.scenario.scenario import BUDGETED
from simcost.scenario.schema import MOST_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a document that is not as it was written ends in."""

LARGEST = 1e200
"""Numbers beyond it are none that a page could draw."""


def number(value: Any) -> float:
    """Return a number; NaN for null, which stands for what is undefined."""
    if value is None:
        return nan
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value) or abs(value) > LARGEST:
        message = f"{value!r:.40} is no number"
        raise ValueError(message)
    return float(value)


def text(value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        message = f"{value!r:.40} is no text"
        raise TypeError(message)
    return value


def scenario_of(document: Mapping[str, Any]) -> ScenarioInfo:
    """Return which scenario was asked about."""
    said: dict[str, Any] = {key: document[key] if key == "months" else text(document[key]) for key in SCENARIO_KEYS}
    if not 1 <= said["months"] <= MOST_MONTHS:
        message = f"{said['months']!r:.40} months"
        raise ValueError(message)
    scenario = ScenarioInfo(
        **said,
        option=text(document["option"] or ""),
        overrides=tuple(map(text, document["overrides"])),
        billed_to=text(document["billed_to"] or ""),
    )
    scenario.month_names()  # refuses a start that is none
    return scenario


def run_of(document: Mapping[str, Any]) -> RunInfo:
    """Return how the answer was computed."""
    said = {key: document[key] for key in RUN_KEYS}
    for key, value in said.items():
        (text if key in ("method", "stopped", "backend", "device", "version", "result") else number)(value)
    return RunInfo(**said)


def estimate_of(document: Mapping[str, Any] | None) -> Estimate | None:
    """Return a figure; None for what was not asked for."""
    if document is None:
        return None
    low, high = (None if document[end] is None else number(document[end]) for end in ("low", "high"))
    return Estimate(number(document["value"]), low, high)


def figure_of(document: Mapping[str, Any] | None) -> Estimate:
    """Return a figure that is always asked for; NaN where it is undefined."""
    return estimate_of(document) or Estimate(nan, None, None)


def figures_of(document: Mapping[str, Any] | None) -> TotalFigures | None:
    """Return figures of the total; None where there are none."""
    return None if document is None else TotalFigures(*(figure_of(document[name]) for name in FIGURES))


def statistics_of(document: Mapping[str, Any]) -> Statistics:
    """Return the statistics of one column."""
    mean, sd, least, most = (number(document[key]) for key in ("mean", "sd", "min", "max"))
    percentiles = [percentile_of(number(float(key.removeprefix("p"))), each) for key, each in document["percentiles"].items()]
    return Statistics(mean, sd, least, most, tuple(percentiles))


def percentile_of(p: float, document: Mapping[str, Any] | None) -> Percentile:
    """Return a percentile of its figure."""
    found = figure_of(document)
    return Percentile(p, found.value, found.low, found.high)


def kept_of(document: Mapping[str, Any]) -> KeptSums:
    """Return how likely approved sums are kept."""
    found = {group: document.get(kept_key(group), {}) for group in KEPT_GROUPS}
    together = {group: estimate_of(document.get(f"{EVERY}{group}")) for group in KEPT_GROUPS}
    return KeptSums(
        {
            group: {text(name): figure_of(each["probability_within"]) for name, each in its.items()}
            for group, its in found.items()
            if its
        },
        {group: each for group, each in together.items() if each is not None},
    )


def parts_of(document: Mapping[str, Any]) -> tuple[PartBudget, ...]:
    """Return what has approved sums of its own: periods, categories, stages and owners, and these in a period."""
    return tuple(
        _part(group, text(label), each) for group in BUDGETED for label, each in document.get(FIELD_OF[group], {}).items()
    )


def _part(group: str, label: str, document: Mapping[str, Any]) -> PartBudget:
    over = document["overrun"]
    within, enough, p95 = (figure_of(document[name]) for name in ("probability_within", "sum_for_confidence", "p95"))
    overrun = None if over is None else Overrun(*(figure_of(over[name]) for name in ("mean", "p50", "p95")))
    return PartBudget(group, label, number(document["approved"]), within, enough, p95, overrun)
