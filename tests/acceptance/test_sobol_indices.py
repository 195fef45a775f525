"""Sobol' indices of scenario files whose indices are known exactly, and how often their intervals hold them."""

import json
from pathlib import Path

import numpy as np
import pytest

from simcost.analysis.influences.sobol_study import sobol_study
from simcost.analysis.work import Work
from simcost.engine.spans import Span
from simcost.scenario import load
from simcost_kernels.summaries.summary import BLOCK

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
POINTS = 1 << 17
WITHIN = 0.005  # asked of 2**17 base points; the errors seen are a tenth of it
LEAST_COVERAGE = 0.93


def study(name, seed=20270101, points=POINTS, workers=0):
    scenario = load(HERE / f"{name}.toml")
    names = [each.name for each in scenario.inputs if each.name != "one"]
    found = sobol_study(scenario, [(each,) for each in names], Work("reference", Span(seed, 0, points, workers)), points=points)
    return dict(zip(names, found.groups, strict=True))


def variance_of_triangular(low, mode, high):
    return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18


def additive(variances):
    shares = np.array(variances) / np.sum(variances)
    return shares, shares


def of_a_product(sigmas):
    """Return indices of independent lognormals: S = (w - 1) / (W - 1), T = S W / w, with w = exp(sigma^2) and W their product."""
    w = np.exp(np.square(sigmas))
    whole = np.prod(w) - 1
    return (w - 1) / whole, (w - 1) * np.prod(w) / w / whole


EXACT = {
    "ishigami": (CASES["ishigami"]["result"]["S"], CASES["ishigami"]["result"]["ST"]),
    "gao_uav": additive(
        [variance_of_triangular(*each) for each in CASES["gao_uav"]["inputs"]["triangular kUSD (low, mode, high)"].values()]
    ),
    "lognormal_product": of_a_product([0.2, 0.3]),
    "gum_s1_rectangular_sum": additive([1.0] * 4),
}


@pytest.mark.parametrize("name", EXACT)
def test_indices_of_exact_cases_are_met(name):
    found = list(study(name).values())
    for values, kind in zip(EXACT[name], ("first", "total"), strict=True):
        errors = [getattr(each, kind).value - value for each, value in zip(found, values, strict=True)]
        assert np.abs(errors).max() < WITHIN
        assert all(getattr(each, kind).low < getattr(each, kind).high for each in found)


@pytest.mark.parametrize("name", ["ishigami", "lognormal_product"])
def test_intervals_cover_the_indices(name):
    """200 seeds; intervals of half the width, the control, hold the index far less often."""
    held = {1.0: [], 0.5: []}
    for seed in range(200):
        for each, *exact in zip(study(name, seed, 8192).values(), *EXACT[name], strict=True):
            for estimate, value in zip((each.first, each.total), exact, strict=True):
                half = (estimate.high - estimate.low) / 2
                for narrower, hits in held.items():
                    hits.append(abs(estimate.value - value) <= narrower * half)
    assert np.mean(held[1.0]) >= LEAST_COVERAGE
    assert np.mean(held[0.5]) < LEAST_COVERAGE - 0.1


def test_two_workers_find_the_bits_that_one_finds():
    assert POINTS == 2 * BLOCK  # a block for each
    assert study("lognormal_product", workers=2) == study("lognormal_product", workers=1)


def test_a_certain_total_has_no_indices(tmp_path):
    path = tmp_path / "constant.toml"
    path.write_text(
        (HERE / "lognormal_product.toml").read_text(encoding="utf-8").replace('"volume * price"', '"0 * volume * price"'),
        encoding="utf-8",
    )
    found = sobol_study(load(path), [("volume",)], Work("reference", Span(1, 0, 8192, 0)), points=8192)
    assert found.groups[0].first is found.groups[0].total is None
