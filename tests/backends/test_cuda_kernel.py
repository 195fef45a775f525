"""How the CUDA back end deals ranges to devices, and what it does when their memory runs out; devices here are the host."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from tests.backends.host_device import HostDevice, needs_compiler
from tests.backends.small_plans import small_plan

from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.backends.cuda import kernel as cuda
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK, Summary

pytestmark = needs_compiler
SEED = 20270101
FIRST, N = BLOCK - 321, 3 * BLOCK + 1000
HORIZON = 5
BLOCK_BYTES = (HORIZON + 1) * BLOCK * 8


@pytest.fixture(scope="module")
def plan():
    return small_plan(HORIZON)


@pytest.fixture(scope="module")
def expected(plan):
    """The columns and the summary's digest of the reference."""
    columns = np.empty((plan.n_columns, N))
    ReferenceKernel(plan).run(SEED, FIRST, FIRST + N, columns)
    return columns, simulate(ReferenceKernel(plan), Span(SEED, FIRST, N)).digest()


def summarised(kernel, start=FIRST, stop=FIRST + N, out=None):
    """The summary of a range, by that kernel alone."""
    summary = Summary(kernel.plan.n_columns, kernel.plan.sampling.sections)
    kernel.summarize(summary, SEED, start, stop, out)
    return summary


def launched(device, kernel="run"):
    """How often a kernel was launched."""
    return sum(name == kernel for name, _, _ in device.launched)


@pytest.mark.parametrize("blocks", [1, 2, 100])
def test_a_summary_is_that_of_the_reference_however_much_is_launched_at_a_time(monkeypatch, plan, expected, blocks):
    monkeypatch.setattr(cuda, "LAUNCH_BYTES", blocks * BLOCK_BYTES)
    device = HostDevice()
    assert summarised(CudaKernel(plan, devices=[device])).digest() == expected[1]
    assert launched(device) == {1: 5, 2: 3, 100: 1}[blocks]


def test_columns_are_given_to_who_wants_them(plan, expected):
    out = np.empty((plan.n_columns, N + 10))[:, 5:-5]
    summary = summarised(CudaKernel(plan, devices=[HostDevice()]), out=out)
    assert summary.digest() == expected[1]
    assert np.array_equal(out, expected[0])


@pytest.mark.parametrize("room", [3, 2.2])
def test_less_is_launched_where_memory_runs_out(plan, expected, room):
    device = HostDevice(room=int(room * BLOCK_BYTES))
    kernel = CudaKernel(plan, devices=[device])
    assert summarised(kernel).digest() == expected[1]
    assert (kernel.name, kernel.device) == ("cuda", "g++")
    assert device.freed > 0
    tried = device.freed
    summarised(kernel)
    assert device.freed == tried


