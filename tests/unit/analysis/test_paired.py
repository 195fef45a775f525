"""Differences of paired totals: against sorting and arithmetic on the kept columns, identical models, whoever collects."""

from __future__ import annotations

from functools import partial

import mpmath
import numpy as np
import pytest
from scipy import stats
from tests.places import RECOMMENDER

from simcost import api
from simcost.analysis.budgets.kept_sums import KeptSums, kept_sums
from simcost.analysis.comparisons.comparison import comparison
from simcost.analysis.comparisons.paired import LEVELS, TAIL, PairedTotals
from simcost.analysis.comparisons.paired_differences import (
    bandwidth,
    mean_difference,
    quantile_difference,
    share_below,
    tail_difference,
)
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.comparisons.ties import differences_from_first
from simcost.analysis.estimates.intervals import Estimate, quantile_rank
from simcost.compile.cut import cut
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.spans import Span
from simcost_kernels.summaries.sections import section_numbers
from simcost_kernels.summaries.summary import BLOCK

FIGURES = (mean_difference, tail_difference, share_below, *(partial(quantile_difference, level=p) for p in LEVELS))


def drawn(n, seed=1):
    common, noise = np.random.default_rng(seed).normal(size=(2, n))
    base = 1e6 * np.exp(0.3 * common)
    return np.stack([base, 0.9 * base + 1e5 * np.exp(0.2 * noise), base + 1e4])


def collected(totals, *, collectors=1, **choices):
    """Totals of scenarios from 0 on, block by block, the last collector first."""
    made = [PairedTotals(totals[:, :BLOCK], **choices) for _ in range(collectors)]
    for place, start in enumerate(range(0, totals.shape[1], BLOCK)):
        made[-1 - place % collectors].add_totals(start, totals[:, start : start + BLOCK].copy())
    for other in made[1:]:
        made[0].merge(other)
    return made[0]


def answers(found, model):
    return [figure(found, model) for figure in FIGURES]


@pytest.mark.parametrize("n", [700, 2 * BLOCK + 123])
def test_figures_are_those_of_the_kept_columns(n):
    totals = drawn(n)
    found = collected(totals)
    ascending = np.sort(totals, axis=1)
    for model in (1, 2):
        difference = totals[model] - totals[0]
        assert mean_difference(found, model).value == pytest.approx(difference.mean(), rel=1e-9)
        half = 1.96 * difference.std(ddof=1) / np.sqrt(n)
        assert mean_difference(found, model).high - mean_difference(found, model).value == pytest.approx(half, rel=0.01, abs=1e-6)
        for p in LEVELS:
            exact = ascending[model, quantile_rank(n, p)] - ascending[0, quantile_rank(n, p)]
            assert quantile_difference(found, model, p).value == pytest.approx(exact, rel=1e-4)
        worst = int(n * (1 - TAIL) + 0.5)
        tails = ascending[:, -worst:].mean(axis=1) if n == 700 else None
        if tails is not None:  # 35 scenarios, a whole number
            assert tail_difference(found, model).value == pytest.approx(tails[model] - tails[0], rel=1e-6)
        assert share_below(found, model).value == np.mean(difference < 0)


def test_the_mean_of_the_worst_does_not_depend_on_the_pilot():
    n = 2 * BLOCK
    totals = drawn(n)
    of_first = collected(totals)
    of_all = PairedTotals(totals)
    for start in (0, BLOCK):
        of_all.add_totals(start, totals[:, start : start + BLOCK].copy())
    assert tail_difference(of_first, 1).value == pytest.approx(tail_difference(of_all, 1).value, rel=1e-7)


def test_identical_models_differ_by_exactly_zero():
    totals = drawn(BLOCK + 5_000)[[1, 1, 1]]
    for sections in (0, 16):
        found = collected(totals, sections=sections)
        for model in (1, 2):
            for figure in (mean_difference, tail_difference, *(partial(quantile_difference, level=p) for p in LEVELS)):
                assert figure(found, model) == Estimate(0.0, 0.0, 0.0)
            assert (found.below[model - 1], found.equal[model - 1]) == (0, found.count)


