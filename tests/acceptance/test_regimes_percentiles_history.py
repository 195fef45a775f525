"""Series by regimes, by an expert's percentiles and from history: moments in closed form at months 12 and 36."""

from __future__ import annotations

from math import acosh, asinh, exp, log, sinh

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss

import simcost
from simcost.scenario.blocks.levels.regimes import stationary

from .series_file import FILE, monthly
from .standard_errors import STANDARD_ERRORS, errors_of_mean, errors_of_variance

HISTORY = (100.0, 96.0, 91.0, 97.0, 105.0, 118.0, 110.0, 104.0, 99.0, 101.0, 140.0, 122.0, 109.0, 102.0, 98.0, 104.0)

CALM, SHORT, GLUT = 1.0, 1.6, 0.7
LASTS = (10.0, 4.0, 5.0)
SHARES = np.array([[0, 0.7, 0.3], [0.5, 0, 0.5], [1, 0, 0]])
THREE = """start = "100 CNY/month"
regimes = [
  { name = "calm", lasts = "10 month", next = { shortage = 0.7, glut = 0.3 } },
  { name = "shortage", lasts = "4 month", next = { calm = 1, glut = 1 }, level = 1.6 },
  { name = "glut", lasts = "5 month", next = { calm = 2 }, level = 0.7 },
]"""


def transition(lasts: tuple[float, ...] = LASTS, shares: np.ndarray = SHARES) -> np.ndarray:
    """Probabilities from a month to the next: a regime of mean duration L is left with probability 1 / L."""
    leave = 1 / np.array(lasts)
    return np.diag(1 - leave) + leave[:, None] * shares


def long_run(chain: np.ndarray) -> np.ndarray:
    """Stationary distribution of a chain as the left eigenvector of 1."""
    values, vectors = np.linalg.eig(chain.T)
    vector = np.real(vectors[:, np.argmax(np.real(values))])
    return vector / vector.sum()


def test_the_visits_of_a_chain_are_its_eigenvector() -> None:
    assert stationary(SHARES.tolist()) == pytest.approx(long_run(SHARES), rel=1e-13)
    assert stationary([[0, 1, 0], [0, 0, 1], [0, 1, 0]]) == []


@pytest.mark.parametrize("month", [1, 12, 36])
def test_regimes_have_their_long_run_shares_in_every_month(month) -> None:
    sample, shares = monthly(THREE)[month - 1] / 100, long_run(transition())
    for level, share in zip((CALM, SHORT, GLUT), shares, strict=True):
        assert errors_of_mean(sample == level, share) < STANDARD_ERRORS
    levels = np.array((CALM, SHORT, GLUT))
    assert errors_of_mean(sample, shares @ levels) < STANDARD_ERRORS
    assert errors_of_variance(sample, shares @ levels**2 - (shares @ levels) ** 2) < STANDARD_ERRORS


def test_shares_of_visits_instead_of_months_are_noticed() -> None:
    """Negative control: how often a regime comes is not how long it is there."""
    assert errors_of_mean(monthly(THREE)[35] == 100 * SHORT, long_run(SHARES)[1]) > STANDARD_ERRORS


@pytest.mark.parametrize("month", [3, 12, 36])
def test_from_a_first_regime_the_shares_are_those_of_the_chains_power(month) -> None:
    sample = monthly(f'{THREE}\nfirst_regime = "glut"')
    assert np.all(sample[0] == 100 * GLUT)
    shares = np.linalg.matrix_power(transition(), month - 1)[2]
    for level, share in zip((CALM, SHORT, GLUT), shares, strict=True):
        assert errors_of_mean(sample[month - 1] == 100 * level, share) < STANDARD_ERRORS


SWITCHING = """start = "100 CNY/month"
growth = 0.06
volatility = 0.1
regimes = [{ name = "calm", lasts = "12 month" }, { name = "boom", lasts = "6 month", growth = 0.5, volatility = 0.4 }]"""


@pytest.mark.parametrize("month", [12, 36])
def test_growth_and_volatility_are_those_of_the_months_regime(month) -> None:
    """E[x^p] = 100^p pi (P D_p)^(t-1) 1 with D_p the moments of a month's factor by regime."""
    chain = transition((12, 6), np.array([[0, 1], [1, 0]]))
    growth, volatility = np.array((1.06, 1.5)), np.array((0.1, 0.4))
    moments = []
    for power in (1, 2):
        factors = np.diag(growth ** (power / 12) * np.exp((power * power - power) / 2 * volatility**2 / 12))
        moments.append(100**power * (long_run(chain) @ np.linalg.matrix_power(chain @ factors, month - 1)).sum())
    sample = monthly(SWITCHING)[month - 1]
    assert errors_of_mean(sample, moments[0]) < STANDARD_ERRORS
    assert errors_of_variance(sample, moments[1] - moments[0] ** 2) < STANDARD_ERRORS


