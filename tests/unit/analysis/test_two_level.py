"""Two-level simulation: bands in closed form, draws against runs with their numbers, and what cannot be drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simcost
from simcost.analysis.estimates.rank_correlation import mean_ranks, rank_correlation
from simcost.compile.distributions.quantiles import quantile
from simcost.compile.studies.outer_draws import outer_draws, scenarios_of
from simcost.scenario import load
from simcost.scenario.distributions.canonical import Lognormal, Poisson
from simcost.scenario.distributions.marginals import from_table
from simcost.scenario.distributions.unknown import median_of

HEAD = """\
schema = 1
[scenario]
name = "Not known"
currency = "CNY"
start = "2027-01"
months = 1
[sampling]
scenarios = 4000
seed = 9
[inputs]
"""
COST = '[[cost]]\nname = "x"\ncategory = "x"\nevery = "once"\namount = "x"\n'
NORMAL = 'x = { normal = { mean = { normal = { mean = 100_000, sd = 6_000 } }, sd = 8_000 }, unit = "CNY" }\n'
BUDGET = '[budget]\napproved = "105_000 CNY"\nconfidence = 0.8\n'


@pytest.fixture
def file(tmp_path: Path):
    def write(inputs: str, more: str = "") -> Path:
        path = tmp_path / "unknown.toml"
        path.write_text(HEAD + inputs + COST + more, encoding="utf-8")
        return path

    return write


def test_a_normal_with_a_normal_mean_has_its_bands_in_closed_form(file) -> None:
    """In every draw the figure is the plain one plus the mean's deviation; all together it is normal with both variances."""
    n, outer = 20_000, 400
    report = simcost.uncertainty(file(NORMAL, BUDGET), outer=outer, n=n, backend="reference")
    found = {each.name: each for each in report.found.figures}
    plain, both = stats.norm(100_000, 8_000), stats.norm(100_000, 10_000)
    half = 6_000 * stats.norm.ppf(0.95)
    stratum = 6_000 / outer / stats.norm.pdf(stats.norm.ppf(0.95))  # the width of the hypercube's strata at the band's ends
    for name, p in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        error = 4.5 * np.sqrt(p * (1 - p) / n) * 8_000 / stats.norm.pdf(stats.norm.ppf(p))
        cell = 2.45e-4 * 140_000
        assert abs(found[name].value - plain.ppf(p)) < error + cell
        assert abs(found[name].high - found[name].value - half) < stratum + cell
        assert abs(found[name].value - found[name].low - half) < stratum + cell
        assert abs(found[name].pooled - both.ppf(p)) < error + cell
    assert abs(found["p95"].high - found["p95"].value - 1.05 * half) > stratum + cell  # a band a twentieth too wide is caught
    assert abs(found["mean"].pooled - 100_000) < 4.5 * 8_000 / np.sqrt(n)
    assert report.found.share_unknown == pytest.approx(0.36, abs=0.01)
    within = found["probability_within"]
    assert within.pooled == pytest.approx(both.cdf(105_000), abs=0.01)
    assert within.low == pytest.approx(plain.cdf(105_000 - half), abs=0.015)
    assert within.high == pytest.approx(plain.cdf(105_000 + half), abs=0.015)
    assert report.influences[0].rank_correlation.value == pytest.approx(1.0)


def test_a_lognormal_scales_with_its_median(file) -> None:
    report = simcost.uncertainty(file('x = { lognormal = { median = "8 to 12", sd_log = 0.2 }, unit = "CNY" }\n'), n=3_000)
    p95 = next(each for each in report.found.figures if each.name == "p95")
    middle = np.sqrt(8 * 12)
    assert p95.low / p95.value == pytest.approx(8 / middle, rel=2e-3)
    assert p95.high / p95.value == pytest.approx(12 / middle, rel=2e-3)


@pytest.mark.parametrize(
    "inputs",
    [
        NORMAL,
        'x = { beta = { mean = "0.3 to 0.4 to 0.5", sd = 0.1 }, min = 0.1, unit = "CNY" }\n',
        'x = { poisson = { mean = "3 to 9" }, unit = "CNY" }\n',
    ],
    ids=["normal", "truncated beta by tables", "poisson"],
)
def test_a_draw_is_the_run_with_its_numbers_to_the_last_bit(file, inputs: str, tmp_path: Path) -> None:
    path = file(inputs)
    report = simcost.uncertainty(path, outer=20, n=2_000, backend="reference")
    parameter = report.drawn.names[0]
    for draw in (0, 7, 19):
        value = float(report.drawn.values[0, draw])
        run = simcost.run(
            path, overrides=[f"inputs.{parameter}={value!r}"], n=2_000, backend="reference", output=tmp_path / f"{draw}.h5"
        )
        plain = [run.figures.total.mean, *(each.value for each in run.figures.total.percentiles)]
        assert report.found.draws[:, draw].tolist() == plain
    assert len(set(report.found.draws[0].tolist())) > 15


