"""Rank correlations and the Gaussian copula: the closed form, the achieved correlation, and the values' own correlation."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text("utf-8"))
EXACT = {float(r): rho for r, rho in CASES["spearman_of_gaussian_copula"]["result"].items()}
CHUNK = 10_000
QUICK = 200_000
LARGE = 4_000_000
DEVIATIONS = 4.5
RANK_DIGITS = 2e-6
"""The ranks in correlated_marginals.toml have six decimals: half a unit, and what it becomes as a Pearson correlation."""


def correlation_in_chunks(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Pearson's correlation, the mean over chunks, and its standard error from their spread."""
    found = [np.corrcoef(x[i : i + CHUNK], y[i : i + CHUNK])[0, 1] for i in range(0, x.size, CHUNK)]
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found)))


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks within each chunk, so that chunks stay independent."""
    return np.argsort(np.argsort(values.reshape(-1, CHUNK), axis=1), axis=1).astype(float).ravel()


def pair(run: object, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return run.kept[run.column("line", f"x{number}")], run.kept[run.column("line", f"y{number}")]


@pytest.mark.parametrize("n", [QUICK, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_rank_correlations_and_those_of_the_normal_scores_are_as_the_closed_form_says(run_case: Callable, n: int) -> None:
    run = run_case("spearman_of_gaussian_copula", n, n)
    for number, (r, rho) in enumerate(EXACT.items(), 1):
        agrees(*pair(run, number), r, rho)


def agrees(x: NDArray[np.float64], y: NDArray[np.float64], r: float, rho: float) -> None:
    for wanted, (achieved, error) in ((r, correlation_in_chunks(x, y)), (rho, correlation_in_chunks(ranks(x), ranks(y)))):
        assert abs(achieved - wanted) <= DEVIATIONS * error


def test_a_rank_correlation_taken_for_that_of_the_scores_is_noticed(run_case: Callable) -> None:
    """Negative control."""
    achieved, error = correlation_in_chunks(*pair(run_case("spearman_of_gaussian_copula", QUICK, QUICK), 2))
    assert abs(achieved - EXACT[0.5]) > DEVIATIONS * error


def test_ranks_in_the_file_give_the_values_the_published_correlations() -> None:
    """Quadrature over the joint normal scores: an oracle that draws nothing."""
    from scipy.special import ndtr

    def triangular(z: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(z < 0, 5 + np.sqrt(50 * ndtr(z)), 15 - np.sqrt(50 * ndtr(-z)))

    marginals = {"a": lambda z: 10 + 2 * z, "b": triangular, "c": lambda z: 8 + 4 * ndtr(z)}
    groups = tomllib.loads((HERE / "correlated_marginals.toml").read_text("utf-8"))["correlation"]
    wanted = {("a", "b"): 0.5, ("a", "c"): 0.3, ("b", "c"): 0.4}
    assert {tuple(group["between"]) for group in groups} == set(wanted)
    for group in groups:
        first, second = group["between"]
        r = 2 * np.sin(np.pi * group["rank"] / 6)
        achieved = value_correlation(marginals[first], marginals[second], r)
        assert abs(achieved - wanted[first, second]) < RANK_DIGITS


def value_correlation(first: Callable, second: Callable, r: float) -> float:
    """Pearson's correlation of two functions of normal scores correlated by r (Gauss-Hermite, 200 x 200 nodes)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()
    x, y = first(nodes), second(r * nodes[:, None] + np.sqrt(1 - r * r) * nodes)
    other = second(nodes)
    covariance = weights @ (x[:, None] * y) @ weights - (weights @ x) * (weights @ other)
    return float(covariance / np.sqrt((weights @ x**2 - (weights @ x) ** 2) * (weights @ other**2 - (weights @ other) ** 2)))
