"""Memory that runs lend and give back: nobody has what another has, and not too much is kept."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.engine.single_draw import small_plan

from simcost.engine import column_memory
from simcost.engine.column_memory import MOST_SPARE, ColumnMemory
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summaries.summary import BLOCK
from simcost_kernels.system.aligned import LINE


@pytest.fixture(autouse=True)
def spare(monkeypatch):
    kept = []
    monkeypatch.setattr(column_memory, "_spare", kept)
    return kept


def test_the_next_run_has_the_memory_of_the_last():
    with ColumnMemory() as memory:
        first = memory.columns(3, 1000)
    with ColumnMemory() as memory:
        assert np.shares_memory(memory.columns(2, 1000), first)
        assert not np.shares_memory(memory.columns(2, 1000), first)


def test_rows_begin_lines_of_several_sets_and_do_not_overlap():
    with ColumnMemory() as memory:
        columns = memory.columns(9, BLOCK)
        columns[:] = np.arange(9.0)[:, None]
        assert (columns == np.arange(9.0)[:, None]).all()
        addresses = [row.ctypes.data for row in columns]
    assert columns.shape == (9, BLOCK)
    assert not any(address % LINE for address in addresses)
    assert len({address // LINE % 64 for address in addresses}) == 9


def test_no_more_is_kept_than_said(spare):
    with ColumnMemory() as memory:
        for width in (MOST_SPARE // 16, MOST_SPARE // 16, MOST_SPARE // 32):
            memory.columns(1, width)
        memory.columns(2, MOST_SPARE // 16)
    assert sum(each.nbytes for each in spare) <= MOST_SPARE
    assert len(spare) == 2


def test_a_run_that_fails_gives_its_memory_back(spare):
    class Full:
        def write(self, *_):
            message = "no more room"
            raise OSError(message)

    with pytest.raises(OSError, match="no more room"):
        simulate(ReferenceKernel(small_plan()), Span(1, 0, 100), sinks=(Full(),))
    assert len(spare) == 1