def test_a_plain_run_has_the_median_and_says_so(file, tmp_path: Path) -> None:
    path = file(NORMAL)
    run = simcost.run(path, n=500, output=tmp_path / "a.h5")
    fixed = simcost.run(path, n=500, overrides=["inputs.x.normal.mean=100000"], output=tmp_path / "b.h5")
    assert run.figures.total == fixed.figures.total
    assert "x.normal.mean" in run.figures.warnings[0]
    assert "simcost uncertainty" in run.figures.warnings[0]
    assert fixed.figures.warnings == ()


def test_each_parameter_falls_once_into_each_stratum_whatever_others_there_are(file) -> None:
    one = load(file(NORMAL))
    two = load(file(NORMAL + 'y = { uniform = { low = 0, high = "2 to 3" }, unit = "CNY" }\n'))
    first, both = outer_draws(one, 50, 9), outer_draws(two, 50, 9)
    np.testing.assert_array_equal(first.values[0], both.values[0])
    u = stats.norm(100_000, 6_000).cdf(first.values[0])
    assert sorted(np.floor(u * 50).astype(int).tolist()) == list(range(50))
    assert outer_draws(one, 50, 10).values[0].tolist() != first.values[0].tolist()
    assert abs(rank_correlation(*map(mean_ranks, both.values)).value) < 0.5


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ('x = { normal = { mean = 5, sd = { normal = { mean = 1, sd = 1 } } }, unit = "CNY" }\n', "sd = -"),
        ('x = { uniform = { low = "1 to 9", high = "8 to 10" }, unit = "CNY" }\n', "low"),
        ('x = { binomial = { n = 5, p = { uniform = { low = 0.5, high = 1.2 } } }, unit = "CNY" }\n', "p = 1."),
    ],
)
def test_a_draw_that_a_distribution_cannot_have_is_told_with_its_place(file, inputs: str, told: str) -> None:
    with pytest.raises(simcost.UsageError, match=r"inputs\.x\..*: in draw \d+ of 200: .*MODE to HIGH in quotes") as error:
        simcost.uncertainty(file(inputs), n=100)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_in_which_everything_is_known_is_refused(file) -> None:
    with pytest.raises(simcost.UsageError, match="no parameter of a distribution is uncertain itself"):
        simcost.uncertainty(file('x = "5 to 6 CNY"\n'))


@pytest.mark.parametrize("outer", [0, 19, 10_001])
def test_too_few_or_too_many_draws_are_refused(file, outer: int) -> None:
    with pytest.raises(simcost.UsageError, match="not between 20 and 10,000"):
        simcost.uncertainty(file(NORMAL), outer=outer)


def test_an_input_that_reaches_no_cost_has_no_correlation(file) -> None:
    path = file(NORMAL + 'y = { lognormal = { median = "2 to 3", sd_log = 0.1 }, unit = "CNY" }\n')
    report = simcost.uncertainty(path, outer=20, n=200)
    assert [each.rank_correlation is None for each in report.influences] == [False, True]


@pytest.mark.parametrize(
    "table",
    [
        {"normal": {"mean": -3.0, "sd": 2.0}},
        {"lognormal": {"median": 1e-30, "sd_log": 0.5}},
        {"lognormal": {"median": 4e40, "sd_log": 0.5}},
        {"uniform": {"low": -1.0, "high": 5.0}},
        {"gamma": {"shape": 2.0, "scale": 3.0}},
        {"beta": {"mean": 0.3, "sd": 0.1}},
        {"normal": {"mean": 0.0, "sd": 1.0}, "min": 0.0},
        {"triangular": {"low": 0.0, "mode": 1.0, "high": 5.0}},
    ],
)
def test_a_median_is_that_of_the_quantile_function(table) -> None:
    distribution = from_table(table, folder=Path())
    assert median_of(distribution) == pytest.approx(float(quantile(distribution, 0.5)), rel=1e-8, abs=1e-8)


def test_medians_of_jumps_and_of_symmetric_laws_are_exact() -> None:
    assert median_of(Poisson(3.2)) == 3.0
    assert median_of(Lognormal(0.0, 1.0)) == 1.0


def test_rank_correlation_is_scipys_with_ties_and_none_of_a_constant() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 9, 100).astype(float), rng.normal(size=100)
    found = rank_correlation(mean_ranks(x), mean_ranks(x + 9 * y))
    assert found.value == pytest.approx(stats.spearmanr(x, x + 9 * y).statistic, rel=1e-12)
    assert rank_correlation(mean_ranks(x), mean_ranks(np.ones(100))) is None


def test_every_draw_has_the_structure_of_the_first(file) -> None:
    scenario = load(file(NORMAL))
    drawn = outer_draws(scenario, 20, 1)
    means = [each.inputs[0].distribution.mean for each in scenarios_of(scenario, drawn)]
    assert means == drawn.values[0].tolist()
