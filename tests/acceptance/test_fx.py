"""Costs in several currencies: conversion by arithmetic, rates and their dependence in closed form."""

from __future__ import annotations

import tomllib
from functools import cache
from math import asin, exp, pi, sin
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import simcost

from .standard_errors import STANDARD_ERRORS, errors_of_mean

N = 100_000
HOURS = [31 * 24, 28 * 24, 31 * 24]

FILE = """schema = 1
[scenario]
name = "Currencies"
currency = "CNY"
start = "2027-01"
months = {months}
[inputs]
price = "3 USD/GPU/hour"
gpus = "100 GPU"
fee = "20 kEUR"
{inputs}
[fx]
{fx}
{tail}
"""
CERTAIN = 'USD = "7.1 CNY/USD"\nEUR = "7.8 CNY/EUR"'


def line(name: str, amount: str, more: str = "") -> str:
    return f'[[cost]]\nname = "{name}"\ncategory = "{name}"\namount = "{amount}"\n{more}\n'


@cache
def months_of(fx: str, tail: str, *, inputs: str = "", n: int = 10, months: int = 3, group: str = "month") -> np.ndarray:
    """The cost of each month, float64 (months, scenarios)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fx.toml"
        path.write_text(FILE.format(fx=fx, tail=tail, inputs=inputs, months=months), encoding="utf-8")
        result = simcost.run(path, n=n, seed=20270101, keep="all", output=path.with_suffix(".h5"), backend="reference")
        return np.array(result.samples(group))


def test_lines_in_two_other_currencies_are_converted_each_by_its_rate() -> None:
    found = months_of(CERTAIN, line("GPU", "gpus * price") + line("fee", "fee", 'every = "once"\nmonth = 2'))[:, 0]
    fees = (0, 20_000, 0)
    assert found == pytest.approx([300 * 7.1 * hours + fee * 7.8 for hours, fee in zip(HOURS, fees, strict=True)], rel=1e-15)


def test_a_line_is_converted_as_if_its_formula_named_the_rate() -> None:
    rates = 'USD = "6.8 to 7.1 to 7.5 CNY/USD"\nEUR = "7.8 CNY/EUR"'
    automatic = months_of(rates, line("GPU", "gpus * price"), n=500)
    explicit = months_of(rates, line("GPU", "gpus * price * fx_USD"), n=500)
    assert np.array_equal(automatic.view(np.int64), explicit.view(np.int64))


def test_a_rate_drawn_for_the_run_has_the_mean_and_variance_of_its_distribution() -> None:
    rates = 'USD = { uniform = { low = 6.5, high = 7.5 }, unit = "CNY/USD" }\nEUR = "7.8 CNY/EUR"'
    total = months_of(rates, line("GPU", "gpus * price"), n=N, group="total")[0]
    dollars = 300 * sum(HOURS)
    assert errors_of_mean(total, 7.0 * dollars) < STANDARD_ERRORS
    assert errors_of_mean((total - 7.0 * dollars) ** 2, dollars**2 / 12) < STANDARD_ERRORS
    assert errors_of_mean(total, 7.01 * dollars) > STANDARD_ERRORS  # negative control


RANK = 0.6
VOLATILITY = {"USD": 0.06, "EUR": 0.09}
PROCESSES = "\n".join(f'{code} = {{ start = "7 CNY/{code}", volatility = {sd} }}' for code, sd in VOLATILITY.items())
PAIR = f'[[correlation]]\nbetween = ["fx_USD_shock", "fx_EUR_shock"]\nrank = {RANK}\n'


def logs_of_two_rates() -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of USD and EUR in month 12, each without its mean."""
    inputs = 'dollar = "1 USD"\neuro = "1 EUR"\nm = "1 month"'
    usd = months_of(PROCESSES, line("US", "dollar / m") + line("EU", "0 * euro / m") + PAIR, inputs=inputs, n=N, months=12)
    eur = months_of(PROCESSES, line("US", "0 * dollar / m") + line("EU", "euro / m") + PAIR, inputs=inputs, n=N, months=12)
    return np.log(usd[11] / 7), np.log(eur[11] / 7)


def test_two_rates_wander_together_as_their_correlation_says() -> None:
    usd, eur = logs_of_two_rates()
    steps = 11 / 12
    for logs, sd in ((usd, 0.06), (eur, 0.09)):
        assert errors_of_mean(logs, -(sd**2) / 2 * steps) < STANDARD_ERRORS
        assert errors_of_mean(np.exp(logs), 1.0) < STANDARD_ERRORS
        assert errors_of_mean(np.exp(2 * logs), exp(sd**2 * steps)) < STANDARD_ERRORS
    product = (usd - usd.mean()) * (eur - eur.mean())
    pearson = 2 * sin(pi * RANK / 6)  # of normals with this Spearman's rho (Pearson 1907)
    assert errors_of_mean(product, pearson * 0.06 * 0.09 * steps) < STANDARD_ERRORS
    assert errors_of_mean(product, 0.57 * 0.06 * 0.09 * steps) > STANDARD_ERRORS  # negative control
    assert asin(pearson / 2) * 6 / pi == pytest.approx(RANK)


