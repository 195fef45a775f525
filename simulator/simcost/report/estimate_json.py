"""Estimates and the provenance of an answer as `json.dumps` takes them: the parts that every document has."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcost.analysis.figures import Percentile
    from simcost.analysis.intervals import Estimate
    from simcost.results.run_info import RunInfo, ScenarioInfo

SCENARIO_KEYS = ("name", "sha256", "currency", "start", "months")

RUN_KEYS = (
    *("scenarios", "limit", "first", "seed", "method", "replicates", "looks", "stopped", "interval_ratio"),
    *("stream", "backend", "device", "version", "seconds", "result"),
)


def finite(value: float | None) -> float | None:
    """Return None for what is undefined or endless: JSON has neither NaN nor infinity."""
    return value if value is not None and isfinite(value) else None


def estimate_object(estimate: Estimate | Percentile) -> dict[str, float | None]:
    """Return a value with the ends of its interval."""
    return {"value": finite(estimate.value), "low": finite(estimate.low), "high": finite(estimate.high)}


def estimate_or_none(estimate: Estimate | None) -> dict[str, float | None] | None:
    """Return a value with the ends of its interval; None where it is undefined."""
    return None if estimate is None or finite(estimate.value) is None else estimate_object(estimate)


def estimate_keys(name: str, estimate: Estimate) -> dict[str, float | None]:
    """Return the value under its name, and the ends of its interval beside it with ``_low`` and ``_high``."""
    return {name: finite(estimate.value), f"{name}_low": finite(estimate.low), f"{name}_high": finite(estimate.high)}


def scenario_document(scenario: ScenarioInfo) -> dict[str, Any]:
    """Tell which scenario was asked about."""
    return {key: getattr(scenario, key) for key in SCENARIO_KEYS}


def run_document(run: RunInfo) -> dict[str, Any]:
    """Tell how the answer was computed."""
    return {key: getattr(run, key) for key in RUN_KEYS}