def test_models_that_only_rounding_tells_apart_cost_the_same_everywhere():
    """(a + b) p and a p + b p in float64: told apart in some percent of the futures, and in none of exact arithmetic."""
    a, b = 1e3 * np.exp(np.random.default_rng(5).normal(size=(2, 4_000)))
    totals = np.stack([(a + b) * 0.3, a * 0.3 + b * 0.3, (a + b) * 0.3 * (1 + 1e-9)])
    assert 0.02 < np.mean(totals[1] < totals[0]) < 0.98  # the negative control: what the bits say
    found = comparison(collected(totals[:2]), ["one", "other"], [None, None])
    assert [each.cheapest.value for each in found.models] == [1.0, 1.0]
    (contrast,) = found.contrasts
    assert (contrast.equal, contrast.cheaper.value, contrast.dominance.order) == (1.0, 0.0, 0)
    assert (contrast.figures.p95, contrast.futures.max) == (Estimate(0.0, 0.0, 0.0), 0.0)
    dearer = comparison(collected(totals[[1, 2]]), ["one", "dearer"], [None, None])
    assert [each.cheapest.value for each in dearer.models] == [1.0, 0.0]  # a billionth is no rounding


def test_the_share_of_the_cheapest_of_replicates_has_the_interval_of_their_spread():
    """By sectioning as "cheaper" is, which of two models is the same where none tie."""
    sections, n = 16, 16 * 512
    totals = drawn(n)[:2] * [[1.0], [1.01]]
    found = comparison(collected(totals, sections=sections), ["base", "other"], [None, None])
    base, other = (each.cheapest for each in found.models)
    assert other == found.contrasts[0].cheaper
    numbers = section_numbers(0, n, sections)
    shares = [float((totals[0] < totals[1])[numbers == section].mean()) for section in range(sections)]
    half = float(stats.t.ppf(0.975, sections - 1) * stats.sem(shares))
    assert (base.low, base.high) == pytest.approx((np.mean(shares) - half, np.mean(shares) + half), rel=1e-9)
    alone = comparison(collected(totals), ["base", "other"], [None, None]).models[0].cheapest
    assert alone.value == base.value
    assert alone.low != base.low  # the negative control: the binomial interval


def test_an_infinite_total_is_no_tie():
    totals = np.array([[np.inf, 5.0, 1.0], [3.0, np.inf, 1.0 + 1e-15]])
    assert differences_from_first(totals).tolist() == [[-np.inf, np.inf, 0.0]]


def test_a_constant_added_is_the_difference_of_every_figure():
    found = collected(drawn(BLOCK + 9_000))
    for figure in (mean_difference, tail_difference, *(partial(quantile_difference, level=p) for p in LEVELS)):
        estimate = figure(found, 2)
        assert estimate.value == pytest.approx(1e4, abs=0.5)
        assert estimate.high - estimate.low < 40.0  # of totals whose own P95 is uncertain by 13,000


@pytest.mark.parametrize("sections", [0, 16])
def test_who_collects_what_changes_no_bit(sections):
    totals = drawn(3 * BLOCK + 77)
    one, three = (collected(totals, collectors=k, sections=sections) for k in (1, 3))
    assert one.differences.digest() == three.differences.digest()
    assert one.regrets.digest() == three.regrets.digest()
    for model in (1, 2):
        assert answers(one, model) == answers(three, model)


def test_a_future_in_which_any_total_is_undefined_is_left_out_of_all():
    totals = drawn(5_000)
    broken = totals.copy()
    broken[1, [3, 4_000]] = np.nan
    broken[0, 77] = np.inf
    found = collected(broken)
    assert (found.count, found.non_finite) == (4_997, 3)
    kept = np.delete(totals, [3, 77, 4_000], axis=1)
    assert mean_difference(found, 1).value == pytest.approx((kept[1] - kept[0]).mean(), rel=1e-12)
    assert quantile_difference(found, 2, 0.8).value == pytest.approx(1e4)
    assert found.totals.non_finite.tolist() == [3, 3, 3]


@pytest.mark.parametrize("workers", [1, 3])
def test_whether_every_period_stays_within_is_counted_in_the_futures_that_count(workers):
    n = BLOCK + 900
    totals = drawn(n)
    totals[1, [3, BLOCK + 5]] = np.nan
    within = (totals < np.quantile(totals[0], 0.3)).astype(float)
    every = ("within_every_period", "")
    made = [PairedTotals(totals[:, :BLOCK], judged=({every: 1}, {}, {every: 2})) for _ in range(workers)]
    for place, start in enumerate((0, BLOCK)):
        stop = min(start + BLOCK, n)
        columns = [totals[:1, start:stop], totals[1:2, start:stop], totals[2:, start:stop]]
        columns[0] = np.concatenate((columns[0], within[:1, start:stop]))
        columns[2] = np.concatenate((columns[2], np.zeros((1, stop - start)), within[2:, start:stop]))
        made[place % workers].add(start, columns)
    for other in made[1:]:
        made[0].merge(other)
    finite = np.isfinite(totals).all(axis=0)
    assert kept_sums(made[0], 0).together["period"].value == within[0, finite].mean()
    assert kept_sums(made[0], 1) == KeptSums()
    assert kept_sums(made[0], 2).together["period"].value == within[2, finite].mean()
    assert kept_sums(collected(totals), 0) == KeptSums()


