"""Present values against the annuity's closed form, and figures by quarter and fiscal year against sums over the months."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

N = 100_000
MONTHS = 36

FILE = """schema = 1
[scenario]
name = "Present value"
currency = "CNY"
start = "2027-02"
months = {months}
{scenario}
[inputs]
fee = {fee}
{sections}
[[cost]]
name = "Fee"
category = "fees"
amount = "fee"
"""


def run(
    folder: Path, sections: str = "", *, fee: str = '"1_000 CNY/month"', scenario: str = "", n: int = 10, months: int = MONTHS
):
    path = folder / "value.toml"
    path.write_text(FILE.format(months=months, sections=sections, fee=fee, scenario=scenario), encoding="utf-8")
    return simcost.run(path, n=n, seed=20270101, keep="all", output=folder / "value.h5", force=True, backend="reference")


def annuity(rate: float, months: int = MONTHS) -> float:
    """Present value of 1 at the end of each month: (1 - v^n) / i, where i = (1 + r)^(1/12) - 1 and v = 1 / (1 + i)."""
    i = (1 + rate) ** (1 / 12) - 1
    return (1 - (1 + i) ** -months) / i


@pytest.mark.parametrize(("payments", "earlier"), [("end", 0), ("mid", 0.5), ("start", 1)])
def test_the_present_value_of_an_annuity_is_its_closed_form(tmp_path: Path, payments: str, earlier: float) -> None:
    result = run(tmp_path, f'[discounting]\nrate = "8 %"\npayments = "{payments}"')
    expected = 1_000 * annuity(0.08) * 1.08 ** (earlier / 12)
    assert result.figures.present_value.mean == pytest.approx(expected, rel=1e-13)
    assert result.figures.total.mean == 36_000


def test_payments_are_at_the_end_of_their_months_if_nothing_is_said(tmp_path: Path) -> None:
    assert run(tmp_path, "[discounting]\nrate = 0.08").figures.present_value.mean == pytest.approx(
        1_000 * annuity(0.08), rel=1e-13
    )


def test_a_rate_of_nothing_leaves_the_total(tmp_path: Path) -> None:
    assert run(tmp_path, "[discounting]\nrate = 0").figures.present_value.mean == pytest.approx(36_000, rel=1e-14)


def test_an_uncertain_rate_has_the_mean_of_its_discount_factors(tmp_path: Path) -> None:
    low, high = 0.04, 0.12
    result = run(tmp_path, f'[discounting]\nrate = {{ uniform = {{ low = {low}, high = {high} }}, unit = "1" }}', n=N)
    s = np.arange(1, MONTHS + 1) / 12
    with np.errstate(invalid="ignore", divide="ignore"):
        means = ((1 + high) ** (1 - s) - (1 + low) ** (1 - s)) / ((1 - s) * (high - low))  # integral of (1 + r)^-s
    means[s == 1] = np.log((1 + high) / (1 + low)) / (high - low)
    sample = result.samples("present_value")[0]
    assert errors_of_mean(sample, 1_000 * means.sum()) < STANDARD_ERRORS
    assert errors_of_mean(sample, 1_000 * annuity(0.08)) > STANDARD_ERRORS  # negative control: not that of the mean rate


def test_a_formula_gives_each_month_its_own_rate(tmp_path: Path) -> None:
    result = run(tmp_path, '[discounting]\nrate = "(0.02 + month / 1000)"', months=3)
    expected = sum(1_000 * (1 + 0.02 + t / 1000) ** (-t / 12) for t in (1, 2, 3))
    assert result.figures.present_value.mean == pytest.approx(expected, rel=1e-13)


NOISY = '{ gamma = { mean = 1_000, sd = 300 }, unit = "CNY/month", draw = "month" }'
QUARTERS = ["FY2027 Q4 (2 months)", *(f"FY{year} Q{q}" for year in (2028, 2029) for q in (1, 2, 3, 4)), "FY2030 Q1", "FY2030 Q2"]


def test_quarters_and_fiscal_years_are_sums_over_the_months_of_each_scenario(tmp_path: Path) -> None:
    result = run(tmp_path, fee=NOISY, scenario="fiscal_year_start = 4", n=500, months=32)
    months = np.asarray(result.samples("month"))
    assert list(result.figures.quarters) == QUARTERS
    starts = [0, *range(2, 32, 3)]
    assert result.samples("quarter") == pytest.approx(np.add.reduceat(months, starts), rel=1e-13)
    assert list(result.figures.fiscal_years) == ["FY2027 (2 months)", "FY2028", "FY2029", "FY2030 (6 months)"]
    assert result.samples("fiscal_year") == pytest.approx(np.add.reduceat(months, [0, 2, 14, 26]), rel=1e-13)


def test_the_percentile_of_a_year_is_that_of_its_sum_and_no_sum_of_percentiles(tmp_path: Path) -> None:
    figures = run(tmp_path, fee=NOISY, scenario="fiscal_year_start = 2", n=N, months=12).figures
    (year,), quarters = figures.fiscal_years.values(), figures.quarters.values()
    assert year.percentiles[5].value == pytest.approx(figures.total.percentiles[5].value, rel=1e-12)
    assert year.sd == pytest.approx(300 * 12**0.5, rel=0.01)
    assert sum(each.percentiles[5].value for each in quarters) > 1.03 * year.percentiles[5].value


@pytest.mark.parametrize(
    ("start", "labels"),
    [
        (1, ["FY2027 (11 months)", "FY2028 (1 month)"]),
        (2, ["FY2028"]),
        (3, ["FY2027 (1 month)", "FY2028 (11 months)"]),
        (12, ["FY2027 (10 months)", "FY2028 (2 months)"]),
    ],
)
def test_a_fiscal_year_is_called_after_the_calendar_year_in_which_it_ends(tmp_path: Path, start: int, labels: list[str]) -> None:
    result = run(tmp_path, scenario=f"fiscal_year_start = {start}", months=12)
    assert list(result.figures.fiscal_years) == labels
    assert sum(each.mean for each in result.figures.fiscal_years.values()) == pytest.approx(12_000)


def test_without_a_fiscal_year_there_are_no_figures_by_it(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.figures.quarters, result.figures.present_value, result.figures.other_view) == ({}, None, None)
    assert {group for group, _, _ in result.columns} == {"total", "category", "line", "month", "cumulative"}
