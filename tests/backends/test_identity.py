"""The promise: the same bits on every back end, however the scenarios are divided among blocks, workers and ranges."""

from random import Random

import numpy as np
import pytest
from tests.places import RECOMMENDER, ROOT

from simcost.compile.compiled import compile_scenario
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost.scenario import load
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summaries.summary import BLOCK, Summary

LIBRARY = [path for path in ROOT.glob("scenarios/*.toml") if not path.stem.endswith(".zh")]  # these have their twins' kernels
FILES = sorted([*LIBRARY, *ROOT.glob("tests/acceptance/*.toml")])
LONG_TO_COMPILE = {
    *("bank_risk_control", "livestream_season", "llm_reranker", "medical_imaging", "owned_or_rented", "search_ranking"),
    *("shopping_assistant", "six_festivals", "small_shop", "three_regions", "training_programme"),
}
"""Scenarios that bring no operation of their own: `make slow` compiles them, the others go with every test run."""

QUICK_FILES = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem in LONG_TO_COMPILE else []) for path in FILES
]
SEED = 20270101
QUICK = BLOCK + 4321
SEVEN_BLOCKS = 7 * BLOCK


def plan_of(path):
    return compile_scenario(load(path)).plan


def unequal_bits(kernel, reference, first, n):
    """Number of values that differ between two kernels over a range, and of the values compared."""
    out, expected = np.empty((2, kernel.plan.n_columns, n))
    kernel.run(SEED, first, first + n, out)
    reference.run(SEED, first, first + n, expected)
    return np.count_nonzero(out.view(np.int64) != expected.view(np.int64)), out.size


@pytest.mark.parametrize("path", QUICK_FILES)
def test_columns_have_the_bits_of_the_reference(kernel_class, path):
    plan = plan_of(path)
    unequal, compared = unequal_bits(kernel_class(plan), ReferenceKernel(plan), BLOCK - 5, 20_000)
    assert unequal == 0, f"{unequal} of {compared} values differ"


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_columns_of_a_million_scenarios_have_the_bits_of_the_reference(kernel_class, path):
    plan = plan_of(path)
    kernel, reference = kernel_class(plan), ReferenceKernel(plan)
    assert sum(unequal_bits(kernel, reference, first, 50_000)[0] for first in range(0, 1_000_000, 50_000)) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_the_summary_of_any_number_of_workers_is_the_same(kernel_class, workers):
    plan = plan_of(RECOMMENDER)
    expected = simulate(ReferenceKernel(plan), Span(SEED, 0, QUICK)).digest()
    assert simulate(kernel_class(plan), Span(SEED, 0, QUICK, workers)).digest() == expected


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_seven_ranges_merged_in_any_order_are_the_whole(kernel_class, path):
    plan = plan_of(path)
    kernel = kernel_class(plan)
    expected = simulate(ReferenceKernel(plan), Span(SEED, 0, SEVEN_BLOCKS)).digest()
    parts = [simulate(kernel, Span(SEED, first, BLOCK, 2)) for first in range(0, SEVEN_BLOCKS, BLOCK)]
    Random(1).shuffle(parts)
    merged = Summary(plan.n_columns)
    for part in parts:
        merged.merge(part)
    assert merged.digest() == expected


@pytest.mark.slow
@pytest.mark.parametrize("piece", [1, 1000, 65536])
def test_pieces_of_any_size_join_to_the_same_block(kernel_class, piece):
    plan = plan_of(RECOMMENDER)
    n = 3 * piece if piece > 1 else 200
    whole, parts = np.empty((2, plan.n_columns, n))
    kernel = kernel_class(plan)
    ReferenceKernel(plan).run(SEED, 0, n, whole)
    for start in range(0, n, piece):
        kernel.run(SEED, start, min(start + piece, n), parts[:, start : start + piece])
    assert np.array_equal(whole.view(np.int64), parts.view(np.int64))