def test_no_defined_future_has_no_figures_and_few_have_no_interval():
    found = collected(np.full((2, 50), np.nan))
    assert all(np.isnan(figure(found, 1).value) for figure in FIGURES)
    few = collected(drawn(30))
    assert quantile_difference(few, 1, 0.95).low is None
    assert tail_difference(few, 1).low is None
    assert mean_difference(few, 1).low is not None


@pytest.mark.parametrize(
    ("figure", "fewest"), [(mean_difference, 20), (tail_difference, 600), (partial(quantile_difference, level=0.95), 400)]
)
def test_an_interval_begins_where_enough_scenarios_lie_beyond(figure, fewest):
    """20 scenarios, 20 beyond P95 of 400, 30 worst ones of 600."""
    ends = [figure(collected(drawn(n)), 1).low for n in (fewest - 1, fewest)]
    assert [end is None for end in ends] == [True, False]


@pytest.mark.parametrize("p", [0.05, 0.3, 0.5, 0.8, 0.95])
def test_a_bandwidth_is_hall_and_sheathers_of_a_normal_by_its_derivatives(p):
    """(1.5 s / s'')^(1/3) z^(2/3) n^(-1/3), s being the derivative of the quantile function: Hall and Sheather 1988."""
    q, n = mpmath.mpf, 10**9
    with mpmath.workdps(50):
        slope, _, bend = (mpmath.diff(lambda u: mpmath.sqrt(2) * mpmath.erfinv(2 * u - 1), q(p), order) for order in (1, 2, 3))
        exact = (q(3) / 2 * slope / bend) ** (q(1) / 3) * q(1.959963984540054) ** (q(2) / 3) / q(n) ** (q(1) / 3)
    assert bandwidth(p, n) == pytest.approx(float(exact), rel=1e-12)
    assert bandwidth(p, 1) == pytest.approx(min(p, 1 - p) / 2, rel=1e-15)  # no farther than half of the way to an end


def test_regret_is_over_the_cheapest_of_each_future():
    totals = drawn(4_000)
    found = collected(totals)
    regret = totals - totals.min(axis=0)
    assert np.allclose(found.regrets.mean(), regret.mean(axis=1))
    assert found.cheapest.tolist() == (regret == 0).sum(axis=1).tolist()
    assert found.cheapest[2] == 0


def test_a_run_collects_what_its_kernels_give_with_any_number_of_workers():
    plans = [cut(api.compile(RECOMMENDER, option=option).plan, ("total",)) for option in ("", "reserved")]
    kernels, n = kernels_for(plans, "reference", n=3_000), 3_000
    columns = np.empty((2, n))
    for kernel, row in zip(kernels, columns, strict=True):
        kernel.run(9, BLOCK - 1_000, BLOCK + 2_000, row[None])
    seen = []
    runs = [
        paired_run(kernels, Span(9, BLOCK - 1_000, n, workers), progress=lambda done, wanted, _: seen.append((done, wanted)))
        for workers in (1, 2)
    ]
    assert answers(runs[0], 1) == answers(runs[1], 1)
    assert mean_difference(runs[0], 1).value == pytest.approx((columns[1] - columns[0]).mean(), rel=1e-12)
    assert seen[:2] == [(1_000, n), (n, n)]


def test_a_difference_is_known_twice_as_well_as_from_independent_draws():
    plans = [cut(api.compile(RECOMMENDER, option=option).plan, ("total",)) for option in ("", "reserved")]
    kernels, n = kernels_for(plans, "reference", n=20_000), 20_000
    paired = paired_run(kernels, Span(20270101, 0, n))
    kernels_apart = [paired_run([kernel, kernel], Span(seed, 0, n)) for seed, kernel in zip((1, 2), kernels, strict=True)]
    by_hand = np.hypot(*(_half_of_own(found) for found in kernels_apart))
    estimate = quantile_difference(paired, 1, 0.95)
    assert (estimate.high - estimate.low) / 2 < by_hand / 2
    assert estimate.low < estimate.value < estimate.high


def _half_of_own(found):
    """Half the interval of a total's own P95, from order statistics."""
    from simcost.analysis.estimates.quantiles import quantiles

    (own,) = quantiles(found.totals, 0, (0.95,))
    return (own.high - own.low) / 2
