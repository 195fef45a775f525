"""Festivals day by day, and the expected cost of risks in closed form."""

from __future__ import annotations

import calendar
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

if TYPE_CHECKING:
    from pathlib import Path

N = 100_000
SEED = 20270101

HEAD = """schema = 1
[scenario]
name = "Events"
currency = "CNY"
start = "{start}"
months = {months}
"""
COST = '[inputs]\nprice = "3_100 CNY/month"\n[[cost]]\nname = "Traffic"\ncategory = "x"\namount = "{amount}"\n'


def monthly(folder: Path, *parts: str, start: str = "2027-01", months: int = 12, n: int = N) -> np.ndarray:
    """Total cost, float64 (months, scenarios)."""
    path = folder / "events.toml"
    path.write_text(HEAD.format(start=start, months=months) + "\n".join(parts), encoding="utf-8")
    result = simcost.run(path, n=n, seed=SEED, keep="all", output=folder / "events.h5", force=True, backend="reference")
    return np.array(result.samples("month"))


FESTIVAL = '[[festivals]]\nname = "Double 11"\nmonth = 10\nstarts = 24\ndays = "19 day"\nuplift = 3\nelastic = "25 %"\n'


@pytest.mark.parametrize("start", ["2027-01", "2027-06", "2026-11", "2026-10", "2026-12"])
def test_a_window_over_the_end_of_a_month_is_counted_in_both(tmp_path: Path, start: str) -> None:
    """Eight days of October and eleven of November have three times the traffic."""
    months = 24
    found = monthly(tmp_path, FESTIVAL, COST.format(amount="price * double_11_uplift_of_month"), start=start, months=months, n=10)
    first = int(start[5:]) - 1
    expected = [{9: 3_100 * (1 + 2 * 8 / 31), 10: 3_100 * (1 + 2 * 11 / 30)}.get((first + t) % 12, 3_100) for t in range(months)]
    assert found[:, 0] == pytest.approx(expected, rel=1e-14)


def test_a_season_of_weeks_runs_through_whole_months(tmp_path: Path) -> None:
    """Eleven days of October, all of November and December, and nineteen of January have three times the traffic."""
    season = FESTIVAL.replace("starts = 24", "starts = 21").replace("19 day", "91 day")
    found = monthly(tmp_path, season, COST.format(amount="price * double_11_uplift_of_month"), months=27, n=10)[:, 0]
    expected = dict.fromkeys((10, 11), 3.0) | {9: 1 + 2 * 11 / 31, 0: 1 + 2 * 19 / 31}
    assert found / 3_100 == pytest.approx([expected.get(month % 12, 1) for month in range(27)], rel=1e-14)


def test_a_season_that_began_before_the_run_has_its_days_within_it(tmp_path: Path) -> None:
    """The longest window there is, from the last day of October to the 27th of April in a leap year, whenever a run begins."""
    season = FESTIVAL.replace("starts = 24", "starts = 31").replace("19 day", "180 day")
    days = [date(2027, 10, 31) + timedelta(day) for day in range(180)]
    for start, there in (("2027-11", 30), ("2028-01", 31), ("2028-04", 27), ("2028-05", 0)):
        found = monthly(tmp_path, season, COST.format(amount="price * double_11_days"), start=start, months=1, n=10)
        assert sum(f"{day:%Y-%m}" == start for day in days) == there
        assert found[0, 0] == pytest.approx(3_100 * there)


def test_the_peak_is_that_of_its_days_and_less_of_it_is_provisioned(tmp_path: Path) -> None:
    peak = monthly(tmp_path, FESTIVAL, COST.format(amount="price * double_11_peak"), n=10)[:, 0]
    provisioned = monthly(tmp_path, FESTIVAL, COST.format(amount="price * double_11_provisioned"), n=10)[:, 0]
    assert list(peak / 3_100) == [*[1.0] * 9, 3.0, 3.0, 1.0]
    assert list(provisioned / 3_100) == [*[1.0] * 9, 2.5, 2.5, 1.0]


def test_a_series_is_lifted_by_the_festivals_that_it_names(tmp_path: Path) -> None:
    series = '[series.traffic]\nstart = "1 unit"\nfestivals = ["Double 11"]\n'
    price = COST.format(amount="price * traffic").replace("CNY/month", "CNY/unit/month")
    direct = monthly(tmp_path, FESTIVAL, COST.format(amount="price * double_11_uplift_of_month"), n=10)
    assert np.array_equal(monthly(tmp_path, FESTIVAL, series, price, n=10), direct)


def test_the_date_and_the_height_of_a_festival_are_drawn_for_each_year(tmp_path: Path) -> None:
    festival = FESTIVAL.replace("starts = 24", 'starts = { uniform = { low = 5, high = 10 }, unit = "1" }')
    festival = festival.replace("uplift = 3", 'uplift = { uniform = { low = 2, high = 3 }, unit = "1" }')
    found = monthly(tmp_path, festival, COST.format(amount="price * double_11_uplift_of_month"), months=24)
    assert errors_of_mean(found[9], 3_100 * (1 + 1.5 * 19 / 31)) < STANDARD_ERRORS
    assert abs(np.corrcoef(found[9], found[21])[0, 1]) < STANDARD_ERRORS / np.sqrt(N)
    assert np.all(found[10] == 3_100)


