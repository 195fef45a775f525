"""Inflation against compounding by hand: certain rates exactly, uncertain ones by the means of their indices."""

from __future__ import annotations

import calendar
import tomllib
from pathlib import Path

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

N = 100_000
MONTHS = 26

FILE = """schema = 1
[scenario]
name = "Inflation"
currency = "CNY"
start = "2027-02"
months = {months}
[inputs]
fee = "1_000 CNY/month"
fine = "1_000 CNY"
{sections}
"""
FEE = '[[cost]]\nname = "Fee"\ncategory = "fees"\namount = "fee"\n'
GROWTH = 1.06 ** (np.arange(MONTHS) / 12)


def run(folder: Path, sections: str, *, n: int = 10, months: int = MONTHS, view: str = "cash"):
    path = folder / "inflation.toml"
    path.write_text(FILE.format(months=months, sections=sections), encoding="utf-8")
    overrides = [f'scenario.view="{view}"']
    return simcost.run(
        path, n=n, seed=20270101, keep="all", output=folder / "i.h5", force=True, backend="reference", overrides=overrides
    )


def months_of(folder: Path, sections: str, **more) -> np.ndarray:
    return np.asarray(run(folder, sections, **more).samples("month"))


def test_a_certain_rate_is_compounded_from_month_to_month(tmp_path: Path) -> None:
    found = months_of(tmp_path, f'[inflation]\nrate = "6 %"\n{FEE}')[:, 0]
    assert found == pytest.approx(1_000 * GROWTH, rel=1e-13)


@pytest.mark.parametrize(("base", "later"), [("2026-08", 6), ("2027-02", 0), ("2027-05", -3), ("2017-02", 120)])
def test_prices_of_another_month_are_brought_to_the_first(tmp_path: Path, base: str, later: int) -> None:
    found = months_of(tmp_path, f'[inflation]\nrate = "6 %"\nbase = "{base}"\n{FEE}')[:, 0]
    assert found == pytest.approx(1_000 * GROWTH * 1.06 ** (later / 12), rel=1e-13)


UNIFORM = "uniform = { low = 0.02, high = 0.10 }"


def moment(power: float) -> float:
    """Mean of (1 + r)^power for r uniform between 0.02 and 0.10."""
    return float((1.10 ** (power + 1) - 1.02 ** (power + 1)) / ((power + 1) * 0.08))


def test_a_rate_drawn_for_the_run_has_the_mean_of_its_index(tmp_path: Path) -> None:
    found = months_of(tmp_path, f'[inflation]\nrate = {{ {UNIFORM}, unit = "1" }}\n{FEE}', n=N)
    for month in (2, 13, 25):
        assert errors_of_mean(found[month - 1], 1_000 * moment((month - 1) / 12)) < STANDARD_ERRORS
    spread = moment(4) - moment(2) ** 2
    assert errors_of_mean((found[24] / 1_000 - moment(2)) ** 2, spread) < STANDARD_ERRORS


def test_a_rate_drawn_each_year_holds_for_the_months_of_its_year(tmp_path: Path) -> None:
    found = months_of(tmp_path, f'[inflation]\nrate = {{ {UNIFORM}, unit = "1", draw = "year" }}\n{FEE}', n=N)
    expected = moment(11 / 12) * moment(1) * moment(1 / 12)  # 11 steps of the first year, 12 of the second, one of the third
    assert errors_of_mean(found[24], 1_000 * expected) < STANDARD_ERRORS
    second = moment(22 / 12) * moment(2) * moment(2 / 12)
    assert errors_of_mean((found[24] / 1_000) ** 2, second) < STANDARD_ERRORS
    assert errors_of_mean((found[24] / 1_000) ** 2, moment(4)) > STANDARD_ERRORS  # negative control: one draw for the run


