"""Days as months, and rows of one thing: means and sums are those of pandas, and what is missing or decides alone is told."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from simcost.errors import UsageError
from simcost.scenario.distributions.observations import read_observations
from simcost.scenario.distributions.row_choice import RowChoice, row_choice

if TYPE_CHECKING:
    from pathlib import Path

DAYS = pd.date_range("2025-01-01", "2026-03-31")


def days(folder: Path, values: np.ndarray, dates: pd.DatetimeIndex = DAYS, form: str = "%Y-%m-%d") -> str:
    path = folder / "days.csv"
    pd.DataFrame({"date": dates.strftime(form), "n": values}).to_csv(path, index=False)
    return str(path)


def traffic(count: int = len(DAYS)) -> np.ndarray:
    return np.random.default_rng(8).lognormal(10.0, 0.1, count)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M"])
@pytest.mark.parametrize("combine", ["mean", "sum"])
def test_a_month_is_the_mean_or_the_sum_of_its_days(tmp_path: Path, combine: str, form: str) -> None:
    values = traffic()
    found = read_observations(days(tmp_path, values, form=form), "n", "date", choice=RowChoice(combine=combine))
    expected = pd.Series(values, DAYS).resample("MS").agg(combine)
    assert found.months == tuple((each.year, each.month) for each in expected.index)
    assert found.values == pytest.approx(expected.tolist(), rel=1e-12)
    assert (found.rows, found.taken, found.plain, found.warnings) == (len(DAYS), len(DAYS), False, ())
    assert found.remarks == (f"Each of 15 months is the {combine} of its rows, {len(DAYS)} in all.",)


def test_a_sum_of_some_days_is_left_out_and_a_mean_of_them_is_told(tmp_path: Path) -> None:
    kept = ~((DAYS >= "2025-05-10") & (DAYS <= "2025-05-12")) & (DAYS <= "2026-03-20")
    path = days(tmp_path, traffic()[kept], DAYS[kept])
    mean, whole = (read_observations(path, "n", "date", choice=RowChoice(combine=each)) for each in ("mean", "sum"))
    partial = "2 months without all of their days (2025-05 28 of 31, 2026-03 20 of 31)."
    assert mean.remarks[1:] == (f"Taken as they are: {partial}",)
    assert whole.remarks[1:] == (
        f"Left out, since a sum would be too low: {partial}",
        "Missing: 1 month without a value (2025-05).",
    )
    assert set(mean.months) - set(whole.months) == {(2025, 5), (2026, 3)}
    assert mean.taken - whole.taken == 48


def test_rows_that_name_no_day_are_all_that_a_month_has(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text("month,team,cost\n2026-02,a,3\n2026-01,a,1\n2026-01,b,2.5\n")
    found = read_observations(str(path), "cost", "month", choice=RowChoice(combine="sum"))
    assert (found.months, found.values) == (((2026, 1), (2026, 2)), (3.5, 3.0))
    assert "The rows were not in the order of the months: they are put in it." in found.remarks


@pytest.mark.parametrize(("times", "told"), [(3.1, 0), (6.0, 0), (40.0, 1)])
def test_a_day_that_is_a_fifth_of_its_month_is_named_and_the_best_day_of_a_festival_is_not(
    tmp_path: Path, times: float, told: int
) -> None:
    values = np.full(len(DAYS), 1000.0)
    values[DAYS.get_loc("2025-11-11")] *= times
    found = read_observations(days(tmp_path, values), "n", "date", choice=RowChoice(combine="mean"))
    share = times / (monthrange(2025, 11)[1] - 1 + times)
    assert (share > 0.2) == bool(told)
    line = DAYS.get_loc("2025-11-11") + 2
    named = (
        f"One row decides its month: 40,000 in line {line} is {100 * share:.0f} % of 2025-11, which has 30 rows. "
        "If it is not right, empty its cell."
    )
    assert found.warnings == (named,) * told


def test_only_rows_of_one_thing_are_read(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "day": ["2026-01-05", "2026-01-05", "2026-02-07", "2026-02-07", "2026-02-07"],
            "product": ["H100 spot", "H100", "H100", "H100 spot ", "H100 spot"],
            "region": ["east", "east", "east", "east", "west"],
            "price": [9, 20, 21, 8, 7],
        }
    )
    path = tmp_path / "prices.csv"
    table.to_csv(path, index=False)
    choice = row_choice(("product=H100 spot", "region = east"), "", "day")
    found = read_observations(str(path), "price", "day", choice=choice)
    assert (found.values, found.lines, found.rows) == ((9.0, 8.0), (2, 5), 2)
    assert found.whence == "prices.csv, column price, product = H100 spot, region = east"
    assert read_observations(str(path), "price", choice=RowChoice((("product", "H100"),))).values == (20.0, 21.0)


def test_a_value_that_no_row_has_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("product,price\nH100 spot,9\nA100,4\n")
    with pytest.raises(UsageError, match=r'no row has "H100 sport" in column product. Did you mean "H100 spot"\?'):
        read_observations(str(path), "price", choice=RowChoice((("product", "H100 sport"),)))
    with pytest.raises(UsageError, match=r'has no column "produkt". Did you mean "product"\?'):
        read_observations(str(path), "price", choice=RowChoice((("produkt", "A100"),)))


@pytest.mark.parametrize(
    ("where", "combine", "month", "said"),
    [
        (("product",), "", "", '`where`: "product" is no COLUMN=VALUE.'),
        (("=H100",), "", "", '`where`: "=H100" is no COLUMN=VALUE.'),
        ((), "max", "day", '`combine`: "max" is neither mean nor sum.'),
        ((), "mean", "", "`combine` is of months. Give `month`"),
    ],
)
def test_a_choice_of_rows_that_is_none_is_refused(where: tuple[str, ...], combine: str, month: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        row_choice(where, combine, month)
    assert said in str(caught.value)
