"""Coverage of the 95 % intervals, over 2,000 seeds, through streams, kernel, summary and figures as a run has them.

Where the distribution has no atom the binomial ranks of 5,000 scenarios cover with 0.951 to 0.956; the standard error of a
share of 2,000 is 0.005, so the wanted 0.935 to 0.965 leave 2 to 4 of them. One fixed set of seeds, no retry.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

from simcost.analysis.estimates import intervals
from simcost.analysis.estimates.quantiles import quantiles
from simcost.analysis.searches.most_exceeded import most_exceeded
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.plan import Output, Plan, Step
from simcost_kernels.summaries.summary import Summary

SEEDS = 2_000
SCENARIOS = 5_000
BAND = (0.935, 0.965)
PROBABILITIES = (0.5, 0.8, 0.95, 0.99)
BASE, EVENT, CHANCE = (100.0, 10.0), (50.0, 15.0), 0.3


def plan():
    """A normal cost, a cost that falls due with a chance of 30 %, and their sum."""
    setup = (
        Step("draw", ("d0",)),
        Step("normal_quantile", ("v0",)),
        Step("mul", ("v1", "p1")),
        Step("add", ("v2", "p0")),
        Step("draw", ("d1",)),
        Step("normal_quantile", ("v4",)),
        Step("mul", ("v5", "p3")),
        Step("add", ("v6", "p2")),
        Step("draw", ("d2",)),
        Step("lt", ("v8", "p4")),
        Step("where", ("v9", "v7", "p5")),
        Step("add", ("v3", "v10")),
    )
    outputs = (Output("line", "base", "v3"), Output("line", "event", "v10"), Output("total", "", "v11"))
    streams = tuple(stream_id(name) for name in ("base", "event", "happens"))
    return Plan((*BASE, *EVENT, CHANCE, 0.0), (), (), streams, setup, (), (), (), (), outputs, 1)


def true_quantiles():
    """Exact quantiles of the three columns, (3, 4): closed form, or the root of an exact distribution function."""
    base, event = stats.norm(*BASE), stats.norm(*EVENT)
    both = stats.norm(BASE[0] + EVENT[0], np.hypot(BASE[1], EVENT[1]))
    atom = CHANCE * event.cdf(0.0), 1.0 - CHANCE + CHANCE * event.cdf(0.0)
    rare = [0.0 if atom[0] < p <= atom[1] else event.ppf((p - (1.0 - CHANCE)) / CHANCE) for p in PROBABILITIES]
    total = [
        optimize.brentq(lambda y, p=p: (1.0 - CHANCE) * base.cdf(y) + CHANCE * both.cdf(y) - p, 0.0, 300.0, xtol=1e-10)
        for p in PROBABILITIES
    ]
    return np.array([base.ppf(PROBABILITIES), rare, total])


def coverage(seeds):
    """Share of the seeds whose interval holds the truth, (3 columns, 4 probabilities)."""
    kernel, truth = kernel_for(plan(), "reference"), true_quantiles()
    held = np.zeros(truth.shape)
    for seed in seeds:
        summary = simulate(kernel, Span(seed, 0, SCENARIOS))
        for column, exact in enumerate(truth):
            found = quantiles(summary, column, PROBABILITIES)
            held[column] += [interval.low <= value <= interval.high for interval, value in zip(found, exact, strict=True)]
    return held / len(seeds)


def test_intervals_cover_as_promised_over_two_thousand_seeds():
    base, event, total = coverage(range(SEEDS))
    for shares in (base, total, event[1:]):
        assert ((shares >= BAND[0]) & (shares <= BAND[1])).all(), shares
    # Seven in ten scenarios are a tie at the median: the interval is that one value, and always right.
    assert event[0] == 1.0


def test_intervals_too_narrow_are_noticed(monkeypatch):
    ranks = intervals.ranks
    monkeypatch.setattr("simcost.analysis.estimates.quantiles.ranks", lambda n, p, _: ranks(n, p, 0.8))
    base, _, total = coverage(range(400))
    assert max(base.max(), total.max()) < BAND[0]


def test_what_the_summary_does_not_know_is_far_below_what_the_sample_does_not():
    kernel = kernel_for(plan(), "reference")
    n = 1_000_000
    summary = simulate(kernel, Span(1, 0, n))
    for column in (0, 2):
        for p in PROBABILITIES:
            low, high = intervals.ranks(n, p)
            width = np.diff(summary.at_rank(column, [low, high]))[0]
            assert summary.rank_error(column, np.arange(low, high)).max() < 0.1 * width / 3.92


PERIODS, RUNS, DRAWS = 4, 2_000, 400
LIKELY = 0.8
"""Coverage of 0.95 is within 0.015 over 2,000 runs, three standard errors, or above."""


def covers_the_most_exceeded(interval):
    """Share of the runs whose interval holds the truth, 0: four independent sums just kept, the worst case for the low end."""
    rng, truth = np.random.default_rng(20270101), stats.lognorm(0.5).ppf(LIKELY)
    sums = [(column, truth) for column in range(PERIODS)]
    held = 0
    for _ in range(RUNS):
        summary = Summary(PERIODS)
        summary.add(0, rng.lognormal(0.0, 0.5, (PERIODS, DRAWS)))
        found = interval(summary, sums, LIKELY)
        held += found.low <= 0.0 <= found.high
    return held / RUNS


def test_the_interval_of_what_is_exceeded_most_covers_where_all_sums_are_equally_near():
    assert covers_the_most_exceeded(most_exceeded) >= 0.95 - 0.015


def test_low_ends_that_each_miss_as_one_may_are_noticed():
    def without_allowance(summary, sums, p):
        each = [quantiles(summary, column, (p,))[0] for column, _ in sums]
        low, high = (max(getattr(one, end) - sums[0][1] for one in each) for end in ("low", "high"))
        return intervals.Estimate(0.0, low, high)

    assert covers_the_most_exceeded(without_allowance) < 0.95 - 0.015