ACROSS = """[[festivals]]
name = "New year"
month = 1
starts = 20
days = "23 day"
uplift = { uniform = { low = 2, high = 3 }, unit = "1" }
"""


@pytest.mark.parametrize("start", ["2027-02", "2027-01"])
def test_a_festival_over_the_end_of_a_year_of_the_run_has_one_uplift(tmp_path: Path, start: str) -> None:
    """A run from February has January in its year 1 and the last eleven days of the festival in year 2."""
    found = monthly(tmp_path, ACROSS, COST.format(amount="price * new_year_uplift_of_month"), start=start, months=36, n=1_000)
    january = 1 - int(start[5:])
    days = [(january + 12 * year, 12 / 31, 11 / (29 if year == 1 else 28)) for year in range(4)]
    uplifts = np.array(
        [((found[[at, at + 1]] / 3_100 - 1) / np.array([[first], [rest]]) + 1) for at, first, rest in days if 0 <= at < 35]
    )
    assert uplifts[:, 0] == pytest.approx(uplifts[:, 1], rel=1e-12)
    assert np.all(abs(np.corrcoef(uplifts[:, 0])[np.triu_indices(len(uplifts), 1)]) < STANDARD_ERRORS / np.sqrt(1_000))


def test_what_cannot_pass_into_another_year_carries_nothing(tmp_path: Path) -> None:
    path = tmp_path / "short.toml"
    cost = COST.format(amount="price * new_year_uplift_of_month")
    short = HEAD.format(start="2027-02", months=3) + ACROSS.replace("starts = 20", "starts = 8") + cost
    path.write_text(short, encoding="utf-8")
    assert "new_year_uplift_held" not in {driver.name for driver in simcost.load(path).drivers}


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


PEAKED = """[series.searches]
start = "100 request/s"
festivals = ["A", "B", "C"]
[[compute]]
name = "Pool"
festivals = ["A", "B", "C"]
demand = "searches_ordinary"
throughput = "2 request/s/GPU"
utilization = 1
[[cost]]
name = "Devices and answers"
category = "x"
amount = "pool_devices * rent + searches * price"
[inputs]
rent = "1 CNY/GPU/month"
price = "1 CNY*s/request/month"
"""


def _of_days(festivals: dict[str, tuple], year: int, month: int) -> tuple[float, float]:
    """Mean and greatest of the days of a month: each the product of the festivals on it, in the peak less what is elastic."""
    days = []
    for day in range(1, calendar.monthrange(year, month)[1] + 1):
        there = [
            (uplift, 1 + (uplift - 1) * (1 - elastic))
            for begins, first, length, uplift, elastic in festivals.values()
            if 0 <= (date(year, month, day) - date(2027, begins, first)).days < length
        ]
        days.append(np.prod([(1, 1), *there], axis=0))
    return float(np.mean([mean for mean, _ in days])), max(peak for _, peak in days)


@pytest.mark.parametrize(
    "festivals",
    [
        {"A": (11, 1, 11, 2, 0), "B": (11, 24, 5, 3, 0), "C": (12, 20, 6, 1.5, 0)},
        {"A": (11, 1, 20, 2, 0), "B": (11, 15, 30, 3, 0.5), "C": (11, 18, 2, 1.2, 0)},
        {"A": (10, 25, 40, 2, 0), "B": (11, 11, 5, 1.5, 0.4), "C": (12, 1, 1, 4, 0)},
        {"A": (11, 1, 30, 0.5, 0), "B": (11, 11, 5, 1.5, 0), "C": (12, 3, 10, 0.5, 0)},
        {name: (11, 4 * i + 1, 9, 1.2 + 0.1 * i, 0) for i, name in enumerate("ABCDE")},
        {name: (i + 2, 20, 15, 1.1 + 0.1 * i, 0.1) for i, name in enumerate("ABCDEFGHIJK")},
    ],
)
def test_festivals_of_one_month_are_counted_by_their_days(tmp_path: Path, festivals: dict[str, tuple]) -> None:
    """Day by day: those that follow each other size a pool by the greater, not by their product; a lull sizes nothing down."""
    tables = [
        f'[[festivals]]\nname = "{name}"\nmonth = {month}\nstarts = {first}\ndays = "{days} day"\nuplift = {uplift}\n'
        + (f"elastic = {elastic}\n" if elastic else "")
        for name, (month, first, days, uplift, elastic) in festivals.items()
    ]
    monthly(tmp_path, PEAKED.replace('["A", "B", "C"]', json.dumps(list(festivals))), *tables, start="2027-10", months=4, n=10)
    story = simcost.replay(tmp_path / "events.toml", scenario=0, backend="reference")
    found = {each.name: each.values for each in story.future.drivers}
    for at, (year, month) in enumerate(((2027, 10), (2027, 11), (2027, 12), (2028, 1))):
        mean, peak = _of_days(festivals, year, month)
        assert found["searches"][at] == pytest.approx(100 * mean, rel=1e-13)
        assert found["pool_devices"][at] == np.ceil(round(50 * peak, 9))


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
