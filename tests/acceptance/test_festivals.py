"""Festivals, day by day."""

from __future__ import annotations

import calendar
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.acceptance.events import COST, FESTIVAL, HEAD, N, monthly
from tests.acceptance.pools import PEAKED

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

if TYPE_CHECKING:
    from pathlib import Path


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


MOVING = """[series.traffic]
start = "1 unit"
festivals = ["January", "February"]
[[festivals]]
name = "January"
month = 1
starts = 26
days = "15 day"
uplift = "where(calendar_year == 2028, lift, 1)"
[[festivals]]
name = "February"
month = 2
starts = "choose(year, 17, 6, 1, 13)"
days = "15 day"
uplift = "where(calendar_year == 2028, 1, lift)"
"""


def test_a_festival_that_moves_between_months_is_a_block_for_each(tmp_path: Path) -> None:
    """Fifteen days from the Chinese New Year of 2026 to 2029."""
    price = COST.format(amount="price * traffic").replace("CNY/month", "CNY/unit/month")
    found = monthly(tmp_path, MOVING, price.replace("[[cost]]", "lift = 1.5\n[[cost]]"), start="2026-01", months=48, n=10)[:, 0]
    first_days = (date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13))
    lifted = [f"{first + timedelta(day):%Y-%m}" for first in first_days for day in range(15)]
    for place, cost in enumerate(found):
        year, month = 2026 + place // 12, place % 12 + 1
        share = lifted.count(f"{year}-{month:02}") / calendar.monthrange(year, month)[1]
        assert cost == pytest.approx(3_100 * (1 + 0.5 * share), rel=1e-14)


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
    monthly(tmp_path, PEAKED.format(names=json.dumps(list(festivals))[1:-1]), *tables, start="2027-10", months=4, n=10)
    story = simcost.replay(tmp_path / "events.toml", scenario=0, backend="reference")
    found = {each.name: each.values for each in story.future.drivers}
    for at, (year, month) in enumerate(((2027, 10), (2027, 11), (2027, 12), (2028, 1))):
        mean, peak = _of_days(festivals, year, month)
        assert found["searches"][at] == pytest.approx(100 * mean, rel=1e-13)
        assert found["pool_devices"][at] == np.ceil(round(50 * peak, 9))
