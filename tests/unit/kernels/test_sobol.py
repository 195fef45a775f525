"""Sobol' points against scipy's, the nets that they form, and the scrambles that make replicates independent."""

from itertools import product

import numpy as np
import pytest
import scipy.stats
from scipy.stats import qmc

from simcost_kernels.draws.philox import uniform_of
from simcost_kernels.draws.sobol import DIRECTIONS, MOST_DIMENSIONS, directions, points, scrambled

KEYS = tuple((1000 + stream, 0) for stream in range(6))
REPLICATES = 16
POINTS = 1024


def of_replicate(table, dimension, replicate, n=POINTS):
    """The first n points of one replicate, in the order of their index."""
    u = points(table, dimension, 0, n * REPLICATES)
    return u.reshape(-1, REPLICATES, 256)[:, replicate].ravel()


def plain_table(n_dimensions):
    """A table without scrambles: the net itself."""
    table = np.zeros((REPLICATES, n_dimensions, DIRECTIONS + 1), dtype=np.uint64)
    table[:, :, :DIRECTIONS] = directions(n_dimensions) << np.uint64(20)
    return table


def test_unscrambled_points_are_scipys_in_every_dimension():
    expected = qmc.Sobol(MOST_DIMENSIONS, scramble=False, bits=32).random(POINTS)
    table = plain_table(MOST_DIMENSIONS)
    gray = np.arange(POINTS) ^ (np.arange(POINTS) >> 1)  # scipy takes them in the order of the Gray code
    for dimension in range(MOST_DIMENSIONS):
        ours = of_replicate(table, dimension, 3)[gray] - 2.0**-53  # a uniform is the middle of its cell
        assert np.array_equal(ours, expected[:, dimension]), dimension


@pytest.mark.parametrize(("dimensions", "quality"), [((0, 1), 0), ((0, 2), 1), ((1, 2), 1), ((0, 1, 2), 1)])
@pytest.mark.parametrize("replicate", [0, 7, 15])
def test_every_elementary_interval_of_a_scrambled_net_holds_its_points(replicate, dimensions, quality):
    """The quality t of the first three is the sum of their polynomials' degrees less one each: 0, 0, 0 + 0 + 1 (Sobol' 1967)."""
    table = scrambled(5, KEYS, REPLICATES)
    u = [of_replicate(table, dimension, replicate) for dimension in dimensions]
    for powers in product(range(11 - quality), repeat=len(dimensions)):
        if sum(powers) == 10 - quality:
            cells = np.ravel_multi_index([(x * 2**k).astype(int) for x, k in zip(u, powers, strict=True)], [2**k for k in powers])
            assert (np.bincount(cells, minlength=POINTS >> quality) == 2**quality).all()


def test_independent_points_do_not_pass_for_a_net():
    x, y = np.random.default_rng(1).random((2, POINTS))
    cell = (x * 32).astype(int) * 32 + (y * 32).astype(int)
    assert not (np.bincount(cell, minlength=POINTS) == 1).all()


def test_every_point_of_every_dimension_is_uniform_over_the_scrambles():
    """Over 4,096 replicates a single point's uniforms: chi-square over 64 cells, one false alarm in 10,000 for all of them."""
    tables = [scrambled(seed, KEYS, REPLICATES) for seed in range(256)]
    tests = [(dimension, index) for dimension in range(len(KEYS)) for index in (0, 1, 777)]
    bound = scipy.stats.chi2.isf(1e-4 / len(tests), 63)
    for dimension, index in tests:
        row = index // 256 * 256 * REPLICATES
        u = np.concatenate([points(table, dimension, row, 4096).reshape(REPLICATES, 256)[:, index % 256] for table in tables])
        counts = np.bincount((u * 64).astype(int), minlength=64)
        assert scipy.stats.chisquare(counts).statistic < bound, (dimension, index)


def test_replicates_and_dimensions_are_uncorrelated():
    """Shifts of 32 x 6 dimensions over 400 seeds: each correlation has a standard error of 1/20, and 5.2 of them is the bound."""
    shifts = np.array([uniform_of(scrambled(seed, KEYS, 32)[:, :, DIRECTIONS]).ravel() for seed in range(400)])
    correlation = np.corrcoef(shifts.T)[np.triu_indices(shifts.shape[1], 1)]
    assert np.abs(correlation).max() < 5.2 / np.sqrt(400)


def test_a_scramble_depends_on_its_own_dimension_alone():
    whole, part = scrambled(9, KEYS, REPLICATES), scrambled(9, KEYS[:3], REPLICATES)
    assert np.array_equal(whole[:, :3], part)
    assert np.array_equal(scrambled(9, KEYS, 32)[:16], whole)
    assert not np.array_equal(scrambled(10, KEYS, REPLICATES), whole)


@pytest.mark.parametrize(("first", "n"), [(0, 1), (255, 2), (4095, 5000), (2**33 - 100, 300)])
def test_any_stretch_of_scenarios_has_the_points_of_the_whole(first, n):
    table = scrambled(3, KEYS, REPLICATES)
    start = first // 8192 * 8192
    whole = points(table, 4, start, first - start + n)
    assert np.array_equal(points(table, 4, first, n), whole[first - start :])


def test_more_dimensions_than_there_are_numbers_for_are_refused():
    with pytest.raises(ValueError, match="1025 dimensions"):
        scrambled(1, tuple((stream, 0) for stream in range(MOST_DIMENSIONS + 1)), REPLICATES)


def test_a_model_that_draws_nothing_has_a_table_of_no_dimensions():
    assert scrambled(5, (), REPLICATES).shape[:2] == (REPLICATES, 0)
