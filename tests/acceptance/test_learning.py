"""What bills tell of the months to come: scenario files whose conditional distribution is known in closed form."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

import simcost
from simcost.analysis.learning.learning import Learned, Learning
from simcost.analysis.statistics import Statistics
from simcost.cli.root import root
from simcost.errors import UndefinedCostError
from simcost.report.variance.answer import VarianceReport

N = 1 << 17
SE = 4.5
"""Standard errors that a figure may be off: one in 150,000."""

LEVEL, LEVEL_SD, NOISE_SD = 100_000.0, 10_000.0, 15_000.0
CLOSED, MONTHS, APPROVED = 5, 12, 1_250_000.0

FILE = """schema = 1
[scenario]
name = "Learning"
currency = "CNY"
start = "2027-01"
months = 12
[sampling]
seed = 17
[inputs]
level = {level}
noise = {noise}
rent = "2_000 CNY/month"
[[cost]]
name = "Serving"
category = "compute"
amount = "{amount}"
[[cost]]
name = "Rent"
category = "office"
amount = "rent"
[budget]
approved = "1_250_000 CNY"
[actuals]
file = "bills.csv"
"""
NORMAL = {
    "level": '{ normal = { mean = 100_000, sd = 10_000 }, unit = "CNY/month" }',
    "noise": '{ normal = { mean = 0, sd = 15_000 }, unit = "CNY/month", draw = "month" }',
    "amount": "level + noise",
}
LOGNORMAL = {
    "level": '{ lognormal = { median = 100_000, sd_log = 0.3 }, unit = "CNY/month" }',
    "noise": '{ lognormal = { median = 1, sd_log = 0.1 }, unit = "1", draw = "month" }',
    "amount": "level * noise",
}


def written(folder: Path, serving: list[float], words: dict[str, str], *, rent: float = 2_000.0) -> Path:
    """Write a scenario and its bills of the first months."""
    rows = [f"2027-{month:02d},Serving,compute,{amount!r}\n" for month, amount in enumerate(serving, 1)]
    rows += [f"2027-{month:02d},Rent,office,{rent!r}\n" for month in range(1, len(serving) + 1)]
    (folder / "bills.csv").write_text("month,line,category,amount\n" + "".join(rows), encoding="utf-8")
    path = folder / "learning.toml"
    path.write_text(FILE.format(**words), encoding="utf-8")
    return path


def told(report: VarianceReport) -> Learning:
    assert report.learned is not None
    return report.learned


def is_normal(found: Learned, mean: float, sd: float) -> None:
    """Compare every figure with a normal's, by the standard error that its effective scenarios have."""
    after, error = found.after, SE * sd / found.effective**0.5
    assert after.mean == pytest.approx(mean, abs=error)
    assert after.sd == pytest.approx(sd, abs=error)
    for each in after.percentiles:
        p = each.p / 100
        of_rank = (p * (1 - p)) ** 0.5 / stats.norm.pdf(stats.norm.ppf(p))
        assert each.value == pytest.approx(mean + sd * stats.norm.ppf(p), abs=error * of_rank), each.p
        assert each.low is None or each.high is None or each.low <= each.value <= each.high


def level_given(serving: list[float]) -> tuple[float, float]:
    """Return mean and standard deviation of the level: the conjugate normal (Gelman et al., Bayesian Data Analysis, 2.5)."""
    precision = 1 / LEVEL_SD**2 + len(serving) / NOISE_SD**2
    return (LEVEL / LEVEL_SD**2 + sum(serving) / NOISE_SD**2) / precision, precision**-0.5


