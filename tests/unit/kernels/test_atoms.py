"""Values that many scenarios share, beside others within the same cell: order statistics and counts beside NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from tests.summaries import summary_of

from simcost_kernels.summaries.atoms import atoms_in
from simcost_kernels.summaries.summary import BLOCK

N = BLOCK
CAP = 1_000_000.0
PROBABILITIES = (0.05, 0.3, 0.5, 0.8, 0.95, 0.99)
CELL = 2.45e-4


@pytest.fixture
def smooth() -> np.ndarray:
    return np.random.default_rng(20261123).lognormal(np.log(CAP), 0.12, N)


def of_ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return NumPy's percentiles, those of the summary, and how far these may be off."""
    ranks = np.ceil(N * np.array(PROBABILITIES)).astype(np.int64) - 1
    summary = summary_of(values)
    return np.sort(values)[ranks], summary.at_rank(0, ranks), summary.rank_error(0, ranks)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("n", [N, 500])
def test_percentiles_at_a_cap_or_a_minimum_are_exact(smooth: np.ndarray, sign: float, n: int) -> None:
    for capped in (np.minimum(smooth[:n], CAP), np.maximum(smooth[:n], CAP), np.clip(smooth[:n], 0.95 * CAP, 1.05 * CAP)):
        values = sign * capped
        ordered, summary = np.sort(values), summary_of(values)
        _, first, counts = np.unique(ordered, return_index=True, return_counts=True)
        for place, count in zip(first[counts > 1], counts[counts > 1], strict=True):
            inside = np.arange(place + count // 4, place + 3 * count // 4)
            assert (summary.at_rank(0, inside) == ordered[inside]).all()
            assert (summary.rank_error(0, inside) == 0.0).all()


def test_where_the_shared_value_lies_among_others_the_error_reaches_it(smooth: np.ndarray) -> None:
    values = np.where(np.arange(N) % 5 < 4, CAP, smooth)
    exact, found, error = of_ranks(values)
    assert (np.abs(found - exact) <= error + 1e-9).all()
    assert (error <= CELL * CAP).all()
    assert (error > 0.0).sum() >= 3


@pytest.mark.parametrize("beyond", [-5e-5, 2e-5, 8e-5])
def test_a_sum_just_beside_a_cap_or_a_minimum_counts_as_numpy_does(smooth: np.ndarray, beyond: float) -> None:
    for values in (np.minimum(smooth, CAP), np.maximum(smooth, CAP)):
        sum_ = CAP * (1.0 + beyond)
        found, error = summary_of(values).count_up_to(0, sum_)
        exact = np.count_nonzero(values <= sum_)
        assert abs(found - exact) <= error + 1e-9
        assert abs(found - exact) < 0.001 * N


def test_smooth_values_have_no_atoms() -> None:
    """Negative control: no cell of these is taken for one with a shared value."""
    generator = np.random.default_rng(3)
    draws = (
        generator.lognormal(13.0, 0.3, N),
        generator.normal(0.0, 1.0, N),
        generator.standard_cauchy(N),
        generator.uniform(900.0, 1_100.0, N),
        1_000.0 + generator.exponential(50.0, N),
        generator.normal(1e6, 10.0, N),
        generator.integers(10_000, 90_000, N) + 0.0,
    )
    for values in draws:
        runs = summary_of(values).cells(0)
        assert not atoms_in(runs, np.cumsum(runs.counts), np.arange(len(runs.counts))).found.any()
