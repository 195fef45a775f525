"""Copulas through the whole pipeline: Kendall's tau, both tails, marginals that stay, others that keep their bits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy import stats

from simcost.compile.compiled import compile_scenario
from simcost.compile.dependence.archimedean import stable_angle, stable_table
from simcost.compile.dependence.copulas import Gaussian, StudentT, archimedean, frank_of_rank, spearman
from simcost.compile.dependence.t_copula import score_table, tail_score
from simcost.compile.distributions.smooth_table import tabulate
from simcost.scenario.dependence import Correlation
from simcost.scenario.distributions import canonical as d
from simcost_kernels.functions.table_quantiles import smooth_quantile

from . import oracles
from .dependent_draws import ALPHA, CHUNK, CHUNKS, LAWS, NODES, N, Z, draws, joint_tail, kendall, scenario, tail_misses

MANY = 4_000_000

SCORE_ERROR = 1e-13
"""Of a normal score, relative beyond 1: measured 7e-14 at df = 1000, where scipy's beta function loses digits."""

ANGLE_ERROR = 1e-12
"""Of the table, relative to its own spread: measured 2e-13 at alpha = 0.99, whose spread is a twentieth."""

PAIRS = [
    Correlation(("a", "b"), kendall=-0.3),
    Correlation(("a", "b"), kendall=0.4, copula="t", df=4),
    Correlation(("a", "b"), kendall=-0.5, copula="t", df=1),
    Correlation(("a", "b"), kendall=0.4, copula="clayton"),
    Correlation(("a", "b"), kendall=0.9, copula="clayton", tail="upper"),
    Correlation(("a", "b"), kendall=0.4, copula="gumbel"),
    Correlation(("a", "b"), kendall=0.01, copula="gumbel"),
    Correlation(("a", "b"), kendall=0.9, copula="gumbel", tail="lower"),
    Correlation(("a", "b"), kendall=0.4, copula="frank"),
    Correlation(("a", "b"), kendall=-0.9, copula="frank"),
    Correlation(("a", "b"), rank=0.5, copula="frank"),
]
FOURS = [
    Correlation(("d", "b", "a", "c"), kendall=0.3, copula="t", df=3),
    Correlation(("d", "b", "a", "c"), kendall=0.5, copula="clayton"),
    Correlation(("d", "b", "a", "c"), kendall=0.5, copula="clayton", tail="upper"),
    Correlation(("d", "b", "a", "c"), kendall=0.5, copula="gumbel"),
    Correlation(("d", "b", "a", "c"), kendall=0.9, copula="gumbel", tail="lower"),
    Correlation(("d", "b", "a", "c"), kendall=0.05, copula="frank"),
    Correlation(("d", "b", "a", "c"), kendall=0.9, copula="frank"),
]


def shown(each):
    return f"{each.copula}-{each.df or each.tail or 'own'}-{each.kendall or each.rank}-{len(each.between)}"