@pytest.mark.parametrize("far", [-1.5, 0.0, 1.0, 2.0])
def test_a_normal_level_under_monthly_noise_is_learned_as_in_closed_form(tmp_path: Path, far: float) -> None:
    uneven = np.array([4_000.0, -9_000.0, 7_000.0, 2_000.0, -4_000.0])
    serving = [float(each) for each in LEVEL + far * (LEVEL_SD**2 + NOISE_SD**2 / CLOSED) ** 0.5 + uneven]
    report = simcost.variance(written(tmp_path, serving, NORMAL), learn=True, n=N)
    found, (mean, sd) = told(report), level_given(serving)
    left = MONTHS - CLOSED
    rest_mean, rest_sd = left * (mean + 2_000.0), (left**2 * sd**2 + left * NOISE_SD**2) ** 0.5
    is_normal(found.rest, rest_mean, rest_sd)
    is_normal(found.total, rest_mean + sum(serving) + CLOSED * 2_000.0, rest_sd)
    is_normal(found.parts[0], left * mean + sum(serving), rest_sd)
    is_normal(found.inputs[0], mean, sd)
    assert [(each.name, each.unit) for each in found.inputs] == [("level", "CNY/month")]
    within = stats.norm.cdf((APPROVED - rest_mean - sum(serving) - CLOSED * 2_000.0) / rest_sd)
    assert found.total.probability_within is not None
    assert found.total.probability_within.value == pytest.approx(within, abs=SE * 0.5 / found.total.effective**0.5)
    assert found.unexplained == ()
    if abs(far) >= 1.0:  # without learning the same figures are far from it
        before, error = found.rest.before, SE * rest_sd / found.rest.effective**0.5
        assert abs(before.mean - rest_mean) > 2 * error
        assert before.sd - rest_sd > 2 * error


def test_a_lognormal_level_under_lognormal_noise_is_learned_as_in_closed_form(tmp_path: Path) -> None:
    shape = np.array([1.04, 0.93, 1.08, 0.99, 1.02, 0.95])
    serving = [float(each) for each in 135_000.0 * shape]
    found = told(simcost.variance(written(tmp_path, serving, LOGNORMAL), learn=True, n=N))
    precision = 1 / 0.3**2 + len(serving) / 0.1**2
    mean = (np.log(100_000.0) / 0.3**2 + np.log(serving).sum() / 0.1**2) / precision
    level = found.inputs[0]
    scores = [(np.log(each.value) - mean) * precision**0.5 for each in level.after.percentiles]
    expected = [stats.norm.ppf(each.p / 100) for each in level.after.percentiles]
    assert scores == pytest.approx(expected, abs=0.15)  # sums of bills tell a little less than their product
    draw = np.random.default_rng(5)
    levels = np.exp(draw.normal(mean, precision**-0.5, 400_000))
    rest = 6 * 2_000.0 + levels * np.exp(0.1 * draw.normal(size=(6, 400_000))).sum(axis=0)
    sd = float(rest.std())
    for p in (5, 50, 80, 95):
        assert found.rest.after.percentile(p).value == pytest.approx(float(np.percentile(rest, p)), abs=0.15 * sd), p
    assert abs(found.rest.before.percentile(50).value - float(np.median(rest))) > 3 * sd


def same(one: Statistics, other: Statistics) -> None:
    assert [each.value for each in one.percentiles] == [each.value for each in other.percentiles]


def test_what_is_drawn_anew_each_month_is_not_learned(tmp_path: Path) -> None:
    words = NORMAL | {"level": '"100_000 CNY/month"'}
    found = told(report := simcost.variance(written(tmp_path, [130_000.0] * CLOSED, words), learn=True, n=N))
    sd = NOISE_SD * (MONTHS - CLOSED) ** 0.5
    is_normal(found.rest, (MONTHS - CLOSED) * (LEVEL + 2_000.0), sd)
    assert found.rest.explained < 0.001
    assert found.inputs == ()
    assert "The bills tell nothing of 2027-06 to 2027-12: " in str(report)


def test_one_bill_of_one_month_by_category_alone_is_enough(tmp_path: Path) -> None:
    path = written(tmp_path, [120_000.0], NORMAL)
    (tmp_path / "bills.csv").write_text("month,category,amount\n2027-01,compute,120000\n2027-01,office,2000\n", encoding="utf-8")
    found = told(simcost.variance(path, learn=True, n=N))
    is_normal(found.inputs[0], *level_given([120_000.0]))
    assert found.unexplained == ()


