"""The NumPy script of the benchmarks simulates the same model: each percentile agrees within five standard errors."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
N = 200_000
DEVIATIONS = 5.0
"""Of some 400 percentiles, one fails by chance in 4,000 tests."""

PERCENTILES = np.array([5, 10, 50, 80, 90, 95, 99]) / 100
ROUNDING = 1e-9
"""Relative: constants are sums in another order."""

Columns = dict[tuple[str, str], np.ndarray]


@pytest.fixture(scope="module")
def rival() -> Columns:
    script = runpy.run_path(str(ROOT / "bench" / "rivals" / "numpy_script.py"))
    labels, matrix = script["columns"](*script["simulate"](N, 1))
    return dict(zip(labels, matrix, strict=True))


@pytest.fixture(scope="module")
def ours() -> Columns:
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.backend import kernel_for
    from simcost.engine.simulate import simulate
    from simcost.scenario import load

    plan = compile_scenario(load(ROOT / "scenarios" / "ecommerce_recommender.toml")).plan
    columns = np.empty((plan.n_columns, N))

    class Keep:
        def write(self, start: int, block: np.ndarray) -> None:
            columns[:, start : start + block.shape[1]] = block

    simulate(kernel_for(plan), seed=1, first=0, n=N, workers=2, sinks=(Keep(),))
    labels = [(group, label if month < 0 else str(month + 1)) for group, label, month in plan.columns()]
    return dict(zip(labels, columns, strict=True))


def disagreements(ours: Columns, rival: Columns) -> list[tuple[str, str, float]]:
    """Percentiles of ours that lie outside the rival's order statistics five deviations of the difference either side."""
    found = []
    step = DEVIATIONS * np.sqrt(2 * PERCENTILES * (1 - PERCENTILES) / N)
    for name, values in ours.items():
        low, high = np.quantile(rival[name], [np.maximum(PERCENTILES - step, 0), np.minimum(PERCENTILES + step, 1)])
        slack = ROUNDING * np.abs(rival[name]).max()
        middle = np.quantile(values, PERCENTILES)
        outside = (middle < low - slack) | (middle > high + slack)
        found += [(*name, p) for p in PERCENTILES[outside]]
    return found


def test_rival_has_the_same_columns(ours: Columns, rival: Columns) -> None:
    assert set(ours) == set(rival)


def test_rival_agrees_in_every_percentile(ours: Columns, rival: Columns) -> None:
    assert disagreements(ours, rival) == []


def test_a_model_that_is_two_per_cent_off_is_noticed(ours: Columns, rival: Columns) -> None:
    """Negative control."""
    wrong = {name: values * 1.02 for name, values in rival.items()}
    assert any(group == "total" for group, _, _ in disagreements(ours, wrong))
