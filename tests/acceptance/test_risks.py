"""The expected cost of risks in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.acceptance.events import COST, FESTIVAL, N, monthly

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

if TYPE_CHECKING:
    from pathlib import Path


def risk(*lines: str) -> str:
    return '[[risks]]\nname = "Breach"\n' + "\n".join(lines) + "\n"


def test_a_risk_of_every_month_costs_its_probability_times_its_cost(tmp_path: Path) -> None:
    found = monthly(tmp_path, risk('probability = "4 %"', 'per = "month"', 'cost = "50_000 CNY"'))
    assert set(np.unique(found)) == {0.0, 50_000.0}
    total = found.sum(axis=0)
    assert errors_of_mean(total, 12 * 0.04 * 50_000) < STANDARD_ERRORS
    assert errors_of_mean((total - 24_000) ** 2, 12 * 0.04 * 0.96 * 50_000**2) < STANDARD_ERRORS


def test_the_cost_of_an_event_is_drawn_anew_for_each(tmp_path: Path) -> None:
    cost = 'cost = { uniform = { low = 10, high = 20 }, unit = "CNY" }'
    found = monthly(tmp_path, risk("probability = 1", 'per = "month"', cost))
    assert abs(np.corrcoef(found[3], found[4])[0, 1]) < STANDARD_ERRORS / np.sqrt(N)


def test_a_risk_of_a_year_happens_once_a_year_at_most_in_any_month_alike(tmp_path: Path) -> None:
    found = monthly(tmp_path, risk('probability = "30 %"', 'per = "year"', 'cost = "1 CNY"'), months=24)
    assert np.all(found[:12].sum(axis=0) <= 1)
    assert errors_of_mean(found[:12].sum(axis=0), 0.3) < STANDARD_ERRORS
    assert errors_of_mean(found[12:].sum(axis=0), 0.3) < STANDARD_ERRORS
    assert all(errors_of_mean(found[month], 0.3 / 12) < STANDARD_ERRORS for month in range(24))


def test_a_risk_of_the_run_happens_once_at_most(tmp_path: Path) -> None:
    found = monthly(tmp_path, risk('probability = "30 %"', 'per = "once"', 'cost = "1 CNY"'), months=30)
    assert np.all(found.sum(axis=0) <= 1)
    assert errors_of_mean(found.sum(axis=0), 0.3) < STANDARD_ERRORS
    assert errors_of_mean(found[29], 0.3 / 30) < STANDARD_ERRORS


def test_another_probability_is_noticed(tmp_path: Path) -> None:
    """Negative control."""
    found = monthly(tmp_path, risk('probability = "30 %"', 'per = "once"', 'cost = "1 CNY"'), months=30)
    assert errors_of_mean(found.sum(axis=0), 0.31) > STANDARD_ERRORS


def test_what_lasts_is_paid_for_its_months_and_not_beyond_the_end(tmp_path: Path) -> None:
    lines = ('probability = "30 %"', 'per = "once"', 'running = "6 CNY/month"', 'duration = "4.4 month"')
    found = monthly(tmp_path, risk(*lines))
    months = [min(4, 12 - first) for first in range(12)]
    assert errors_of_mean(found.sum(axis=0), 0.3 * 6 * sum(months) / 12) < STANDARD_ERRORS
    assert set(np.unique(found.sum(axis=0))) == {0.0, 6.0, 12.0, 18.0, 24.0}


def test_the_factor_of_a_risk_is_held_while_it_lasts_and_one_otherwise(tmp_path: Path) -> None:
    factor = 'factor = { uniform = { low = 2, high = 3 }, unit = "1", draw = "month" }'
    lines = ('probability = "30 %"', 'per = "once"', factor, 'duration = "4 month"')
    found = monthly(tmp_path, risk(*lines), COST.format(amount="price * breach_factor")) / 3_100
    lifted = found > 1
    assert np.all(lifted.sum(axis=0) <= 4)
    held = np.where(lifted, found, np.nan)
    some = held[:, lifted.any(axis=0)]
    assert np.array_equal(np.nanmin(some, axis=0), np.nanmax(some, axis=0))
    assert np.nanmin(some) >= 2


EITHER = ('probability = "30 %"', 'per = "year"', 'factor = "1.2 to 1.5 to 2"', 'duration = "3 month"')

OTHER = '[[risks]]\nname = "Strike"\nprobability = 0.1\nper = "month"\nfactor = 1.4\naffects = ["price"]\n'


def test_what_a_risk_affects_is_multiplied_by_its_factor_wherever_it_stands(tmp_path: Path) -> None:
    """To the bit what naming the factor in each formula gives."""
    lines = '[drivers]\ndouble = "2 * {0}"\n' + COST + '[[cost]]\nname = "Twice"\ncategory = "x"\namount = "double"\n'
    named = monthly(tmp_path, risk(*EITHER), lines.format("(price * breach_factor)", amount="price * breach_factor"), n=5_000)
    affected = monthly(tmp_path, risk(*EITHER, 'affects = ["price"]'), lines.format("price", amount="price"), n=5_000)
    assert np.array_equal(named, affected)
    assert np.unique(affected).size > 100


ABROAD = """[inputs]
rent = "10 USD/month"
team = "10 CNY/month"
rise = "10 %"
wages = "2"
[fx]
USD = "7 CNY/USD"
[inflation]
rate = "0 %"
categories = {{ staff = "{rise}" }}
[[cost]]
name = "Rent"
category = "rent"
amount = "rent"
[[cost]]
name = "Team"
category = "staff"
amount = "team"
[[cost]]
name = "Indexed"
category = "index"
amount = "team"
index = "{wages}"
"""


def test_a_risk_on_a_rate_of_exchange_or_of_inflation_or_on_an_index_is_one_on_the_lines_that_rest_on_it(tmp_path: Path) -> None:
    """A line in dollars is multiplied by fx_USD though its formula does not name it."""
    affects = 'affects = ["fx_USD", "rise", "wages"]'
    shock = risk("probability = 1", 'per = "month"', "factor = 3", affects)
    monthly(tmp_path, shock, ABROAD.format(rise="rise", wages="wages"), n=10)
    path = tmp_path / "events.toml"
    result = simcost.run(path, n=10, keep="all", output=tmp_path / "lines.h5", backend="reference")
    rent, team, indexed, *_ = result.samples("line")[:, 0]
    assert rent == pytest.approx(12 * 10 * 7 * 3)
    assert team == pytest.approx(sum(10 * 1.3 ** (month / 12) for month in range(12)))
    assert indexed == pytest.approx(12 * 10 * 2 * 3)


SURGE = """[series.searches]
start = "100 request/s"
festivals = ["Double 11"]
[drivers]
answered = "searches"
plain = "searches_ordinary"
[[pool]]
name = "Peak"
devices = "plain * double_11_peak"
[[cost]]
name = "Answers"
category = "x"
amount = "answered * hours * price"
[inputs]
price = "1e-4 CNY/request"
"""


def test_a_risk_on_a_series_is_one_on_what_it_is_without_festivals_and_is_counted_once(tmp_path: Path) -> None:
    """A pool that names festivals is told to ask for NAME_ordinary: a surge sizes it as it fills the series."""
    calm = monthly(tmp_path, SURGE, FESTIVAL, n=10)
    ordinary = simcost.run(tmp_path / "events.toml", n=10, output=tmp_path / "calm.h5", backend="reference").figures.pools["Peak"]
    surge = risk("probability = 1", 'per = "month"', "factor = 2", 'affects = ["searches"]')
    assert monthly(tmp_path, SURGE, FESTIVAL, surge, n=10) == pytest.approx(2 * calm, rel=1e-14)
    lifted = simcost.run(tmp_path / "events.toml", n=10, output=tmp_path / "surge.h5", backend="reference").figures.pools["Peak"]
    assert (ordinary.devices.max, lifted.devices.max) == (300, 600)


SIZED = """[inputs]
gpus = "10 GPU"
most = "15 GPU"
price = "1 CNY/GPU/month"
[[pool]]
name = "GPUs"
devices = "gpus"
[[cost]]
name = "GPUs"
category = "x"
amount = "gpus * price"
[optimize]
[[optimize.decision]]
set = "inputs.price"
from = "1 CNY/GPU/month"
to = "2 CNY/GPU/month"
[[optimize.limit]]
name = "short"
event = "gpus > most"
probability = 0.5
"""


def test_a_risk_on_machines_sizes_pools_and_is_in_limits(tmp_path: Path) -> None:
    monthly(tmp_path, risk("probability = 1", 'per = "month"', "factor = 2", 'affects = ["gpus"]'), SIZED, n=10)
    scenario = simcost.load(tmp_path / "events.toml")
    assert [pool.formula for pool in scenario.pools] == ["gpus_at_risk"]
    assert scenario.optimization is not None
    assert [limit.formula for limit in scenario.optimization.events] == ["gpus_at_risk > most"]


def test_two_risks_may_affect_one_price(tmp_path: Path) -> None:
    """E = price (1 + p (f - 1)) (1 + q (g - 1)) of independent risks of each month."""
    one = risk("probability = 0.2", 'per = "month"', "factor = 2", 'affects = ["price"]')
    found = monthly(tmp_path, one, OTHER, COST.format(amount="price"))
    assert errors_of_mean(found[7], 3_100 * 1.2 * 1.04) < STANDARD_ERRORS
    assert errors_of_mean(found[7], 3_100 * (1.2 + 0.04)) > STANDARD_ERRORS  # negative control: impacts that add


def test_a_driver_that_rests_on_its_own_past_is_affected_outside_of_it(tmp_path: Path) -> None:
    drivers = '[drivers]\nlevel = "prev(level, price) * 1.1"\n' + COST.format(amount="level")
    certain = risk("probability = 1", 'per = "month"', "factor = 2", 'affects = ["level"]')
    found = monthly(tmp_path, certain, drivers, n=10)[:, 0]
    assert found == pytest.approx([2 * 3_100 * 1.1 ** (month + 1) for month in range(12)], rel=1e-13)


def test_a_risk_on_a_rate_that_discounts_is_one_on_the_formulas_that_name_it(tmp_path: Path) -> None:
    """Interest on a loan may rise for some months; what all payments are discounted by is one number of a future."""
    lines = COST.format(amount="wacc * price").replace("[inputs]", '[inputs]\nwacc = "12 %"')
    capital = f'[discounting]\nrate = "wacc"\n{lines}'
    certain = risk("probability = 1", 'per = "month"', "factor = 2", 'affects = ["wacc"]')
    assert monthly(tmp_path, capital, n=10)[:, 0] == pytest.approx([372] * 12)
    assert monthly(tmp_path, certain, capital, n=10)[:, 0] == pytest.approx([744] * 12)
    discounting = simcost.load(tmp_path / "events.toml").discounting
    assert discounting is not None
    assert "wacc_at_risk" not in str(discounting.rate)
