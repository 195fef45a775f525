"""Spot machines: the bill at a price that wanders, with a ceiling and interruptions, against its expectation in closed form."""

from __future__ import annotations

from functools import cache
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

N = 100_000
SEED = 20270101

WORK, START, VOLATILITY, LIST, CEILING, AVAILABLE = 1_000.0, 5.0, 0.5, 12.0, 6.0, 0.9
RATE, STRETCH, RESTART = 0.2, 1.5, 0.25
"""Interruptions, work between checkpoints and restart, in hours: so often that two mistaken for one would show."""

FILE = """schema = 1
[scenario]
name = "Spot"
currency = "CNY"
start = "2027-01"
months = 36
[series.spot_price]
start = "5 CNY/GPU/hour"
volatility = "50 %"
[[spot]]
name = "Batch"
work = "1_000 GPU*hour/month"
price = "spot_price"
list_price = "12 CNY/GPU/hour"
interruptions = "20 %/hour"
checkpoint = "90 minute"
"""


@cache
def monthly(*lines: str) -> np.ndarray:
    """Total cost, float64 (months, scenarios)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "spot.toml"
        path.write_text(FILE + "\n".join(lines), encoding="utf-8")
        result = simcost.run(path, n=N, seed=SEED, keep="all", output=path.with_suffix(".h5"), backend="reference")
        return np.array(result.samples("month"))


def price_below(month: int, ceiling: float) -> tuple[float, float]:
    """Probability that the price is at most a ceiling, and its mean there: a lognormal of mean START."""
    sd = VOLATILITY * sqrt((month - 1) / 12)
    normal = NormalDist()
    return normal.cdf((log(ceiling / START) + sd**2 / 2) / sd), START * normal.cdf((log(ceiling / START) - sd**2 / 2) / sd)


REWORK = exp(RATE * RESTART) * (exp(RATE * STRETCH) - 1) / (RATE * STRETCH)
SURVIVES = exp(-RATE * STRETCH)
ON_SPOT = (1 - SURVIVES) / (RATE * STRETCH)


@pytest.mark.parametrize("month", [12, 36])
def test_the_expected_bill_of_rework_is_its_closed_form(month: int) -> None:
    found = monthly('restart = "15 minute"', 'interrupted = "rework"', 'available = "90 %"')[month - 1]
    assert errors_of_mean(found, WORK * (AVAILABLE * REWORK * START + (1 - AVAILABLE) * LIST)) < STANDARD_ERRORS


@pytest.mark.parametrize("month", [12, 36])
def test_the_expected_bill_of_fallback_is_its_closed_form(month: int) -> None:
    found = monthly('restart = "15 minute"', 'interrupted = "fallback"', 'available = "90 %"')[month - 1]
    on_demand = (1 - AVAILABLE) + AVAILABLE * (1 - SURVIVES) * (1 + RESTART / STRETCH)
    assert errors_of_mean(found, WORK * (AVAILABLE * ON_SPOT * START + on_demand * LIST)) < STANDARD_ERRORS


@pytest.mark.parametrize("month", [12, 36])
def test_above_the_ceiling_all_is_bought_on_demand(month: int) -> None:
    found = monthly('interrupted = "rework"', f'ceiling = "{CEILING} CNY/GPU/hour"')[month - 1]
    share, mean = price_below(month, CEILING)
    rework = (exp(RATE * STRETCH) - 1) / (RATE * STRETCH)
    assert errors_of_mean(found, WORK * (rework * mean + (1 - share) * LIST)) < STANDARD_ERRORS
    assert errors_of_mean(found, WORK * (rework * START * share + (1 - share) * LIST)) > STANDARD_ERRORS  # negative control


def hours_of(rng: np.random.Generator, *, fallback: bool) -> tuple[float, float]:
    """Play one stretch of work: hours paid on spot and on demand."""
    spot, needed = 0.0, STRETCH
    while True:
        until = rng.exponential(1 / RATE)
        if until >= needed:
            return spot + needed, 0.0
        spot += until
        if fallback:
            return spot, RESTART + STRETCH
        needed = RESTART + STRETCH


@pytest.mark.parametrize(("fallback", "expected"), [(False, (REWORK, 0.0)), (True, (ON_SPOT, (1 - SURVIVES) * (1 + 1 / 6)))])
def test_hours_with_interruptions_are_those_of_jobs_played_one_by_one(fallback, expected) -> None:
    """What the closed forms above rest on: exponential times to the next interruption, restarts interrupted too."""
    rng = np.random.default_rng(SEED)
    played = np.array([hours_of(rng, fallback=fallback) for _ in range(200_000)]) / STRETCH
    assert errors_of_mean(played[:, 0], expected[0]) < STANDARD_ERRORS
    if fallback:
        assert errors_of_mean(played[:, 1], expected[1]) < STANDARD_ERRORS
    else:  # negative control: restarts forgotten
        assert errors_of_mean(played[:, 0], (exp(RATE * STRETCH) - 1) / (RATE * STRETCH)) > STANDARD_ERRORS


def test_what_is_lost_and_what_is_bought_on_demand_are_lines_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "spot.toml"
    path.write_text(FILE.replace('volatility = "50 %"\n', "") + 'interrupted = "fallback"', encoding="utf-8")
    lines = simcost.run(path, n=10, output=tmp_path / "spot.h5", backend="reference").figures.lines
    hours = 36 * WORK
    assert lines["Batch: spot"].mean == pytest.approx(hours * SURVIVES * START, rel=1e-12)
    assert lines["Batch: interruptions"].mean == pytest.approx(hours * (ON_SPOT - SURVIVES) * START, rel=1e-12)
    assert lines["Batch: on demand"].mean == pytest.approx(hours * (1 - SURVIVES) * LIST, rel=1e-12)
