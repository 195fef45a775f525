"""Values that go from month to month: mean and variance of each process in closed form, season, steps and ramps exactly."""

from __future__ import annotations

from math import exp, log, prod

import numpy as np
import pytest

from .series_file import monthly
from .standard_errors import STANDARD_ERRORS, errors_of_mean, errors_of_variance

VOLATILITY, GROWTH = 0.30, 0.12
JUMPS = 'jumps = { a_year = 2, factor = { lognormal = { median = 1.2, sd_log = 0.1 }, unit = "1" } }'
RATE = 2 / 12
GEOMETRIC = f'start = "100 CNY/month"\ngrowth = {GROWTH}\nvolatility = {VOLATILITY}'
TO, HALF_LIFE, START = 80.0, 6.0, 100.0
DECAY = 0.5 ** (1 / HALF_LIFE)
REVERTING = f'start = "100 CNY/month"\nvolatility = {VOLATILITY}\nreversion = {{ to = "80 CNY/month", half_life = "6 month" }}'


def jump_moment(power: float) -> float:
    """Mean of a month's jump factor to a power; E[J^s] = exp(s ln 1.2 + s^2 0.1^2 / 2)."""
    return 1 + RATE * (exp(power * log(1.2) + power**2 * 0.1**2 / 2) - 1)


def geometric_moments(steps: int, *, jumps: bool) -> tuple[float, float]:
    first, second = (jump_moment(power) ** steps if jumps else 1.0 for power in (1, 2))
    mean = 100 * (1 + GROWTH) ** (steps / 12)
    return mean * first, mean**2 * (exp(VOLATILITY**2 * steps / 12) * second - first**2)


def reverting_moments(steps: int, *, jumps: bool) -> tuple[float, float]:
    stationary = VOLATILITY**2 / 12 / (2 * log(2) / HALF_LIFE)
    centre = -stationary / 2
    mean_log, variance = centre + (log(START / TO) - centre) * DECAY**steps, stationary * (1 - DECAY ** (2 * steps))
    first, second = (prod(jump_moment(power * DECAY**ago) for ago in range(steps)) if jumps else 1.0 for power in (1, 2))
    mean = TO * exp(mean_log + variance / 2) * first
    return mean, (TO**2 * exp(2 * mean_log + 2 * variance)) * second - mean**2


@pytest.mark.parametrize("month", [12, 36])
@pytest.mark.parametrize("jumps", [False, True], ids=["", "jumps"])
@pytest.mark.parametrize(("process", "moments"), [(GEOMETRIC, geometric_moments), (REVERTING, reverting_moments)])
def test_mean_and_variance_of_a_price_process_are_its_closed_forms(process, moments, jumps, month) -> None:
    sample = monthly(f"{process}\n{JUMPS}" if jumps else process)[month - 1]
    mean, variance = moments(month - 1, jumps=jumps)
    assert errors_of_mean(sample, mean) < STANDARD_ERRORS
    assert errors_of_variance(sample, variance) < STANDARD_ERRORS


def test_another_volatility_or_half_life_is_noticed() -> None:
    """Negative control: moments that are two per cent off."""
    mean, variance = geometric_moments(35, jumps=False)
    assert errors_of_mean(monthly(GEOMETRIC)[35], mean * 1.02) > STANDARD_ERRORS
    assert errors_of_variance(monthly(GEOMETRIC)[35], variance * 1.06) > STANDARD_ERRORS
    assert errors_of_mean(monthly(REVERTING)[11], reverting_moments(12, jumps=False)[0]) > STANDARD_ERRORS


def test_the_first_month_is_the_start_whatever_the_process() -> None:
    for process in (GEOMETRIC, REVERTING, f"{GEOMETRIC}\n{JUMPS}"):
        assert monthly(process)[0] == pytest.approx(100, rel=1e-14)


NOISE = 'start = "100 CNY/month"\nnoise = { sd = 0.2, persistence = 0.8 }'


