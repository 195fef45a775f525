"""Shapley effects of an additive Gaussian model with correlation, against those of the closed form."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from simcost.analysis.influences.shapley_effects import shapley_effects
from simcost.analysis.work import Work
from simcost.engine.spans import Span
from simcost.scenario import load

SDS = (1.0, 2.0, 1.5, 0.8)
RANKS = {(0, 1): 0.6, (1, 2): -0.4}
SHARED = ((1.0, ', driver = "market", loading = 0.9'), (2.0, ', driver = "market", loading = 0.5'), (1.5, ""))
WITHIN = 0.02  # 131,072 scenarios in 32 orders; errors seen are below 0.01
LEAST_COVERAGE = 0.90  # of 100 seeds times four inputs

HEAD = """
schema = 1
[scenario]
name = "Additive"
currency = "CNY"
start = "2027-01"
months = 1
[inputs]
"""


@pytest.fixture
def scenario(tmp_path):
    inputs = [f'x{i} = {{ normal = {{ mean = 50, sd = {sd} }}, unit = "CNY/month" }}' for i, sd in enumerate(SDS)]
    pairs = [f'[[correlation]]\nbetween = ["x{i}", "x{j}"]\nrank = {rank}' for (i, j), rank in RANKS.items()]
    cost = '[[cost]]\nname = "Sum"\ncategory = "all"\namount = "x0 + x1 + x2 + x3"'
    path = tmp_path / "additive.toml"
    path.write_text(HEAD + "\n".join([*inputs, cost, *pairs]), encoding="utf-8")
    return load(path)


def exact():
    """Var(E[Y | X_u]) of a sum of jointly normal terms, and its Shapley value over all subsets (Iooss and Prieur 2019)."""
    r = np.eye(len(SDS))
    for (i, j), rank in RANKS.items():
        r[i, j] = r[j, i] = 2 * np.sin(np.pi * rank / 6)
    covariance = r * np.outer(SDS, SDS)

    def explained(u):
        if not u:
            return 0.0
        towards = covariance[list(u)].sum(axis=1)
        return towards @ np.linalg.solve(covariance[np.ix_(u, u)], towards)

    players = range(len(SDS))
    effects = np.zeros(len(SDS))
    for i in players:
        others = [j for j in players if j != i]
        for size in range(len(SDS)):
            for u in combinations(others, size):
                effects[i] += (explained(tuple(sorted((*u, i)))) - explained(u)) / comb(len(SDS) - 1, size) / len(SDS)
    return effects / covariance.sum()


def effects_of(scenario, seed=20270101):
    found = shapley_effects(scenario, Work("reference", Span(seed, 0, 1, 0)))
    assert found.players == (("x0",), ("x1",), ("x2",), ("x3",))
    return found.effects


def test_effects_are_those_of_the_closed_form_and_add_up_to_one(scenario):
    found = effects_of(scenario)
    assert np.abs([each.value - value for each, value in zip(found, exact(), strict=True)]).max() < WITHIN
    assert sum(each.value for each in found) == pytest.approx(1.0, abs=1e-12)


def test_effects_without_the_correlations_are_other_ones():
    """The control: shares of the variances, which a study of independent inputs would give, are off by far more."""
    alone = np.square(SDS) / np.sum(np.square(SDS))
    assert np.abs(alone - exact()).max() > 2 * WITHIN


def test_inputs_that_share_a_factor_have_what_the_others_leave_of_one(tmp_path):
    factor = "[factors.market]\n[inputs]\n"
    loaded = [f'x{i} = {{ normal = {{ mean = 50, sd = {sd} }}, unit = "CNY/month"{by} }}' for i, (sd, by) in enumerate(SHARED)]
    cost = '[[cost]]\nname = "Sum"\ncategory = "all"\namount = "x0 + x1 + x2"'
    path = tmp_path / "factor.toml"
    path.write_text(HEAD.replace("[inputs]\n", factor) + "\n".join([*loaded, cost]), encoding="utf-8")
    found = shapley_effects(load(path), Work("reference", Span(20270101, 0, 1, 0)))
    together = 1.0 + 4.0 + 2 * 0.9 * 0.5 * 1.0 * 2.0  # the correlation is the product of the loadings
    assert found.players == (("x0", "x1"), ("x2",))
    assert found.effects[0].value == pytest.approx(together / (together + 2.25), abs=WITHIN)
    assert found.effects[0].value == pytest.approx(1.0 - found.effects[1].value, abs=1e-12)


@pytest.mark.slow
def test_intervals_cover_the_effects(scenario):
    wanted = exact()
    held = [
        each.low <= value <= each.high
        for seed in range(100)
        for each, value in zip(effects_of(scenario, 1000 * seed), wanted, strict=True)
    ]
    assert np.mean(held) >= LEAST_COVERAGE
