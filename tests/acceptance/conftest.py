"""Runs a scenario file through the product, and estimates its figures with standard errors that owe the product nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
PROBE = 200_000
"""Scenarios whose values are kept to find the standard errors; a standard error found so is good to a few percent."""


class Kept:
    """A sink that keeps the columns of the first scenarios: as many as ``columns``, float64 (n_columns, k), has room for."""

    def __init__(self, n_columns: int, k: int) -> None:
        self.columns = np.empty((n_columns, k))

    def write(self, start: int, columns: NDArray[np.float64]) -> None:
        room = self.columns[:, start : start + columns.shape[1]]
        room[:] = columns[:, : room.shape[1]]


@dataclass(frozen=True)
class Estimates:
    """What a run of ``n`` scenarios says of each column."""

    n: int
    names: tuple[tuple[str, str, int], ...]
    summary: Any
    kept: NDArray[np.float64]

    def column(self, group: str, label: str = "") -> int:
        return next(i for i, (g, text, _) in enumerate(self.names) if (g, text) == (group, label))

    def estimate(self, figure: str) -> tuple[float, float]:
        """Return one figure of the total (``mean``, ``sd``, ``p95``, ``within``) and its standard error."""
        row = self.column("within" if figure == "within" else "total")
        values, scale = self.kept[row], np.sqrt(self.kept.shape[1] / self.n)
        if figure in ("mean", "within"):
            return float(self.summary.mean()[row]), float(values.std(ddof=1) / np.sqrt(self.n))
        if figure == "sd":
            return float(self.summary.sd()[row]), sd_error(values) * scale
        p = float(figure[1:]) / 100
        rank = np.array([int(np.ceil(self.n * p)) - 1])
        return float(self.summary.at_rank(row, rank)[0]), percentile_error(values, p) * scale


def sd_error(values: NDArray[np.float64]) -> float:
    """Standard error of the standard deviation of a sample (delta method, by the fourth moment)."""
    centred = values - values.mean()
    variance = np.mean(centred**2)
    return float(np.sqrt((np.mean(centred**4) - variance**2) / (4 * variance * values.size)))


def percentile_error(values: NDArray[np.float64], p: float) -> float:
    """Standard error of a percentile: half the distance between the order statistics one binomial deviation either side."""
    step = np.sqrt(p * (1 - p) / values.size)
    low, high = np.quantile(values, [p - step, p + step])
    return float(high - low) / 2


@lru_cache(maxsize=2)  # what a test asks for is mostly what the one before it did; each holds tens of megabytes
def _run(path: Path, n: int, kept: int, method: str) -> Estimates:
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.preparation.backend import kernel_for
    from simcost.engine.simulate import simulate
    from simcost.engine.spans import Span
    from simcost.scenario import load

    scenario = load(path, overrides=(f"sampling.method={method}",))
    plan = compile_scenario(scenario).plan
    sink = Kept(plan.n_columns, min(kept, n))
    summary = simulate(kernel_for(plan), Span(scenario.sampling.seed, 0, n, 2), sinks=(sink,))
    return Estimates(n, tuple(plan.columns()), summary, sink.columns)


@pytest.fixture(scope="session")
def run_case():
    """Return a function (stem of a scenario file, n, scenarios to keep, method) -> Estimates; the last two are kept."""

    def run(stem: str, n: int, kept: int = PROBE, method: str = "random") -> Estimates:
        return _run(HERE / f"{stem}.toml", n, kept, method)

    return run
