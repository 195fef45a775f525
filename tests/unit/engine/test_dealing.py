"""Ranges that cannot be dealt out to replicates evenly are refused with numbers that can."""

import pytest

from simcost.compile.builder import Builder
from simcost.engine.dealing import check_dealing
from simcost.errors import UsageError
from simcost_kernels.draws.sampling import Sampling


def plan(method="sobol", replicates=16, *, horizon=1, yearly=0):
    builder = Builder(horizon, Sampling(method, replicates))
    total = builder.draw(1, "run")
    for stream in range(yearly):
        total = builder.op("add", total, builder.draw(100 + stream, "year"))
    builder.output("month", "", builder.op("add", total, builder.series([0.0] * horizon)), monthly=True)
    return builder.finish()


@pytest.mark.parametrize(("replicates", "first", "n"), [(16, 0, 4096), (16, 8192, 12_288), (32, 0, 8192), (16, 0, 2**35)])
def test_whole_rounds_of_rows_pass(replicates, first, n):
    check_dealing(plan(replicates=replicates), first, n)


@pytest.mark.parametrize(
    ("replicates", "first", "n", "remedy"),
    [
        (16, 0, 1_000_000, "two: 1_048_576 or 524_288 scenarios."),
        (16, 0, 100, "two: 4_096 scenarios."),
        (32, 0, 4096, "two: 8_192 scenarios."),
        (16, 100, 4096, "4_096 scenarios from number 100 cannot"),
    ],
)
def test_others_are_refused_with_the_nearest_powers_of_two(replicates, first, n, remedy):
    with pytest.raises(UsageError) as refused:
        check_dealing(plan(replicates=replicates), first, n)
    assert remedy in str(refused.value)


def test_a_range_past_the_last_point_is_refused():
    with pytest.raises(UsageError, match="34,359,738,368"):
        check_dealing(plan(), 2**35, 4096)


def test_more_dimensions_than_the_sequence_has_are_refused_for_sobol_alone():
    check_dealing(plan(horizon=600, yearly=20), 0, 4096)
    with pytest.raises(UsageError, match="draws 1,051 numbers"):
        check_dealing(plan(horizon=600, yearly=21), 0, 4096)
    check_dealing(plan("latin-hypercube", horizon=600, yearly=21), 0, 4096)


def test_random_scenarios_come_in_any_number():
    check_dealing(plan("random"), 3, 17)
