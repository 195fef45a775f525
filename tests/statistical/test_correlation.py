"""Rank correlation through the whole pipeline: what was asked is achieved, marginals stay, others keep their bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simcost.compile.dependence.correlation import correlate_steps, groups, score_to_rank
from simcost.compile.dependence.nearest_correlation import is_possible, lower_factor, nearest_correlation
from simcost.compile.immediate import ImmediateSteps
from simcost.errors import ScenarioError
from simcost.scenario.dependence import Correlation
from simcost.scenario.distributions import canonical as d

from . import oracles
from .inputs_as_columns import draws_of, input_of, scenario_of

SEED = 7
FEW = 200_000
MANY = 10_000_000

RANK_BOUND = 0.001
"""The standard error of Spearman's rho is below 1 / sqrt(n): 0.0003 at ten million."""

LAWS = {
    "a": (d.Normal(10.0, 2.0), stats.norm(10.0, 2.0)),
    "b": (d.Triangular(5.0, 10.0, 15.0), stats.triang(0.5, 5.0, 10.0)),
    "c": (d.Lognormal(0.0, 1.0), stats.lognorm(1.0)),
    "e": (d.Beta(2.0, 5.0), stats.beta(2.0, 5.0)),
}
PAIRS = (("a", "b", 0.5), ("a", "c", -0.3), ("b", "c", 0.2), ("c", "e", 0.8))
ALPHA = oracles.FALSE_ALARM / 40


def scenario(names, pairs, *, strict=False, draws=None):
    """Return a scenario of inputs, uniform if `LAWS` has none, and correlations of pairs."""
    laws = {name: LAWS[name][0] if name in LAWS else d.Uniform(0.0, 1.0) for name in names}
    inputs = (input_of(name, law, (draws or {}).get(name, "run")) for name, law in laws.items())
    return scenario_of(inputs, (Correlation((first, second), rank) for first, second, rank in pairs), strict=strict)


def columns(model, n):
    return draws_of(model, n, seed=SEED)


def check_achieved_ranks(n, bound):
    model = scenario("abce", PAIRS)
    drawn = columns(model, n)
    (group,) = groups(model)
    achieved = stats.spearmanr(np.array([drawn[name] for name in group.names]), axis=1).statistic
    assert np.max(np.abs(achieved - group.ranks)) <= bound
    return drawn


def test_achieved_ranks_are_those_asked_for():
    # six pairs, 5 standard errors of at most 1 / sqrt(n)
    check_achieved_ranks(FEW, 5.0 / math.sqrt(FEW))


@pytest.mark.slow
def test_achieved_ranks_are_within_a_thousandth_at_ten_million_and_marginals_keep_their_distribution():
    drawn = check_achieved_ranks(MANY, RANK_BOUND)
    for name, x in drawn.items():
        check_marginal(name, x)


def check_marginal(name, x):
    oracle = LAWS[name][1]
    p = oracle.cdf(x)
    assert oracles.kolmogorov_smirnov(p, ALPHA) <= 1.0
    assert oracles.chi_square_of_cells(p, ALPHA) <= 1.0
    assert oracles.quantiles(p, float, ALPHA) <= 1.0


@pytest.mark.parametrize("name", LAWS)
def test_a_correlated_input_keeps_its_distribution(name):
    check_marginal(name, columns(scenario("abce", PAIRS), FEW)[name])


def test_the_rank_check_sees_a_correlation_that_was_not_asked_for():
    drawn = columns(scenario("ab", ()), FEW)
    assert abs(stats.spearmanr(drawn["a"], drawn["b"]).statistic - 0.5) > 5.0 / math.sqrt(FEW)


def test_inputs_outside_the_group_keep_every_bit():
    names = ["x", "a", "b", "y"]
    alone, beside = columns(scenario(names, ()), 5_000), columns(scenario(names, (("a", "b", 0.7),)), 5_000)
    assert all(np.array_equal(alone[name], beside[name]) for name in ("x", "y"))
    assert not np.array_equal(alone["b"], beside["b"])


def test_the_first_of_a_group_keeps_its_score():
    (group,) = groups(scenario("abce", PAIRS))
    steps = ImmediateSteps()
    scores = tuple(steps.keep(np.array([value])) for value in (0.3, -1.0, 2.0, 0.1))
    assert correlate_steps(steps, group, scores)[0] == scores[0]