def test_bills_that_no_scenario_has_are_named_and_not_learned_from(tmp_path: Path) -> None:
    path = written(tmp_path, [900_000.0] * CLOSED, NORMAL, rent=2_500.0)
    found = told(report := simcost.variance(path, learn=True, n=N))
    assert {(each.name, each.is_learned_from, each.surprise.value) for each in found.unexplained} == {
        ("Serving", False, 0.0),
        ("Rent", False, 0.0),
    }
    assert found.surprise is None
    assert found.total.explained == 0.0
    same(found.rest.before, found.rest.after)
    assert "nothing is learned from it: Serving 4,500,000, planned " in str(report)
    assert "; Rent 12,500, planned 10,000." in str(report)


def test_what_is_drawn_once_is_known_within_the_error_of_its_bills(tmp_path: Path) -> None:
    """Bills of the last month, and of the two before it, each with a relative error of 1 %; a certain rent that is 1 % dearer."""
    words = NORMAL | {"amount": "level", "noise": '"0 CNY/month"'}
    serving = [109_000.0, 110_000.0, 111_200.0]
    found = told(simcost.variance(written(tmp_path, serving, words, rent=2_020.0), learn=True, n=N))
    errors = (0.01 * serving[2], 0.01 * (serving[0] + serving[1]) / 2)
    weights = [1 / LEVEL_SD**2, *(1 / each**2 for each in errors)]
    mean = (weights[0] * LEVEL + weights[1] * serving[2] + weights[2] * (serving[0] + serving[1]) / 2) / sum(weights)
    is_normal(found.inputs[0], mean, sum(weights) ** -0.5)
    assert found.unexplained == ()
    assert found.surprise is not None
    assert found.surprise.value > 0.05


def test_bills_that_move_otherwise_than_the_model_are_doubted(tmp_path: Path) -> None:
    """A constant of the model that is billed in another sum each month."""
    words = NORMAL | {"amount": "level", "noise": '"0 CNY/month"'}
    found = told(report := simcost.variance(written(tmp_path, [95_000.0, 96_000.0, 118_000.0], words), learn=True, n=N))
    assert [(each.name, each.is_learned_from, each.surprise.value) for each in found.unexplained] == [("Serving", True, 0.0)]
    assert "month after month: Serving (0 %)" in str(report)
    assert 95_000 < found.inputs[0].after.percentile(50).value < 118_000


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
def test_it_is_learned_from_the_same_independent_scenarios_whatever_the_method_back_end_and_threads(
    tmp_path: Path, method: str
) -> None:
    path = written(tmp_path, [110_000.0] * CLOSED, NORMAL)
    plain = told(simcost.variance(path, learn=True, n=8_192, backend="reference"))
    threads = told(simcost.variance(path, learn=True, n=8_192, backend="cpu", workers=2))
    other = told(simcost.variance(path, learn=True, n=8_192, overrides=[f'sampling.method="{method}"']))
    assert plain == threads == other


def test_a_price_that_wanders_goes_on_from_the_last_bill(tmp_path: Path) -> None:
    """A geometric Brownian motion: the last month tells everything, and the futures from it are drawn by NumPy."""
    wander = '[series.price]\nstart = "100_000 CNY/month"\nvolatility = "40 %"\n'
    path = written(tmp_path, [100_000.0, 104_000.0, 118_000.0, 113_000.0, 139_000.0], NORMAL | {"amount": "price"})
    path.write_text(path.read_text("utf-8") + wander, encoding="utf-8")
    found = told(simcost.variance(path, learn=True, n=N)).rest
    steps = np.random.default_rng(8).normal(-(0.4**2) / 24, 0.4 / 12**0.5, (MONTHS - CLOSED, 400_000))
    rest = (MONTHS - CLOSED) * 2_000.0 + 139_000.0 * np.exp(steps.cumsum(axis=0)).sum(axis=0)
    sd = float(rest.std())
    for p in (5, 50, 80, 95):
        assert found.after.percentile(p).value == pytest.approx(float(np.percentile(rest, p)), abs=0.12 * sd), p
    assert abs(found.before.percentile(50).value - float(np.median(rest))) > sd


