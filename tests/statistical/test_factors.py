"""Shared factors through the whole pipeline: the correlation that loadings make, tails, marginals that stay, others' bits."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost.scenario.dependence import Factor
from simcost.scenario.distributions import canonical as d

from . import oracles
from .dependent_draws import ALPHA, LAWS, N, Z, draws, kendall, scenario, tail_misses

LOADINGS = {"a": 0.9, "b": 0.6, "c": -0.5, "d": 1.0}


def with_factors(loadings, *, copula="gaussian", df=None, laws=None, method="random"):
    """Return the scenario of `test_copulas` with one factor."""
    model = scenario([], laws, method=method)
    inputs = tuple(
        replace(each, driver="market", loading=loadings[each.name]) if each.name in loadings else each for each in model.inputs
    )
    return replace(model, inputs=inputs, factors=(Factor("market", copula, df), Factor("unused")))


@pytest.mark.parametrize(("copula", "df"), [("gaussian", None), ("t", 4)])
@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "c"), ("a", "d")])
def test_two_inputs_of_a_factor_are_correlated_by_the_product_of_their_loadings(copula, df, first, second):
    model = with_factors(LOADINGS, copula=copula, df=df)
    drawn = draws(model)
    tau, error = kendall(drawn[first], drawn[second])
    r = LOADINGS[first] * LOADINGS[second]
    assert abs(tau - 2.0 / math.pi * math.asin(r)) <= Z * error
    (group,) = compile_scenario(model).groups
    for upper in (False, True):
        assert tail_misses(group.copula(first, second), drawn[first], drawn[second], upper=upper) <= 1.0


def test_a_gaussian_factor_fails_the_tail_of_a_t_factor():
    """Negative control."""
    (group,) = compile_scenario(with_factors(LOADINGS, copula="t", df=4)).groups
    drawn = draws(with_factors(LOADINGS))
    assert tail_misses(group.copula("a", "b"), drawn["a"], drawn["b"], upper=True) > 1.0


@pytest.mark.parametrize(("copula", "df"), [("gaussian", None), ("t", 2)])
def test_any_marginal_keeps_its_distribution(copula, df):
    drawn = draws(with_factors(LOADINGS, copula=copula, df=df, laws={name: law for name, (law, _) in LAWS.items()}))
    for name, (_, oracle) in LAWS.items():
        assert oracles.kolmogorov_smirnov(oracle.cdf(drawn[name]), ALPHA) <= 1.0


@pytest.mark.parametrize(("copula", "df"), [("gaussian", None), ("t", 4)])
def test_an_input_that_is_added_to_a_factor_leaves_every_other_draw(copula, df):
    before = draws(with_factors({"a": 0.9, "c": 0.4}, copula=copula, df=df), 3_000)
    after = draws(with_factors({"x": 0.5, "a": 0.9, "b": 0.6, "c": 0.4}, copula=copula, df=df), 3_000)
    alone = draws(scenario([]), 3_000)
    assert all(np.array_equal(before[name], after[name]) for name in "acdy")
    assert all(np.array_equal(after[name], alone[name]) for name in "dy")
    assert not np.array_equal(before["b"], after["b"])


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
def test_sampling_methods_keep_a_factor(method):
    n = 65_536
    drawn = draws(with_factors(LOADINGS, method=method), n)
    assert oracles.kolmogorov_smirnov(drawn["b"], ALPHA) <= 1.0
    tau, _ = kendall(drawn["a"], drawn["b"])
    assert abs(tau - 2.0 / math.pi * math.asin(0.54)) <= Z / math.sqrt(n)


def test_an_event_that_a_factor_drives_is_warned_of():
    event = d.Discrete((0.0, 1.0), (0.9, 0.1))
    compiled = compile_scenario(with_factors(LOADINGS, laws={"b": event}))
    assert any("b gets a rank correlation of" in warning and "with the factor market" in warning for warning in compiled.warnings)
    drawn = draws(with_factors(LOADINGS, laws={"b": event}))  # of d, whose loading is 1, the factor is all
    loading = next(each for each in compiled.loadings if each.name == "b")
    assert abs(stats.spearmanr(drawn["b"], drawn["d"]).statistic - loading.achieved) <= Z / math.sqrt(N)


FILE = """
schema = 1
[scenario]
name = "factors"
currency = "CNY"
start = "2027-01"
months = 1
[factors]
market = {}
[inputs]
gpu = { value = "9 to 16 CNY/hour", driver = "market", loading = 0.8 }
cpu = { value = "1 to 2 CNY/hour", driver = "market", loading = 0.5 }
[[cost]]
name = "all"
category = "all"
amount = "gpu + cpu"
"""


def test_a_replaced_value_keeps_its_factor_and_a_certain_one_leaves_it(tmp_path):
    path = tmp_path / "factors.toml"
    path.write_text(FILE, encoding="utf-8")
    gpu, cpu = load(path, overrides=['inputs.gpu="7 to 11 CNY/hour"', "inputs.cpu.loading=0.1"]).inputs
    assert (gpu.driver, gpu.loading, cpu.loading) == ("market", 0.8, 0.1)
    assert load(path, overrides=['factors.market={ copula = "t", df = 3 }']).factors == (Factor("market", "t", 3),)
    gpu, cpu = load(path, overrides=['inputs.gpu="7 CNY/hour"']).inputs
    assert (gpu.driver, gpu.loading, cpu.driver) == ("", None, "market")