LINES = """
[[cost]]
name = "Fee"
category = "fees"
amount = "fee"
[[cost]]
name = "Pay"
category = "people"
amount = "fee"
[[cost]]
name = "Agreed"
category = "people"
amount = "fee"
index = "1"
[[cost]]
name = "Indexed"
category = "people"
amount = "fee"
index = "1 + month / 100"
[[cost]]
name = "Fine"
category = "fees"
amount = "fine"
every = "once"
month = 13
"""


def test_each_line_has_the_index_of_its_category_or_its_own(tmp_path: Path) -> None:
    result = run(tmp_path, f'[inflation]\nrate = "6 %"\ncategories = {{ people = "9 %" }}\n{LINES}')
    found = {name: item.mean for name, item in result.figures.lines.items()}
    nine = 1.09 ** (np.arange(MONTHS) / 12)
    indexed = sum(1 + month / 100 for month in range(1, MONTHS + 1))
    factors = {"Fee": GROWTH.sum(), "Pay": nine.sum(), "Agreed": MONTHS, "Indexed": indexed, "Fine": 1.06}
    assert found == pytest.approx({name: 1_000 * factor for name, factor in factors.items()}, rel=1e-13)


def test_only_the_categories_rise_if_there_is_no_rate_for_all(tmp_path: Path) -> None:
    found = run(tmp_path, f'[inflation.categories]\npeople = "9 %"\n{LINES}').figures.lines
    assert (found["Fee"].mean, found["Fine"].mean) == (MONTHS * 1_000, 1_000)
    assert found["Pay"].mean > found["Agreed"].mean


SERVERS = """
[[hardware]]
name = "Servers"
quantity = "4 server"
price = "90_000 to 110_000 CNY/server"
rack = "500 CNY/server/month"
life = 26
{more}
"""


def test_what_is_spread_is_not_inflated_so_that_the_views_have_one_total(tmp_path: Path) -> None:
    result = run(tmp_path, '[inflation]\nrate = "6 %"' + SERVERS.format(more=""), n=100)
    assert result.samples("amortised_total") == pytest.approx(result.samples("total"), rel=1e-12)
    assert result.figures.lines["Servers: racks"].mean == pytest.approx(2_000 * GROWTH.sum(), rel=1e-13)
    agreed = run(tmp_path, '[inflation]\nrate = "6 %"' + SERVERS.format(more='index = "1"'), n=100)
    assert agreed.figures.lines["Servers: racks"].mean == 2_000 * MONTHS


def test_an_option_replaces_the_rate_of_a_category(tmp_path: Path) -> None:
    path = tmp_path / "option.toml"
    option = '[options.high]\nset = { inflation.categories.people = "12 %" }\n'
    sections = f'[inflation.categories]\npeople = "9 %"\nfees = "1 %"\n{LINES}{option}'
    path.write_text(FILE.format(months=13, sections=sections), encoding="utf-8")
    lines = simcost.run(path, option="high", n=2, output=tmp_path / "o.h5", backend="reference").figures.lines
    assert lines["Pay"].mean == pytest.approx(1_000 * (1.12 ** (np.arange(13) / 12)).sum(), rel=1e-13)
    assert lines["Fine"].mean == pytest.approx(1_010, rel=1e-13)


def test_the_expansion_runs_to_the_same_bits_and_is_its_own_expansion(tmp_path: Path) -> None:
    uncertain = f'[inflation]\nrate = {{ {UNIFORM}, unit = "1", draw = "year" }}\nbase = "2026-08"\n'
    original = months_of(tmp_path, uncertain + LINES + SERVERS.format(more=""), n=300)
    plain = tmp_path / "plain.toml"
    plain.write_text(simcost.expand(tmp_path / "inflation.toml"), encoding="utf-8")
    expanded = simcost.run(plain, n=300, seed=20270101, keep="all", output=tmp_path / "p.h5", backend="reference")
    assert np.array_equal(original.view(np.int64), expanded.samples("month").view(np.int64))
    assert tomllib.loads(simcost.expand(plain)) == tomllib.loads(plain.read_text(encoding="utf-8"))


