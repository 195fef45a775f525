"""Spans worked on in threads: who waits for whom, and what sinks are given."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from threading import Barrier, Event, active_count
from time import sleep

import pytest
from tests.unit.engine.single_draw import N, small_plan

from simcost.engine.simulate import simulate
from simcost.engine.spans import Span, shares, tiles
from simcost.engine.threads import in_order
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK

SPANS = [(0, 10), (10, 20), (20, 30), (30, 40)]
PATIENCE_S = 60.0


def in_one_piece(work):
    """Phases of spans that are worked on in one piece."""

    def phases(workspace, start, stop):
        yield [lambda: work(workspace, start, stop)]

    return phases


def starts(until, *, slow, after, is_told=False):
    """In which order spans are handed on if ``slow`` is not done before ``after`` is begun, or told of."""
    reached = {start: Event() for start, _ in SPANS}
    order = []

    def work(_, start, __):
        if not is_told:
            reached[start].set()
        assert start != slow or reached[after].wait(PATIENCE_S)

    for _, start, _ in in_order("ab", SPANS, in_one_piece(work), workers=2, until=until):
        reached[start].set()
        order.append(start)
    return order


def test_nobody_waits_for_a_slow_span_where_no_order_is_wanted():
    assert sorted(starts(0, slow=0, after=30, is_told=True)[:3]) == [10, 20, 30]


def test_order_is_kept_as_far_as_it_is_wanted():
    assert starts(1, slow=0, after=10)[0] == 0
    mixed = starts(10, slow=10, after=30, is_told=True)
    assert (mixed[0], mixed[-1]) == (0, 10)
    assert starts(None, slow=0, after=10) == [0, 10, 20, 30]


def test_all_threads_work_on_one_span():
    """Each of three pieces waits until all three are begun."""
    meeting = Barrier(3, timeout=PATIENCE_S)

    def phases(*_):
        yield [meeting.wait] * 3

    assert list(in_order("a", SPANS[:2], phases, workers=3)) == [("a", 0, 10), ("a", 10, 20)]


def test_a_phase_begins_when_all_pieces_of_the_one_before_are_done():
    done = []

    def phases(_, start, __):
        yield [partial(slowly, done, (start, "run", piece)) for piece in range(8)]
        assert {each for each in done if each[0] == start} == {(start, "run", piece) for piece in range(8)}
        yield []
        yield [partial(slowly, done, (start, "reduced", piece)) for piece in range(3)]

    for _, start, _ in in_order("ab", SPANS, phases, workers=4):
        assert sum(each[0] == start for each in done) == 11
    assert len(done) == len(set(done)) == 11 * len(SPANS)


def slowly(done, what):
    sleep(0.001)
    done.append(what)


def test_the_next_span_is_worked_on_while_one_waits_for_its_last_piece():
    later = Event()

    def phases(_, start, __):
        yield [lambda: later.wait(PATIENCE_S)] if start == 0 else [later.set]

    assert [start for _, start, _ in in_order("ab", SPANS, phases, workers=2)] == [0, 10, 20, 30]
    assert later.is_set()


@pytest.mark.parametrize("until", [None, 0])
def test_a_workspace_has_one_span_at_a_time(until):
    """Until the next is asked for if order is wanted, else until it is done."""
    at_work = set()

    def phases(workspace, *_):
        assert workspace not in at_work
        at_work.add(workspace)
        yield [int] * 3
        if until is not None:
            at_work.remove(workspace)

    handed_on = 0
    for workspace, _, _ in in_order("abc", SPANS * 5, phases, workers=4, until=until):
        handed_on += 1
        if until is None:
            at_work.remove(workspace)
    assert handed_on == 20


@pytest.mark.parametrize("where", ["phases", "piece", "reader"])
def test_a_failure_ends_the_work_and_is_told(where):
    begun = []

    def fail(*_):
        raise OSError(where)

    def phases(_, start, __):
        begun.append(start)
        if start == 20 and where == "phases":
            fail()
        yield [fail if start == 20 and where == "piece" else int]

    def read():
        with closing(in_order("ab", [(start, start + 10) for start in range(0, 10_000, 10)], phases, workers=2)) as done:
            for _, start, _ in done:
                if start == 20 and where == "reader":
                    fail()

    threads = active_count()
    with pytest.raises(OSError, match=where):
        read()
    assert active_count() == threads
    assert len(begun) < 100


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_pieces_are_all_there_is_each_once(workers):
    for first, n in ((5, 1), (0, 1000), (BLOCK - 7, BLOCK), (3, 3 * BLOCK)):
        cut = list(parts_of(first, first + n))
        assert joined(cut) == (first, first + n)
        assert all(start // BLOCK == (stop - 1) // BLOCK for start, stop in cut)
        assert [joined(list(tiles(start, stop, workers))) for start, stop in cut] == cut
    for count in (1, 8, 73):
        assert [each for share in shares(count, workers) for each in share] == list(range(count))
    assert len(list(tiles(0, BLOCK, workers))) >= workers
    assert len(list(shares(73, workers))) >= workers


def joined(ranges):
    starts, stops = zip(*ranges, strict=True)
    assert starts[1:] == stops[:-1]
    return starts[0], stops[-1]


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("wanted", [1, BLOCK + 1, None])
def test_sinks_are_given_the_blocks_that_they_want_in_order(workers, wanted):
    written, seen = [], []

    class Sink:
        def write(self, start, columns):
            written.append((start, columns.shape[1]))

    simulate(
        ReferenceKernel(small_plan()), Span(1, 5, N, workers), sinks=(Sink(),), wanted=wanted,
        progress=lambda done, n, watched: seen.append((done, n, watched.n)),
    )  # fmt: skip
    end = 5 + N
    blocks = [(5, BLOCK - 5), *((start, min(BLOCK, end - start)) for start in range(BLOCK, end, BLOCK))]
    assert written == blocks[: {1: 1, BLOCK + 1: 2, None: len(blocks)}[wanted]]
    assert [done for done, _, _ in seen] == sorted({done for done, _, _ in seen})
    assert seen[-1] == (N, N, N)
