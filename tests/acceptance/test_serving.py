"""Pools sized by the size of a model, by its memory, by levers and with idle hours, against the arithmetic done by hand."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """schema = 1
[scenario]
name = "Pool"
currency = "CNY"
start = "2027-01"
months = 1
"""
POOL = """[[compute]]
name = "Pool"
utilization = "50 %"
price = "10 CNY/GPU/hour"
"""
MEASURED = POOL + 'throughput = "100 request/s/GPU"\n'
HOURS = 744
DEMAND = 20_000
LANGUAGE = """[compute.model]
parameters = "14e9 parameter"
precision = "1 B/parameter"
prompt = "1_000 token/request"
answer = "200 token/request"
kv_cache = "160 kB/token"
batch = {batch}
peak = "989 TFLOP/s/GPU"
achieved = "40 %"
bandwidth = "3.35 TB/s/GPU"
achieved_bandwidth = "60 %"
"""
RANKING = """[compute.model]
parameters = "80e6 parameter"
precision = "2 B/parameter"
items = "400 item/request"
embeddings = "{embeddings} kB/item"
batch = 400
peak = "989 TFLOP/s/GPU"
achieved = "10 %"
bandwidth = "3.35 TB/s/GPU"
achieved_bandwidth = "50 %"
"""


def lines(folder: Path, *parts: str) -> dict[str, float]:
    """Cost lines of a month, by their part of the block."""
    path = folder / "pool.toml"
    path.write_text(HEAD + "\n".join(parts), encoding="utf-8")
    figures = simcost.run(path, n=10, output=folder / "pool.h5", force=True, backend="reference").figures.lines
    return {name.partition(": ")[2]: figure.mean for name, figure in figures.items()}


def devices(folder: Path, *parts: str) -> float:
    return sum(lines(folder, *parts).values()) / HOURS / 10


def busy(folder: Path, *parts: str) -> float:
    return lines(folder, *parts)["busy"] / HOURS / 10


@pytest.mark.parametrize("batch", [1, 32, 1_000_000])
def test_a_language_model_reads_its_prompt_by_operations_and_its_answer_by_bytes(tmp_path: Path, batch: int) -> None:
    operations = 2 * 14e9 / (989e12 * 0.4)
    reading = (14e9 / batch + 160e3 * 1_100) / (3.35e12 * 0.6)
    seconds = 1_000 * operations + 200 * max(operations, reading)
    found = busy(tmp_path, POOL, 'demand = "100 request/s"', LANGUAGE.format(batch=batch))
    assert found == pytest.approx(100 * seconds / 0.5, rel=1e-13)


def test_an_answer_of_a_full_batch_without_cache_takes_its_operations(tmp_path: Path) -> None:
    """The other side of the roofline's edge: past peak x precision / (2 x bandwidth) tokens in a step."""
    operations = 2 * 14e9 / (989e12 * 0.4)
    model = LANGUAGE.format(batch=256).replace('kv_cache = "160 kB/token"\n', "")
    found = busy(tmp_path, POOL, 'demand = "100 request/s"', model)
    assert found == pytest.approx(100 * 1_200 * operations / 0.5, rel=1e-13)


def test_all_experts_are_read_and_some_are_computed(tmp_path: Path) -> None:
    operations = 2 * 14e9 / (989e12 * 0.4)
    reading = (56e9 / 32 + 160e3 * 1_100) / (3.35e12 * 0.6)
    found = busy(tmp_path, POOL, 'demand = "100 request/s"', LANGUAGE.format(batch=32), 'weights = "56e9 parameter"')
    assert found == pytest.approx(100 * (1_000 * operations + 200 * reading) / 0.5, rel=1e-13)


@pytest.mark.parametrize("embeddings", [1, 10_000])
def test_a_ranking_model_takes_the_longer_of_operations_and_bytes_an_item(tmp_path: Path, embeddings: int) -> None:
    operations = 2 * 80e6 / (989e12 * 0.1)
    reading = (80e6 * 2 / 400 + embeddings * 1e3) / (3.35e12 * 0.5)
    assert (operations > reading) == (embeddings == 1)
    found = busy(tmp_path, POOL, f'demand = "{DEMAND} request/s"', RANKING.format(embeddings=embeddings))
    assert found == pytest.approx(DEMAND * 400 * max(operations, reading) / 0.5, rel=1e-13)


def test_the_error_of_the_formula_multiplies_what_is_served(tmp_path: Path) -> None:
    parts = (POOL, 'demand = "100 request/s"', LANGUAGE.format(batch=32))
    assert busy(tmp_path, *parts, "error = 0.8") == pytest.approx(busy(tmp_path, *parts) / 0.8, rel=1e-14)


