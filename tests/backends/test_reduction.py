"""What a GPU makes of columns, compiled for the host: the summary of NumPy to the last bit, whatever the columns hold."""

import numpy as np
import pytest
from tests.backends.host_device import FLAGS, HostDevice, needs_compiler
from tests.backends.hostile_columns import SEED, nasty, reduced, summarised

from simcost_kernels.backends.cuda import reduction
from simcost_kernels.backends.cuda.reduction import reduction_text
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK

pytestmark = needs_compiler


def difference(one, other):
    """Names of the arrays in which two summaries differ."""
    mine, theirs = one.to_arrays(), other.to_arrays()
    return [name for name in mine if mine[name].tobytes() != theirs[name].tobytes()]


@pytest.mark.parametrize("name", nasty(1))
@pytest.mark.parametrize(("start", "n"), [(0, BLOCK), (BLOCK - 3, 1000), (7, 2 * BLOCK + 5)])
def test_a_column_is_reduced_to_the_bits_of_the_definition(name, start, n):
    columns = nasty(n)[name][None, :]
    assert difference(reduced(columns, start), summarised(columns, start)) == []


@pytest.mark.parametrize("n", [1, 2, 3, 511, 513, BLOCK - 1, BLOCK, BLOCK + 1])
def test_all_columns_together_at_any_number_of_scenarios(n):
    columns = np.stack(list(nasty(n).values()))
    for start in (0, 10**12 + 17):
        assert reduced(columns, start).digest() == summarised(columns, start).digest()


@pytest.mark.parametrize("launch", [BLOCK, 3 * BLOCK])
def test_what_is_launched_at_a_time_changes_no_bit(launch):
    columns = np.stack(list(nasty(7 * BLOCK + 99).values()))
    assert reduced(columns, 4000, launch=launch).digest() == summarised(columns, 4000).digest()


@pytest.mark.parametrize(("threads", "flags"), [(64, ()), (1024, ()), (512, ("-DREVERSED",))])
def test_neither_the_number_of_threads_nor_their_order_changes_a_bit(monkeypatch, threads, flags):
    """Threads that run backwards find what a phase may not depend on: another thread of the same phase."""
    monkeypatch.setattr(reduction, "THREADS", threads)
    columns = np.stack(list(nasty(BLOCK + 77).values()))
    made = reduced(columns, 5, device=HostDevice(flags=(*FLAGS, *flags)))
    assert made.digest() == summarised(columns, 5).digest()


def test_a_phase_that_reads_what_another_thread_writes_is_found():
    """The negative control of the reversed threads: neighbours added within one phase."""
    columns = np.random.default_rng(SEED).lognormal(10.0, 1.0, (1, BLOCK))
    text = reduction_text().replace("if (t < half) sums[t] += sums[t + half];", "sums[t] += sums[(t + 1) % THREADS];")
    assert text != reduction_text()
    forward, backward = (
        reduced(columns, 0, device=HostDevice(flags=(*FLAGS, *flags)), text=text) for flags in ((), ("-DREVERSED",))
    )
    assert difference(forward, backward) == ["squares"]


def test_cells_are_made_as_values_spread():
    """Columns of a thousand octaves need more pages than there are at first."""
    columns = nasty(BLOCK)["five hundred octaves"][None, :] * np.array([[1.0], [1e150]])
    device = HostDevice()
    assert reduced(columns, 0, device=device).digest() == summarised(columns, 0).digest()
    pages = sum(len(np.unique(np.abs(column).view(np.int64) >> 49)) for column in columns)
    assert pages > 2 * reduction._FIRST_PAGES


def test_fusing_would_be_seen():
    """The negative control of every comparison here."""
    columns = nasty(BLOCK)["smooth"][None, :]
    text = reduction_text().replace("return deviation * deviation;", "return __builtin_fma(deviation, deviation, 1e-3);")
    assert text != reduction_text()
    assert difference(reduced(columns, 0, text=text), summarised(columns, 0)) == ["squares"]


def test_parts_are_cut_at_blocks():
    assert list(parts_of(5, 6)) == [(5, 6)]
    assert list(parts_of(0, BLOCK)) == [(0, BLOCK)]
    assert list(parts_of(BLOCK - 1, 2 * BLOCK + 1)) == [(BLOCK - 1, BLOCK), (BLOCK, 2 * BLOCK), (2 * BLOCK, 2 * BLOCK + 1)]
