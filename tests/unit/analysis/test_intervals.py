from __future__ import annotations

import mpmath
import pytest
import scipy.stats

from simcost.analysis.estimates.intervals import (
    lower_rank,
    probability,
    proportion,
    proportion_interval,
    quantile_rank,
    ranks,
    smallest_n,
    upper_rank,
)

PROBABILITIES = (0.001, 0.05, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


@pytest.mark.parametrize(("n", "rank"), [(59, 58), (93, 91), (124, 121), (153, 149), (311, 301), (717, 690)])
def test_the_published_ranks_of_the_upper_bound_of_p95_come_out(n, rank):
    assert upper_rank(n, 0.95) == rank


def test_below_59_scenarios_p95_has_no_upper_bound():
    assert smallest_n(0.95) == 59
    assert [upper_rank(n, 0.95) for n in (1, 2, 58)] == [None, None, None]


@pytest.mark.parametrize("p", PROBABILITIES)
@pytest.mark.parametrize("n", [1, 2, 10, 73, 1000, 123_457])
def test_ranks_are_the_innermost_that_scipys_binomial_allows(n, p):
    low, high = ranks(n, p)
    binomial = scipy.stats.binom(n, p)
    if low is not None:
        assert binomial.cdf(low) <= 0.025
    assert binomial.cdf(0 if low is None else low + 1) > 0.025
    if high is not None:
        assert binomial.sf(high) <= 0.025
    assert binomial.sf(n - 1 if high is None else high - 1) > 0.025


@pytest.mark.parametrize("p", [0.05, 0.5, 0.95, 0.99, 0.999])
def test_ranks_are_right_at_a_billion(p):
    n = 10**9
    low, high = ranks(n, p)
    with mpmath.workdps(40):
        # P(B <= k) as a regularised incomplete beta function; the integral over its narrow peak by its own quadrature.
        def at_most(k):
            peak = mpmath.mpf(n - k) / n
            width = mpmath.sqrt(peak * (1 - peak) / n)
            log_scale = mpmath.log(n - k) + mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
            density = lambda t: mpmath.exp(log_scale + (n - k - 1) * mpmath.log(t) + k * mpmath.log(1 - t))  # noqa: E731
            top = 1 - mpmath.mpf(p)
            start = min(top, peak) - 40 * width
            return mpmath.quad(density, mpmath.linspace(max(start, 0), top, 60))

        assert at_most(low) <= 0.025 < at_most(low + 1)
        assert 1 - at_most(high) <= 0.025 < 1 - at_most(high - 1)


def test_the_interval_is_symmetric_in_p():
    for n in (100, 1001, 50_000):
        low, high = ranks(n, 0.05)
        mirrored = ranks(n, 0.95)
        assert (low, high) == tuple(None if rank is None else n - 1 - rank for rank in reversed(mirrored))


def test_a_side_that_does_not_exist_is_refused_alone():
    assert ranks(71, 0.95)[1] is None
    assert ranks(71, 0.95)[0] is not None
    assert ranks(smallest_n(0.95, 0.975), 0.95)[1] is not None
    assert lower_rank(1, 0.5) is None


@pytest.mark.parametrize(
    ("n", "percent", "rank"),
    [(100, 7, 6), (100, 95, 94), (1000, 99.9, 998), (1000, 2.5, 24), (1, 50, 0), (3, 1, 0), (10**9, 99.99, 999_899_999)],
)
def test_a_percentile_is_the_value_at_the_rank_that_its_decimal_says(n, percent, rank):
    assert quantile_rank(n, probability(percent)) == rank


def test_binary_rounding_would_take_the_wrong_rank():
    from math import ceil

    assert ceil(100 * 0.07) - 1 == 7


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 100), (3, 100), (97, 100), (100, 100), (123_456, 10**6), (5, 10**9)])
def test_proportion_intervals_are_clopper_and_pearsons(k, n):
    low, high = proportion_interval(k, n)
    exact = scipy.stats.binomtest(k, n).proportion_ci(0.95, method="exact")
    assert (low, high) == pytest.approx((exact.low, exact.high), rel=1e-11)
    assert proportion(k, n).low <= proportion(k, n).value <= proportion(k, n).high


def test_the_rule_of_three_holds_for_an_event_never_seen():
    assert proportion_interval(0, 1000)[1] == pytest.approx(3.69 / 1000, rel=5e-3)
