"""A team as a stock of whole people: expectations and variances in closed form, pay and contributions to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.results.result import Result

N = 100_000
SEED = 20270101

HEAD = """schema = 1
[scenario]
name = "Team"
currency = "CNY"
start = "2027-01"
months = {months}
[[staff]]
name = "Team"
"""


def run(folder: Path, *lines: str, months: int = 12, n: int = 10) -> Result:
    path = folder / "team.toml"
    path.write_text(HEAD.format(months=months) + "\n".join(lines), encoding="utf-8")
    return simcost.run(path, n=n, seed=SEED, keep="all", output=folder / "team.h5", force=True, backend="reference")


def monthly(folder: Path, *lines: str, months: int = 12) -> list[float]:
    """What a team without uncertainty costs in each month."""
    return [float(row[0]) for row in run(folder, *lines, months=months).samples("month")]


def line_total(folder: Path, line: str, *lines: str, months: int = 12) -> float:
    return run(folder, *lines, months=months).figures.lines[f"Team: {line}"].mean


ATTRITION = ('headcount = "30 person"', 'salary = "1 CNY/person/month"', 'attrition = "24 %/year"')


def headcounts(folder: Path, *more: str) -> np.ndarray:
    """Headcount in 24 months: a salary of one CNY counts people."""
    return run(folder, *ATTRITION, *more, months=24, n=N).samples("month")


def test_expected_headcount_under_attrition_is_its_closed_form(tmp_path: Path) -> None:
    """Each of H0 stays a month with 1 - 0.02: binomial, so mean H0 q and variance H0 q (1 - q) with q = 0.98^(t - 1)."""
    found = headcounts(tmp_path)
    assert np.all(found == np.round(found))
    assert np.all(np.diff(found, axis=0) <= 0)
    for month in (0, 1, 11, 23):
        stays = 0.98**month
        assert found[month].std() == pytest.approx(np.sqrt(30 * stays * (1 - stays)), rel=STANDARD_ERRORS / np.sqrt(2 * N), abs=0)
        assert month == 0 or errors_of_mean(found[month], 30 * stays) < STANDARD_ERRORS


def test_another_rate_of_attrition_is_noticed(tmp_path: Path) -> None:
    """Negative control."""
    assert errors_of_mean(headcounts(tmp_path)[11], 30 * 0.981**11) > STANDARD_ERRORS


def test_expected_headcount_with_hires_is_its_closed_form(tmp_path: Path) -> None:
    found = headcounts(tmp_path, 'hiring = [{ month = 4, people = "6 person" }]')
    assert errors_of_mean(found[23], 30 * 0.98**23 + 6 * 0.98**20) < STANDARD_ERRORS


def test_successors_at_once_keep_the_headcount(tmp_path: Path) -> None:
    assert np.all(headcounts(tmp_path, "backfill = 0") == 30)


def test_successors_come_after_their_months(tmp_path: Path) -> None:
    """With successors two months later, who is missing left this month or the last: 60 % of a person on average at first."""
    found = headcounts(tmp_path, "backfill = 2")
    left = 30 - found
    assert np.all(left[2] <= 30)
    assert errors_of_mean(found[1], 30 - 0.02 * 30) < STANDARD_ERRORS
    assert errors_of_mean(found[2], 30 - 0.02 * 30 - 0.02 * (30 - 0.02 * 30)) < STANDARD_ERRORS
    assert errors_of_mean(found[3], 30 * 0.98**3 + 0.02 * 30) < STANDARD_ERRORS  # those of month 2 are replaced in month 4


def test_people_begin_in_their_month_and_as_late_as_the_delay_says(tmp_path: Path) -> None:
    team = ('headcount = "2 person"', 'salary = "100 CNY/person/month"', 'hiring = [{ month = 3, people = "1.6 person" }]')
    assert monthly(tmp_path, *team, months=6) == [200, 200, 400, 400, 400, 400]
    assert monthly(tmp_path, *team, 'delay = "2 month"', months=6) == [200, 200, 200, 200, 400, 400]
    assert monthly(tmp_path, *team, 'delay = "1.4 month"', months=6) == [200, 200, 200, 400, 400, 400]
    assert monthly(tmp_path, *team, 'delay = "9 month"', months=6) == [200] * 6


def test_a_raise_comes_once_a_year_in_its_month_but_not_at_the_start(tmp_path: Path) -> None:
    team = ('headcount = "1 person"', 'salary = "1000 CNY/person/month"', 'raise = "10 %"')
    expected = [1000.0] * 3 + [1100.0] * 12 + [1210.0] * 9
    assert monthly(tmp_path, *team, "raise_month = 4", months=24) == pytest.approx(expected, rel=1e-15)
    assert monthly(tmp_path, *team, months=24) == pytest.approx([1000.0] * 12 + [1100.0] * 12, rel=1e-15)


def test_a_bonus_is_paid_in_its_month(tmp_path: Path) -> None:
    team = ('headcount = "3 person"', 'salary = "1000 CNY/person/month"', 'bonus = "1.5 month"', "bonus_month = 2")
    assert monthly(tmp_path, *team) == [3000.0, 7500.0, *[3000.0] * 10]


@pytest.mark.parametrize(
    ("salary", "base"),
    [(5_000, 7_162), (7_162, 7_162), (7_163, 7_163), (20_000, 20_000), (35_810, 35_810), (35_811, 35_811), (90_000, 35_811)],
)
def test_social_insurance_is_exact_below_at_and_above_both_caps(tmp_path: Path, salary: int, base: int) -> None:
    insurance = 'social_insurance = { rate = "27 %", floor = "7_162 CNY/person/month", cap = "35_811 CNY/person/month" }'
    fund = 'housing_fund = { rate = 0.07, cap = "35_811 CNY/person/month" }'
    team = ('headcount = "10 person"', f'salary = "{salary} CNY/person/month"', insurance, fund)
    figures = run(tmp_path, *team).figures.lines
    assert figures["Team: social insurance"].mean == pytest.approx(12 * 10 * base * 0.27, rel=1e-14)
    assert figures["Team: housing fund"].mean == pytest.approx(12 * 10 * min(salary, 35_811) * 0.07, rel=1e-14)


BANDS = (
    'headcount = "20 person"',
    'salary = "20_000 CNY/person/month"',
    'social_insurance = { rate = "27 %", floor = "7_162 CNY/person/month", cap = "35_811 CNY/person/month" }',
)


def test_contributions_are_those_of_each_person_where_salaries_differ(tmp_path: Path) -> None:
    """Of 20 people 10 earn 0.3, 6 earn 1.2 and 4 earn 2.5 parts, 20,000 on average: one band below, one within, one above."""
    bands = 'bands = [{ share = "50 %", factor = 0.3 }, { share = "30 %", factor = 1.2 }, { factor = 2.5 }]'
    people = np.repeat([0.3, 1.2, 2.5], [10, 6, 4])
    salaries = 20_000 * people / people.mean()
    assert np.any(salaries < 7_162)
    assert np.any(salaries > 35_811)
    expected = 12 * 0.27 * np.clip(salaries, 7_162, 35_811).sum()
    assert line_total(tmp_path, "social insurance", *BANDS, bands) == pytest.approx(expected, rel=1e-13)
    assert line_total(tmp_path, "salary", *BANDS, bands) == 12 * 20 * 20_000
    assert line_total(tmp_path, "social insurance", *BANDS) == pytest.approx(12 * 20 * 0.27 * 20_000, rel=1e-14)


def test_equal_bands_are_one_band(tmp_path: Path) -> None:
    bands = 'bands = [{ share = "25 %", factor = 1.7 }, { factor = 1.7 }]'
    alike = line_total(tmp_path, "social insurance", *BANDS, bands)
    assert alike == pytest.approx(line_total(tmp_path, "social insurance", *BANDS), rel=1e-14)


def test_bands_whose_shares_are_drawn_are_all_the_people_and_no_more(tmp_path: Path) -> None:
    """Whoever earns less than the floor costs what the floor does: 20 people, though the shares add up to 1.2."""
    bands = 'bands = [{ share = "60 to 70 to 80 %", factor = 0.9 }, { share = "40 to 50 to 60 %", factor = 1 }, { factor = 1.1 }]'
    insurance = 'social_insurance = { rate = "26 %", floor = "30_000 CNY/person/month" }'
    people = ('headcount = "20 person"', 'salary = "20_000 CNY/person/month"', insurance)
    assert line_total(tmp_path, "social insurance", *people, bands) == pytest.approx(12 * 20 * 30_000 * 0.26, rel=1e-12)


def test_contractors_do_what_newcomers_cannot_do_yet(tmp_path: Path) -> None:
    """Within three months a newcomer does on average 1/6, 3/6 and 5/6 of a month's work, then all."""
    team = (
        'headcount = "10 person"',
        'salary = "0 CNY/person/month"',
        'hiring = [{ month = 2, people = "6 person" }]',
        "ramp = 3",
        'contractors = { needed = "16 person", price = "100 CNY/person/month" }',
    )
    assert monthly(tmp_path, *team, months=6) == pytest.approx([600, 500, 300, 100, 0, 0], abs=1e-9)


def test_each_hire_and_each_year_of_each_person_costs_its_price(tmp_path: Path) -> None:
    team = (
        'headcount = "10 person"',
        'salary = "0 CNY/person/month"',
        'hiring = [{ month = 2, people = "2 person" }]',
        'recruiting = "60_000 CNY/person"',
        'onboarding = "15_000 CNY/person"',
        'training = "1_200 CNY/person/year"',
    )
    assert monthly(tmp_path, *team, months=4) == pytest.approx([1000, 1200 + 150_000, 1200, 1200], rel=1e-15)
