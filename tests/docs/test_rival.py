"""The rivals of the benchmarks simulate the same model: each percentile agrees within five standard errors."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.places import RECOMMENDER, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

N = 200_000
DEVIATIONS = 5.0
"""Of some 400 percentiles, one fails by chance in 4,000 tests."""

PERCENTILES = np.array([5, 10, 50, 80, 90, 95, 99]) / 100
ROUNDING = 1e-9
"""Relative: constants are sums in another order."""

RIVALS = [
    pytest.param("numpy_script", "numpy", {}),
    pytest.param("handwritten", "numba", {}, marks=pytest.mark.slow),  # ten seconds to compile
    pytest.param("jax_script", "jax", {}),
    pytest.param("jax_script", "jax", {"library": True}, id="jax_script-library"),
    pytest.param("squigglepy_script", "squigglepy", {}),
    pytest.param("openturns_script", "openturns", {}),
]
"""Module of `bench/rivals`, the library that it needs, and what its figures are asked for besides."""

Columns = dict[tuple[str, str], np.ndarray]


@pytest.fixture(scope="module", autouse=True)
def _rivals_are_found() -> Iterator[None]:
    sys.path.insert(0, str(ROOT / "bench" / "rivals"))
    yield
    sys.path.remove(str(ROOT / "bench" / "rivals"))


@pytest.fixture(scope="module")
def rival(_rivals_are_found: None) -> Columns:
    script = import_module("numpy_script")
    labels, matrix = script.columns(*script.simulate(N, 1))
    return dict(zip(labels, matrix, strict=True))


@pytest.fixture(scope="module")
def ours() -> Columns:
    from simcost.compile.compiled import compile_scenario
    from simcost.engine.preparation.backend import kernel_for
    from simcost.engine.simulate import simulate
    from simcost.engine.spans import Span
    from simcost.scenario import load

    plan = compile_scenario(load(RECOMMENDER)).plan
    columns = np.empty((plan.n_columns, N))

    class Keep:
        def write(self, start: int, block: np.ndarray) -> None:
            columns[:, start : start + block.shape[1]] = block

    simulate(kernel_for(plan), Span(1, 0, N, 2), sinks=(Keep(),))
    labels = [(group, label if month < 0 else str(month + 1)) for group, label, month in plan.columns()]
    return dict(zip(labels, columns, strict=True))


def range_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Order statistics five standard errors of the difference of two runs either side of the percentiles."""
    step = DEVIATIONS * np.sqrt(2 * PERCENTILES * (1 - PERCENTILES) / N)
    low, high = np.quantile(values, [np.maximum(PERCENTILES - step, 0), np.minimum(PERCENTILES + step, 1)])
    slack = ROUNDING * np.abs(values).max()
    return low - slack, high + slack


def disagreements(ours: Columns, figures: dict[tuple[str, str], np.ndarray]) -> list[tuple[str, str, float]]:
    """Percentiles of a rival, by column, that lie outside the range of ours."""
    found = []
    for name, percentiles in figures.items():
        low, high = range_of(ours[name])
        found += [(*name, p) for p in PERCENTILES[(percentiles < low) | (percentiles > high)]]
    return found


def percentiles_of(columns: Columns) -> dict[tuple[str, str], np.ndarray]:
    return {name: np.quantile(values, PERCENTILES) for name, values in columns.items()}


def test_rival_has_the_same_columns(ours: Columns, rival: Columns) -> None:
    assert set(ours) == set(rival)


def test_rival_agrees_in_every_percentile(ours: Columns, rival: Columns) -> None:
    assert disagreements(ours, percentiles_of(rival)) == []


def test_a_model_that_is_two_per_cent_off_is_noticed(ours: Columns, rival: Columns) -> None:
    """Negative control."""
    wrong = percentiles_of({name: values * 1.02 for name, values in rival.items()})
    assert any(group == "total" for group, _, _ in disagreements(ours, wrong))


@pytest.mark.parametrize(("module", "library", "arguments"), RIVALS)
def test_figures_of_each_rival_agree(ours: Columns, module: str, library: str, arguments: dict[str, bool]) -> None:
    pytest.importorskip(library, reason="a rival of the benchmarks: make bench RIVALS=1")
    labels = import_module("numpy_script").LABELS
    figures = import_module(module).figures(N, 2, **arguments)
    assert figures.shape == (len(PERCENTILES), len(labels))
    assert disagreements(ours, dict(zip(labels, figures.T, strict=True))) == []


def test_the_script_for_a_gpu_is_the_same_model_and_leaves_nothing_to_numpy(
    ours: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no GPU where tests run, but a CuPy that refuses arrays of NumPy's as CuPy does."""
    monkeypatch.syspath_prepend(ROOT / "tests" / "emulated")
    for name in [name for name in sys.modules if name.partition(".")[0] == "cupy"]:
        monkeypatch.delitem(sys.modules, name)
    emulated = import_module("cupy")
    assert emulated.__version__ == "emulated"
    labels = import_module("numpy_script").LABELS
    figures = import_module("cupy_script").figures(N, 3, emulated)
    for name in ("cupy", "cupy.cuda"):
        sys.modules.pop(name)
    assert disagreements(ours, dict(zip(labels, figures.T, strict=True))) == []


def test_the_kernel_by_hand_that_keeps_the_bits_keeps_them(ours: Columns) -> None:
    kernel = import_module("handwritten_same_bits").KERNEL
    names = [(group, label if month < 0 else str(month + 1)) for group, label, month in kernel.plan.columns()]
    columns = np.empty((len(names), -(-N // 128) * 128))
    kernel.run(1, 0, columns.shape[1], columns)
    assert [name for name, column in zip(names, columns[:, :N], strict=True) if not np.array_equal(column, ours[name])] == []
    kernel.run(2, 0, columns.shape[1], columns)
    assert not np.array_equal(columns[0, :N], ours["total", ""])
