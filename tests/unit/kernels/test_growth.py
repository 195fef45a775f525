"""Memory that grows keeps what is used, empties what is new, and is one piece while there is room."""

import numpy as np

from simcost_kernels.summaries.sections import Sections
from simcost_kernels.system.aligned import LINE
from simcost_kernels.system.growth import extended

NOTHING = np.array([[0.0], [np.inf], [-np.inf]])


def test_rows_keep_what_is_used_and_are_empty_beyond():
    memory = extended(np.empty((3, 0)), 0, 64, empty=NOTHING)
    memory[:, :64] = np.arange(192.0).reshape(3, 64)
    memory = extended(memory, 64, 640, empty=NOTHING)
    assert np.array_equal(memory[:, :64], np.arange(192.0).reshape(3, 64))
    assert (memory[:, 64:640] == NOTHING).all()
    assert memory.ctypes.data % LINE == 0


def test_memory_is_the_same_while_there_is_room():
    memory = extended(np.empty((1, 0)), 0, 100, empty=0.0)
    memory[0, :100] = 7.0
    assert extended(memory, 100, 150, empty=0.0) is memory
    assert memory[0, :150].tolist() == [7.0] * 100 + [0.0] * 50
    assert extended(memory, 150, 151, empty=0.0) is not memory


def test_rows_of_sections_are_made_once_and_their_counts_stay():
    counts = Sections(16)
    assert counts.make(np.array([5, 9])) == 0
    counts.counts[counts.rows[9]] = 3
    assert counts.make(np.array([2, 9])) == 2
    assert counts.rows[[5, 9, 2]].tolist() == [0, 1, 2]
    assert counts.counts.sum(axis=(1, 2)).tolist() == [0, 3 * 512 * 16, 0]
    assert counts.make(np.array([2, 5, 9])) == 3
    assert len(counts.counts) == 3
