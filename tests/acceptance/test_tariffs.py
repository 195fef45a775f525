"""Tiers in both notations and by both schemes, allowances, discounts and minimum spend, to the cent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import simcost

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))

HEAD = """schema = 1
[scenario]
name = "Tariff"
currency = "USD"
start = "2027-01"
months = 1
[[tariffs]]
name = "Requests"
category = "network"
use = "{use} unit/month"
"""
BY_WIDTH = 'tiers = [{{ width = "1_000 unit", price = {0} }}, {{ width = "10_000 unit", price = {1} }}, {{ price = {2} }}]'
BY_END = 'tiers = [{{ up_to = "1_000 unit", price = {0} }}, {{ up_to = "11_000 unit", price = {1} }}, {{ price = {2} }}]'


def lines(folder: Path, *parts: str, use: str = "15_000") -> dict[str, float]:
    path = folder / "tariff.toml"
    path.write_text(HEAD.format(use=use) + "\n".join(parts), encoding="utf-8")
    figures = simcost.run(path, n=10, output=folder / "tariff.h5", force=True, backend="reference").figures.lines
    return {name.removeprefix("Requests: "): figure.mean for name, figure in figures.items()}


def prices(*each: str) -> list[str]:
    return [f'"{price} USD/unit"' for price in each]


@pytest.mark.parametrize("notation", [BY_WIDTH, BY_END], ids=["width", "threshold"])
@pytest.mark.parametrize("tier", [0, 1, 2])
def test_what_falls_into_each_tier_is_that_of_the_published_case(tmp_path: Path, notation: str, tier: int) -> None:
    """A price of one in one tier and none in the others counts what lies in it."""
    one = prices(*("1" if tier == other else "0" for other in range(3)))
    assert lines(tmp_path, notation.format(*one))["charge"] == CASES["tiers"]["result"][tier]


@pytest.mark.parametrize("notation", [BY_WIDTH, BY_END], ids=["width", "threshold"])
@pytest.mark.parametrize("use", [0, 400, 1_000, 1_002, 11_000, 15_000, 250_000])
def test_both_notations_and_numpy_agree_to_the_cent(tmp_path: Path, notation: str, use: int) -> None:
    found = lines(tmp_path, notation.format(*prices("0.09", "0.085", "0.07")), use=str(use))["charge"]
    marginal = np.repeat([0.09, 0.085, 0.07], [1_000, 10_000, 239_000])[:use]
    assert round(found, 2) == round(float(marginal.sum()), 2)


@pytest.mark.parametrize(("use", "price"), [(1_000, 0.09), (1_001, 0.085), (11_000, 0.085), (11_001, 0.07), (0, 0.09)])
def test_by_volume_all_units_cost_the_price_of_the_tier_reached(tmp_path: Path, use: int, price: float) -> None:
    text = BY_END.format(*prices("0.09", "0.085", "0.07"))
    assert lines(tmp_path, text, 'scheme = "volume"', use=str(use))["charge"] == pytest.approx(use * price, rel=1e-15)


def test_graduated_and_by_volume_differ(tmp_path: Path) -> None:
    """Negative control."""
    text = BY_WIDTH.format(*prices("0.09", "0.085", "0.07"))
    assert lines(tmp_path, text)["charge"] - lines(tmp_path, text, 'scheme = "volume"')["charge"] == pytest.approx(170)


def test_an_allowance_is_free_and_a_discount_is_on_the_whole(tmp_path: Path) -> None:
    text = 'tiers = [{ width = "100 unit", price = "0 USD/unit" }, { price = "2 USD/unit" }]'
    assert lines(tmp_path, text, 'discount = "10 %"', use="350")["charge"] == pytest.approx(0.9 * 500, rel=1e-15)
    assert lines(tmp_path, text, use="80")["charge"] == 0


@pytest.mark.parametrize(("use", "charge", "shortfall"), [("400", 400, 100), ("500", 500, 0), ("900", 900, 0)])
def test_what_is_missing_to_the_minimum_is_a_line_of_its_own(tmp_path: Path, use: str, charge: float, shortfall: float) -> None:
    found = lines(tmp_path, 'tiers = [{ price = "1 USD/unit" }]\nminimum = "500 USD/month"', use=use)
    assert found == {"charge": charge, "shortfall": shortfall}


CROSSING = """tiers = [
  { up_to = "1_000 to 5_000 to 9_000 unit", price = "1 USD/unit" },
  { up_to = "2_000 to 3_000 to 12_000 unit", price = "1 USD/unit" },
  { price = "1 USD/unit" },
]"""


def test_thresholds_that_are_drawn_in_another_order_count_every_unit_once(tmp_path: Path) -> None:
    """Of one price it does not matter where tiers end; units between an end and a lower one after it were not counted once."""
    path = tmp_path / "crossing.toml"
    path.write_text(HEAD.format(use="5_000") + CROSSING, encoding="utf-8")
    result = simcost.run(path, n=1_000, keep="all", output=tmp_path / "crossing.h5", backend="reference")
    assert np.array(result.samples("total")).ravel() == pytest.approx(np.full(1_000, 5_000.0), rel=1e-12)
