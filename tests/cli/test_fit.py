"""``simcost fit``: what it prints is a part of a scenario file, which says what the data say; the evidence; what is refused."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.cli.documents import answered

import simcost
from simcost.analysis.fitting.families import NAMES
from simcost.analysis.fitting.series_fit import fit_series

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
schema = 1

[scenario]
name     = "Fitted"
currency = "CNY"
start    = "2027-01"
months   = 12

[inputs]
one = "1 CNY"

[[cost]]
name     = "Fitted"
category = "all"
amount   = "fitted * one / fitted_unit"
"""


def table(path: Path, values: np.ndarray, first: int = 2024) -> Path:
    rows = (f"{first + i // 12}-{i % 12 + 1:02d},{value:.10g}\n" for i, value in enumerate(values))
    path.write_text("month,price\n" + "".join(rows), "utf-8")
    return path


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    return table(tmp_path / "prices.csv", np.random.default_rng(4).lognormal(2.4, 0.45, 40))


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    rng, month = np.random.default_rng(2), np.arange(36)
    season = np.where(month % 12 == 10, 0.25, 0.0)
    return table(tmp_path / "traffic.csv", 1e6 * np.exp(0.012 * month + season + rng.normal(0.0, 0.04, 36)))


@pytest.fixture
def wandering(tmp_path: Path) -> Path:
    steps = np.random.default_rng(3).normal(0.01, 0.05, 48)
    return table(tmp_path / "wandering.csv", 1e6 * np.exp(np.cumsum(steps)), 2023)


def pasted(folder: Path, printed: str, unit: str = "GPU/month") -> Path:
    """A scenario file to which was appended what fit printed."""
    path = folder / "scenario.toml"
    path.write_text(
        HEAD.replace('one = "1 CNY"', f'one = "1 CNY"\nfitted_unit = "1 {unit.removesuffix("/month")}"') + printed, "utf-8"
    )
    return path


FIT = ("--column", "price", "--name", "fitted", "--unit", "GPU/month")


def test_standard_output_is_toml_and_the_evidence_is_on_standard_error(call, prices: Path) -> None:
    said = call("fit", prices, *FIT)
    assert said.exit_code == 0, said.stderr
    written = tomllib.loads(said.stdout)["inputs"]["fitted"]
    logs = np.log(np.loadtxt(prices, delimiter=",", skiprows=1, usecols=1))
    assert written["lognormal"]["median"] == pytest.approx(np.exp(logs.mean()), rel=1e-4)
    assert written["lognormal"]["sd_log"] == pytest.approx(logs.std(), rel=1e-4)
    assert (written["unit"], written["source"]) == (
        "GPU/month",
        "prices.csv, column price: 40 values, lognormal by maximum likelihood",
    )
    for part in (
        "40 of 40 rows are taken.",
        " the values ",
        " lognormal    taken ",
        "Ljung-Box p = ",
        "warning: 40 values do not bound",
    ):
        assert part in said.stderr
    quiet = call("fit", prices, *FIT, "-q")
    assert (quiet.stdout, quiet.stderr) == (said.stdout, "")


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("family", [*NAMES, "empirical"])
def test_every_family_can_be_appended_to_a_file_that_is_valid_then(call, prices: Path, family: str, uncertain: bool) -> None:
    words = ["--family", family, "--bounds", "0,100", *(["--uncertain"] if uncertain else [])]
    printed = call("fit", prices, *FIT, *words)
    assert printed.exit_code == 0, printed.stderr
    path = pasted(prices.parent, printed.stdout)
    checked = call("validate", path)
    assert checked.exit_code == 0, checked.stderr
    assert ("not known and taken at the median" in checked.stdout) == (uncertain and family != "empirical")
    found = simcost.fit(prices, column="price", family=family, bounds="0,100").distribution
    drawn = simcost.run(path, n=20_000, output=path.with_suffix(".h5")).figures.months[0].total.percentile(95)
    expected = found.percentiles[2].value if found.taken is None else found.taken.p95.value
    assert drawn.value == pytest.approx(expected, rel=0.05)  # the first month: its only draw


