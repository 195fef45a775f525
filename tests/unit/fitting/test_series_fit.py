"""Months to a series: the regression against dense algebra, what is drawn is found again, and the choice between its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simcost.analysis.fitting.series_fit import SeriesFit, fit_series, has_two_years
from simcost.analysis.fitting.series_regression import (
    PERSISTENCES,
    Regression,
    design,
    most_likely_persistence,
    outlook,
    regress,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FIRST = 2024 * 12


def calendar(n: int, first: int = 2024) -> tuple[tuple[int, int], ...]:
    return tuple((first + i // 12, i % 12 + 1) for i in range(n))


def noise(rng: np.random.Generator, n: int, persistence: float, sd: float) -> Array:
    """A stationary AR(1), written apart from the package."""
    x = np.empty(n)
    x[0] = sd * rng.standard_normal()
    for i in range(1, n):
        x[i] = persistence * x[i - 1] + sd * np.sqrt(1 - persistence**2) * rng.standard_normal()
    return x


def dense(y: Array, months: NDArray[np.int64], persistence: float, *, seasonal: bool) -> tuple[Array, Array, float]:
    """Generalised least squares with the covariance matrix written out, and the restricted log-likelihood but for a constant."""
    x = design(months, since=int(months[-1]), seasonal=seasonal)
    v = np.power(persistence, np.abs(np.subtract.outer(months, months)).astype(float)) if persistence else np.eye(len(months))
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    coefficients = np.linalg.solve(information, x.T @ inverse @ y)
    left = y - x @ coefficients
    free = len(y) - x.shape[1]
    variance = left @ inverse @ left / free
    log_likelihood = -0.5 * (free * np.log(variance) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1])
    return coefficients, variance * np.linalg.inv(information), log_likelihood


@pytest.mark.parametrize("seasonal", [False, True])
def test_the_line_through_an_ar_1_is_that_of_dense_algebra_with_gaps_too(seasonal: bool) -> None:
    months = FIRST + np.delete(np.arange(40), [3, 17, 18, 19])
    y = noise(np.random.default_rng(1), 40, 0.6, 0.1)[months - FIRST] + 0.02 * (months - FIRST)
    found = regress(y, months, seasonal=seasonal, wanders=False)
    coefficients, covariance, best = dense(y, months, found.persistence, seasonal=seasonal)
    np.testing.assert_allclose(found.coefficients, coefficients, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-7, atol=1e-15)
    positive = PERSISTENCES[PERSISTENCES >= 0]
    assert best >= max(dense(y, months, phi, seasonal=seasonal)[2] for phi in positive.tolist()) - 1e-9


def test_a_random_walk_is_the_mean_and_the_deviation_of_its_steps() -> None:
    y = np.cumsum(np.random.default_rng(2).normal(0.01, 0.05, 30))
    found = regress(y, FIRST + np.arange(30), seasonal=False, wanders=True)
    steps = np.diff(y)
    assert found.growth == pytest.approx(steps.mean())
    assert found.sd == pytest.approx(steps.std(ddof=1))
    assert found.growth_error == pytest.approx(steps.std(ddof=1) / np.sqrt(29))


def test_seasons_add_up_to_nothing_and_are_found_again() -> None:
    rng, n = np.random.default_rng(3), 240
    true = rng.normal(0.0, 0.1, 12)
    true -= true.mean()
    y = 5.0 + 0.01 * np.arange(n) + true[np.arange(n) % 12] + noise(rng, n, 0.4, 0.05)
    for wanders in (False, True):
        found = regress(y, FIRST + np.arange(n), seasonal=True, wanders=wanders)
        assert found.seasons.sum() == pytest.approx(0.0, abs=1e-12)
        assert np.all(np.abs(found.seasons - true) < 4 * found.season_errors)
        assert np.abs(true).max() > 8 * found.season_errors.max()  # the bound above could fail
    plain = regress(y, FIRST + np.arange(n), seasonal=False, wanders=False)
    assert plain.seasons.tolist() == [0.0] * 12


@pytest.mark.parametrize("persistence", [-0.4, 0.0, 0.5, 0.8])
def test_growth_persistence_and_noise_are_found_again(persistence: float) -> None:
    rng, n, times = np.random.default_rng(4), 120, 100
    months = FIRST + np.arange(n)
    fits = [
        regress(0.015 * np.arange(n) + noise(rng, n, persistence, 0.06), months, seasonal=False, wanders=False)
        for _ in range(times)
    ]
    found = np.array([[each.growth, each.persistence, np.log(each.sd)] for each in fits])
    error = found.std(axis=0) / np.sqrt(times)
    bias = np.array([0.0, (1 + 3 * abs(persistence)) / n, 2 / (n * (1 - abs(persistence)))])  # of the order of 1 / n
    assert np.all(np.abs(found.mean(axis=0) - [0.015, persistence, np.log(0.06)]) < 4 * error + bias)
    inside = np.mean([abs(each.growth - 0.015) < 1.96 * each.growth_error for each in fits])
    assert inside > 0.85


def test_a_random_walk_is_excluded_in_a_tenth_of_random_walks_and_mostly_of_plain_noise() -> None:
    rng, times = np.random.default_rng(5), 120
    walks = [fit_p(np.cumsum(rng.normal(0.02, 0.05, 30))) for _ in range(times)]
    assert abs(np.mean(np.array(walks) < 0.1) - 0.1) < 4 * np.sqrt(0.1 * 0.9 / times) + 0.01
    plain = [fit_p(0.02 * np.arange(30) + rng.normal(0.0, 0.05, 30)) for _ in range(50)]
    assert np.mean(np.array(plain) < 0.1) > 0.9


def fit_p(y: Array) -> float:
    return fit_series(np.exp(y), calendar(len(y)), 1).walk_p_value


def test_the_persistence_of_a_walk_depends_on_neither_drift_nor_size_nor_seasons() -> None:
    months, rng = FIRST + np.arange(36), np.random.default_rng(6)
    walk = np.cumsum(rng.standard_normal((36, 20)), axis=0)
    other = 7.0 + 0.3 * walk + 0.5 * np.arange(36)[:, None] + rng.standard_normal(12)[months % 12][:, None]
    x = design(months, since=int(months[-1]), seasonal=True)
    assert np.array_equal(most_likely_persistence(walk, x, np.diff(months)), most_likely_persistence(other, x, np.diff(months)))


@pytest.mark.parametrize(("wanders", "persistence"), [(False, 0.3), (True, 1.0)])
def test_the_months_that_follow_lie_within_the_band_as_often_as_it_says(wanders: bool, persistence: float) -> None:
    rng, n, times = np.random.default_rng(7), 36, 80
    inside, narrow, held_out, kept = 0, 0, 0, 0
    for _ in range(times):
        left = np.cumsum(rng.normal(0, 0.05, n + 12)) if wanders else noise(rng, n + 12, persistence, 0.06)
        y = np.exp(5.0 + 0.01 * np.arange(n + 12) + left)
        found = fit_series(y[:n], calendar(n), 1)
        on = found.taken.year_on
        assert on.low is not None
        assert on.high is not None
        inside += on.low <= y[-1] <= on.high
        narrow += np.sqrt(on.low * on.value) <= y[-1] <= np.sqrt(on.high * on.value)
        held_out, kept = held_out + found.held_out, kept + found.taken.inside
    assert abs(inside / times - 0.9) < 4 * np.sqrt(0.9 * 0.1 / times)
    assert narrow / times < 0.8  # the negative control: bands half as wide
    assert abs(kept / held_out - 0.9) < 0.08


def test_the_back_test_counts_the_months_within_the_band_of_those_before() -> None:
    rng = np.random.default_rng(8)
    y = 0.01 * np.arange(24) + rng.normal(0, 0.05, 24)
    plain = fit_series(np.exp(y), calendar(24), 1)
    assert plain.held_out == 6
    before, known = y[:18], FIRST + np.arange(18)
    on = outlook(regress(before, known, seasonal=False, wanders=False), before, known, np.arange(1, 7))
    z = (y[18:] - np.log(on.median)) / on.sd_log
    assert plain.noise.inside == int(np.sum(np.abs(z) < 1.6448536))
    y[18:] += 1.0
    assert fit_series(np.exp(y), calendar(24), 1).noise.inside == 0


def test_seasons_are_told_apart_in_as_many_plain_series_as_the_test_says_and_taken_where_they_are() -> None:
    rng, n, times = np.random.default_rng(9), 36, 50
    p = np.array(
        [plain.season_p_value for plain in (fit_series(np.exp(noise(rng, n, 0.3, 0.05)), calendar(n), 1) for _ in range(times))]
    )
    assert np.mean(p < 0.05) < 0.05 + 4 * np.sqrt(0.05 * 0.95 / times)
    peaks = np.where(np.arange(n) % 12 == 10, 0.3, 0.0)
    found = fit_series(np.exp(peaks + noise(rng, n, 0.3, 0.05)), calendar(n), 1)
    assert found.seasonal
    assert int(np.argmax(found.taken.fitted.seasons)) == 10


def test_seasons_take_each_month_of_the_calendar_twice() -> None:
    assert has_two_years(FIRST + np.arange(24))
    assert not has_two_years(FIRST + np.arange(23))
    assert not has_two_years(FIRST + np.delete(np.arange(24), 5))
    assert fit_series(np.exp(np.random.default_rng(10).normal(size=20)), calendar(20), 1).season_p_value is None


def step() -> SeriesFit:
    y = np.random.default_rng(11).normal(0, 0.02, 36)
    y[20] += 1.0
    return fit_series(np.exp(y), calendar(36), 1)


def test_a_month_that_goes_with_no_other_is_found_and_a_plain_series_has_none() -> None:
    assert step().outlying == (20,)
    plain = [fit_series(np.exp(np.random.default_rng(seed).normal(0, 0.02, 36)), calendar(36), 1).outlying for seed in range(20)]
    assert plain == [()] * 20


def test_what_is_left_is_white_where_the_form_is_right_and_not_where_a_year_has_two_waves() -> None:
    rng, n, times = np.random.default_rng(12), 60, 25
    right = [fit_series(np.exp(noise(rng, n, 0.5, 0.05)), calendar(n), 1).noise.residual_p_value for _ in range(times)]
    assert np.mean(np.array(right) < 0.05) < 0.05 + 4 * np.sqrt(0.05 * 0.95 / times)
    waves = 0.1 * np.sin(2 * np.pi * np.arange(n) / 7.3)
    assert fit_series(np.exp(waves + rng.normal(0, 0.01, n)), calendar(n), 1).noise.residual_p_value < 0.05


def test_regressions_are_frozen() -> None:
    found: Regression = step().taken.fitted
    with pytest.raises(AttributeError):
        found.sd = 1.0  # type: ignore[misc]