def test_a_block_takes_prices_in_another_currency() -> None:
    pool = """[[compute]]
name = "Pool"
demand = "10_000 request/s"
throughput = "100 request/s/GPU"
utilization = "50 %"
price = "3 USD/GPU/hour"
"""
    found = months_of(CERTAIN, pool)[:, 0]
    assert found == pytest.approx([200 * 3 * 7.1 * hours for hours in HOURS], rel=1e-14)


def test_a_rate_of_an_option_replaces_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "fx.toml"
    option = '[options.strong]\nset = { fx.USD = "8 CNY/USD" }\n'
    path.write_text(FILE.format(fx=CERTAIN, tail=line("GPU", "gpus * price") + option, inputs="", months=1), encoding="utf-8")
    arguments = {"n": 2, "backend": "reference", "force": True, "output": tmp_path / "fx.h5"}
    assert simcost.run(path, option="strong", **arguments).figures.total.mean == pytest.approx(300 * 8 * 744)
    assert simcost.run(path, overrides=["fx.USD=9 CNY/USD"], **arguments).figures.total.mean == pytest.approx(300 * 9 * 744)


@pytest.mark.parametrize("note", ["", ', note = "of the treasury"'], ids=["bare", "with a note"])
def test_a_key_of_a_process_is_replaced_and_the_others_stay(tmp_path: Path, note: str) -> None:
    process = f'USD = {{ start = "7 CNY/USD", growth = "12 %"{note} }}\nEUR = "7.8 CNY/EUR"'
    text = FILE.format(fx=process, tail=line("GPU", "gpus * price"), inputs="", months=2)
    path, arguments = tmp_path / "fx.toml", {"n": 2, "backend": "reference", "force": True, "output": tmp_path / "fx.h5"}
    path.write_text(text, encoding="utf-8")
    stronger = simcost.run(path, overrides=["fx.USD.start=8"], **arguments).figures.total.mean
    assert stronger == pytest.approx(300 * 8 * (744 + 672 * 1.12 ** (1 / 12)), rel=1e-13)
    steady = simcost.run(path, overrides=['fx.USD.growth="0 %"'], **arguments).figures.total.mean
    assert steady == pytest.approx(300 * 7 * (744 + 672), rel=1e-13)


@pytest.mark.parametrize("option", ["", "strong"])
def test_the_expansion_runs_to_the_same_bits_and_is_its_own_expansion(tmp_path: Path, option: str) -> None:
    path, plain = tmp_path / "fx.toml", tmp_path / "plain.toml"
    options = '[options.strong]\nset = { fx.USD.volatility = "20 %" }\n'
    text = FILE.format(fx=PROCESSES, tail=line("GPU", "gpus * price") + PAIR + options, inputs="", months=3)
    path.write_text(text, encoding="utf-8")
    plain.write_text(simcost.expand(path, option=option), encoding="utf-8")
    one, other = (
        simcost.run(each, n=300, option=its, keep="all", backend="reference", output=each.with_suffix(".h5")).samples("month")
        for each, its in ((path, option), (plain, ""))
    )
    assert np.array_equal(one.view(np.int64), other.view(np.int64))
    assert tomllib.loads(simcost.expand(plain)) == tomllib.loads(plain.read_text(encoding="utf-8"))


def test_a_rate_may_follow_an_experts_percentiles_or_its_history(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("usd\n" + "\n".join(["7.0", "7.1", "7.2", "7.3"] * 6), encoding="utf-8")
    expert = """[[fx.USD.expert.months]]
month = 1
p10 = "6.9 CNY/USD"
p50 = "7.1 CNY/USD"
p90 = "7.4 CNY/USD"
[[fx.USD.expert.months]]
month = 3
p10 = "6.5 CNY/USD"
p50 = "7.0 CNY/USD"
p90 = "7.8 CNY/USD"
[fx.EUR]
history = { file = "rates.csv", column = "usd", as = "level", unit = "CNY/EUR", block = 3 }
"""
    path = tmp_path / "fx.toml"
    tail = line("US", "one * price") + line("EU", "fee", 'every = "once"')
    text = FILE.replace("[fx]\n{fx}", "{fx}").format(fx=expert, tail=tail, inputs='one = "1 GPU"', months=3)
    path.write_text(text, encoding="utf-8")
    result = simcost.run(path, n=20_000, keep="all", output=tmp_path / "fx.h5", backend="reference")
    dollars = result.samples("month")[2] / (3 * HOURS[2])
    assert np.quantile(dollars, [0.1, 0.5, 0.9]) == pytest.approx([6.5, 7.0, 7.8], rel=0.01)
    euros = result.samples("line")[1] / 20_000
    assert sorted(set(np.round(euros, 9))) == [7.0, 7.1, 7.2, 7.3]