def test_uncertain_parameters_give_the_p95_the_band_of_the_fit(call, prices: Path) -> None:
    path = pasted(prices.parent, call("fit", prices, *FIT, "--uncertain", "-q").stdout)
    found = simcost.fit(prices, column="price").distribution.taken.p95
    report = simcost.uncertainty(path, n=5_000)
    band = next(each for each in report.found.figures if each.name == "p95")
    assert band.value / 12 == pytest.approx(found.value, rel=0.02)
    ninety = (np.log(found.high) - np.log(found.low)) * 1.645 / 1.96
    assert np.log(band.high) - np.log(band.low) == pytest.approx(ninety, rel=0.25)


@pytest.mark.parametrize("data", ["traffic", "wandering"])
def test_a_series_can_be_appended_and_a_run_draws_the_forecast(call, data: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(data)
    printed = call("fit", path, *FIT, "--month", "month")
    assert printed.exit_code == 0, printed.stderr
    series = tomllib.loads(printed.stdout)["series"]["fitted"]
    assert ("season" in series, "noise" in series, "volatility" in series) == (
        data == "traffic",
        data == "traffic",
        data != "traffic",
    )
    scenario = pasted(path.parent, printed.stdout)
    result = simcost.run(scenario, n=50_000, output=path.with_suffix(".h5"))
    drawn = result.figures.months[-1].total
    on = simcost.fit(path, column="price", month="month").series.taken.year_on
    width = np.log(on.high / on.low)
    for percent, expected in ((5, on.low), (50, on.value), (95, on.high)):
        assert abs(np.log(drawn.percentile(percent).value / expected)) < 0.05 * width


def test_what_speaks_against_a_distribution_is_told_and_stands_in_the_file(call, wandering: Path) -> None:
    said = call("fit", wandering, *FIT)
    assert "warning: The values follow each other" in said.stderr
    assert "# warning: The values follow each other" in said.stdout
    assert "give --month" in said.stderr
    sorted_rows = table(wandering.with_name("sorted.csv"), np.sort(np.random.default_rng(4).normal(10, 1, 30)))
    assert "The rows are sorted by value" in call("fit", sorted_rows, *FIT).stderr


def test_a_value_that_decides_is_named_by_its_line(call, prices: Path) -> None:
    values = np.random.default_rng(5).normal(100.0, 5.0, 40)
    values[9] = 300.0
    said = call("fit", table(prices, values), *FIT, "--family", "normal")
    assert "One value decides: 300 in line 11 is no draw of the normal" in said.stderr
    assert "The values contradict the normal: p = " in said.stderr


def test_what_lies_below_zero_and_what_is_rounded_is_told(call, prices: Path) -> None:
    values = np.round(np.random.default_rng(6).weibull(1.6, 60) * 4.0) + 1.0
    said = call("fit", table(prices, values), *FIT, "--family", "normal")
    assert "of the normal lies below zero, where no value is." in said.stderr
    assert f"Only {len(set(values))} of 60 values differ" in said.stderr
    assert "below zero" not in call("fit", prices, *FIT, "--family", "gamma").stderr


def test_a_month_that_is_not_complete_is_named_and_a_step_fails_the_back_test(call, traffic: Path) -> None:
    values = np.loadtxt(traffic, delimiter=",", skiprows=1, usecols=1)
    whole = call("fit", traffic, *FIT, "--month", "month").stderr
    assert "warning" not in whole
    half = values.copy()
    half[-1] *= 0.3
    assert (
        "goes with no other month: is it right, and complete?"
        in call("fit", table(traffic, half), *FIT, "--month", "month").stderr
    )
    values[-9:] *= 4.0
    assert "The back-test failed: " in call("fit", table(traffic, values), *FIT, "--month", "month").stderr


def test_a_series_that_simcost_draws_is_found_again(prices: Path) -> None:
    """Thirty futures of ten years: the mean of the estimates is what the file says, within four standard errors and the bias."""
    scenario = prices.with_name("drawn.toml")
    series = 'start = "1_000 GPU/month"\ngrowth = { value = 0.15, unit = "1" }\nnoise = { sd = 0.06, persistence = 0.5 }\n'
    text = HEAD.replace("months   = 12", "months   = 120").replace('one = "1 CNY"', 'one = "1 CNY"\nfitted_unit = "1 GPU"')
    scenario.write_text(f"{text}\n[series.fitted]\n{series}", "utf-8")
    result = simcost.run(scenario, n=30, keep="all", output=prices.with_suffix(".h5"))
    futures = result.samples("month").T
    assert futures.shape == (30, 120)
    months = tuple((2027 + i // 12, i % 12 + 1) for i in range(120))
    fits = [fit_series(future, months, 1).noise.fitted for future in futures]
    found = np.array([[12 * each.growth, each.persistence, each.sd] for each in fits])
    error = found.std(axis=0, ddof=1) / np.sqrt(30)
    bias = np.array([0.0, 2.5 / 120, 0.06 / 120 * 2])
    assert np.all(np.abs(found.mean(axis=0) - [np.log(1.15), 0.5, 0.06]) < 4 * error + bias)
    assert np.all(error < [0.01, 0.03, 0.002])  # so a wrong one would be noticed


def test_cleaned_cells_are_told_in_the_file_and_an_empirical_has_its_values(call, prices: Path) -> None:
    prices.write_text("price\n" + "\n".join(['"1,100"', "n/a", *map(str, range(1001, 1012))]) + "\n", "utf-8")
    said = call("fit", prices, *FIT, "--family", "empirical")
    assert tomllib.loads(said.stdout)["inputs"]["fitted"]["empirical"] == {"values": [1100.0, *map(float, range(1001, 1012))]}
    assert '# Left out: 1 cell without a number (line 3 "n/a").' in said.stdout
    assert call("validate", pasted(prices.parent, said.stdout)).exit_code == 0


def test_the_document_has_the_lines_and_the_evidence(call, prices: Path, traffic: Path) -> None:
    said = call("fit", prices, *FIT, "--json")
    document = json.loads(said.stdout)
    assert (document["schema"], document["series"], said.stderr) == ("simcost/fit/1", None, "")
    assert document["toml"] == call("fit", prices, *FIT).stdout
    best = document["distribution"]["candidates"][0]
    assert best["p95"]["low"] < best["p95"]["value"] < best["p95"]["high"]
    series = answered(call, "fit", traffic, *FIT, "--month", "month")["series"]
    assert (series["chosen"], series["seasonal"], series["start"]) == ("noise", True, "2027-01")
    assert [each["name"] for each in series["forms"]] == ["noise", "volatility"]


def test_the_same_data_have_the_same_lines(call, prices: Path) -> None:
    assert call("fit", prices, *FIT).stdout == call("fit", prices, *FIT).stdout


def test_a_later_start_has_a_level_that_is_known_less(call, traffic: Path) -> None:
    near, far = (
        tomllib.loads(call("fit", traffic, *FIT, "--month", "month", "--start", start).stdout)["series"]["fitted"]["start"][
            "lognormal"
        ]
        for start in ("2027-01", "2027-07")
    )
    assert far["median"] > near["median"]
    assert far["sd_log"] > near["sd_log"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--column", "prise"], 'prices.csv has no column "prise". Did you mean "price"?'),
        (["--column", "price", "--name", "9 lives"], '"9 lives" is no name for formulas.'),
        (["--column", "month", "--name", "x"], "is no finite number"),
        (["--column", "price", "--unit", "CNY per GPU"], 'Write "CNY/GPU".'),
        (["--column", "price", "--family", "lognorml"], '--family: no family "lognorml". Did you mean "lognormal"?'),
        (["--column", "price", "--family", "beta"], "a beta is tried between --bounds"),
        (["--column", "price", "--bounds", "5"], '--bounds: "5" is no LOW,HIGH.'),
        (["--column", "price", "--bounds", "0,1"], "is beyond the bounds. Widen them, or mend it."),
        (["--column", "price", "--start", "2027-01"], "--start is of a series. Give --month"),
        (["--column", "price", "--month", "month", "--uncertain"], "--uncertain is of a distribution"),
        (["--column", "price", "--month", "month", "--start", "soon"], '"soon" is no month within 24 after 2027-04'),
        (["--column", "price", "--month", "price"], "is no month. Write it like 2026-03."),
        ([], "Missing option '--column'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_question_is_answered_with_a_line_and_prints_nothing(call, prices: Path, words: list[str], expected: str) -> None:
    said = call("fit", prices, *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert expected in said.stderr, said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("price\n1\n2\n3\n", [], "has 3 values, and a fit takes 8. Write what you know instead"),
        (
            "price\n" + "alpha\n" * 12,
            [],
            'has 0 values, and a fit takes 8. Left out: 12 cells without a number (lines 2 "alpha", 3',
        ),
        ("price\n" + "7\n" * 20, [], "all 20 values are 7. It is certain"),
        ("month,price\n2026-01,1\n2026-02,2\n", ["--month", "month"], "has 2 months, and a fit takes 12."),
        (
            "month,price\n" + "".join(f"2026-{month:02d},{month - 1}\n" for month in range(1, 13)),
            ["--month", "month"],
            "line 2: 0 is not above 0, and growth multiplies.",
        ),
    ],
    ids=["few", "words", "certain", "few months", "zero"],
)
def test_data_that_say_too_little_are_answered_with_what_to_write(
    call, prices: Path, text: str, words: list[str], expected: str
) -> None:
    prices.write_text(text, "utf-8")
    said = call("fit", prices, "--column", "price", *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert expected in said.stderr


HOSTILE = {
    "ties": [5.0] * 20 + [6.0, 7.0],
    "one that differs": [5.0] * 50 + [5.0000001],
    "zeros": [0.0] * 10 + [1.0, 2.5, 3.0, 7.0, 1.5, 0.25],
    "far from zero": [1e9 + each for each in (0.3, -0.2, 0.9, 0.1, -1.1, 0.5, 0.7, -0.4)],
    "an outlier": [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 1e6],
    "next to zero": [1e-50, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 2.0, 1.0],
    "large": [each * 1e98 for each in (1.0, 2.0, 3.0, 5.0, 2.5, 1.5, 3.5, 2.2)],
    "small": [each * 1e-98 for each in (1.0, 2.0, 3.0, 5.0, 2.5, 1.5, 3.5, 2.2)],
}


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_lines_of_a_valid_file_too(call, prices: Path, name: str, uncertain: bool) -> None:
    said = call("fit", table(prices, np.array(HOSTILE[name])), *FIT, *(["--uncertain"] if uncertain else []))
    assert said.exit_code == 0, said.stderr
    assert "nan" not in said.stdout
    checked = call("validate", pasted(prices.parent, said.stdout))
    assert checked.exit_code == 0, checked.stderr


@pytest.mark.parametrize(
    "values",
    [[1.0] * 12 + [2.0] * 12, [1.01**each for each in range(24)], [10.0 ** (90 * (-1) ** each) for each in range(24)]],
    ids=["a step in two years", "growth alone", "leaps"],
)
def test_months_that_no_series_has_are_refused(call, prices: Path, values: list[float]) -> None:
    said = call("fit", table(prices, np.array(values)), *FIT, "--month", "month")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "the months follow growth and seasons exactly, or leap beyond any. Write growth as it is" in said.stderr


def test_a_notebook_has_the_same_answer(prices: Path) -> None:
    report = simcost.fit(prices, column="price", unit="CNY")
    assert report.distribution is not None
    assert tomllib.loads(report.toml)["inputs"]["price"]["unit"] == "CNY"
    assert "lognormal    taken" in str(report)
    assert "<table>" in report._repr_html_()


def test_days_become_the_months_of_a_series_and_what_they_were_stands_in_the_file(call, tmp_path: Path) -> None:
    days = np.arange("2024-01-01", "2026-01-01", dtype="datetime64[D]")
    rng = np.random.default_rng(6)
    values = 1e6 * np.exp(0.0005 * np.arange(len(days)) + rng.normal(0.0, 0.05, len(days)))
    path = tmp_path / "days.csv"
    path.write_text("date,n\n" + "".join(f"{day},{value:.10g}\n" for day, value in zip(days, values, strict=True)), "utf-8")
    refused = call("fit", path, "--column", "n", "--month", "date")
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "24 months have several rows that differ" in refused.stderr
    assert "--combine mean of a rate" in refused.stderr
    printed = call("fit", path, "--column", "n", "--month", "date", "--combine", "mean", "--unit", "request/day", "-q")
    assert printed.exit_code == 0, printed.stderr
    series = tomllib.loads(printed.stdout)["series"]["n"]
    assert series["growth"]["normal"]["mean"] == pytest.approx(np.expm1(0.0005 * 365.25), abs=0.02)
    assert series["note"] == "days.csv, column n, mean of each month: 24 months from 2024-01 to 2025-12"
    found = simcost.fit(path, column="n", month="date", combine="mean")
    assert found.document()["data"]["combine"] == "mean"
    assert found.data.taken == len(days)
