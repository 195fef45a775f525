"""Values to distributions: ranking, goodness of fit, the interval of P95, dependence and outliers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simcost.analysis.fitting import families, goodness
from simcost.analysis.fitting.distribution_fit import EMPIRICAL, fit_distribution
from simcost.analysis.fitting.goodness import SAMPLES, anderson_darling, bootstrapped
from simcost.analysis.fitting.serial_dependence import autocorrelations, is_sorted, ljung_box, serial_dependence


def test_aicc_is_that_by_hand() -> None:
    x = np.array([3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0])
    found = {each.family: each.aicc for each in fit_distribution(x).candidates}
    n, variance, log_variance = 8, x.var(), np.log(x).var()
    correction = 2 * 2 + 2 * 2 * 3 / (n - 3)
    assert found["normal"] == pytest.approx(n * np.log(2 * np.pi * variance) + n + correction, rel=1e-12)
    lognormal = n * np.log(2 * np.pi * log_variance) + n + 2 * np.log(x).sum() + correction
    assert found["lognormal"] == pytest.approx(lognormal, rel=1e-12)
    assert found["exponential"] == pytest.approx(2 * n * (np.log(x.mean()) + 1) + 2 + 4 / (n - 2), rel=1e-12)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_the_unit_of_the_values_changes_no_evidence(unit: float) -> None:
    x = np.random.default_rng(1).gamma(4.0, 1.0, 40)
    plain, scaled = fit_distribution(x), fit_distribution(x * unit)
    assert plain.chosen == scaled.chosen
    for one, other in zip(plain.candidates, scaled.candidates, strict=True):
        assert other.aicc - one.aicc == pytest.approx(2 * 40 * np.log(unit), abs=1e-6)
        assert (one.family, other.p95.value) == (other.family, pytest.approx(one.p95.value * unit, rel=1e-6))
        assert one.p_value == pytest.approx(other.p_value, abs=0.005)


def test_anderson_darling_is_scipys() -> None:
    x = np.random.default_rng(2).normal(5.0, 2.0, 30)
    row = np.array([[x.mean(), x.std(ddof=1)]])  # scipy estimates so
    theirs = stats.goodness_of_fit(stats.norm, x, known_params={"loc": row[0, 0], "scale": row[0, 1]}, statistic="ad", rng=1)
    assert anderson_darling(families.NORMAL, x[None, :], row)[0] == pytest.approx(theirs.statistic, rel=1e-9)


def test_the_p_value_is_that_of_scipys_parametric_bootstrap() -> None:
    for seed, shape in ((1, 3.0), (2, 1.0)):
        x = np.random.default_rng(seed).gamma(shape, 1.0, 25)
        p = stats.goodness_of_fit(stats.norm, x, statistic="ad", n_mc_samples=2_000, rng=np.random.default_rng(0)).pvalue
        ours = bootstrapped(families.NORMAL, x, families.NORMAL.estimate(x[None, :])[0]).p_value
        assert abs(ours - p) < 4 * np.sqrt(p * (1 - p) * (1 / SAMPLES + 1 / 2_000)) + 2 / SAMPLES


def test_a_true_family_is_contradicted_as_often_as_p_says_and_a_wrong_one_far_more() -> None:
    rng, seeds = np.random.default_rng(3), 300
    true, wrong = (
        np.array([bootstrapped(family, x, family.estimate(x[None, :])[0]).p_value for x in rng.lognormal(0.0, 0.8, (seeds, 40))])
        for family in (families.LOGNORMAL, families.NORMAL)
    )
    assert abs((true < 0.1).mean() - 0.1) < 4 * np.sqrt(0.1 * 0.9 / seeds)
    assert (wrong < 0.1).mean() > 0.8


def test_the_interval_of_the_p95_of_a_normal_is_the_exact_one() -> None:
    """By the noncentral t: the P95 of a normal sample is mean + k sd, with k from t at noncentrality z sqrt(n)."""
    x = np.random.default_rng(4).normal(50.0, 10.0, 15)
    n, sd = len(x), x.std(ddof=1)
    low, high = (x.mean() + sd / np.sqrt(n) * stats.nct.ppf(p, n - 1, stats.norm.ppf(0.95) * np.sqrt(n)) for p in (0.025, 0.975))
    found = bootstrapped(families.NORMAL, x, families.NORMAL.estimate(x[None, :])[0]).p95
    assert found.value == pytest.approx(x.mean() + stats.norm.ppf(0.95) * x.std(), rel=1e-12)
    assert found.low == pytest.approx(
        low, abs=0.12 * (high - low)
    )  # 999 samples: the 2.5 % quantile is known to 8 % of the width
    assert found.high == pytest.approx(high, abs=0.12 * (high - low))


@pytest.mark.parametrize(
    ("family", "parameters"),
    [(families.LOGNORMAL, [10.0, 0.5]), pytest.param(families.GAMMA, [4.0, 2.0], marks=pytest.mark.slow)],
)
def test_the_interval_of_p95_covers_it(family: families.Family, parameters: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    rng, row, times = np.random.default_rng(5), np.array([parameters]), 400
    truth, hits, halved = family.quantile(0.95, row)[0], 0, 0
    for seed, x in enumerate(family.draw(rng, row, (times, 20))):
        monkeypatch.setattr(goodness, "SEED", seed)  # else all intervals share the errors of one set of samples
        found = bootstrapped(family, x, family.estimate(x[None, :])[0]).p95
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
        halved += (found.low + found.value) / 2 <= truth <= (found.high + found.value) / 2
    assert abs(hits / times - 0.95) < 4 * np.sqrt(0.95 * 0.05 / times)
    assert halved / times < 0.85  # the negative control: intervals half as wide


@pytest.mark.parametrize(
    ("law", "name"),
    [
        (stats.lognorm(0.9, scale=7.0), "lognormal"),
        (stats.norm(50.0, 9.0), "normal"),
        (stats.gamma(1.6, scale=3.0), "gamma"),
        (stats.weibull_min(4.0, scale=9.0), "weibull"),
        (stats.expon(scale=3.0), "exponential"),
        (stats.t(3.0, 20.0, 2.0), "student_t"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_was_drawn_is_found_again(law, name: str) -> None:
    """The true family fits and is at most 10 behind: a likelihood ratio of 12 for one parameter more is one chance in 2,000."""
    found = fit_distribution(law.rvs(400, random_state=np.random.default_rng(6)))
    taken, true = found.taken, next(each for each in found.candidates if each.family == name)
    assert taken is not None
    assert taken.fits
    assert true.aicc - found.candidates[0].aicc < 10.0
    assert true.p_value > 0.001
    assert true.p95.low is not None
    assert true.p95.high is not None
    assert abs(true.p95.value - law.ppf(0.95)) < true.p95.high - true.p95.low
    contradicted = {each.family for each in found.candidates if each.p_value < 0.05}
    assert contradicted & {"normal", "exponential"} - {name}  # the negative control


def test_a_beta_is_found_on_its_bounds() -> None:
    x = 10.0 + 30.0 * np.random.default_rng(7).beta(0.7, 0.9, 300)
    found = fit_distribution(x, bounds=(10.0, 40.0))
    assert found.chosen == "beta"
    assert found.taken is not None
    mean, sd = (value for _, value in found.taken.parameters)
    truth = stats.beta(0.7, 0.9, 10.0, 30.0)
    assert abs(mean - truth.mean()) < 4 * truth.std() / np.sqrt(300)
    assert sd == pytest.approx(truth.std(), rel=0.1)
    assert "beta" not in [each.family for each in fit_distribution(x).candidates]


def test_where_no_family_fits_the_values_themselves_are_taken() -> None:
    rng = np.random.default_rng(8)
    two_heaps = np.concatenate([rng.normal(10.0, 0.3, 60), rng.normal(20.0, 0.3, 60)])
    rng.shuffle(two_heaps)
    assert fit_distribution(two_heaps).chosen == EMPIRICAL
    assert fit_distribution(two_heaps, family="normal").chosen == "normal"


def test_values_of_either_sign_have_no_positive_family() -> None:
    found = fit_distribution(np.random.default_rng(9).normal(0.0, 1.0, 50))
    assert {each.family for each in found.candidates} == {"normal", "student_t"}
    assert found.candidates[0].below_zero == pytest.approx(0.5, abs=0.3)


def test_autocorrelations_and_ljung_box_are_those_by_hand() -> None:
    x = np.array([1.0, -2.0, 3.0, 0.0, -2.0])
    by_lag = autocorrelations(x[None, :], 2)
    assert by_lag[0].tolist() == pytest.approx([(-2 - 6 + 0 + 0) / 18, (3 + 0 - 6) / 18])
    expected = 5 * 7 * ((8 / 18) ** 2 / 4 + (3 / 18) ** 2 / 3)
    assert ljung_box(by_lag, 5)[0] == pytest.approx(expected)


def test_independent_values_seldom_look_dependent_and_those_that_follow_each_other_do() -> None:
    rng, seeds, n = np.random.default_rng(10), 1_000, 40
    apart = rng.lognormal(0.0, 2.0, (seeds, n))
    p = np.array([serial_dependence(row).p_value for row in apart])
    assert abs((p < 0.05).mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / seeds) + 0.01  # and chi-square is its limit for large n
    wandering = np.cumsum(rng.normal(size=(200, n)), axis=1)
    assert np.mean([serial_dependence(row).p_value < 0.05 for row in wandering]) > 0.95


def test_sorted_rows_are_noticed() -> None:
    assert is_sorted(np.array([1.0, 2.0, 2.0, 5.0]))
    assert is_sorted(np.array([5.0, 2.0, 1.0]))
    assert not is_sorted(np.array([1.0, 3.0, 2.0]))
    assert fit_distribution(np.arange(1.0, 30.0)).serial is None


def test_a_value_that_decides_is_found_and_a_plain_sample_has_none() -> None:
    x = np.random.default_rng(11).normal(100.0, 5.0, 40)
    assert fit_distribution(x, family="normal").outliers == ()
    x[17] = 190.0
    (outlier,) = fit_distribution(x, family="normal").outliers
    rest = np.delete(x, 17)
    assert (outlier.place, outlier.value) == (17, 190.0)
    assert outlier.p95_without == pytest.approx(rest.mean() + stats.norm.ppf(0.95) * rest.std(), rel=1e-9)


def test_percentiles_of_the_values_have_the_ends_that_so_many_give() -> None:
    few, many = (fit_distribution(np.random.default_rng(12).normal(size=n)).percentiles for n in (71, 72))
    assert (few[2].high, few[0].low) == (None, None)
    assert many[2].high is not None
    assert many[0].low is not None
