"""Shares of replicates in reverse stress, drivers and crossovers: intervals hold the truth often enough, and how wide they are.

Of independent scenarios their intervals are the binomial ones, which may be far too wide for points that depend on each other.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.unit.analysis.hypercubes import LEAST, NUMBERS, SECTIONS, SEEDS, N, hypercubes

from simcost.analysis.comparisons.crossover import Crossings, _told
from simcost.analysis.estimates.rank_correlation import mean_ranks
from simcost.analysis.estimates.shares import Replicates, share_by_section
from simcost.analysis.influences.association import _association
from simcost.analysis.influences.reverse_stress import reverse_stress
from simcost.analysis.statistics import PERCENTILES
from simcost.compile.studies.grid import Grid

WORST = 0.05
LIMIT = 2.0 - (2.0 * WORST) ** 0.5
"""What the sum of two uniforms exceeds with probability WORST."""

HIGH_AND_WORST = WORST - (1.8 - LIMIT) ** 2 / 2.0
"""Probability that it does, and the first of them is in its highest fifth: WORST less a triangle."""

WITH_STUDENT = 1.1
"""Of an interval by 16 replicates beside that of a normal, where the points' order helps nothing."""


def binomial_width(share: float, n: float) -> float:
    return 2.0 * float(stats.norm.ppf(0.975)) * (share * (1.0 - share) / n) ** 0.5


def assert_hold(estimates: list, truth: float, n: float, narrower: float) -> None:
    """Enough intervals hold the truth, and they are narrower than those of n independent scenarios by a factor."""
    assert sum(each.low <= truth <= each.high for each in estimates) >= LEAST
    assert np.mean([each.high - each.low for each in estimates]) < narrower * binomial_width(truth, n)


def test_shares_of_conditions_hold_the_truth_and_are_narrower_than_binomial_ones() -> None:
    replicates, found = Replicates(NUMBERS, SECTIONS), []
    for seed in range(SEEDS):
        u = hypercubes(np.random.default_rng(seed), 2)
        (condition,) = [
            each
            for each in reverse_stress(u.sum(axis=0), {"a": u[0], "b": u[1]}, WORST, replicates).single
            if each.inputs == (("a", "highest"),)
        ]
        found.append(condition)
    assert_hold([each.worst_if for each in found], HIGH_AND_WORST / 0.2, 0.2 * N, 1.0)
    assert_hold([each.share_of_worst for each in found], HIGH_AND_WORST / WORST, WORST * N, WITH_STUDENT)
    assert_hold([each.share for each in found], 0.2, N, 0.1)


def test_drivers_and_reverse_stress_tell_the_same_of_a_fifth() -> None:
    replicates, u = Replicates(NUMBERS, SECTIONS), hypercubes(np.random.default_rng(1), 2)
    total = u.sum(axis=0)
    reverse = reverse_stress(total, {"a": u[0], "b": u[1]}, WORST, replicates)
    told = _association(u[0], mean_ranks(total), total > reverse.threshold, replicates)
    assert told.worst_if_highest in [each.worst_if for each in reverse.single]


def test_shares_at_which_a_choice_flips_hold_the_truth_and_are_narrower_than_binomial_ones() -> None:
    """A model costs the sum of two uniforms, the base what is tried: 0.8, then 1.2."""
    grid, found = Grid("inputs.x", (0.8, 1.2), "1"), []
    for seed in range(SEEDS):
        total = hypercubes(np.random.default_rng(seed), 2).sum(axis=0)
        crossings = Crossings(2, grid.values, SECTIONS)
        rows = [np.full(N, 0.8), np.full(N, 1.2), total, total]
        for part in (slice(N // 2, N), slice(N // 2)):
            crossings.add(part.start or 0, [row[None, part] for row in rows])
        found += _told(crossings, grid, grid.values, ("base", "model"))
    assert_hold([each.cheaper_at[0] for each in found], 0.32, N, 0.75)
    assert_hold([each.flips for each in found], 0.36, N, WITH_STUDENT)
    medians = [each.at.percentiles[PERCENTILES.index(50.0)] for each in found]
    assert sum(each.low <= 1.0 <= each.high for each in medians) >= LEAST


def test_shares_of_independent_scenarios_have_binomial_intervals() -> None:
    """The control: by no replicates the interval of the share at 0.8 is as wide as that of independent scenarios."""
    replicates, found = Replicates(NUMBERS, 0), []
    for seed in range(20):
        cheaper = hypercubes(np.random.default_rng(seed), 2).sum(axis=0) > 0.8
        found.append(replicates.share(cheaper, np.ones(N, dtype=bool)))
    assert np.mean([each.high - each.low for each in found]) == pytest.approx(binomial_width(0.68, N), rel=0.02)


def test_a_share_of_few_scenarios_is_that_of_independent_ones() -> None:
    """Of a hundred, six in each replicate: fewer than five beyond the share in each."""
    few, of = np.full(SECTIONS, 3), np.full(SECTIONS, 6)
    exact = stats.binomtest(48, 96).proportion_ci(method="exact")
    assert (share_by_section(few, of).low, share_by_section(few, of).high) == pytest.approx((exact.low, exact.high))