@pytest.mark.parametrize("wanted", ["columns", "summary"])
@pytest.mark.parametrize("numba", [True, False])
def test_the_processor_goes_on_where_there_is_no_memory_for_a_block(monkeypatch, plan, expected, wanted, numba):
    if not numba:
        monkeypatch.setattr(cuda, "find_spec", lambda _name: None)
    told: list[str] = []
    kernel = CudaKernel(plan, devices=[HostDevice(room=BLOCK_BYTES // 2)], notice=told.append)
    out = np.empty((plan.n_columns, N))
    for _ in range(2):
        if wanted == "columns":
            kernel.run(SEED, FIRST, FIRST + N, out)
        else:
            assert summarised(kernel, out=out).digest() == expected[1]
        assert np.array_equal(out, expected[0])
    name = "cpu" if numba else "reference"
    assert kernel.name == name
    assert told == [f"The memory of g++ does not hold a block of this model: {name} goes on, with the same answer."]


def test_several_devices_share_the_work_and_the_answer_is_the_same(plan, expected):
    devices = [HostDevice(), HostDevice()]
    kernel = CudaKernel(plan, devices=devices)
    parts = list(parts_of(FIRST, FIRST + N))
    total = Summary(plan.n_columns)
    with ThreadPoolExecutor(4) as pool:
        for part in pool.map(lambda ends: summarised(kernel, *ends), parts):
            total.merge(part)
    assert total.digest() == expected[1]
    assert sum(map(launched, devices)) == len(parts)
    assert min(map(launched, devices)) > 0


def test_a_device_without_memory_leaves_the_work_to_the_others(plan, expected):
    told: list[str] = []
    kernel = CudaKernel(plan, devices=[HostDevice(room=100), HostDevice()], notice=told.append)
    with ThreadPoolExecutor(4) as pool:
        assert {summary.digest() for summary in pool.map(lambda _: summarised(kernel), range(6))} == {expected[1]}
    assert (kernel.name, told) == ("cuda", [])


def test_whoever_waits_for_a_device_is_not_left_waiting_when_none_is_left(plan, expected):
    told: list[str] = []
    kernel = CudaKernel(plan, devices=[HostDevice(room=100), HostDevice(room=100)], notice=told.append)
    with ThreadPoolExecutor(5) as pool:
        assert {summary.digest() for summary in pool.map(lambda _: summarised(kernel), range(5))} == {expected[1]}
    assert kernel.name == "cpu"
    assert len(told) == 1


def test_a_run_that_began_on_a_device_and_ended_elsewhere_names_both(plan, expected):
    device = HostDevice()
    kernel = CudaKernel(plan, devices=[device])
    assert summarised(kernel).digest() == expected[1]
    device.room = 100
    assert summarised(kernel).digest() == expected[1]
    assert kernel.name == "cuda+cpu"
    assert kernel.device.startswith("g++, numba")


def test_an_error_that_is_none_of_memory_is_not_hidden(plan):
    class Broken(HostDevice):
        def empty(self, *_):
            message = "an illegal memory access"
            raise RuntimeError(message)

    kernel = CudaKernel(plan, devices=[Broken()])
    with pytest.raises(RuntimeError, match="illegal memory access"):
        summarised(kernel)
    with pytest.raises(RuntimeError, match="illegal memory access"):
        summarised(kernel)


class Keep:
    """Keeps what it is given."""

    def __init__(self):
        self.spans = []

    def write(self, start, columns):
        self.spans.append((start, columns.copy()))


@pytest.mark.parametrize(("wanted", "fetched"), [(0, 0), (1, 321), (321, 321), (1000, BLOCK + 321), (N, N), (None, N)])
def test_no_more_columns_leave_a_device_than_somebody_wants(monkeypatch, plan, expected, wanted, fetched):
    monkeypatch.setattr(CudaKernel, "span", 2 * BLOCK)
    kernel, sink, seen = CudaKernel(plan, devices=[HostDevice(), HostDevice()]), Keep(), []
    summary = simulate(
        kernel, Span(SEED, FIRST, N, kernel.queues), sinks=(sink,) if wanted != 0 else (), wanted=wanted,
        progress=lambda done, n, watched: seen.append((done, n, int(watched.count()[0]) > 0)),
    )  # fmt: skip
    assert summary.digest() == expected[1]
    columns = np.concatenate([np.empty((plan.n_columns, 0)), *(columns for _, columns in sink.spans)], axis=1)
    assert np.array_equal(columns, expected[0][:, :fetched])
    assert seen[-1] == (N, N, True)
    assert all(watched for _, _, watched in seen)


@pytest.mark.parametrize("sampling", [Sampling("sobol", 16), Sampling("latin-hypercube", 32)], ids=lambda each: each.method)
@pytest.mark.parametrize("blocks", [1, 100])
def test_replicates_are_told_apart_on_the_device(monkeypatch, plan, sampling, blocks):
    monkeypatch.setattr(cuda, "LAUNCH_BYTES", blocks * BLOCK_BYTES)
    dealt = replace(plan, sampling=sampling)
    n = 2 * BLOCK
    expected = simulate(ReferenceKernel(dealt), Span(SEED, BLOCK // 2, n))
    device = HostDevice()
    made = summarised(CudaKernel(dealt, devices=[device]), BLOCK // 2, BLOCK // 2 + n)
    assert made.sections == sampling.replicates
    assert made.digest() == expected.digest()
    assert launched(device, "count_sections") == (3 if blocks == 1 else 1)


def variants(plan):
    """Parameters of two variants of the plan."""
    return [tuple(value * factor for value in plan.parameters) for factor in (1.5, 0.75)]


def test_variants_have_the_bits_of_the_reference_and_share_one_kernel_and_its_queues(plan, expected):
    device = HostDevice()
    kernel = CudaKernel(plan, devices=[device])
    loaded = device.loaded
    kernels = [kernel, *map(kernel.varied, variants(plan))]
    made = [summarised(each).digest() for each in (*kernels, *kernels)]
    assert made[0] == expected[1]
    assert made[:3] == made[3:]
    assert len(set(made)) == 3
    for each, digest in zip(kernels, made, strict=False):
        assert simulate(ReferenceKernel(each.plan), Span(SEED, FIRST, N)).digest() == digest
    assert (device.loaded, loaded) == (2, 2)
    assert {each.queues for each in kernels} == {1}


def test_variants_run_at_once_on_several_devices(plan):
    kernel = CudaKernel(plan, devices=[HostDevice(), HostDevice()])
    kernels = [kernel, *map(kernel.varied, variants(plan))]
    wanted = [simulate(ReferenceKernel(each.plan), Span(SEED, 0, 3000)).digest() for each in kernels]
    with ThreadPoolExecutor(6) as pool:
        made = pool.map(lambda each: summarised(each, 0, 3000).digest(), kernels * 4)
        assert list(made) == wanted * 4


def test_variants_share_the_processor_s_kernel_where_memory_runs_out_and_it_is_told_once(monkeypatch, plan, expected):
    compiled: list[object] = []
    make = cuda._processor_kernel
    monkeypatch.setattr(cuda, "_processor_kernel", lambda each: compiled.append(each) or make(each))
    told: list[str] = []
    device = HostDevice()
    kernel = CudaKernel(plan, devices=[device], notice=told.append)
    early, late = (kernel.varied(parameters) for parameters in variants(plan))
    first = summarised(early).digest()
    device.room = 100
    assert summarised(kernel).digest() == expected[1]
    assert summarised(early).digest() == first
    assert summarised(late).digest() not in {first, expected[1]}
    assert summarised(kernel.varied(early.plan.parameters)).digest() == first
    assert (kernel.name, early.name, late.name) == ("cpu", "cuda+cpu", "cpu")
    assert len(told) == len(compiled) == 1
