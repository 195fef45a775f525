from __future__ import annotations

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcost_kernels.summaries.moments import Moments, combine, mean_of, pairwise_sum
from simcost_kernels.summaries.ranges import BLOCK, Node, Ranges


def by_definition(values, width):
    """Sum of the values padded with zeros to ``width``, halved until one is left: written to be read."""
    padded = np.zeros(width)
    padded[: len(values)] = values
    while len(padded) > 1:
        half = len(padded) // 2
        padded = padded[:half] + padded[half:]
    return padded[0]


@given(values=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=70))
def test_the_sum_has_the_bits_of_its_definition_however_wide_the_padding(values):
    array = np.array(values)
    total = pairwise_sum(array, np.empty(64))
    assert total == by_definition(array, 128) == by_definition(array, BLOCK)
    assert not (total == 0.0 and np.signbit(total))


def test_the_sum_of_a_block_is_accurate_to_its_logarithm():
    values = np.random.default_rng(11).lognormal(10.0, 2.0, BLOCK)
    exact = fsum(values)
    assert abs(pairwise_sum(values, np.empty(BLOCK)) - exact) <= 17 * 2.0**-53 * exact


def test_a_running_sum_is_not_that_accurate():
    values = np.random.default_rng(11).lognormal(10.0, 2.0, BLOCK)
    exact = fsum(values)
    assert abs(np.cumsum(values)[-1] - exact) > 17 * 2.0**-53 * exact


def test_the_mean_of_a_constant_is_that_constant_whatever_its_sum_rounds_to():
    values = np.full(13, 0.1)
    assert pairwise_sum(values, np.empty(8)) / 13 != 0.1
    assert mean_of(values, 13, (0.1, 0.1), np.empty(8)) == 0.1


def moments(values):
    array = np.asarray(values, dtype=float)
    mean = array.mean() if len(array) else 0.0
    return Moments(np.array([len(array)]), np.array([mean]), np.array([((array - mean) ** 2).sum()]))


@pytest.mark.parametrize(("left", "right"), [(0, 0), (0, 5), (5, 0), (3, 4), (1, 400)])
def test_combined_moments_are_those_of_all_values(left, right):
    values = np.random.default_rng(left + right).normal(1e6, 1.0, left + right)
    together, expected = combine(moments(values[:left]), moments(values[left:])), moments(values)
    assert together.count[0] == expected.count[0]
    assert together.mean[0] == pytest.approx(expected.mean[0], rel=1e-15)
    assert together.squares[0] == pytest.approx(expected.squares[0], rel=1e-9)


def node(block, blocks=1):
    return Node(block * BLOCK, (block + blocks) * BLOCK, moments([float(block)]))


@given(order=st.permutations(range(3, 60)))
def test_a_contiguous_range_leaves_its_aligned_subtrees_whatever_the_order(order):
    ranges = Ranges()
    for block in order:
        ranges.insert(node(block))
    cuts = [(found.start // BLOCK, found.stop // BLOCK) for found in ranges.nodes]
    assert cuts == [(3, 4), (4, 8), (8, 16), (16, 32), (32, 48), (48, 56), (56, 60)]
    assert ranges.n == 57 * BLOCK


def test_overlap_is_found_and_neighbours_are_none():
    ranges = Ranges()
    ranges.insert(node(2))
    ranges.insert(node(5))
    assert ranges.overlap(0, 2 * BLOCK) is None
    assert ranges.overlap(3 * BLOCK, 5 * BLOCK) is None
    assert ranges.overlap(6 * BLOCK, 9 * BLOCK) is None
    assert ranges.overlap(0, 2 * BLOCK + 1).start == 2 * BLOCK
    assert ranges.overlap(3 * BLOCK - 1, 3 * BLOCK).start == 2 * BLOCK
    assert ranges.overlap(4 * BLOCK, 9 * BLOCK).start == 5 * BLOCK