def test_levers_act_on_what_is_served_or_on_what_is_asked(tmp_path: Path) -> None:
    levers = '{ name = "int8", factor = 1.6 }, { name = "prefix", demand = 0.7 }, { name = "small", factor = 2, demand = 1.1 }'
    gains = f"gains = [{levers}]"
    found = busy(tmp_path, MEASURED, f'demand = "{DEMAND} request/s"', gains, 'cache = "20 %"')
    assert found == pytest.approx(DEMAND * 0.8 * 0.7 * 1.1 / (100 * 1.6 * 2 * 0.5), rel=1e-14)


def test_demand_in_tokens_is_served_in_tokens(tmp_path: Path) -> None:
    tokens = POOL + 'throughput = "2_500 token/s/GPU"\ndemand = "3.6 Gtoken/hour"'
    assert busy(tmp_path, tokens) == pytest.approx(1e6 / 1_250, rel=1e-14)


@pytest.mark.parametrize(("idle", "expected"), [(0, 20), (50, 40), (95, 400)])
def test_hours_without_work_are_paid_as_headroom(tmp_path: Path, idle: int, expected: int) -> None:
    """1,000 requests/s on average: all of them come in the other hours."""
    found = lines(tmp_path, MEASURED, 'demand = "1_000 request/s"', f'idle = "{idle} %"')
    assert found["busy"] == pytest.approx(20 * 10 * HOURS, rel=1e-14)
    assert sum(found.values()) == pytest.approx(expected * 10 * HOURS, rel=1e-12)


@pytest.mark.parametrize(
    ("demand", "more", "expected"),
    [
        (1, "", 4),  # 7 TB in 1.9 TB each: a replica of four
        (0, "", 0),  # nobody asks: the model is not there
        (1_000, "", 20),  # five replicas
        (1_010, "", 24),
        (100, "replicas = 3", 12),
        (0, "replicas = 3", 0),
        (100, "replicas = 0", 4),
        (1_010, "node = 5", 25),
    ],
)
def test_memory_sets_how_many_devices_come_together(tmp_path: Path, demand: int, more: str, expected: int) -> None:
    replicas = f", {more}" if more.startswith("replicas") else ""
    memory = f'memory = {{ holds = "7 TB", each = "1.9 TB/GPU"{replicas} }}'
    node = more if more.startswith("node") else ""
    assert devices(tmp_path, MEASURED, f'demand = "{demand} request/s"', memory, node) == pytest.approx(expected, rel=1e-13)


def test_a_recommender_has_servers_for_its_memory_and_gpus_for_its_layers(tmp_path: Path) -> None:
    servers = MEASURED.replace("Pool", "Embeddings").replace("GPU", "server") + 'device = "server"\ndemand = "1_010 request/s"\n'
    memory = 'memory = { holds = "7 TB", each = "1.9 TB/server" }'
    gpus = POOL.replace("Pool", "Dense") + f'demand = "{DEMAND} request/s"\n' + RANKING.format(embeddings=1)
    path = tmp_path / "two.toml"
    path.write_text(HEAD + servers + memory + "\n" + gpus, encoding="utf-8")
    figures = simcost.run(path, n=10, output=tmp_path / "two.h5", backend="reference").figures.lines
    paid = {name: figures[f"{name}: busy"].mean + figures[f"{name}: headroom"].mean for name in ("Embeddings", "Dense")}
    dense = ceil(DEMAND * 400 * 2 * 80e6 / (989e12 * 0.1) / 0.5)
    assert paid == pytest.approx({"Embeddings": 24 * 10 * HOURS, "Dense": dense * 10 * HOURS}, rel=1e-13)


def test_idle_hours_may_be_uncertain(tmp_path: Path) -> None:
    """Devices for 1 / (1 - idle) of the mean: with idle 0 or 3/4 at even odds 2.5 times on average."""
    n = 20_000
    path = tmp_path / "pool.toml"
    idle = 'idle = { discrete = { values = [0.0, 0.75], weights = [0.5, 0.5] }, unit = "1" }'
    path.write_text(HEAD + MEASURED + 'demand = "1_000 request/s"\n' + idle, encoding="utf-8")
    found = simcost.run(path, n=n, output=tmp_path / "pool.h5", backend="reference").figures.total.mean / HOURS / 10
    error = 4.5 * 30 / np.sqrt(n)  # 20 or 80 devices: standard deviation 30
    assert abs(found - 50) < error
    assert abs(found - 20 / (1 - 0.375)) > error  # negative control: at the mean share of idle hours, not on average
