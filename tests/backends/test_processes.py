"""The reference in several processes: the same bits, whoever computes them, and no process that outlives its use."""

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.backends.children import ends_with_its_parent, is_running

from simcost import api
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.backends.processes import ReferenceProcesses
from simcost_kernels.backends.reference import PIECE, ReferenceKernel

SEED = 20270101
SCENARIO = """
schema = 1
[scenario]
name     = "Every kind of table, a correlation, months"
currency = "CNY"
start    = "2027-01"
months   = 3
[sampling]
method = "{method}"
[inputs]
price = "9 to 16 CNY/GPU/hour"
gpus  = {{ discrete = {{ values = [10, 20], weights = [1, 2] }}, unit = "GPU" }}
load  = {{ beta = {{ mean = 0.6, sd = 0.1 }}, unit = "1", draw = "month" }}
[[correlation]]
between = ["price", "gpus"]
rank    = 0.3
[[cost]]
name     = "Serving"
category = "compute"
amount   = "gpus * price * load"
"""


@pytest.fixture(scope="module", params=["random", "sobol", "latin-hypercube"])
def plan(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("processes") / "scenario.toml"
    path.write_text(SCENARIO.format(method=request.param))
    return api.compile(path).plan


def columns(kernel, start, stop):
    out = np.full((kernel.plan.n_columns, stop - start), -1.0)
    kernel.run(SEED, start, stop, out)
    return out


def expected(plan, start, stop):
    return columns(ReferenceKernel(plan), start, stop)


def processes_of(kernel):
    return [worker._child.process for worker in kernel._workers]


def test_ranges_of_any_length_have_the_bits_of_the_reference(plan):
    with ReferenceProcesses(plan, 1) as kernel:
        for start, stop in ((0, 1), (5, PIECE + 7), (3 * PIECE, 5 * PIECE)):
            assert columns(kernel, start, stop).tobytes() == expected(plan, start, stop).tobytes()


def test_threads_that_outnumber_the_processes_wait_for_one(plan):
    ranges = [(first, first + 1_000) for first in range(0, 12_000, 1_000)]
    with ReferenceProcesses(plan, 2) as kernel, ThreadPoolExecutor(5) as pool:
        found = np.hstack(list(pool.map(lambda span: columns(kernel, *span), ranges)))
    assert found.tobytes() == expected(plan, 0, 12_000).tobytes()


def test_columns_whose_rows_lie_apart_are_filled_and_nothing_beside_them(plan):
    out = np.full((plan.n_columns, 3_000), -1.0)
    with ReferenceProcesses(plan, 1) as kernel:
        kernel.run(SEED, 1_000, 2_000, out[:, 1_000:2_000])
    assert np.array_equal(out[:, 1_000:2_000], expected(plan, 1_000, 2_000))
    assert (out[:, :1_000] == -1.0).all()
    assert (out[:, 2_000:] == -1.0).all()


def test_a_run_has_the_summary_of_the_reference(plan):
    with ReferenceProcesses(plan, 2) as kernel:
        found = simulate(kernel, Span(SEED, 0, 100_000, 3))
    assert found.digest() == simulate(ReferenceKernel(plan), Span(SEED, 0, 100_000)).digest()


def test_what_a_process_that_has_ended_does_not_do_is_done_without_it(plan):
    with ReferenceProcesses(plan, 1) as kernel:
        assert np.array_equal(columns(kernel, 0, 100), expected(plan, 0, 100))
        (process,) = processes_of(kernel)
        process.kill()
        process.wait()
        assert np.array_equal(columns(kernel, 100, 20_000), expected(plan, 100, 20_000))
        assert np.array_equal(columns(kernel, 0, 100), expected(plan, 0, 100))


def test_where_no_process_can_be_started_the_threads_do_it_all(plan, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with ReferenceProcesses(plan, 2) as kernel:
        assert np.array_equal(columns(kernel, 0, 100), expected(plan, 0, 100))


def test_after_an_interrupted_answer_the_rest_of_it_is_nobody_s(plan, monkeypatch):
    def interrupted(_memory):
        raise KeyboardInterrupt

    with ReferenceProcesses(plan, 1) as kernel:
        monkeypatch.setattr(kernel._workers[0]._child, "read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            columns(kernel, 0, 100)
        assert np.array_equal(columns(kernel, 100, 300), expected(plan, 100, 300))


def test_the_processes_end_with_their_use(plan):
    with ReferenceProcesses(plan, 2) as kernel:
        processes = processes_of(kernel)
        assert all(is_running(process.pid) for process in processes)
    assert not any(is_running(process.pid) for process in processes)


def test_they_end_with_the_process_that_wanted_them_even_if_that_is_killed(plan, tmp_path):
    code = """
import sys, time, pickle
from simcost_kernels.backends.processes import ReferenceProcesses
kernel = ReferenceProcesses(pickle.load(open(sys.argv[1], "rb")), 1)
print(kernel._workers[0]._child.process.pid, flush=True)
time.sleep(60)
"""
    (tmp_path / "plan").write_bytes(pickle.dumps(plan))
    assert ends_with_its_parent(code, tmp_path / "plan")
