"""Memory cut from pieces: whole, apart from each other, and little of it lost."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from simcost_kernels.aligned import LINE
from simcost_kernels.arena import APART, Arena, grown
from simcost_kernels.summary import BLOCK, Summary

PIECE = 4096


def overlap(arrays):
    return [(i, j) for i, left in enumerate(arrays) for j, right in enumerate(arrays[:i]) if np.shares_memory(left, right)]


def test_arrays_of_an_arena_have_their_size_and_nothing_in_common():
    arena = Arena(PIECE)
    sizes = [512, 3584, 8, PIECE, PIECE + 1, 4000, 0, 100]
    arrays = [arena.take(size) for size in sizes]
    assert [array.shape for array in arrays] == [(size,) for size in sizes]
    assert overlap(arrays) == []
    assert arrays[0].base is arrays[1].base  # of one piece, which they fill
    assert arrays[2].base is not arrays[0].base
    assert all(array.ctypes.data % LINE == 0 for array in arrays)


def test_threads_that_take_at_once_share_nothing():
    arena = Arena(PIECE)
    with ThreadPoolExecutor(4) as pool:
        arrays = list(pool.map(lambda number: arena.take(64 + number % 3), range(200)))
    for number, array in enumerate(arrays):
        array[:] = number
    assert all((array == number).all() for number, array in enumerate(arrays))


def test_without_an_arena_every_array_has_memory_of_its_own():
    first, second = APART.take(100), APART.take(100)
    assert first.base is not second.base


def test_what_has_grown_holds_what_it_held_and_is_empty_beyond():
    assert grown(np.array([3.0, 1.0]), np.empty(5), -np.inf).tolist() == [3.0, 1.0, -np.inf, -np.inf, -np.inf]


def test_the_counts_of_many_columns_lie_in_few_pieces_of_memory():
    spread = np.exp(np.random.default_rng(5).normal(13, 0.4, (64, BLOCK // 16)))
    summary = Summary(64, 16)
    for block in range(2):  # what is added first is kept as it is
        summary.add(block * BLOCK, spread)
    stored = [cells.stored()[0] for cells in summary._cells] + [counts.counts for counts in summary._sections.columns]
    bases = {id(root(array)): root(array).nbytes for array in stored}
    assert len(bases) < 10
    assert sum(bases.values()) < 1.5 * summary.nbytes


def root(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