def test_rank_one_is_comonotone_and_minus_one_countermonotone():
    drawn = columns(scenario("abx", (("a", "b", 1.0), ("a", "x", -1.0), ("b", "x", -1.0))), 2_000)
    order = np.argsort(drawn["a"])
    assert np.all(np.diff(drawn["b"][order]) >= 0.0)
    assert np.all(np.diff(drawn["x"][order]) <= 0.0)


def test_several_groups_are_found_in_the_order_of_their_inputs():
    model = scenario("xyabcez", (("c", "b", 0.2), ("z", "x", 0.4), ("b", "a", 0.1)), draws={"x": "month", "z": "month"})
    found = groups(model)
    assert [group.names for group in found] == [("x", "z"), ("a", "b", "c")]
    assert [group.draw for group in found] == ["month", "run"]


IMPOSSIBLE = (("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.5))
PLACES = dict(zip(IMPOSSIBLE, ((0, 1), (1, 2), (0, 2)), strict=True))


def test_an_impossible_matrix_is_repaired_with_a_warning_of_the_largest_change():
    (group,) = groups(scenario("abc", IMPOSSIBLE))
    got = score_to_rank(group.factor @ group.factor.T)
    assert np.allclose(got, group.ranks, atol=1e-9)
    changes = {abs(got[i, j] - rank): (first, second, rank, got[i, j]) for (first, second, rank), (i, j) in PLACES.items()}
    first, second, rank, value = changes[max(changes)]
    assert f"The largest change: {first} and {second}, asked {rank}, got {value:.4f}" in group.warning


def test_pairs_that_are_not_given_give_way_before_those_that_are():
    (group,) = groups(scenario("abc", IMPOSSIBLE[:2], strict=True))
    assert group.ranks[0, 1] == pytest.approx(0.9, abs=1e-6)
    assert group.ranks[1, 2] == pytest.approx(0.9, abs=1e-6)
    assert group.ranks[0, 2] > 0.5
    assert f"a and c, asked 0 (not given), got {group.ranks[0, 2]:.4f}" in group.warning


def test_an_impossible_matrix_is_refused_by_a_strict_scenario():
    with pytest.raises(ScenarioError) as caught:
        groups(scenario("abc", IMPOSSIBLE, strict=True))
    (problem,) = caught.value.problems
    assert problem.place == "correlation.0"
    assert "asked of a, b, c" in problem.what
    assert problem.remedy


def test_a_possible_matrix_is_left_as_it_is():
    (group,) = groups(scenario("abce", PAIRS))
    assert group.warning == ""
    assert np.allclose(np.linalg.norm(group.factor, axis=1), 1.0, atol=1e-15)
    asked = np.eye(4)
    for first, second, rank in PAIRS:
        i, j = "abce".index(first), "abce".index(second)
        asked[i, j] = asked[j, i] = rank
    assert np.allclose(score_to_rank(group.factor @ group.factor.T), asked, atol=1e-14)


def test_the_nearest_matrix_is_the_published_one():
    # Higham (2002), section 4: the nearest to the tridiagonal matrix of ones
    asked = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    published = np.array([[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]])
    assert np.max(np.abs(nearest_correlation(asked) - published)) <= 5e-5


def test_no_matrix_on_the_way_to_the_asked_one_is_nearer():
    rng = np.random.default_rng(3)
    asked = np.clip(rng.uniform(-1.0, 1.0, (8, 8)), -0.95, 0.95)
    asked = np.triu(asked, 1) + np.triu(asked, 1).T + np.eye(8)
    assert not is_possible(asked)
    nearest = nearest_correlation(asked)
    assert is_possible(nearest)
    distance = np.linalg.norm(nearest - asked)
    for _ in range(200):  # the projection on a convex set: every feasible point makes an obtuse angle with the residual
        factor = rng.normal(size=(8, rng.integers(1, 9)))
        factor /= np.linalg.norm(factor, axis=1, keepdims=True)
        assert np.sum((asked - nearest) * (factor @ factor.T - nearest)) <= 1e-6 * distance


def test_a_semidefinite_matrix_has_a_factor():
    matrix = np.array([[1.0, 1.0, -1.0], [1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]])
    factor = lower_factor(matrix)
    assert np.array_equal(factor, np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]]))
