"""Pools of devices and stored data without uncertainty, against the arithmetic done by hand; headroom and busy devices add up."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.acceptance.pools import FESTIVAL, HEAD, HOURS, POOL

import simcost

if TYPE_CHECKING:
    from pathlib import Path


def lines(folder: Path, *parts: str, months: int = 12) -> dict[str, float]:
    """Cost lines over the run, by their part of the block."""
    path = folder / "pool.toml"
    path.write_text(HEAD.format(months=months) + "\n".join(parts), encoding="utf-8")
    figures = simcost.run(path, n=10, output=folder / "pool.h5", force=True, backend="reference").figures.lines
    return {name.partition(": ")[2]: figure.mean for name, figure in figures.items()}


def devices(folder: Path, *parts: str) -> np.ndarray:
    """Devices in each month: what they cost, over price and hours."""
    path = folder / "pool.toml"
    path.write_text(HEAD.format(months=12) + "\n".join(parts), encoding="utf-8")
    result = simcost.run(path, n=10, keep="all", output=folder / "pool.h5", force=True, backend="reference")
    return np.array(result.samples("month"))[:, 0] / HOURS / 10


@pytest.mark.parametrize("demand", [0, 49, 50, 51, 1_000, 1_001])
def test_devices_are_whole_and_enough_at_the_target_utilization(tmp_path: Path, demand: int) -> None:
    found = devices(tmp_path, POOL, f'demand = "{demand} request/s"')
    assert found == pytest.approx([ceil(demand / 50)] * 12, abs=1e-9)


def test_every_lever_has_its_place_in_the_sizing(tmp_path: Path) -> None:
    levers = 'peak = 2.2\ncache = "35 %"\nspare = "20 %"\nnode = 8'
    gains = 'gains = [{ name = "int8", factor = 1.6 }, { name = "batch", factor = 1.25 }]'
    found = devices(tmp_path, POOL, 'demand = "14_000 request/s"', levers, gains)
    busy = 14_000 * 0.65 / (100 * 1.6 * 1.25 * 0.5)
    assert found == pytest.approx([8 * ceil(busy * 2.2 * 1.2 / 8)] * 12, abs=1e-9)


def test_busy_devices_and_headroom_are_lines_of_their_own(tmp_path: Path) -> None:
    found = lines(tmp_path, POOL, 'demand = "1_000 request/s"\npeak = 2.5')
    assert found == pytest.approx({"busy": 20 * 10 * 8_760, "headroom": 30 * 10 * 8_760}, rel=1e-14)


def test_a_pool_for_the_mean_has_no_headroom_but_what_rounding_leaves(tmp_path: Path) -> None:
    found = lines(tmp_path, POOL, 'demand = "990 request/s"\nprovision = "mean"')
    assert found == pytest.approx({"busy": 19.8 * 10 * 8_760, "headroom": 0.2 * 10 * 8_760}, rel=1e-12)


def test_the_sizing_month_is_that_of_the_festival(tmp_path: Path) -> None:
    demand = 'demand = "1_000 request/s"\npeak = 1.5\nfestivals = ["618"]'
    assert devices(tmp_path, FESTIVAL, POOL, demand) == pytest.approx([*[30] * 5, 60, *[30] * 6], abs=1e-9)
    elastic = FESTIVAL + 'elastic = "40 %"\n'
    assert devices(tmp_path, elastic, POOL, demand) == pytest.approx([*[30] * 5, 48, *[30] * 6], abs=1e-9)


def test_a_pool_that_never_shrinks_keeps_the_devices_of_its_peak(tmp_path: Path) -> None:
    demand = 'demand = "1_000 request/s"\nfestivals = ["618"]\nshrinks = false'
    assert devices(tmp_path, FESTIVAL, POOL, demand) == pytest.approx([*[20] * 5, *[40] * 7], abs=1e-9)


def test_a_festival_lifts_the_busy_devices_by_its_days(tmp_path: Path) -> None:
    found = lines(tmp_path, FESTIVAL, POOL, 'demand = "1_000 request/s"\nfestivals = ["618"]')
    expected = 20 * 10 * (8_760 - HOURS[5] + HOURS[5] * (1 + 18 / 30))
    assert found["busy"] == pytest.approx(expected, rel=1e-14)


def test_a_minimum_is_always_there(tmp_path: Path) -> None:
    assert devices(tmp_path, POOL, 'demand = "100 request/s"\nminimum = "16 GPU"') == pytest.approx([16] * 12)


@pytest.mark.parametrize(("minimum", "there"), [("0 GPU", 8), ("8 GPU", 8), ("9 GPU", 16), ("16 GPU", 16), ("16.5 GPU", 24)])
def test_a_minimum_comes_in_whole_nodes_as_all_devices_do(tmp_path: Path, minimum: str, there: int) -> None:
    pool = f'demand = "100 request/s"\nnode = 8\nminimum = "{minimum}"'
    assert devices(tmp_path, POOL, pool) == pytest.approx([there] * 12, abs=1e-12)


def test_a_pool_of_cpus_counts_in_its_own_unit(tmp_path: Path) -> None:
    pool = POOL.replace("GPU", "core") + 'device = "core"\ndemand = "1_010 request/s"'
    assert devices(tmp_path, pool) == pytest.approx([21] * 12)


def test_a_pool_takes_the_ordinary_demand_of_a_series(tmp_path: Path) -> None:
    series = '[series.traffic]\nstart = "1_000 request/s"\nfestivals = ["618"]\n'
    direct = devices(tmp_path, FESTIVAL, POOL, 'demand = "1_000 request/s"\nfestivals = ["618"]')
    named = devices(tmp_path, FESTIVAL, series, POOL, 'demand = "traffic_ordinary"\nfestivals = ["618"]')
    assert np.array_equal(direct, named)


CLASSES = """[[storage]]
name = "Data"
start = "100 TB"
classes = [
  { name = "SSD", share = "40 to 60 to 80 %", price = "1 CNY/GB/month" },
  { name = "disk", share = "{disk}", price = "1 CNY/GB/month" },
  { name = "tape", price = "1 CNY/GB/month" },
]
"""


@pytest.mark.parametrize(("disk", "rest"), [("30 to 50 to 80 %", False), ("5 to 10 to 15 %", True), ("60 to 70 to 100 %", False)])
def test_shares_that_are_drawn_divide_the_data_and_no_more(tmp_path: Path, disk: str, rest: bool) -> None:
    """60 % and 50 % at most likely: most futures stored more than there was."""
    path = tmp_path / "classes.toml"
    path.write_text(HEAD.format(months=1) + CLASSES.replace("{disk}", disk), encoding="utf-8")
    result = simcost.run(path, n=2_000, keep="all", output=tmp_path / "classes.h5", backend="reference")
    ssd, disks, tape = np.array(result.samples("line"))
    assert ssd + disks + tape == pytest.approx(np.full(2_000, 100_000.0), rel=1e-12)
    assert bool(np.all(tape > 0)) is rest
    assert abs(np.mean(ssd / disks) - 1) > 0.05  # negative control: they are not shared out alike


STORAGE = """[[storage]]
name = "Logs"
start = "100 TB"
classes = [{ name = "SSD", share = "25 %", price = "0.8 CNY/GB/month" }, { name = "object", price = "0.1 CNY/GB/month" }]
"""


def test_classes_divide_what_is_stored(tmp_path: Path) -> None:
    found = lines(tmp_path, STORAGE, "replicas = 3", months=10)
    assert found == pytest.approx({"SSD": 10 * 75_000 * 0.8, "object": 10 * 225_000 * 0.1}, rel=1e-14)


def test_what_is_added_is_kept_for_its_retention(tmp_path: Path) -> None:
    found = lines(tmp_path, STORAGE, 'added = "8 TB/month"\nretention = 3', months=6)
    held = sum(100 + 8 * min(month, 3) for month in range(1, 7))
    assert found["object"] == pytest.approx(held * 750 * 0.1, rel=1e-14)
    forever = lines(tmp_path, STORAGE, 'added = "8 TB/month"', months=6)
    assert forever["object"] == pytest.approx(sum(100 + 8 * month for month in range(1, 7)) * 750 * 0.1, rel=1e-14)


def test_what_varies_expires_as_it_came(tmp_path: Path) -> None:
    """Months 1 to 6 add 1 to 6 TB; kept for two months, month t holds t + (t - 1)."""
    growing = 'added = "(month - 1) * a_month + a_month"\nretention = 2'
    found = lines(tmp_path, STORAGE.replace("100 TB", "0 TB"), growing, '[inputs]\na_month = "1 TB/month"', months=6)
    assert found["object"] == pytest.approx(sum(t + (t - 1) for t in range(1, 7)) * 750 * 0.1, rel=1e-14)


def test_what_stays_grows_from_the_first_month_on(tmp_path: Path) -> None:
    found = lines(tmp_path, STORAGE, 'growth = "20 %"', months=13)
    assert found["SSD"] == pytest.approx(sum(1.2 ** (t / 12) for t in range(13)) * 25_000 * 0.8, rel=1e-13)


def test_requests_and_retrieval_are_paid_by_class(tmp_path: Path) -> None:
    requests = 'requests = "2e9 request/month", request_price = "1e-6 CNY/request"'
    retrieval = 'retrieval = "4 TB/month", retrieval_price = "0.05 CNY/GB"'
    found = lines(tmp_path, STORAGE.replace(" }]", f", {requests}, {retrieval} }}]"), months=3)
    assert found["object requests"] == pytest.approx(3 * 2_000)
    assert found["object retrieval"] == pytest.approx(3 * 200)