def test_growth_of_the_mean_regime_is_noticed() -> None:
    """Negative control: growth and level of the mean regime, as if it did not last."""
    assert errors_of_mean(monthly(SWITCHING)[35], 100 * (2 / 3 * 1.06 + 1 / 3 * 1.5) ** (35 / 12)) > STANDARD_ERRORS


EXPERT = """[series.x.expert]
months = [
  { month = 1, p10 = "90 CNY/month", p50 = "100 CNY/month", p90 = "120 CNY/month" },
  { month = 12, p10 = "70 CNY/month", p50 = "130 CNY/month", p90 = "180 CNY/month" },
  { month = 36, p10 = "60 CNY/month", p50 = "150 CNY/month", p90 = "400 CNY/month" },
]
"""
POINTS = {12: (70.0, 130.0, 180.0), 24: (65.0, 140.0, 290.0), 36: (60.0, 150.0, 400.0)}


def jqpd_s(z: float, low: float, median: float, high: float) -> float:
    """Quantile at a normal score as Hadlock and Bickel print it (2017, equation 11), with lower bound 0."""
    c, (lower, middle, upper) = 1.2815515655446004, (log(each) for each in (low, median, high))
    side = np.sign(lower + upper - 2 * middle)
    theta = {1: low, 0: median, -1: high}[int(side)]
    least = min(middle - lower, upper - middle)
    delta = sinh(acosh((upper - lower) / (2 * least))) / c
    return theta * exp(least / delta / c * sinh(asinh(delta * z) + asinh(side * c * delta)))


def expert_moments(month: int) -> tuple[float, float]:
    """Mean and variance by Gauss-Hermite quadrature of 120 points."""
    scores, weights = hermegauss(120)
    values = np.array([jqpd_s(z, *POINTS[month]) for z in scores])
    mean = weights @ values / weights.sum()
    return mean, weights @ (values - mean) ** 2 / weights.sum()


@pytest.mark.parametrize("month", [12, 24, 36])
@pytest.mark.parametrize("persistence", ["", "persistence = 0.8"], ids=["one draw", "AR(1)"])
def test_an_experts_month_has_its_percentiles_and_moments(persistence, month) -> None:
    sample = monthly(EXPERT + persistence)[month - 1]
    for probability, point in zip((0.1, 0.5, 0.9), POINTS[month], strict=True):
        assert errors_of_mean(sample < point, probability) < STANDARD_ERRORS
    mean, variance = expert_moments(month)
    assert errors_of_mean(sample, mean) < STANDARD_ERRORS
    assert errors_of_variance(sample, variance) < STANDARD_ERRORS


def test_each_outcome_of_an_experts_month_is_that_of_the_published_formula() -> None:
    """The same draw gives every month: a scenario's value in one tells that in all others."""
    sample = monthly(EXPERT)
    for scenario in range(50):
        low, median, high = 90.0, 100.0, 120.0
        z = _score_of(sample[0, scenario], low, median, high)
        for month, points in POINTS.items():
            assert sample[month - 1, scenario] == pytest.approx(jqpd_s(z, *points), rel=1e-9)


def _score_of(value: float, *points: float) -> float:
    """Invert the published quantile function by bisection."""
    below, above = -9.0, 9.0
    for _ in range(90):
        middle = (below + above) / 2
        below, above = (middle, above) if jqpd_s(middle, *points) < value else (below, middle)
    return below


def test_an_expert_may_tell_of_every_month_of_fifty_years(tmp_path) -> None:
    said = {"p10": range(51, 651), "p50": range(92, 1292, 2), "p90": range(203, 2003, 3)}
    months = [", ".join(f'{key} = "{values[month]} CNY/month"' for key, values in said.items()) for month in range(600)]
    table = ", ".join(f"{{ month = {month}, {values} }}" for month, values in enumerate(months, 1))
    text = FILE.format(series=f"expert.months = [{table}]", months=600)
    (tmp_path / "series.toml").write_text(text, encoding="utf-8")
    story = simcost.replay(tmp_path / "series.toml", scenario=0, backend="reference")
    drivers = {each.name: each.values for each in story.future.drivers}
    for key, values in said.items():
        assert drivers[f"x_{key}"] == pytest.approx(values, rel=1e-14)


