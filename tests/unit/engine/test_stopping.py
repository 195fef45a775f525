"""Ending a run early: when it is looked at, what it then holds, and what the looks cost."""

import numpy as np
import pytest
from tests.summaries import summary_of

from simcost.analysis.estimates.intervals import confidence_of_each
from simcost.analysis.estimates.precision import narrow_enough, stop_reason
from simcost.compile.builder import Builder
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost.engine.stopping import looks, simulate_until
from simcost.scenario.sampling import Stop
from simcost_kernels.backends.cpu import CpuKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import RANDOM, Sampling
from simcost_kernels.summaries.summary import BLOCK


def lognormal_plan(sampling=RANDOM):
    """The sum of six lognormals."""
    builder = Builder(1, sampling)
    total = builder.number(0.0)
    for stream in range(6):
        score = builder.op("normal_quantile", builder.draw(stream, "run"))
        total = builder.op("add", total, builder.op("exp", builder.op("mul", score, builder.number(0.3))))
    builder.output("total", "", total)
    return builder.finish()


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, (1,)),
        (BLOCK, (BLOCK,)),
        (BLOCK + 1, (BLOCK, BLOCK + 1)),
        (1_000_000, (65_536, 131_072, 262_144, 524_288, 1_000_000)),
    ],
)
def test_looks_double_from_one_block_and_end_at_the_limit(n, expected):
    assert looks(n) == expected


def test_all_looks_together_miss_at_most_one_in_twenty():
    assert confidence_of_each(1) == 0.95
    for count in (2, 5, 20):
        assert (1.0 - confidence_of_each(count)) * count == pytest.approx(0.05)


@pytest.mark.parametrize("sampling", [RANDOM, Sampling("sobol")], ids=["random", "sobol"])
@pytest.mark.parametrize("kernel_class", [ReferenceKernel, CpuKernel])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_stops_is_the_run_of_so_many_scenarios_to_the_last_bit(sampling, kernel_class, workers):
    plan, stop = lognormal_plan(sampling), Stop(95, 0.0017 if sampling is RANDOM else 0.0008)
    schedule = looks(8 * BLOCK)

    def enough(summary):
        return narrow_enough(summary, 0, stop, confidence=confidence_of_each(len(schedule)))

    done = simulate_until(enough, kernel_class(plan), Span(5, 0, 8 * BLOCK, workers), schedule=schedule)
    assert BLOCK < done.n < 8 * BLOCK
    assert done.digest() == simulate(ReferenceKernel(plan), Span(5, 0, done.n)).digest()
    assert enough(done)
    assert not enough(simulate(ReferenceKernel(plan), Span(5, 0, done.n // 2)))


def test_a_run_that_never_satisfies_ends_at_its_limit():
    done = simulate_until(lambda _: False, ReferenceKernel(lognormal_plan()), Span(1, 0, 3 * BLOCK), schedule=looks(3 * BLOCK))
    assert done.n == 3 * BLOCK


def test_progress_and_sinks_go_on_from_look_to_look():
    seen, written = [], []

    class Sink:
        def write(self, start, columns):
            written.append((start, columns.shape[1]))

    kernel, span = ReferenceKernel(lognormal_plan()), Span(1, 10, 3 * BLOCK)
    progress = lambda done, n, _: seen.append((done, n))  # noqa: E731
    simulate_until(lambda _: False, kernel, span, schedule=looks(3 * BLOCK), sinks=(Sink(),), progress=progress)
    assert seen[-1] == (3 * BLOCK, 3 * BLOCK)
    assert sorted(seen) == seen
    assert written[0][0] == 10
    assert sum(width for _, width in written) == 3 * BLOCK


def test_half_the_interval_is_compared_with_the_value():
    summary = summary_of(np.linspace(1.0, 2.0, 10_001))
    half = 0.5 * (summary.at_rank(0, [9544])[0] - summary.at_rank(0, [9456])[0])  # binomial ranks of P95 at 95 %, near enough
    assert narrow_enough(summary, 0, Stop(95, 1.05 * half / 1.95), confidence=0.95)
    assert not narrow_enough(summary, 0, Stop(95, 0.95 * half / 1.95), confidence=0.95)
    few = summary_of(np.ones(20))
    assert not narrow_enough(few, 0, Stop(95, 0.5), confidence=0.95)  # no upper end


def test_the_reason_says_what_was_wanted():
    assert stop_reason(Stop(95, 0.002), narrow=True) == "half the interval of the total's P95 is at most 0.2 % of it"
    assert "still more than 1 %" in stop_reason(Stop(99.9, 0.01), narrow=False)
