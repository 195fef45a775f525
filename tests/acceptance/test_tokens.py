"""A model behind an interface, paid by the token: arithmetic by hand, and the mean of falling prices in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.results.result import Result

HEAD = """schema = 1
[scenario]
name = "Interface"
currency = "CNY"
start = "2027-01"
months = {months}
[[tokens]]
name = "API"
requests = "{requests} request/s"
input = "1_200 token/request"
output = "250 token/request"
input_price = "2 CNY/Mtoken"
output_price = "8 CNY/Mtoken"
"""
REQUESTS = 744 * 3600 * 40
"""Of January."""

ONE = 1_200 * 2e-6 + 250 * 8e-6
"""CNY of a request without any of the rest."""

N = 40_000


def run(folder: Path, *parts: str, months: int = 1, n: int = 10, requests: str = "40") -> Result:
    path = folder / "api.toml"
    path.write_text(HEAD.format(months=months, requests=requests) + "\n".join(parts), encoding="utf-8")
    return simcost.run(path, n=n, seed=7, keep="all", output=folder / "api.h5", force=True, backend="reference")


def lines(folder: Path, *parts: str, **settings: str) -> dict[str, float]:
    found = run(folder, *parts, **settings).figures.lines
    return {name.partition(": ")[2]: figure.mean for name, figure in found.items()}


def test_input_and_output_are_paid_at_their_prices(tmp_path: Path) -> None:
    found = lines(tmp_path)
    assert found == pytest.approx({"input": REQUESTS * 1_200 * 2e-6, "output": REQUESTS * 250 * 8e-6}, rel=1e-13)


def test_input_from_the_cache_has_its_own_price(tmp_path: Path) -> None:
    found = lines(tmp_path, 'cached = "40 %"\ncached_price = "0.5 CNY/Mtoken"')
    whole = REQUESTS * 1_200
    expected = {"input": 0.6 * whole * 2e-6, "output": REQUESTS * 250 * 8e-6, "cached input": 0.4 * whole * 0.5e-6}
    assert found == pytest.approx(expected, rel=1e-13)


def test_retries_are_paid_and_a_discount_is_taken(tmp_path: Path) -> None:
    found = lines(tmp_path, 'retries = "5 %"\ndiscount = "10 %"')
    assert sum(found.values()) == pytest.approx(REQUESTS * ONE * 1.05 * 0.9, rel=1e-13)


@pytest.mark.parametrize("requests", ["0", "0.01", "40"])
def test_what_is_missing_to_the_minimum_is_paid(tmp_path: Path, requests: str) -> None:
    charge = 744 * 3600 * float(requests) * ONE * 0.9
    found = lines(tmp_path, 'discount = "10 %"\nminimum = "20_000 CNY/month"', requests=requests)
    assert found["shortfall"] == pytest.approx(max(20_000 - charge, 0), rel=1e-13)
    assert sum(found.values()) == pytest.approx(max(20_000, charge), rel=1e-13)


def test_prices_fall_by_their_rate_over_a_year(tmp_path: Path) -> None:
    monthly = np.array(run(tmp_path, 'decline = "36 %"', months=25).samples("month"))[:, 0]
    january = monthly[[0, 12, 24]] / (REQUESTS * ONE)
    assert january == pytest.approx([1, 0.64, 0.64**2], rel=1e-13)


def test_the_mean_of_falling_prices_is_its_closed_form(tmp_path: Path) -> None:
    """With a rate uniform on 20 to 60 %, drawn for each year, price in month 13 is 1 - rate; month 25 the product of two."""
    uniform = 'decline = { uniform = { low = 0.2, high = 0.6 }, unit = "1" }'
    monthly = np.array(run(tmp_path, uniform, months=25, n=N).samples("month")) / (REQUESTS * ONE)
    for month, mean in ((12, 0.6), (24, 0.36)):
        error = STANDARD_ERRORS * monthly[month].std(ddof=1) / np.sqrt(N)
        assert abs(monthly[month].mean() - mean) < error
        assert abs(monthly[month].mean() - 1.01 * mean) > error  # negative control: one per cent more


def test_a_price_may_name_a_series(tmp_path: Path) -> None:
    series = '[series.input_cost]\nstart = "2 CNY/Mtoken"\nsteps = [{ month = 2, factor = 0.5 }]'
    path = tmp_path / "series.toml"
    path.write_text(HEAD.format(months=2, requests="40").replace('"2 CNY/Mtoken"', '"input_cost"') + series, encoding="utf-8")
    found = simcost.run(path, n=10, output=tmp_path / "s.h5", backend="reference").figures.lines["API: input"].mean
    assert found == pytest.approx(3600 * 40 * 1_200 * 2e-6 * (744 + 672 / 2), rel=1e-13)
