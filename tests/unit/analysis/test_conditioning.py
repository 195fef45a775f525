"""A number given others, from scenarios of all: against conditional normals in closed form, and calibrated over many truths."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from simcost.analysis.learning.conditioning import Known, conditioned, known, normal_scores, score_of
from simcost.analysis.learning.weighted import Weighted
from simcost.compile.studies.evidence import stretches

Array = NDArray[np.float64]

N = 1 << 15
FEW = 1 << 13
CLOSED, MONTHS = 6, 12
CATEGORIES = 8
SE = 4.5
"""Standard errors that an estimate may be off: one in 150,000."""

ALPHA = 1e-4
"""Error probability of a test whose seed is fixed."""


def futures(n: int, seed: int, *, shape: str = "normal") -> tuple[Array, Array]:
    """Return months of categories, (CATEGORIES, MONTHS, n), and their levels, (CATEGORIES, n): once drawn, with monthly noise."""
    draw = np.random.default_rng(seed)
    common = draw.normal(0.0, 0.5, n)
    levels = draw.normal(0.0, 1.0, (CATEGORIES, n)) * np.linspace(0.3, 1.0, CATEGORIES)[:, None] + common
    months = levels[:, None] + draw.normal(0.0, 0.8, (CATEGORIES, MONTHS, n))
    return (months, levels) if shape == "normal" else (np.exp(0.3 * months), np.exp(0.3 * levels))


def billed(months: Array) -> Array:
    """Return the sums of stretches of closed months, one row for each category and stretch."""
    rows = [months[:, each.first : each.last].sum(axis=1) for each in stretches(CLOSED)]
    return np.concatenate(rows)


def normal_given(seen: Array) -> tuple[float, float]:
    """Return mean and standard deviation of the sum of the open months, by the covariance of everything: dense algebra."""
    scale = np.linspace(0.3, 1.0, CATEGORIES)
    between = np.diag(scale**2) + 0.25
    months = np.kron(between, np.ones((MONTHS, MONTHS))) + 0.64 * np.eye(CATEGORIES * MONTHS)
    is_open = np.tile(np.arange(MONTHS) >= CLOSED, CATEGORIES)
    add = is_open[is_open].astype(float)
    cross, own = months[np.ix_(is_open, ~is_open)], months[np.ix_(~is_open, ~is_open)]
    gain = np.linalg.solve(own, cross.T @ add)
    variance = add @ months[np.ix_(is_open, is_open)] @ add - gain @ (cross.T @ add)
    return float(gain @ seen), float(np.sqrt(variance))


@pytest.mark.parametrize("far", [-2.0, 0.0, 1.0])
def test_forty_eight_bills_give_the_conditional_normal_of_dense_algebra(far: float) -> None:
    months, _ = futures(4 * N, 3)
    truth = far * np.linspace(0.5, 1.0, CATEGORIES)[:, None] + futures(1, 8)[0][:, :, 0] * 0.5
    mean, sd = normal_given(truth[:, :CLOSED].ravel())
    found = conditioned(months[:, CLOSED:].sum(axis=(0, 1)), known(billed(months), billed(truth[:, :, None])[:, 0]))
    told, error = found.values.statistics(), sd / found.values.effective**0.5
    assert found.values.effective > 200
    assert told.mean == pytest.approx(mean, abs=SE * error)
    assert told.sd == pytest.approx(sd, abs=SE * error)
    for each in told.percentiles:
        p = each.p / 100
        of_rank = (p * (1 - p)) ** 0.5 / stats.norm.pdf(stats.norm.ppf(p))
        assert each.value == pytest.approx(mean + sd * stats.norm.ppf(p), abs=SE * error * of_rank), each.p
    spread = float(months[:, CLOSED:].sum(axis=(0, 1)).std())
    assert found.explained == pytest.approx(1 - (sd / spread) ** 2, abs=0.02)


def positions(shape: str, truths: int) -> tuple[Array, Array, Array]:
    """Return where each of many truths lies given its bills, where without them, and how high its bills are."""
    months, _ = futures(FEW, 11, shape=shape)
    columns, wanted = billed(months), months[:, CLOSED:].sum(axis=(0, 1))
    given = known(columns, columns[:, 0])
    true_months, _ = futures(truths, 12, shape=shape)
    seen, true = billed(true_months), true_months[:, CLOSED:].sum(axis=(0, 1))
    sorted_columns = np.sort(columns, axis=1)
    after = []
    for place in range(truths):
        scores = np.array([_score(value, row) for value, row in zip(seen[:, place], sorted_columns, strict=True)])
        after.append(conditioned(wanted, replace(given, observed=scores)).values.share(float(true[place])).value)
    before = np.searchsorted(np.sort(wanted), true) / FEW
    return np.array(after), before, seen.sum(axis=0)


def _score(value: float, row: Array) -> float:
    middle = (np.searchsorted(row, value) + np.searchsorted(row, value, "right")) / 2
    return float(stats.norm.ppf(min(max(middle, 0.5), len(row) - 0.5) / len(row)))


@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_truths_lie_anywhere_in_what_their_bills_tell(shape: str) -> None:
    """Simulation-based calibration (Talts et al. 2018): uniform ranks, also among high bills; without bills they are not."""
    after, before, seen = positions(shape, 400)
    high = seen > np.quantile(seen, 0.75)
    for ranks in (after, after[high], after[~high]):
        counts, _ = np.histogram(ranks, bins=10, range=(0.0, 1.0))
        assert stats.chisquare(counts).pvalue > ALPHA
    covered = int(np.count_nonzero((after > 0.05) & (after < 0.95)))
    assert stats.binomtest(covered, len(after), 0.9).pvalue > ALPHA
    without, _ = np.histogram(before[high], bins=10, range=(0.0, 1.0))
    assert stats.chisquare(without).pvalue < ALPHA


def level_under_noise(n: int, seed: int, mean: float) -> Weighted:
    """Return six months to come given six that average ``mean``: a standard normal level under such noise."""
    draw = np.random.default_rng(seed)
    months = draw.normal(size=n) + draw.normal(size=(MONTHS, n))
    columns = np.array([months[each.first : each.last].sum(axis=0) for each in stretches(CLOSED)])
    bills = [mean * (each.last - each.first) for each in stretches(CLOSED)]
    return conditioned(months[CLOSED:].sum(axis=0), known(columns, bills)).values


@pytest.mark.parametrize("far", [0.0, 2.0])
def test_intervals_cover_what_they_tell_of_as_often_as_they_say(far: float) -> None:
    """Also where bills lie at the edge of all scenarios; intervals as of all scenarios would not."""
    average = far * (1 + 1 / CLOSED) ** 0.5
    mean, sd = 6 * average * 6 / 7, (36 / 7 + 6) ** 0.5
    repetitions = 250
    covered, as_of_all = dict.fromkeys((5, 50, 95), 0), 0
    for seed in range(repetitions):
        values = level_under_noise(FEW, 1_000 + seed, average)
        told = values.statistics()
        for p in covered:
            each, true = told.percentile(p), mean + sd * stats.norm.ppf(p / 100)
            assert each.low is not None
            assert each.high is not None
            covered[p] += each.low <= true <= each.high
        each, true = replace(values, effective=FEW).statistics().percentile(50), mean
        as_of_all += bool(each.low and each.high and each.low <= true <= each.high)
    for p, hits in covered.items():
        assert stats.binomtest(hits, repetitions, 0.95, alternative="less").pvalue > ALPHA, p
    assert stats.binomtest(as_of_all, repetitions, 0.95, alternative="less").pvalue < ALPHA


def test_what_is_unrelated_is_not_learned() -> None:
    draw = np.random.default_rng(2)
    found = conditioned(draw.normal(size=N), known(draw.normal(size=(24, N)), [2.0] * 24))
    told = found.values.statistics()
    assert found.explained == 0.0
    assert told.mean == pytest.approx(0.0, abs=SE / found.values.effective**0.5)
    assert told.sd == pytest.approx(1.0, abs=SE / found.values.effective**0.5)


def test_what_is_certain_stays_so_and_tells_nothing() -> None:
    values = np.random.default_rng(1).normal(size=N)
    nothing = known(np.full((2, N), 7.0), [7.0, 9.0])
    assert nothing.surprise() is None
    found = conditioned(values, nothing)
    assert (found.explained, found.values.effective) == (0.0, N)
    assert np.array_equal(found.values.values, values)
    certain = conditioned(np.full(N, 3.0), known(values[None], [1.0]))
    assert certain.values.statistics().percentile(95).value == 3.0


def test_scores_are_normal_quantiles_of_ranks_and_ties_share_one() -> None:
    assert normal_scores(np.array([5.0, 1.0, 1.0, 2.0])) == pytest.approx(stats.norm.ppf([3.5 / 4, 1 / 4, 1 / 4, 2.5 / 4]))
    row = np.array([1.0, 2.0, 2.0, 4.0])
    expected = [0.5 / 4, 2 / 4, 3 / 4, 3.5 / 4]
    assert [score_of(value, row) for value in (0.0, 2.0, 3.0, 9.0)] == pytest.approx(stats.norm.ppf(expected))


def test_two_lines_in_proportion_and_bills_in_another_are_a_surprise_and_no_explosion() -> None:
    level = np.random.default_rng(4).normal(size=N)
    columns = np.array([level, 2.0 * level])
    apart: Known = known(columns, [1.0, -2.0])
    surprise = apart.surprise()
    assert surprise is not None
    assert surprise.value == 0.0
    told = conditioned(level, apart).values.statistics()
    assert abs(told.mean) < 0.1  # between the two
    agreed = known(columns, [1.0, 2.0]).surprise()
    assert agreed is not None
    assert agreed.value == pytest.approx(2 * stats.norm.sf(1.0), abs=SE * 0.5 / N**0.5)


def test_the_share_as_unusual_is_that_of_a_chi_square() -> None:
    columns = np.random.default_rng(6).normal(size=(3, N))
    found = known(columns, [1.0, -1.5, 2.0])
    for first, last, square in ((0, None, 7.25), (0, 2, 3.25), (2, 3, 4.0)):
        part = found.surprise(first=first, last=last)
        assert part is not None
        expected = stats.chi2.sf(square, 3 if last is None else last - first)
        assert part.value == pytest.approx(expected, abs=SE * (expected / N) ** 0.5 + 0.02 * expected)


def test_weighted_values_are_those_of_numpy_where_weights_are_equal() -> None:
    values = np.random.default_rng(9).gamma(2.0, size=1_000)
    told = Weighted.of(values).statistics()
    assert told.mean == pytest.approx(values.mean(), rel=1e-12)
    assert told.sd == pytest.approx(values.std(), rel=1e-12)
    for each in told.percentiles:
        assert each.value in (np.quantile(values, each.p / 100, method="inverted_cdf"), *np.sort(values)[[0, -1]])
        assert each.low is None or each.low <= each.value
        assert each.high is None or each.high >= each.value
    weighted = Weighted(np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.5, 0.3]), 10.0)
    assert weighted.share(2.0).value == pytest.approx(0.7)
    assert weighted.statistics().percentile(50).value == 2.0


@pytest.mark.parametrize("closed", [1, 2, 6, 36])
def test_stretches_of_months_double_backwards_and_leave_none_out(closed: int) -> None:
    found = stretches(closed)
    assert found[0].last == closed
    assert found[-1].first == 0
    assert all(later.first == earlier.last for later, earlier in pairwise(found))
    assert [each.last - each.first for each in found[:-1]] == [2**place for place in range(len(found) - 1)]