AGREEMENT = """[[contracts]]
name = "Agreement"
category = "fees"
spend = "fee"
{terms}
term = 12
renew = true
"""


def agreement(folder: Path, terms: str, *, rate: str = "6 %", months: int = 24) -> dict[str, float]:
    """Sums of a fee of 1,000 a month in prices of a year ago and of what a contract on it adds, by cost line."""
    sections = f'[inflation]\nrate = "{rate}"\nbase = "2026-02"\n{FEE}{AGREEMENT.format(terms=terms)}'
    figures = run(folder, sections, months=months).figures
    return {"total": figures.total.mean, **{name: line.mean for name, line in figures.lines.items()}}


def test_inflation_raises_what_a_contract_covers_and_not_the_minimum_that_was_agreed_upon(tmp_path: Path) -> None:
    found = agreement(tmp_path, 'minimum = "15_000 CNY"\ndiscount = "10 %"')
    billed = 1_000 * 1.06 ** (1 + np.arange(24) / 12)
    assert found["Agreement: discount"] == pytest.approx(-0.1 * billed.sum(), rel=1e-13)
    short = [15_000 - 0.9 * billed[:12].sum(), 15_000 - 0.9 * billed[12:].sum()]
    assert found["Agreement: shortfall"] == pytest.approx(sum(short), rel=1e-12)
    assert found["total"] == pytest.approx(30_000, rel=1e-13)  # who falls short pays the minimum, no more
    assert agreement(tmp_path, 'minimum = "12_000 CNY"\nindex = "1"')["Agreement: shortfall"] == 0  # its spend as it is written


def test_inflation_brings_a_spend_to_the_thresholds_of_its_discounts_sooner(tmp_path: Path) -> None:
    terms = 'discounts = [{ up_to = "12_500 CNY", discount = "0 %" }, { discount = "20 %" }]'
    billed = (1_000 * 1.06 ** (1 + np.arange(24) / 12)).reshape(2, 12).sum(axis=1)
    assert agreement(tmp_path, terms)["Agreement: discount"] == pytest.approx(-0.2 * (billed - 12_500).sum(), rel=1e-12)
    assert agreement(tmp_path, terms, rate="0 %")["Agreement: discount"] == 0  # negative control


TARIFF = """[[tariffs]]
name = "Calls"
category = "fees"
use = "100 unit/month"
tiers = [{ price = "10 CNY/unit" }]
"""
TOKENS = """[[tokens]]
name = "Calls"
category = "fees"
requests = "1 request/s"
input = "0 token/request"
output = "1 token/request"
input_price = "0 CNY/Mtoken"
output_price = "360 CNY/Mtoken"
"""


@pytest.mark.parametrize(("block", "by_the_hour"), [(TARIFF, False), (TOKENS, True)], ids=["tariffs", "tokens"])
@pytest.mark.parametrize("index", ["", 'index = "1.3 ** ((month - 1) / 12)"\n'], ids=["of the category", "of its own"])
def test_the_least_that_a_month_costs_stays_while_its_prices_rise(
    tmp_path: Path, block: str, by_the_hour: bool, index: str
) -> None:
    sections = f'[inflation]\nrate = "{"2" if index else "30"} %"\n{block}minimum = "1_250 CNY/month"\n{index}'
    hours = np.array([calendar.monthrange(2027 + (month + 1) // 12, (month + 1) % 12 + 1)[1] * 24 for month in range(MONTHS)])
    charge = (3600 * 360e-6 * hours if by_the_hour else 1_000) * 1.3 ** (np.arange(MONTHS) / 12)
    assert charge[0] < 1_250 < charge[-1]
    paid = months_of(tmp_path, sections)[:, 0]
    assert paid == pytest.approx(np.maximum(charge, 1_250), rel=1e-12)
