"""Bandwidth, labels and devices without uncertainty: the 95th percentile of a known profile, a geometric series, plain sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """schema = 1
[scenario]
name = "Lines"
currency = "CNY"
start = "2027-01"
months = 12
"""
DAY = [210, 140, 100, 90, 95, 150, 260, 400, 520, 610, 690, 740, 800, 720, 700, 730, 790, 900, 1010, 1190, 1320, 1105, 730, 400]
PROFILE = f"profile = {[float(hour) for hour in DAY]}"
NETWORK = '[[network]]\nname = "Egress"\n'


def lines(folder: Path, *parts: str) -> dict[str, float]:
    path = folder / "lines.toml"
    path.write_text(HEAD + "\n".join(parts), encoding="utf-8")
    figures = simcost.run(path, n=10, output=folder / "lines.h5", force=True, backend="reference").figures.lines
    return {name.partition(": ")[2]: figure.mean for name, figure in figures.items()}


@pytest.mark.parametrize("day", [DAY, list(range(1, 25)), [1] * 23 + [100], [1] * 22 + [100, 200], [0] * 23 + [5]])
def test_the_95th_percentile_of_a_day_is_that_of_a_months_samples(tmp_path: Path, day: list[int]) -> None:
    """Five-minute samples of 30 days, sorted; the value at the rank that 95 % of them reach."""
    samples = np.sort(np.tile(np.repeat(np.array(day, dtype=float), 12), 30))
    billed = samples[int(np.ceil(0.95 * samples.size)) - 1]
    text = f'billing = "percentile_95"\nrate = "{float(samples.mean())} Mbps"\nprice = "30 CNY/Mbps/month"'
    found = lines(tmp_path, NETWORK, text, f"profile = {[float(hour) for hour in day]}")
    assert found["bandwidth"] == pytest.approx(12 * billed * 30, rel=1e-12)


def test_the_peak_of_the_day_is_not_what_is_billed(tmp_path: Path) -> None:
    """Negative control: the highest hour of 24 lies within the 5 % that are dropped."""
    text = 'billing = "percentile_95"\nrate = "100 Mbps"\nprice = "1 CNY/Mbps/month"'
    found = lines(tmp_path, NETWORK, text, PROFILE)["bandwidth"] / 12
    assert found == pytest.approx(100 * 1190 / np.mean(DAY))
    assert found < 100 * max(DAY) / np.mean(DAY)


def test_a_commitment_is_the_least_that_is_billed(tmp_path: Path) -> None:
    text = 'billing = "percentile_95"\nrate = "100 Mbps"\nprice = "1 CNY/Mbps/month"'
    assert lines(tmp_path, NETWORK, text, PROFILE, 'committed = "500 Mbps"')["bandwidth"] == pytest.approx(12 * 500)


def test_fixed_bandwidth_costs_what_is_committed(tmp_path: Path) -> None:
    """The published article's line: 1,000 Mbps for 2,000 CNY a month."""
    text = 'billing = "fixed"\ncommitted = "1_000 Mbps"\nprice = "2 CNY/Mbps/month"'
    assert lines(tmp_path, NETWORK, text) == {"bandwidth": 24_000}


def test_bytes_are_the_rate_times_the_hours_of_the_year(tmp_path: Path) -> None:
    text = 'billing = "bytes"\nrate = "800 Mbps"\nprice = "0.5 CNY/GB"\ncdn = "75 %"\ncdn_price = "0.1 CNY/GB"'
    gigabytes = 0.1 * 3600 * 8_760  # 800 Mbit/s are 0.1 GB/s
    found = lines(tmp_path, NETWORK, text)
    assert found == pytest.approx({"CDN": 0.75 * gigabytes * 0.1, "traffic": 0.25 * gigabytes * 0.5}, rel=1e-13)


def test_labels_with_rework_are_a_geometric_series(tmp_path: Path) -> None:
    text = '[[data]]\nname = "Labels"\n[data.labelling]\nlabels = "90_000 label/month"\nprice = "1.2 CNY/label"\n'
    found = lines(tmp_path, text, 'rework = "10 %"\nchecked = "20 %"\ncheck_price = "0.5 CNY/label"')
    made = sum(90_000 * 0.1**again for again in range(40))
    assert found["labelling"] + found["rework"] == pytest.approx(12 * made * 1.2, rel=1e-13)
    assert found["checks"] == pytest.approx(12 * made * 0.2 * 0.5, rel=1e-13)


def test_data_are_collected_and_cleaned_as_in_the_published_article(tmp_path: Path) -> None:
    text = """[[data]]
name = "Clicks"
collection = { amount = "10 TB/month", price = "100 CNY/TB" }
cleaning = { amount = "5 TB/month", price = "200 CNY/TB" }
compliance = "500 CNY/month"
"""
    assert lines(tmp_path, text) == pytest.approx({"collection": 12_000, "cleaning": 12_000, "compliance": 6_000})


def test_operations_are_those_of_the_published_article(tmp_path: Path) -> None:
    text = """[[operations]]
name = "Centre"
items = [
  { name = "servers", count = "10 server", price = "5_000 CNY/server/month" },
  { name = "switches", count = "10 device", price = "3_000 CNY/device/month" },
  { name = "firewalls", count = "5 device", price = "2_000 CNY/device/month" },
]
"""
    assert sum(lines(tmp_path, text).values()) == 12 * 90_000


@pytest.mark.parametrize(("spend", "expected"), [(1_000_000, 60_000), (100_000, 7_000)])
def test_support_is_a_share_of_the_spend_and_no_less_than_its_minimum(tmp_path: Path, spend: int, expected: int) -> None:
    support = f'support = {{ share = "6 %", spend = "{spend} CNY/month", minimum = "7_000 CNY/month" }}'
    assert lines(tmp_path, '[[operations]]\nname = "Cloud"', support) == pytest.approx({"support": 12 * expected})
