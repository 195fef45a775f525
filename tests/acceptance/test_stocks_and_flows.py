"""Stocks and flows that need each other through last month's value, against the same model as a plain loop over months."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcost
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.draws.stream import stream_id

MONTHS, N, SEED = 18, 2_000, 3

MODEL = """
schema = 1
[scenario]
name = "A team that grows to its plan"
currency = "CNY"
start = "2027-01"
months = 18
[inputs]
opening = { uniform = { low = 10, high = 14 }, unit = "person" }
plan = "30 person"
pace = { uniform = { low = 1, high = 4 }, unit = "person" }
loss = { uniform = { low = 0, high = 0.1 }, unit = "1", draw = "month" }
queue_capacity = { uniform = { low = 5, high = 9 }, unit = "ticket/person" }
arriving = { uniform = { low = 80, high = 200 }, unit = "ticket", draw = "month" }
wage = "20_000 CNY/person/month"
penalty = "10 CNY/ticket/month"
[drivers]
"""
DRIVERS = [
    'headcount = "prev(headcount, opening) + hires - leavers"',
    'hires = "min(pace, max(plan - prev(headcount, opening), 0)) * where(prev(backlog, 0) > 100 * arriving / 100, 1, 0.5)"',
    'leavers = "prev(headcount, 0) * loss"',
    'backlog = "max(prev(backlog, 0) + arriving - prev(done, 0), 0)"',
    'done = "min(backlog, headcount * queue_capacity)"',
]
COSTS = """
[[cost]]
name = "Wages"
category = "staff"
amount = "headcount * wage"
[[cost]]
name = "Penalty"
category = "risk"
amount = "prev(backlog, arriving) * penalty"
"""


def drawn(name: str, low: float, high: float, period: int) -> np.ndarray:
    return low + (high - low) * uniforms(SEED, stream_id(name), period, 0, N)


def by_a_plain_loop() -> np.ndarray:
    """The two costs of each month added, float64 (months, scenarios), written down as an analyst would."""
    opening, pace, capacity = drawn("opening", 10, 14, 0), drawn("pace", 1, 4, 0), drawn("queue_capacity", 5, 9, 0)
    monthly = []
    headcount = backlog = done = np.zeros(N)
    for month in range(MONTHS):
        loss, arriving = drawn("loss", 0, 0.1, month), drawn("arriving", 80, 200, month)
        before = opening if month == 0 else headcount
        hires = np.minimum(pace, np.maximum(30 - before, 0)) * np.where(backlog > arriving, 1, 0.5)
        leavers = headcount * loss
        waiting = arriving if month == 0 else backlog
        headcount = before + hires - leavers
        backlog = np.maximum(backlog + arriving - done, 0)
        done = np.minimum(backlog, headcount * capacity)
        monthly.append(headcount * 20_000 + waiting * 10)
    return np.array(monthly)


@pytest.mark.parametrize("drivers", [DRIVERS, DRIVERS[::-1], DRIVERS[2:] + DRIVERS[:2]], ids=["as told", "reversed", "turned"])
def test_stocks_and_flows_are_those_of_a_plain_loop_in_whatever_order_they_are_written(
    tmp_path: Path, drivers: list[str]
) -> None:
    path = tmp_path / "team.toml"
    path.write_text(MODEL + "\n".join(drivers) + COSTS, encoding="utf-8")
    result = simcost.run(path, n=N, seed=SEED, keep="all", output=tmp_path / "team.h5")
    expected = by_a_plain_loop()
    assert np.allclose(result.samples("month"), expected, rtol=1e-12, atol=0.0)
    assert np.allclose(result.samples("total"), expected.sum(axis=0), rtol=1e-12, atol=0.0)
    units = {driver.name: driver.unit.text for driver in simcost.load(path).drivers}
    assert units == dict.fromkeys(("headcount", "hires", "leavers"), "person") | dict.fromkeys(("backlog", "done"), "ticket")


def test_a_stock_that_forgets_one_flow_is_noticed(tmp_path: Path) -> None:
    """Negative control."""
    path = tmp_path / "team.toml"
    text = MODEL + "\n".join(DRIVERS) + COSTS
    path.write_text(text.replace("- leavers", "- 0.99 * leavers"), encoding="utf-8")
    result = simcost.run(path, n=N, seed=SEED, keep="all", output=tmp_path / "team.h5")
    assert not np.allclose(result.samples("month"), by_a_plain_loop(), rtol=1e-4)
