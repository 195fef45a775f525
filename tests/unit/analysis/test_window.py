"""Counts around a quantile: order statistics as sorting gives them, whatever comes after the pilot."""

from __future__ import annotations

import numpy as np
import pytest

from simcost.analysis.estimates.intervals import quantile_rank
from simcost.analysis.estimates.window import BINS, REACH, Window


def filled(values, p, pilot=5_000):
    window = Window(np.sort(values[:pilot]), p)
    for part in np.array_split(values, 7):
        window.add(part)
    return window


@pytest.mark.parametrize("p", [0.02, 0.5, 0.8, 0.95, 0.99])
def test_order_statistics_are_those_of_the_sorted_values_to_a_bin(p):
    values = np.random.default_rng(1).lognormal(3.0, 0.5, 60_000)
    window, rank = filled(values, p), quantile_rank(60_000, p)
    exact = np.sort(values)[rank]
    pilot = np.sort(values[:5_000])
    spread = int(REACH * np.sqrt(5_000 * p * (1 - p)))
    low, high = pilot[max(int(5_000 * p) - spread - 1, 0)], pilot[min(int(5_000 * p) + spread + 1, 4_999)]
    assert window.at_rank(rank) == pytest.approx(exact, abs=(high - low) / BINS)
    assert abs(window.at_rank(rank) - exact) < 0.02 * abs(window.centre - exact)  # far below the pilot's own error


def test_few_values_are_exact():
    values = np.random.default_rng(2).normal(size=300)
    for p in (0.1, 0.5, 0.95):
        rank = quantile_rank(300, p)
        assert filled(values, p, pilot=300).at_rank(rank) == np.sort(values)[rank]


def test_ties_and_constants_are_exact():
    values = np.repeat([1.0, 2.0, 4.0], [300, 600, 100])
    np.random.default_rng(3).shuffle(values)
    assert filled(values, 0.5, pilot=200).at_rank(quantile_rank(1000, 0.5)) == 2.0
    assert filled(np.full(500, 7.25), 0.95).at_rank(474) == 7.25
    assert filled(values, 0.5, pilot=200).tied(quantile_rank(1000, 0.5)) == 600
    assert filled(np.random.default_rng(8).normal(size=500), 0.5).tied(249) == 1


def test_a_quantile_that_the_window_misses_is_not_invented():
    window = Window(np.linspace(0.0, 1.0, 5_000), 0.5)
    window.add(np.full(100, 9.0))
    assert window.at_rank(50) is None
    empty = Window(np.empty(0), 0.5)
    empty.add(np.array([1.0]))
    assert empty.at_rank(0) is None


def test_halves_merge_to_the_whole():
    values = np.random.default_rng(4).normal(size=20_000)
    whole, left, right = (Window(np.sort(values[:1_000]), 0.8) for _ in range(3))
    whole.add(values)
    left.add(values[:7_000])
    right.add(values[7_000:])
    right.merge(left)
    assert (right.below, right.count) == (whole.below, whole.count)
    assert all(right.at_rank(rank) == whole.at_rank(rank) for rank in (15_800, 16_000, 16_200))


@pytest.mark.parametrize("extreme", [1e-310, 1e308])
def test_extreme_magnitudes_stay_finite(extreme):
    values = np.random.default_rng(5).uniform(-1.0, 1.0, 2_000) * extreme
    found = filled(values, 0.5, pilot=500).at_rank(999)
    assert found is not None
    assert abs(found) <= extreme


def test_moved_excess_is_the_sum_over_all_values():
    values = np.random.default_rng(6).lognormal(size=30_000)
    window = filled(values, 0.9)
    for rank in (26_900, 27_100):
        to = window.at_rank(rank)
        exact = np.sum(np.maximum(values - window.centre, 0.0) - np.maximum(values - to, 0.0))
        assert window.moved(to) == pytest.approx(exact, rel=1e-5)