@pytest.mark.parametrize("month", [1, 2, 12, 36])
def test_noise_is_stationary_from_the_first_month(month) -> None:
    sample = monthly(NOISE)[month - 1]
    assert errors_of_mean(sample, 100) < STANDARD_ERRORS
    assert errors_of_variance(np.log(sample), 0.2**2) < STANDARD_ERRORS


def test_noise_is_correlated_as_an_ar_1() -> None:
    logs = np.log(monthly(NOISE) / 100) / 0.2
    for lag in (1, 3):
        products = (logs[20] - logs[20].mean()) * (logs[20 - lag] - logs[20 - lag].mean())
        assert errors_of_mean(products, 0.8**lag) < STANDARD_ERRORS


def test_noise_of_another_persistence_is_noticed() -> None:
    """Negative control."""
    logs = np.log(monthly(NOISE) / 100) / 0.2
    assert errors_of_mean(logs[20] * logs[19], 0.78) > STANDARD_ERRORS


def test_noise_without_persistence_is_drawn_anew_each_month_about_its_mean() -> None:
    found = monthly('start = "100 CNY/month"\nnoise = { sd = 0.2 }', n=20_000, months=3) / 100
    assert errors_of_mean(found[2], 1.0) < STANDARD_ERRORS
    assert errors_of_variance(np.log(found[2]), 0.2**2) < STANDARD_ERRORS
    logs = np.log(found) + 0.2**2 / 2
    assert errors_of_mean(logs[2] * logs[1], 0.0) < STANDARD_ERRORS
    assert errors_of_mean(found[2], 1.01) > STANDARD_ERRORS  # negative control


def test_a_level_that_does_not_wander_may_be_below_zero() -> None:
    found = monthly('start = "-100 CNY/month"\ngrowth = 0.1', n=10, months=13)[:, 0]
    assert found[[0, 12]] == pytest.approx([-100, -110], rel=1e-13)


def test_certain_growth_season_steps_and_ramps_are_exact() -> None:
    season = [1, 0.8, 1, 1, 1, 1.2, 1, 1, 1, 1, 1.5, 1]
    extra = "steps = [{ month = 7, factor = 1.25 }]\nramps = [{ start = 2, end = 6, factor = 2 }]"
    found = monthly(f'start = "100 CNY/month"\ngrowth = 0.1\nseason = {season}\n{extra}', n=10, months=14)[:, 0]
    ramp = [1, 1, 1.25, 1.5, 1.75, *[2.0] * 9]
    step = [1.0] * 6 + [1.25] * 8
    expected = [100 * 1.1 ** (t / 12) * (season * 2)[t] * ramp[t] * step[t] for t in range(14)]
    assert found == pytest.approx(expected, rel=1e-13)


def test_growth_drawn_for_each_year_is_held_within_it() -> None:
    found = monthly('start = "100 CNY/month"\ngrowth = { normal = { mean = 0.1, sd = 0.05 }, unit = "1" }', n=1000, months=24)
    monthly_growth = found[1:] / found[:-1]
    assert np.allclose(monthly_growth[:11], monthly_growth[0], rtol=1e-13)
    assert np.allclose(monthly_growth[11:], monthly_growth[12], rtol=1e-13)
    assert np.all(np.abs(monthly_growth[10] - monthly_growth[11]) > 1e-9)


def test_an_uncertain_factor_of_a_season_is_one_draw_for_the_run() -> None:
    season = 'season = [1, 1, "1.1 to 1.3", 1, 1, 1, 1, 1, 1, 1, 1, 1]'
    found = monthly(f'start = "100 CNY/month"\n{season}', n=1000, months=24)
    assert np.all(found[[0, 1, 3, 13]] == 100)
    assert np.all(found[2] == found[14])
    assert np.quantile(found[2], [0.05, 0.95]) == pytest.approx([110, 130], rel=0.01)
