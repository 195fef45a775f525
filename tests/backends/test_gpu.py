"""What only a GPU can show; `bench/gpu_suite.py` runs these where simcost is not installed, so nothing of it is imported here."""

import os

import numpy as np
import pytest
from tests.backends.hostile_columns import nasty, reduced, summarised

from simcost_kernels.backends.cuda import reduction
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.plan import Output, Plan, Step
from simcost_kernels.summaries.summary import BLOCK, Summary


def gpus():
    """Queues of the GPUs here; a machine that is known to have some must not skip these tests."""
    try:
        from simcost_kernels.backends.cuda.cupy_device import gpus as found

        return found(2)
    except (ImportError, RuntimeError):
        if os.environ.get("SIMCOST_GPU"):
            raise
        return []


pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not gpus(), reason="needs a CUDA device and CuPy")]
SEED = 20270101


def every_operation():
    """A plan that draws for the run, the years and the months, and whose columns are broken now and then."""
    setup = (
        Step("draw", ("d0",)),
        Step("normal_quantile", ("v0",)),
        Step("exp", ("v1",)),
        Step("draw", ("d3",)),
        Step("normal_quantile", ("v3",)),
    )
    year = (Step("draw", ("d1",)), Step("log", ("v5",)))
    month = (
        Step("draw", ("d2",)),
        Step("sub", ("v7", "p0")),
        Step("sqrt", ("v8",)),
        Step("pow", ("v2", "v6")),
        Step("div", ("v10", "v9")),
        Step("draw", ("d4",)),
        Step("normal_quantile", ("v12",)),
        Step("add", ("v13", "v4")),
    )
    outputs = tuple(Output("line", str(value), f"v{value}", monthly=True) for value in (7, 8, 9, 10, 11, 13, 14))
    return Plan((0.001,), (), (), (1, 2, 3, 4, 5), setup, year, month, (), (), outputs, 27)


@pytest.mark.parametrize("name", nasty(1))
@pytest.mark.parametrize(("start", "n"), [(0, BLOCK), (BLOCK - 3, 1000), (7, 2 * BLOCK + 5)])
def test_a_column_is_reduced_to_the_bits_of_the_definition(name, start, n):
    columns, device = nasty(n)[name][None, :], gpus()[0]
    with device.active():
        assert reduced(columns, start, device=device).digest() == summarised(columns, start).digest()


@pytest.mark.parametrize("threads", [128, 256, 1024])
def test_the_number_of_threads_changes_no_bit(monkeypatch, threads):
    monkeypatch.setattr(reduction, "THREADS", threads)
    columns, device = np.stack(list(nasty(BLOCK + 77).values())), gpus()[0]
    with device.active():
        assert reduced(columns, 5, device=device).digest() == summarised(columns, 5).digest()


def test_columns_and_summaries_have_the_bits_of_the_reference():
    from simcost_kernels.backends.cuda.kernel import CudaKernel

    plan, first, n = every_operation(), 2**32 - 1000, 200_000
    out, expected = np.empty((2, plan.n_columns, n))
    ReferenceKernel(plan).run(SEED, first, first + n, expected)
    summary = Summary(plan.n_columns)
    CudaKernel(plan, devices=gpus()).summarize(summary, SEED, first, first + n, out)
    assert np.array_equal(out.view(np.int64)[~np.isnan(out)], expected.view(np.int64)[~np.isnan(expected)])
    assert np.array_equal(np.isnan(out), np.isnan(expected))
    assert summary.digest() == summarised(expected, first).digest()
