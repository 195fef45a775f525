"""Both views in one result: their totals are equal over whole terms, their months differ, and each is that of a run in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcost

FILE = """schema = 1
[scenario]
name = "Views"
currency = "CNY"
start = "2027-01"
months = 24
fiscal_year_start = 1
{sections}
[[cost]]
name = "Support"
category = "people"
amount = "support"
[inputs]
support = "800 to 1_200 CNY/month"
gpus = "80 to 100 to 140 GPU"
"""
RESERVED = """
[[commitments]]
name = "Reserved"
quantity = "90 GPU"
use = "gpus"
upfront = "18_000 to 22_000 CNY/GPU"
price = "5 CNY/GPU/hour"
list_price = "12 CNY/GPU/hour"
term = 12
renew = true
[[hardware]]
name = "Servers"
category = "machines"
quantity = "4 server"
price = "90_000 to 110_000 CNY/server"
life = 24
"""


def run(folder: Path, sections: str = RESERVED, *, view: str = "cash"):
    path = folder / "views.toml"
    path.write_text(FILE.format(sections=sections), encoding="utf-8")
    output = folder / f"{view}.h5"
    overrides = () if view == "cash" else (f'scenario.view="{view}"',)
    return simcost.run(path, n=2_000, seed=1, overrides=overrides, keep="all", output=output, force=True, backend="reference")


def test_totals_over_whole_terms_are_equal_and_months_are_not(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.samples("amortised_total") == pytest.approx(result.samples("total"), rel=1e-12)
    paid, belonging = result.samples("month"), result.samples("amortised_month")
    assert np.all(paid[[0, 12]] > 1.5 * belonging[[0, 12]])
    assert np.all(paid[1:12] < belonging[1:12])
    assert result.samples("amortised_fiscal_year").sum(axis=0) == pytest.approx(result.samples("total")[0], rel=1e-12)


@pytest.mark.parametrize("view", ["cash", "amortised"])
def test_each_view_has_the_bits_of_a_run_in_it(tmp_path: Path, view: str) -> None:
    other = {"cash": "amortised", "amortised": "cash"}[view]
    run(tmp_path, view=view)
    run(tmp_path, view=other)
    own, shown = simcost.show(tmp_path / f"{view}.h5"), simcost.show(tmp_path / f"{other}.h5", view=view)
    assert shown.figures == own.figures
    for group in ("total", "category", "line", "month", "cumulative"):
        assert np.array_equal(
            simcost.show(tmp_path / f"{other}.h5").samples(f"{view}_{group}").view(np.int64), own.samples(group).view(np.int64)
        )


def test_the_own_view_is_shown_as_it_is(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert simcost.show(result.path, view="cash").figures == result.figures
    assert simcost.show(result.path, view="amortised", percentiles=[97.5]).figures.total.percentiles[-2].p == 97.5


def test_lines_that_both_views_count_are_kept_once(tmp_path: Path) -> None:
    result = run(tmp_path, "")
    assert result.figures.other_view is None
    assert not any(group.startswith(("amortised", "cash")) for group, _, _ in result.columns)
    assert simcost.show(result.path, view="amortised").figures == result.figures


def test_the_present_value_is_that_of_what_is_paid_in_either_view(tmp_path: Path) -> None:
    discounted = RESERVED + '[discounting]\nrate = "8 %"\n'
    values = [run(tmp_path, discounted, view=view).samples("present_value") for view in ("cash", "amortised")]
    assert np.array_equal(values[0].view(np.int64), values[1].view(np.int64))
    months = run(tmp_path, discounted).samples("month")
    assert values[0][0] == pytest.approx((months * 1.08 ** -(np.arange(1, 25)[:, None] / 12)).sum(axis=0), rel=1e-12)


FOREIGN = """
[fx]
USD = { start = "7.1 CNY/USD", volatility = "20 %" }
EUR = { start = "7.8 CNY/EUR", volatility = "20 %" }
[series.server_price]
start = "9_000 EUR/server"
volatility = "30 %"
[[commitments]]
name = "Abroad"
quantity = "90 GPU"
use = "gpus"
upfront = "18_000 to 22_000 USD/GPU"
price = "0.7 USD/GPU/hour"
list_price = "12 CNY/GPU/hour"
term = 12
renew = true
[[hardware]]
name = "Servers abroad"
quantity = "4 server"
price = "90_000 to 110_000 USD/server"
residual = "10 %"
life = 8
replaced = true
[[hardware]]
name = "At the price of the day"
quantity = "4 server"
price = "server_price * fx_EUR"
residual = "10 %"
life = 12
replaced = true
"""


def test_what_is_prepaid_in_another_currency_is_spread_at_the_rate_of_its_payment(tmp_path: Path) -> None:
    result = run(tmp_path, FOREIGN)
    assert result.samples("amortised_total") == pytest.approx(result.samples("total"), rel=1e-12)
    spread = dict(zip(result.figures.other_view.figures.lines, result.samples("amortised_line"), strict=True))
    paid = dict(zip(result.figures.lines, result.samples("line"), strict=True))
    for name in ("Servers abroad", "At the price of the day"):
        kept = paid[f"{name}: purchase"] + paid[f"{name}: residual value"]
        assert spread[f"{name}: depreciation"] == pytest.approx(kept, rel=1e-12)
        assert kept.std() > 0.03 * kept.mean()  # rates and prices did move


def test_xarray_reads_both_views_with_both_engines(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    result = run(tmp_path)
    for engine in ("h5netcdf", "netcdf4"):
        with xarray.open_dataset(result.path, engine=engine) as data:
            assert float(data["amortised_total_mean"]) == pytest.approx(float(data["total_mean"]), rel=1e-12)
            assert data["amortised_month_percentile"].dims == ("month", "percentile")
            assert list(data["amortised_line"].values) == list(result.figures.other_view.figures.lines)


MOVING = """
[fx]
USD = { start = "7 CNY/USD", volatility = "40 %" }
[inputs.rent]
value = "0.4 to 0.6 USD/GPU/hour"
draw = "month"
[inputs.deposit]
value = "500 to 900 USD/GPU"
draw = "month"
[inputs.server_price]
value = "9_000 to 11_000 USD/server"
draw = "month"
[drivers]
reserved = "gpus * where(month > 3, 0.5, 0.9)"
deposit_of_a_year = "deposit * 2"
servers = "ceil(month / 4) * one_server"
[inputs.one_server]
value = "1 server"
[[commitments]]
name = "Reserved"
quantity = "reserved"
use = "gpus * month / 9"
upfront = "deposit_of_a_year"
price = "rent"
list_price = "1 USD/GPU/hour"
term = 12
renew = true
[[hardware]]
name = "Servers"
quantity = "servers"
price = "server_price"
residual = { uniform = { low = 0.1, high = 0.2 }, unit = "1", draw = "month" }
maintenance = "12 %"
rack = "100 CNY/server/month"
life = 8
replaced = true
"""


def test_quantities_and_prices_that_move_within_a_term_are_those_of_its_beginning_in_both_views(tmp_path: Path) -> None:
    """Prices in dollars are named, not written: their rate of exchange is that of the payment too."""
    result = run(tmp_path, MOVING)
    assert result.samples("amortised_total") == pytest.approx(result.samples("total"), rel=1e-12)


def test_machines_are_bought_once_and_no_more_of_them_serve(tmp_path: Path) -> None:
    result = run(tmp_path, MOVING)
    line = {name: result.samples("line")[place] for place, name in enumerate(result.figures.lines)}
    bought = np.repeat([1, 3, 5], 8)
    assert line["Servers: racks"] == pytest.approx(np.full(2_000, 100.0 * bought.sum()), rel=1e-12)


def test_the_views_differ_where_what_is_prepaid_outlasts_the_run(tmp_path: Path) -> None:
    """Negative control."""
    result = run(tmp_path, MOVING.replace("life = 8", "life = 7"))
    assert np.all(abs(result.samples("amortised_total") - result.samples("total")) > 1)