@pytest.mark.parametrize("n", [N, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("asked", PAIRS + FOURS, ids=shown)
def test_kendalls_tau_and_both_tails_are_those_of_the_copula_and_uniforms_stay_uniform(asked, n):
    model = scenario([asked])
    drawn = draws(model, n)
    found = compile_scenario(model).pairs
    for pair in {found[0].between: found[0], found[-1].between: found[-1]}.values():
        x, y = (drawn[name] for name in pair.between)
        tau, error = kendall(x, y, CHUNKS * n // N)
        if asked.kendall is not None:
            assert abs(tau - asked.kendall) <= Z * error
        for upper in (False, True):
            assert tail_misses(pair.copula, x, y, upper=upper) <= 1.0
        rank = 12.0 * np.mean(stats.rankdata(x) * stats.rankdata(y)) / (n + 1.0) ** 2 - 3.0
        assert abs(rank - pair.achieved) <= Z / math.sqrt(n) + 2e-4
    for name in asked.between:
        assert oracles.kolmogorov_smirnov(drawn[name], ALPHA) <= 1.0
        assert oracles.chi_square_of_cells(drawn[name], ALPHA) <= 1.0


SIXTY = tuple(f"x{i}" for i in range(60))


@pytest.mark.parametrize(
    "family", [{}, {"copula": "t", "df": 4.0}, {"copula": "clayton"}, {"copula": "gumbel"}, {"copula": "frank"}], ids=str
)
def test_sixty_inputs_move_together_as_two_do(family):
    drawn = draws(scenario([Correlation(SIXTY, kendall=0.4, **family)], names=SIXTY), 10 * CHUNK)
    for first, second in (("x0", "x1"), ("x0", "x59"), ("x30", "x59")):
        tau, error = kendall(drawn[first], drawn[second], 10)
        assert abs(tau - 0.4) <= Z * error
        assert abs(tau - 0.3) > Z * error  # negative control


EXTREMES = [
    (PAIRS[1], False),
    (PAIRS[1], True),
    (PAIRS[3], False),
    (Correlation(("a", "b"), kendall=0.4, copula="clayton", tail="upper"), True),
    (PAIRS[5], True),
    (Correlation(("a", "b"), kendall=0.4, copula="gumbel", tail="lower"), False),
]


@pytest.mark.parametrize(("asked", "upper"), EXTREMES, ids=lambda each: shown(each) if isinstance(each, Correlation) else each)
def test_a_gaussian_copula_of_equal_tau_fails_where_extremes_come_together(asked, upper):
    """Negative control."""
    (pair,) = compile_scenario(scenario([asked])).pairs
    drawn = draws(scenario([Correlation(asked.between, kendall=asked.kendall)]))
    assert tail_misses(pair.copula, drawn["a"], drawn["b"], upper=upper) > 1.0
    tau, error = kendall(drawn["a"], drawn["b"])
    assert abs(tau - asked.kendall) <= Z * error


@pytest.mark.parametrize("asked", [PAIRS[1], PAIRS[3], PAIRS[5], PAIRS[8], *(each for each, _ in EXTREMES[3::2])], ids=shown)
def test_tail_coefficients_are_the_limits_of_the_conditional_probability(asked):
    (pair,) = compile_scenario(scenario([asked])).pairs
    for upper, coefficient in zip((False, True), pair.copula.tails, strict=True):
        at = [joint_tail(pair.copula, p, upper=upper) / p for p in (1e-3, 1e-5)]
        assert abs(at[1] - coefficient) <= max(0.3 * abs(at[0] - coefficient), 2e-3)


@pytest.mark.parametrize("asked", PAIRS + FOURS, ids=shown)
def test_inputs_outside_the_group_keep_every_bit_and_so_does_the_first_where_it_can(asked):
    alone, beside = draws(scenario([]), 5_000), draws(scenario([asked]), 5_000)
    others = set(alone) - set(asked.between)
    assert all(np.array_equal(alone[name], beside[name]) for name in others)
    assert not np.array_equal(alone["b"], beside["b"])
    keeps = asked.copula in ("gaussian", "clayton") or (asked.copula == "frank" and len(asked.between) == 2)
    assert np.array_equal(alone["a"], beside["a"]) == keeps


@pytest.mark.parametrize("asked", [PAIRS[1], FOURS[3], FOURS[6]], ids=shown)
def test_another_group_and_another_order_of_names_change_nothing(asked):
    first = draws(scenario([asked]), 2_000)
    other = Correlation(("x", "y"), kendall=0.4, copula="gumbel")
    turned = Correlation(asked.between[::-1], kendall=asked.kendall, copula=asked.copula, df=asked.df, tail=asked.tail)
    beside = draws(scenario([other, turned]), 2_000)
    assert all(np.array_equal(first[name], beside[name]) for name in asked.between)


@pytest.mark.parametrize("asked", FOURS[:4], ids=shown)
def test_any_marginal_keeps_its_distribution(asked):
    drawn = draws(scenario([asked], {name: law for name, (law, _) in LAWS.items()}))
    for name, (_, oracle) in LAWS.items():
        p = oracle.cdf(drawn[name])
        assert oracles.kolmogorov_smirnov(p, ALPHA) <= 1.0
        assert oracles.quantiles(p, float, ALPHA) <= 1.0


def test_discrete_inputs_are_decided_on_the_uniform_and_warned_of():
    event = d.Discrete((0.0, 1.0), (0.95, 0.05))
    asked = Correlation(("a", "b"), kendall=0.5, copula="gumbel")
    compiled = compile_scenario(scenario([asked], {"a": event, "b": event}))
    (pair,) = compiled.pairs
    drawn = draws(scenario([asked], {"a": event, "b": event}))
    together = joint_tail(pair.copula, 0.05, upper=True)
    count = np.count_nonzero(drawn["a"] * drawn["b"])
    assert abs(count - N * together) <= Z * math.sqrt(N * together)
    assert pair.achieved == pytest.approx((together - 0.0025) / (0.05 * 0.95), abs=1e-4)
    assert any("a and b get a rank correlation" in warning for warning in compiled.warnings)


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
@pytest.mark.parametrize("asked", [FOURS[0], FOURS[1], FOURS[3], FOURS[6]], ids=shown)
def test_sampling_methods_keep_the_copula(asked, method):
    """Points that fill space evenly: within the bounds of random ones."""
    model = scenario([asked], method=method)
    n = 65_536
    drawn = draws(model, n)
    pair = compile_scenario(model).pairs[0]
    x, y = (drawn[name] for name in pair.between)
    assert oracles.kolmogorov_smirnov(x, ALPHA) <= 1.0
    assert abs(kendall(x, y)[0] - asked.kendall) <= Z / math.sqrt(n)
    for upper in (False, True):
        assert tail_misses(pair.copula, x, y, upper=upper, p=0.02) <= 1.0


def exact_score(df, a):
    """Return the normal score of the t distribution beyond a sqrt(df), by mpmath to 40 digits: a Newton step from scipy's."""
    with mpmath.workdps(40):
        half, y = mpmath.mpf(df) / 2, (1 - a / mpmath.sqrt(1 + mpmath.mpf(a) ** 2)) / 2
        tail = mpmath.betainc(half, half, 0, y, regularized=True)
        return mpmath.findroot(lambda z: mpmath.log(mpmath.erfc(-z / mpmath.sqrt(2)) / 2) - mpmath.log(tail), -mpmath.sqrt(a))


@pytest.mark.parametrize("df", [1, 1.5, 4, 30, 1000])
def test_the_table_of_a_t_distribution_is_exact_to_its_last_tail(df):
    for x in (1e-6, 0.3, 1.7, 4.0, 9.0):
        a = x / math.sqrt(df)
        score = float(smooth_quantile(np.array([0.5 / (a + math.sqrt(1.0 + a * a))]), score_table(df).data)[0])
        assert abs(score - float(exact_score(df, a))) <= SCORE_ERROR * max(1.0, abs(score))
    assert tabulate_error(lambda p, q: np.where(p <= q, 1.0, -1.0) * tail_score(df, 2.0 * np.minimum(p, q))) <= 2e-14


def test_one_table_resolves_every_t_distribution_and_every_stable_law():
    for df in (*range(1, 100), *np.geomspace(1.0, 1000.0, 40)):
        assert tabulate_error(lambda p, q, df=df: np.where(p <= q, 1.0, -1.0) * tail_score(df, 2.0 * np.minimum(p, q))) <= 2e-14
    for tau in np.linspace(0.01, 0.9, 60):
        assert tabulate_error(stable_angle(1.0 - tau)) <= ANGLE_ERROR


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.99])
def test_the_angle_of_a_stable_law_gives_its_laplace_transform(alpha):
    """E exp(-s V) = exp(-s**alpha): by quadrature over both uniforms."""
    nodes, weights = NODES
    u, weights = (nodes + 1.0) / 2.0, weights / 2.0
    angle = smooth_quantile(u, stable_table(alpha).data)
    log_v = (angle[:, np.newaxis] - (1.0 - alpha) * np.log(-np.log(u))) / alpha
    for s in (0.3, 1.0, 2.5):
        found = weights @ np.exp(-s * np.exp(np.minimum(log_v, 700.0))) @ weights
        assert found == pytest.approx(math.exp(-(s**alpha)), abs=2e-4)
    assert tabulate_error(stable_angle(alpha)) <= ANGLE_ERROR


def tabulate_error(inverse):
    (segment,) = tabulate(inverse)
    return segment.error


def test_parameters_and_tails_are_those_known_elsewhere():
    """Of Frank's theta R's copula package prints 5.736283; with df = 1 the t tail has a closed form."""
    assert archimedean("frank", 0.5).theta == pytest.approx(5.736283, abs=5e-7)
    assert archimedean("clayton", 0.5).theta == 2.0
    assert archimedean("gumbel", 0.5).theta == 2.0
    for r in (-0.8, 0.0, 0.5, 0.99):
        assert StudentT(r, 1.0).tails[0] == pytest.approx(1.0 - math.sqrt((1.0 - r) / 2.0), abs=1e-14)


def test_spearmans_rho_has_its_closed_forms():
    assert spearman(frank_of_rank(0.7)) == pytest.approx(0.7, abs=1e-9)
    assert spearman(StudentT(0.5, 1000.0)) == pytest.approx(spearman(Gaussian(0.5)), abs=2e-3)
