"""Latin hypercubes: one draw in each stratum, every pair of strata alike, and the variance that theory says."""

import numpy as np
import pytest
import scipy.stats

from simcost_kernels.draws.latin_hypercube import stratified, stratum
from simcost_kernels.draws.quasi_draws import Piece, hypercube_draws, strata
from simcost_kernels.draws.random_draws import uniforms

STREAM = 0xBA7816BF


def draws(seed, first, n):
    return hypercube_draws(lambda stream, period=None: uniforms(seed, stream, period or 0, first, n), Piece(seed, first, n))


@pytest.mark.parametrize("period", [None, 0, 1, 11])
def test_each_row_has_one_draw_in_each_stratum(period):
    u = draws(7, 256 * 5, 256 * 40)(STREAM, period).reshape(40, 256)
    assert (np.sort((u * 256).astype(int), axis=1) == np.arange(256)).all()


def test_random_draws_do_not_pass_for_a_hypercube():
    u = uniforms(7, STREAM, 0, 0, 256)
    assert len(set((u * 256).astype(int).tolist())) < 256


@pytest.mark.parametrize(("first", "second"), [(0, 1), (3, 131), (127, 128)])
def test_two_places_of_a_row_have_every_pair_of_strata_equally_often(first, second):
    """All 255 x 256 pairs of words that matter: each pair of different strata comes exactly once."""
    factor = np.arange(1, 256, dtype=np.uint64)[:, None]
    w0 = ((factor - np.uint64(1)) << np.uint64(32)) // np.uint64(255) + np.uint64(1)
    w1 = np.arange(256, dtype=np.uint64)
    pairs = stratum(np.uint64(first), w0, w1) * np.uint64(256) + stratum(np.uint64(second), w0, w1)
    assert len(np.unique(pairs)) == 255 * 256


def test_a_stratified_uniform_keeps_its_upper_bits_below_the_stratum():
    u = np.array([2.0**-53, 0.5 + 2.0**-53, 1.0 - 2.0**-53])
    assert stratified(u, np.uint64(0)).tolist() == [2.0**-53, 0.5 / 256 + 2.0**-53, 1 / 256 - 2.0**-53]
    assert stratified(u, np.uint64(255))[2] == 1.0 - 2.0**-53


def test_a_hypercube_has_the_variance_of_latin_hypercube_sampling():
    """Mean of x + y + 9 (x - 1/2) (y - 1/2) in 256 points: the sum is integrated out, the product keeps its 81 / 144.

    Stein 1987: the variance is that of what is left of the function after its additive part, over n. Over 4,000 rows the ratio
    of the variances is chi-square over its degrees; one false alarm in 10,000.
    """
    n_rows = 4000
    draw = draws(3, 0, 256 * n_rows)
    x, y = draw(1).reshape(-1, 256), draw(2).reshape(-1, 256)
    means = (x + y + 9.0 * (x - 0.5) * (y - 0.5)).mean(axis=1)
    ratio = means.var(ddof=1) * 256 / (81 / 144)
    low, high = scipy.stats.chi2.ppf([5e-5, 1 - 5e-5], n_rows - 1) / (n_rows - 1)
    assert low < ratio < high
    random = uniforms(3, 1, 0, 0, 256 * n_rows).reshape(-1, 256)
    assert (random + y).mean(axis=1).var() * 256 / (81 / 144) < low  # a twelfth: what plain draws of x leave


@pytest.mark.parametrize(("first", "n"), [(0, 1), (255, 2), (2**40 - 100, 300)])
def test_any_stretch_of_scenarios_has_the_strata_of_the_whole(first, n):
    start = first // 1024 * 1024
    whole = strata(Piece(1, start, first - start + n), STREAM, 5)
    assert np.array_equal(strata(Piece(1, first, n), STREAM, 5), whole[first - start :])