def test_an_experts_error_persists_as_it_is_said() -> None:
    """Kendall's tau of a bivariate normal is 2 / pi asin(rho); here by pairs of scenarios, without their scores."""
    sample = monthly(f"{EXPERT}persistence = 0.8")
    pairs = (sample[:, ::2] < sample[:, 1::2]).astype(float)
    for lag in (1, 3):
        concordant = pairs[20] == pairs[20 - lag]
        assert errors_of_mean(concordant, 0.5 + np.arcsin(0.8**lag) / np.pi) < STANDARD_ERRORS
        assert errors_of_mean(concordant, 0.5 + np.arcsin(0.77**lag) / np.pi) > STANDARD_ERRORS  # negative control


def test_another_percentile_or_distribution_is_noticed() -> None:
    """Negative control: two per cent off, and the lognormal of the same P10 and P90."""
    sample = monthly(EXPERT)[11]
    assert errors_of_mean(sample < POINTS[12][1] * 1.02, 0.5) > STANDARD_ERRORS
    spread = log(180 / 70) / 2 / 1.2815515655446004
    assert errors_of_mean(sample, (70 * 180) ** 0.5 * exp(spread**2 / 2)) > STANDARD_ERRORS


BLOCK = 4
LEVEL = f'history = {{ file = "series.csv", column = "value", as = "level", unit = "CNY/month", block = {BLOCK} }}'
GROWTH = f'start = "100 CNY/month"\nhistory = {{ file = "series.csv", column = "value", as = "growth", block = {BLOCK} }}'


@pytest.mark.parametrize("month", [1, 12, 36])
def test_history_as_level_has_the_historys_moments_in_every_month(month) -> None:
    sample = monthly(LEVEL, history=HISTORY)[month - 1]
    assert set(np.unique(sample)) == set(HISTORY)
    assert errors_of_mean(sample, np.mean(HISTORY)) < STANDARD_ERRORS
    assert errors_of_variance(sample, np.var(HISTORY)) < STANDARD_ERRORS


@pytest.mark.parametrize("lag", [1, 3, 6])
def test_a_block_keeps_its_serial_correlation(lag) -> None:
    """(1 - 1/b)^k of the history's circular autocovariance: Politis and Romano 1994, lemma 1."""
    sample, history = monthly(LEVEL, history=HISTORY), np.array(HISTORY) - np.mean(HISTORY)
    circular = np.mean(history * np.roll(history, -lag))
    products = (sample[30] - np.mean(HISTORY)) * (sample[30 - lag] - np.mean(HISTORY))
    assert errors_of_mean(products, (1 - 1 / BLOCK) ** lag * circular) < STANDARD_ERRORS


def test_months_drawn_one_by_one_or_never_parted_are_noticed() -> None:
    """Negative control: no correlation, and all of the history's."""
    sample, history = monthly(LEVEL, history=HISTORY) - np.mean(HISTORY), np.array(HISTORY) - np.mean(HISTORY)
    products = sample[30] * sample[29]
    assert errors_of_mean(products, 0) > STANDARD_ERRORS
    assert errors_of_mean(products, np.mean(history * np.roll(history, -1))) > STANDARD_ERRORS


@pytest.mark.parametrize("month", [12, 36])
def test_history_as_growth_compounds_its_blocks(month) -> None:
    """The place in the history is a Markov chain: on by one (in a circle), or anywhere; E[x^p] as for regimes."""
    ratios = np.array(HISTORY[1:]) / np.array(HISTORY[:-1])
    chain = (1 - 1 / BLOCK) * np.roll(np.eye(ratios.size), 1, axis=1) + 1 / BLOCK / ratios.size
    first, second = (
        100**power * np.mean(np.linalg.matrix_power(chain @ np.diag(ratios**power), month - 1).sum(axis=1)) for power in (1, 2)
    )
    sample = monthly(GROWTH, history=HISTORY)[month - 1]
    assert errors_of_mean(sample, first) < STANDARD_ERRORS
    assert errors_of_variance(sample, second - first**2) < STANDARD_ERRORS


def test_growth_drawn_month_by_month_is_noticed() -> None:
    """Negative control: the same growth without blocks."""
    ratios = np.array(HISTORY[1:]) / np.array(HISTORY[:-1])
    assert errors_of_mean(monthly(GROWTH, history=HISTORY)[35], 100 * np.mean(ratios) ** 35) > STANDARD_ERRORS