def test_sums_of_owners_are_judged_given_the_bills_too(tmp_path: Path) -> None:
    path = written(tmp_path, serving := [112_000.0] * CLOSED, NORMAL)
    text = path.read_text("utf-8").replace('category = "compute"\n', 'category = "compute"\nowner = "search"\n')
    text = text.replace("1_250_000", "1_400_000")
    path.write_text(text.replace("[actuals]", '[budget.owner]\nsearch = "1_300_000 CNY"\n[actuals]'), encoding="utf-8")
    found = told(report := simcost.variance(path, learn=True, n=N))
    owner = next(each for each in found.parts if (each.group, each.name) == ("owner", "search"))
    (mean, sd), left = level_given(serving), MONTHS - CLOSED
    within = stats.norm.cdf((1_300_000.0 - sum(serving) - left * mean) / (left**2 * sd**2 + left * NOISE_SD**2) ** 0.5)
    assert owner.probability_within is not None
    assert owner.probability_within.value == pytest.approx(within, abs=SE * 0.5 / owner.effective**0.5)
    assert abs(report.forecast.parts[0].probability_within.value - within) > 0.1
    row = next(line for line in str(report).splitlines() if line.startswith(" search") and "1,300,000" in line)
    assert f"{100 * owner.probability_within.value:.1f} %" in row


def test_where_no_future_has_a_finite_cost_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    path = written(tmp_path, [100_000.0], NORMAL | {"amount": "level / where(month > 1, 0, 1)"})
    with pytest.raises(UndefinedCostError):
        simcost.variance(path, learn=True, n=64)


def test_with_every_month_closed_there_is_none_to_learn_for(tmp_path: Path) -> None:
    report = simcost.variance(written(tmp_path, [100_000.0] * MONTHS, NORMAL), learn=True, n=1_024)
    assert report.learned is None
    assert any("none left to learn for" in each for each in report.warnings)


@pytest.mark.parametrize("n", [1, 2, 50])
def test_few_scenarios_tell_little_and_nothing_breaks(tmp_path: Path, n: int) -> None:
    found = told(simcost.variance(written(tmp_path, [110_000.0] * CLOSED, NORMAL), learn=True, n=n))
    assert found.scenarios == n
    assert found.total.effective <= n


def test_json_the_table_and_a_report_carry_it(tmp_path: Path) -> None:
    path, table = written(tmp_path, [115_000.0] * CLOSED, NORMAL), tmp_path / "learned.csv"
    asked = ["variance", str(path), "--learn", "-n", "8192", "-q", "--json", "-o", str(table)]
    done = CliRunner().invoke(root, asked, prog_name="simcost")
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)["learned"]
    found = told(simcost.variance(path, learn=True, n=8_192))
    after = document["inputs"]["level"]["after"]["percentiles"]["p50"]
    assert after["value"] == found.inputs[0].after.percentile(50).value
    assert document["total"]["effective_scenarios"] == found.total.effective
    with table.open(encoding="utf-8", newline="") as file:
        rows = {
            (row["group"], row["name"], row["statistic"]): float(row["value"]) for row in csv.DictReader(file) if row["value"]
        }
    assert rows["learned", "", "p95"] == found.total.after.percentile(95).value
    assert rows["learned rest", "", "explained"] == found.rest.explained
    assert rows["learned input", "level", "p5"] == found.inputs[0].after.percentile(5).value
    answer = tmp_path / "answer.json"
    answer.write_text(done.stdout, encoding="utf-8")
    page = tmp_path / "page.md"
    simcost.page(answer, output=page)
    assert "given the bills, CNY" in page.read_text(encoding="utf-8")
    without = CliRunner().invoke(root, [*asked[:2], *asked[3:7]], prog_name="simcost")
    assert json.loads(without.stdout)["learned"] is None
