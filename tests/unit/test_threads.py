"""Spans worked on in threads: who waits for whom, and what sinks are given."""

from __future__ import annotations

from threading import Event

import pytest
from tests.unit.test_overlap import N, small_plan

from simcost.engine.simulate import simulate
from simcost.engine.threads import in_order
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summary import BLOCK

SPANS = [(0, 10), (10, 20), (20, 30), (30, 40)]
PATIENCE_S = 60.0


def starts(until, *, slow, after):
    """In which order spans are handed on if ``slow`` is not done before ``after`` is begun."""
    begun = {start: Event() for start, _ in SPANS}

    def work(_, start, __):
        begun[start].set()
        assert start != slow or begun[after].wait(PATIENCE_S)

    return [start for _, start, _ in in_order("ab", SPANS, work, until=until)]


def test_nobody_waits_for_a_slow_span_where_no_order_is_wanted():
    assert starts(0, slow=0, after=30)[:2] == [10, 20]


def test_order_is_kept_as_far_as_it_is_wanted():
    assert starts(1, slow=0, after=10)[0] == 0
    assert starts(10, slow=10, after=30)[:2] == [0, 20]
    assert starts(None, slow=0, after=10) == [0, 10, 20, 30]


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("wanted", [1, BLOCK + 1, None])
def test_sinks_are_given_the_blocks_that_they_want_in_order(workers, wanted):
    written, seen = [], []

    class Sink:
        def write(self, start, columns):
            written.append((start, columns.shape[1]))

    simulate(
        ReferenceKernel(small_plan()), seed=1, first=5, n=N, workers=workers, sinks=(Sink(),), wanted=wanted,
        progress=lambda done, n, watched: seen.append((done, n, watched.n)),
    )  # fmt: skip
    end = 5 + N
    blocks = [(5, BLOCK - 5), *((start, min(BLOCK, end - start)) for start in range(BLOCK, end, BLOCK))]
    assert written == blocks[: {1: 1, BLOCK + 1: 2, None: len(blocks)}[wanted]]
    assert [done for done, _, _ in seen] == sorted({done for done, _, _ in seen})
    assert seen[-1] == (N, N, N)
