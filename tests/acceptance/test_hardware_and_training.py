"""Owned machines and training runs without uncertainty: arithmetic by hand, and the sums that both views have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """schema = 1
[scenario]
name = "Machines"
currency = "CNY"
start = "2027-01"
months = {months}
"""
HARDWARE = """[[hardware]]
name = "Servers"
quantity = "16 server"
price = "2_000_000 CNY/server"
residual = "10 %"
life = 48
"""


def run(folder: Path, *parts: str, months: int, view: str = "cash"):
    path = folder / "machines.toml"
    path.write_text(HEAD.format(months=months) + "\n".join(parts), encoding="utf-8")
    overrides = [f'scenario.view="{view}"']
    return simcost.run(path, overrides=overrides, n=10, keep="all", output=folder / "m.h5", force=True, backend="reference")


def lines(folder: Path, *parts: str, months: int = 12, view: str = "cash") -> dict[str, float]:
    return {
        name.partition(": ")[2]: figure.mean
        for name, figure in run(folder, *parts, months=months, view=view).figures.lines.items()
    }


def monthly(folder: Path, *parts: str, months: int, view: str) -> np.ndarray:
    return np.array(run(folder, *parts, months=months, view=view).samples("month"))[:, 0]


def test_a_purchase_is_paid_at_once_and_its_residual_comes_in_the_end(tmp_path: Path) -> None:
    cash = monthly(tmp_path, HARDWARE, months=48, view="cash")
    assert (cash[0], cash[47]) == (32_000_000, -3_200_000)
    assert np.all(cash[1:47] == 0)


@pytest.mark.parametrize(
    ("life", "terms"), [(48, ""), (24, "replaced = true"), (16, "replaced = true"), (30, "replaced = false")]
)
def test_both_views_have_one_total_over_whole_lives(tmp_path: Path, life: int, terms: str) -> None:
    text = HARDWARE.replace("life = 48", f"life = {life}")
    cash, amortised = (monthly(tmp_path, text, terms, months=48, view=view) for view in ("cash", "amortised"))
    assert amortised.sum() == pytest.approx(cash.sum(), rel=1e-13)
    served = 48 if terms != "replaced = false" else 30
    assert amortised == pytest.approx([32_000_000 * 0.9 / life] * served + [0] * (48 - served), rel=1e-13)
    assert np.all(cash[:served] != amortised[:served])


def test_what_serves_takes_power_racks_and_maintenance(tmp_path: Path) -> None:
    running = (
        'power = "6 kW/server"\npue = 1.25\nelectricity = "0.6 CNY/kWh"\nrack = "2_500 CNY/server/month"\nmaintenance = "6 %"'
    )
    found = lines(tmp_path, HARDWARE, running, "month = 4")
    hours = 24 * (365 - 90)
    assert found["electricity"] == pytest.approx(16 * 6 * 1.25 * 0.6 * hours, rel=1e-14)
    assert found["racks"] == pytest.approx(16 * 2_500 * 9, rel=1e-14)
    assert found["maintenance"] == pytest.approx(32_000_000 * 0.06 * 9 / 12, rel=1e-14)


TRAINING = """[[training]]
name = "Ranker"
runs = "5 run/month"
hours = "4_000 GPU*hour/run"
price = "8 CNY/GPU/hour"
"""


def test_training_is_runs_times_hours_and_what_comes_on_top(tmp_path: Path) -> None:
    found = lines(tmp_path, TRAINING, 'restarts = "10 %"\ntuning = 0.5\nevaluation = "5 %"')
    runs = 12 * 5 * 4_000 * 8
    assert found == pytest.approx({"runs": runs, "restarts": 0.1 * runs, "tuning": 0.5 * runs, "evaluation": 0.05 * runs})


@pytest.mark.parametrize("written", ['"1 run/day"', '{ value = "7 run/week" }'])
def test_runs_by_the_day_are_as_many_as_a_month_has_days(tmp_path: Path, written: str) -> None:
    daily = TRAINING.replace('"5 run/month"', written)
    assert daily != TRAINING
    spent = monthly(tmp_path, daily, months=3, view="cash")
    assert spent == pytest.approx([days * 4_000 * 8 for days in (31, 28, 31)], rel=1e-13)
    both = monthly(tmp_path, daily, "months = [2]", months=3, view="cash")
    assert both == pytest.approx([0, 28 * 4_000 * 8, 0], rel=1e-13)


def test_runs_come_in_their_months_of_the_calendar(tmp_path: Path) -> None:
    run_cost = 5 * 4_000 * 8
    spent = monthly(tmp_path, TRAINING, "months = [3, 11]", months=24, view="cash")
    assert spent == pytest.approx([run_cost * ((month % 12) + 1 in (3, 11)) for month in range(24)])


FAILURES = 'failures = { gpus = "512 GPU", between = "40_000 GPU*hour", interval = "1 hour", restart = "30 minute"'


def test_failures_lose_half_an_interval_and_a_restart(tmp_path: Path) -> None:
    """512 GPUs fail every 78 hours: an hour of each is lost."""
    found = lines(tmp_path, TRAINING, FAILURES + " }")
    assert found["restarts"] == pytest.approx(found["runs"] * 512 / 40_000, rel=1e-13)
    found = lines(tmp_path, TRAINING, FAILURES + ', saving = "3 minute" }')
    assert found["restarts"] == pytest.approx(found["runs"] * (512 / 40_000 + 0.05), rel=1e-13)


def test_lost_hours_are_those_of_a_run_that_is_played_through(tmp_path: Path) -> None:
    """Failures at the rate of all GPUs, work back to the last checkpoint, then the restart: first order in the rate."""
    chance = np.random.default_rng(20270101)
    rate, interval, saving, restart, hours = 512 / 40_000, 1.0, 0.05, 0.5, 200_000.0
    failures = np.cumsum(chance.exponential(1 / rate, size=int(1.3 * rate * hours)))
    done, clock, failed = 0.0, 0.0, 0
    for at in failures:
        done += max((at - clock) // (interval + saving), 0) * interval  # none if it fails while it starts again
        failed += 1
        clock = at + restart
        if at > hours:
            break
    expected = clock / done - 1
    found = lines(tmp_path, TRAINING, FAILURES + ', saving = "3 minute" }')
    lost = found["restarts"] / found["runs"]
    variance = failed * (restart**2 + restart * interval + interval**2 / 3)  # of a compound Poisson sum: n E(X^2)
    bound = 4.5 * variance**0.5 / done + rate**2  # second order: what is lost of what is done again
    assert abs(lost - expected) < bound
    assert abs(1.25 * lost - expected) > bound  # negative control


def test_hours_of_a_model_are_six_operations_a_parameter_and_token(tmp_path: Path) -> None:
    """7e9 parameters and 1e12 tokens at 40 % of 989e12 operations a second: 29,491 hours of a GPU."""
    model = """[training.model]
parameters = "7e9 parameter"
tokens = "1e12 token/run"
peak = "989e12 FLOP/s/GPU"
achieved = "40 %"
error = 1.2
"""
    found = lines(tmp_path, TRAINING.replace('hours = "4_000 GPU*hour/run"\n', ""), model, months=1)
    hours = 6 * 7e9 * 1e12 / (989e12 * 0.4) / 3600 * 1.2
    assert hours / 1.2 == pytest.approx(29_491, abs=1)
    assert found["runs"] == pytest.approx(5 * hours * 8, rel=1e-13)
