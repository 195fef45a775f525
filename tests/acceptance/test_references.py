"""The reference figures themselves, recomputed: such tables have been copied wrongly before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
ELEMENTS = CASES["gao_uav"]["inputs"]["triangular kUSD (low, mode, high)"].values()
PERCENTILES = {f"p{p}": p / 100 for p in (5, 50, 80, 90, 95, 97.5, 99)}


def by_percentile(reference: dict[str, float]) -> list[tuple[float, float]]:
    return [(PERCENTILES[name], value) for name, value in reference.items() if name in PERCENTILES]


def triangular(low: float, mode: float, high: float) -> stats.rv_continuous:
    return stats.triang((mode - low) / (high - low), low, high - low)


def convolved_quantiles(masses: list[np.ndarray], low: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Values and distribution function of a sum of variables given by their mass in cells of width ``step``."""
    size = 1 << int(np.ceil(np.log2(sum(mass.size for mass in masses))))
    product = np.prod([np.fft.rfft(mass, size) for mass in masses], axis=0)
    distribution = np.cumsum(np.fft.irfft(product, size))
    return low + step * (np.arange(size) + 0.5 + 0.5 * (len(masses) - 1)) + step / 2, distribution


def test_gamma_sum_is_a_gamma_of_shape_ten() -> None:
    for p, value in by_percentile(CASES["gamma_sum"]["result"]):
        assert stats.gamma(10, scale=2).ppf(p) == pytest.approx(value, abs=1e-8)


def test_product_of_lognormals_is_a_lognormal() -> None:
    reference = CASES["lognormal_product"]["result"]
    product = stats.lognorm(np.hypot(0.2, 0.3), scale=100_000)
    assert product.mean() == pytest.approx(reference["mean"], abs=0.5)
    for p, value in by_percentile(reference):
        assert product.ppf(p) == pytest.approx(value, abs=0.5)


def test_logarithm_of_a_uniform_in_closed_form() -> None:
    exact = CASES["npl_log"]["exact"]
    for p, value in by_percentile(exact):
        assert np.log(0.1 + p) == pytest.approx(value, abs=1e-5)
    mean = 1.1 * np.log(1.1) - 0.1 * np.log(0.1) - 1
    square = 1.1 * (np.log(1.1) ** 2 - 2 * np.log(1.1) + 2) - 0.1 * (np.log(0.1) ** 2 - 2 * np.log(0.1) + 2)
    assert mean == pytest.approx(exact["mean"], abs=5e-5)
    assert np.sqrt(square - mean**2) == pytest.approx(exact["sd"], abs=5e-7)


def test_unmanned_aircraft_by_moments_and_by_convolution() -> None:
    reference = CASES["gao_uav"]["result"]
    parts = [triangular(*element) for element in ELEMENTS]
    assert sum(mode for _, mode, _ in ELEMENTS) == reference["sum of modes"]
    assert sum(part.mean() for part in parts) == pytest.approx(reference["mean"], abs=0.05)
    assert np.sqrt(sum(part.var() for part in parts)) == pytest.approx(reference["sd"], abs=5e-4)
    step = 1.0
    masses = [np.diff(part.cdf(np.arange(low, high + step, step))) for part, (low, _, high) in zip(parts, ELEMENTS, strict=True)]
    values, distribution = convolved_quantiles(masses, sum(low for low, _, _ in ELEMENTS), step)
    assert np.interp(reference["sum of modes"], values, distribution) == pytest.approx(
        reference["P(total <= sum of modes)"], abs=5e-5
    )
    for p, value in by_percentile(reference):
        assert np.interp(p, distribution, values) == pytest.approx(value, abs=0.1)


def test_comonotone_percentiles_are_sums_of_percentiles() -> None:
    for p, value in by_percentile(CASES["gao_uav"]["comonotone"]):
        assert sum(triangular(*element).ppf(p) for element in ELEMENTS) == pytest.approx(value, abs=0.05)


def test_sum_of_uniforms_by_its_density() -> None:
    """The sum of four uniforms on (0, 1) has distribution function sum over k of (-1)^k C(4, k) (x - k)+^4 / 24."""
    for p, value in by_percentile(CASES["gum_s1_rectangular_sum"]["exact"]):
        x = (value / np.sqrt(3) + 4) / 2
        terms = [(-1) ** k * c * max(x - k, 0) ** 4 / 24 for k, c in enumerate((1, 4, 6, 4, 1))]
        assert sum(terms) == pytest.approx(p, abs=1e-7)


def test_sum_of_ten_lognormals_by_moments_and_by_convolution() -> None:
    reference = CASES["lognormal_sum_10"]["result"]
    one = stats.lognorm(0.5)
    assert 10 * one.mean() == pytest.approx(reference["mean"], abs=5e-7)
    assert np.sqrt(10) * one.std() == pytest.approx(reference["sd"], abs=5e-7)
    step = 0.0005
    values, distribution = convolved_quantiles([np.diff(one.cdf(np.arange(0, 60 + step, step)))] * 10, 0.0, step)
    for p, value in by_percentile(reference):
        assert np.interp(p, distribution, values) == pytest.approx(value, abs=2e-5)


def test_three_correlated_marginals_by_their_covariances() -> None:
    a, b, c = 2.0, np.sqrt(100 / 24), np.sqrt(16 / 12)
    variance = a**2 + b**2 + c**2 + 2 * (0.5 * a * b + 0.3 * a * c + 0.4 * b * c)
    assert np.sqrt(variance) == pytest.approx(CASES["correlated_marginals"]["result"]["sd"], abs=5e-5)


def test_spearman_of_a_gaussian_copula_in_closed_form() -> None:
    for r, value in CASES["spearman_of_gaussian_copula"]["result"].items():
        assert 6 / np.pi * np.arcsin(float(r) / 2) == pytest.approx(value, abs=5e-7)
