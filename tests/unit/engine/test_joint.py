"""Several plans over the same scenarios: each column has the bits of a run by itself, whoever had which block."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest
from tests.places import RECOMMENDER

from simcost import api
from simcost.compile.cut import cut
from simcost.engine.joint import run_jointly
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.preparation.choice import REFERENCE
from simcost.engine.preparation.expected_time import expected
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.processors import workers_beside
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.summaries.summary import BLOCK


class Kept:
    """Copies of what came, and the threads that brought it."""

    def __init__(self):
        self.blocks, self.threads = {}, set()

    def add(self, start, columns):
        self.threads.add(threading.get_ident())
        self.blocks[start] = [column.copy() for column in columns]
        for column in columns:
            column[:] = np.nan  # a collector may spoil what it is given


def totals(*options):
    return [cut(api.compile(RECOMMENDER, option=option).plan, ("total",)) for option in options]


def joined(collectors):
    blocks = {start: block for each in collectors for start, block in each.blocks.items()}
    return blocks, [np.concatenate(parts, axis=1) for parts in zip(*(blocks[start] for start in sorted(blocks)), strict=True)]


@pytest.mark.parametrize("workers", [1, 3])
def test_columns_have_the_bits_of_a_run_by_itself(workers):
    first, n = BLOCK - 700, 1900
    plans = totals("", "reserved", "distilled")
    kernels = kernels_for(plans, "reference", n=n)
    collectors = [Kept() for _ in range(workers)]
    run_jointly(kernels, Span(3, first, n), collectors)
    blocks, columns = joined(collectors)
    assert sorted(blocks) == [first, BLOCK]  # cut where a block ends
    for plan, column in zip(plans, columns, strict=True):
        alone = np.empty((1, n))
        kernel_for(plan, "reference").run(3, first, first + n, alone)
        assert np.array_equal(column, alone)


def test_plans_may_have_different_columns():
    plans = [api.compile(RECOMMENDER).plan, *totals("reserved")]
    kept = Kept()
    run_jointly(kernels_for(plans, "reference", n=10), Span(1, 0, 10), [kept])
    assert [column.shape for column in kept.blocks[0]] == [(plans[0].n_columns, 10), (1, 10)]


def test_progress_shows_the_first_plan_s_total():
    seen = []
    (kernel,) = kernels_for(totals(""), "reference", n=500)
    run_jointly([kernel], Span(1, 0, 500), [Idle()], progress=lambda *now: seen.append(now))
    ((done, n, summary),) = seen
    assert (done, n) == (500, 500)
    assert summary.mean() == simulate(kernel, Span(1, 0, 500)).mean()


class Idle:
    """Takes what comes and leaves it as it is."""

    def add(self, start, columns):
        pass


class Failing:
    def add(self, start, columns):
        message = f"no more room for {len(columns)} columns from {start}"
        raise OSError(message)


def test_a_collector_s_failure_ends_the_run():
    with pytest.raises(OSError, match="no more room"):
        run_jointly(kernels_for(totals(""), "reference", n=10), Span(1, 0, 10), [Failing()])


def test_auto_takes_the_reference_for_little_work():
    plans = totals("", "reserved")
    assert [kernel.name for kernel in kernels_for(plans, n=100)] == ["reference", "reference"]


def test_work_is_counted_over_all_plans_of_one_structure(monkeypatch):
    asked = []

    def automatic(plan, work, **_):
        asked.append((plan, work))
        return REFERENCE

    monkeypatch.setattr("simcost.engine.preparation.prepared.automatic", automatic)
    plans = totals("", "reserved", "distilled")
    assert plans[0].digest == plans[1].digest != plans[2].digest
    kernels_for(plans, n=1000)
    (first, shared), other = asked
    assert first is plans[0]
    assert other == (plans[2], expected(plans[2], 1000))
    alone, twice = expected(first, 1000), expected(first, 2000)
    assert alone.reference_s < shared.reference_s < twice.reference_s  # what the option changes is done twice, all else once
    assert shared.own_s == twice.own_s


def test_threads_pair_what_devices_make_however_few_queues_they_have(monkeypatch):
    monkeypatch.setattr("simcost.engine.processors.processors", lambda: 6)
    compiled, device = SimpleNamespace(on_host=True, releases_gil=True), SimpleNamespace(on_host=False, queues=2)
    reference = SimpleNamespace(on_host=True, releases_gil=False)
    assert [workers_beside([each]) for each in (compiled, device, reference)] == [6, 6, 1]
    assert workers_beside([device, compiled]) == 6
    assert workers_beside([device, reference]) == 1
