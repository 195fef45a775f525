from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.order_statistics import Ordered
from simcost_kernels.summaries.sections import count_column
from simcost_kernels.summaries.summary import BLOCK, Summary


def summarise(columns, first=0):
    """Summary of a whole table, one block after the other."""
    summary = Summary(len(columns))
    for start, stop in blocks(first, first + columns.shape[1]):
        summary.add(start, columns[:, start - first : stop - first])
    return summary


def blocks(first, stop):
    """Cut [first, stop) at multiples of BLOCK."""
    cuts = [first, *range((first // BLOCK + 1) * BLOCK, stop, BLOCK), stop]
    return list(pairwise(cuts))


@pytest.fixture(scope="module")
def table():
    """Six columns of seven blocks and a bit: smooth, zero-inflated, signed, constant, 0/1, heavy-tailed."""
    generator = np.random.default_rng(20261121)
    n = 7 * BLOCK + 12_345
    smooth = generator.lognormal(13.0, 0.3, n)
    event = smooth * (generator.random(n) < 0.3)
    heavy = generator.standard_cauchy(n) * 1e3
    return np.stack([smooth, event, generator.normal(0.0, 1.0, n), np.full(n, 0.1), (event > 0) * 1.0, heavy])


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_partition_in_any_order_gives_the_same_bits(table, data):
    parts = data.draw(st.permutations(blocks(0, table.shape[1])))
    owners = data.draw(st.lists(st.integers(0, 2), min_size=len(parts), max_size=len(parts)))
    summaries = [Summary(len(table)) for _ in range(3)]
    for (start, stop), owner in zip(parts, owners, strict=True):
        summaries[owner].add(start, table[:, start:stop])
    order = data.draw(st.permutations(summaries))
    for other in order[1:]:
        order[0].merge(other)
    assert order[0].digest() == summarise(table).digest()


@settings(max_examples=20, deadline=None)
@given(cuts=st.sets(st.integers(1, 3 * BLOCK - 1), max_size=6), data=st.data())
def test_cuts_inside_a_block_keep_counts_exact_and_moments_to_rounding(table, cuts, data):
    whole = summarise(table[:, : 3 * BLOCK])
    edges = sorted({0, BLOCK, 2 * BLOCK, 3 * BLOCK} | cuts)
    parted = Summary(len(table))
    for start, stop in data.draw(st.permutations(list(pairwise(edges)))):
        parted.add(start, table[:, start:stop])
    mine, theirs = parted.to_arrays(), whole.to_arrays()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine if name not in ("mean", "squares"))
    np.testing.assert_allclose(parted.mean(), whole.mean(), rtol=1e-13)
    np.testing.assert_allclose(parted.sd(), whole.sd(), rtol=1e-11, atol=1e-15)


def test_a_range_not_starting_at_zero_merges_with_its_complement(table):
    half = 4 * BLOCK
    first, second = summarise(table[:, :half]), summarise(table[:, half:], first=half)
    second.merge(first)
    assert second.digest() == summarise(table).digest()


def test_one_changed_value_changes_the_digest(table):
    changed = table[:, :BLOCK].copy()
    changed[0, 17] *= 1.001
    assert summarise(changed).digest() != summarise(table[:, :BLOCK]).digest()


def test_mean_and_deviation_agree_with_long_double_arithmetic(table):
    summary = summarise(table)
    exact = table.astype(np.longdouble)
    np.testing.assert_allclose(summary.mean(), exact.mean(axis=1).astype(float), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(summary.sd(), exact.std(axis=1, ddof=1).astype(float), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("first", [0, BLOCK - 500, 10**12])
def test_nist_numacc4_comes_out_right(first):
    # NIST StRD, univariate summary statistics, NumAcc4: mean 10000000.2, standard deviation 0.1.
    values = np.concatenate(([10_000_000.2], np.tile([10_000_000.1, 10_000_000.3], 500)))
    summary = summarise(values[None, :], first)
    assert summary.n == 1001
    assert summary.mean()[0] == pytest.approx(10_000_000.2, rel=1e-15)
    # The data themselves are off by up to 1e-9 in float64: 8 digits are all that they hold.
    assert summary.sd()[0] == pytest.approx(0.1, rel=2e-8)


def test_one_pass_sums_of_squares_fail_numacc4():
    values = np.concatenate(([10_000_000.2], np.tile([10_000_000.1, 10_000_000.3], 500)))
    variance = (np.sum(values * values) - values.sum() ** 2 / 1001) / 1000
    assert abs(variance - 0.01) > 1e-3


def test_a_constant_is_exact_everywhere():
    summary = summarise(np.full((1, 2 * BLOCK + 77), 0.1))
    assert (summary.mean()[0], summary.sd()[0], summary.minimum()[0], summary.maximum()[0]) == (0.1, 0.0, 0.1, 0.1)
    assert set(summary.at_rank(0, [0, 1, BLOCK, summary.n - 1])) == {0.1}
    assert set(summary.rank_error(0, [0, 1, BLOCK, summary.n - 1])) == {0.0}


def test_order_statistics_of_few_values_are_exact():
    values = np.random.default_rng(5).lognormal(3.0, 2.0, 300)
    summary = summarise(values[None, :])
    assert summary.rank_error(0, np.arange(300)).max() == 0.0
    assert np.array_equal(summary.at_rank(0, np.arange(300)), np.sort(values))


def test_order_statistics_lie_within_the_stated_width_and_error(table):
    summary = summarise(table)
    ranks = np.arange(0, table.shape[1], 101)
    for column, values in enumerate(table):
        exact = np.sort(values)[ranks]
        found, error = summary.at_rank(column, ranks), summary.rank_error(column, ranks)
        assert (np.abs(found - exact) <= 2.45e-4 * np.abs(exact)).all()
        assert (found[error == 0.0] == exact[error == 0.0]).all()
        off = np.abs(found - exact)[error > 0.0] / error[error > 0.0]
        # Four thousand strongly dependent deviations: their mean square is 1 if the stated error is honest.
        assert off.size == 0 or 0.8 < np.mean(off**2) < 1.2


def test_ranks_found_by_page_are_those_of_all_cells_in_order():
    """Pages come in another order than their values, some lie far apart, and one block alone is not spread over pages."""
    first, second = np.random.default_rng(1).normal(0.0, 1e3, 4000) ** 3, np.arange(-300.0, 300.0)
    for values in ([first], [first, second, np.zeros(50)]):
        summary = Summary(1)
        for block, each in enumerate(values):
            summary.add(block * BLOCK, each[None])
        ranks = np.arange(summary.n)
        found = summary.at_rank(0, ranks), summary.rank_error(0, ranks)
        assert np.array_equal(found, Ordered.of(summary.cells(0)).at_rank(ranks))


def test_atoms_and_their_edges_are_exact(table):
    summary = summarise(table)
    zeros = int((table[1] == 0.0).sum())
    smallest = table[1][table[1] > 0].min()
    assert list(summary.at_rank(1, [0, zeros - 1, zeros])) == [0.0, 0.0, smallest]


def test_extremes_and_zero_one_counts_are_exact(table):
    summary = summarise(table)
    assert np.array_equal(summary.minimum(), table.min(axis=1))
    assert np.array_equal(summary.maximum(), table.max(axis=1))
    assert summary.count_true(4) == int(table[4].sum())


def test_strange_floats_keep_their_order():
    values = np.array([-1e308, -1.5, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1e-310, 2.2e-308, 1.0, 1.5, 1e308])
    summary = summarise(np.random.default_rng(3).permutation(values)[None, :])
    found = summary.at_rank(0, np.arange(12))
    # 0.0 and the two denormals share one cell, which knows its smallest and its largest.
    assert np.array_equal(found[[0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11]], values[[0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11]])
    assert 0.0 <= found[6] <= 1e-310
    assert not np.signbit(found[4])


def test_negative_and_positive_zero_give_the_same_bits():
    assert summarise(np.zeros((1, 9))).digest() == summarise(-np.zeros((1, 9))).digest()


def test_values_that_are_not_finite_are_counted_and_left_out():
    columns = np.arange(20.0).reshape(2, 10)
    columns[0, 3], columns[0, 4], columns[1, 4] = np.nan, np.inf, -np.inf
    summary = summarise(columns, first=100)
    assert list(summary.non_finite) == [2, 1]
    assert (summary.non_finite_scenarios, summary.first_non_finite) == (2, 103)
    assert list(summary.count()) == [8, 9]
    finite = [columns[0, [0, 1, 2, 5, 6, 7, 8, 9]], columns[1, [0, 1, 2, 3, 5, 6, 7, 8, 9]]]
    np.testing.assert_allclose(summary.mean(), [part.mean() for part in finite], rtol=1e-15)
    np.testing.assert_allclose(summary.sd(), [part.std(ddof=1) for part in finite], rtol=1e-15)
    assert list(summary.at_rank(0, np.arange(8))) == list(finite[0])


def test_a_column_without_a_finite_value_has_no_figures():
    summary = summarise(np.array([[np.nan, np.inf], [1.0, 2.0]]))
    assert np.isnan([summary.mean()[0], summary.sd()[0], summary.minimum()[0], summary.maximum()[0]]).all()
    assert list(summary.histogram(0, [0.0, 1.0])) == [0]
    with pytest.raises(ValueError, match="column 0, which has 0 values"):
        summary.at_rank(0, [0])


def test_sums_beyond_the_range_of_floats_keep_their_mean():
    values = np.array([[1.5e308, 1.7e308, 1.6e308]])
    summary = summarise(values)
    assert summary.mean()[0] == pytest.approx(1.6e308, rel=1e-15)
    assert summary.sd()[0] == np.inf


def test_one_scenario_has_a_mean_and_no_deviation():
    summary = summarise(np.array([[7.0]]))
    assert summary.mean()[0] == 7.0
    assert np.isnan(summary.sd()[0])


@settings(max_examples=200, deadline=None)
@given(values=arrays(np.float64, st.integers(1, 200), elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_any_floats_whatever_are_taken_in(values):
    summary = summarise(values[None, :])
    finite = np.sort(values[np.isfinite(values)])
    assert summary.count()[0] == len(finite)
    if len(finite):
        found = summary.at_rank(0, np.arange(len(finite)))
        assert (np.diff(found) >= 0).all()
        assert (found[0], found[-1]) == (finite[0], finite[-1])
        assert finite[0] <= summary.mean()[0] <= finite[-1]


def test_a_histogram_with_edges_between_values_counts_exactly(table):
    summary = summarise(table)
    edges = np.quantile(table[0], np.linspace(0.0, 1.0, 41))
    exact, _ = np.histogram(table[0], edges)
    found = summary.histogram(0, edges)
    assert found.sum() == exact.sum() == table.shape[1]
    # An edge inside a cell of about a hundred values is placed within a few of them.
    assert np.abs(found - exact).max() <= 60
    assert list(summary.histogram(4, [-0.5, 0.5, 1.5])) == list(np.histogram(table[4], [-0.5, 0.5, 1.5])[0])
    assert list(summary.histogram(4, [0.0, 1.0])) == [table.shape[1]]


def test_arrays_restore_the_same_summary(table):
    summary = summarise(table)
    restored = Summary.from_arrays(summary.to_arrays())
    assert restored.digest() == summary.digest()
    restored.merge(summarise(table[:, :BLOCK], first=100 * BLOCK))
    assert restored.n == summary.n + BLOCK


@pytest.mark.parametrize("name", ["mean", "cell_keys", "cell_offsets", "ranges", "minimum", "non_finite"])
def test_damaged_arrays_are_refused(table, name):
    damaged = summarise(table[:, :1000]).to_arrays()
    damaged[name] = damaged[name][:-1]
    with pytest.raises(ValueError, match="damaged"):
        Summary.from_arrays(damaged)


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("ranges", lambda ranges: ranges - 1, "scenarios -1 to 998"),
        ("ranges", lambda ranges: ranges[:, ::-1], "scenarios 1000 to -1"),
        ("cell_keys", lambda keys: np.r_[keys[0], keys[0], keys[2:]], "do not ascend"),
        ("cell_keys", lambda keys: np.r_[keys[1], keys[0], keys[2:]], "do not ascend"),
        ("cell_offsets", lambda offsets: np.r_[0, offsets[2] + 1, offsets[2:]], "lengths differ"),
        ("cell_counts", lambda counts: np.r_[counts[0] + 1, counts[1:]], "where the moments count"),
        ("cell_counts", lambda counts: np.r_[counts[0] + counts[1], 0, counts[2:]], "where the moments count"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(table, name, damage, said):
    arrays = summarise(table[:, :1000]).to_arrays()
    arrays[name] = damage(arrays[name]).astype(arrays[name].dtype)
    with pytest.raises(ValueError, match=said):
        Summary.from_arrays(arrays)


@pytest.mark.parametrize(
    ("start", "shape", "message"),
    [
        (0, (3, 10), "shape"),
        (0, (2, 0), "shape"),
        (BLOCK - 1, (2, 2), "not within one block"),
        (-1, (2, 1), "not within one block"),
        (5, (2, 10), "overlap 0 to 9"),
        (9, (2, 1), "overlap 0 to 9"),
    ],
)
def test_a_wrong_addition_is_refused_and_changes_nothing(start, shape, message):
    summary = summarise(np.ones((2, 10)))
    before = summary.digest()
    with pytest.raises(ValueError, match=message):
        summary.add(start, np.ones(shape))
    assert summary.digest() == before


def test_merging_what_is_there_already_or_other_columns_is_refused():
    summary = summarise(np.ones((2, 10)))
    with pytest.raises(ValueError, match="here already"):
        summary.merge(summarise(np.ones((2, 5)), first=5))
    with pytest.raises(ValueError, match="3 columns"):
        summary.merge(Summary(3))


def test_memory_stays_put_as_scenarios_grow(table):
    def repeated(times):
        summary = Summary(len(table))
        for block in range(times):
            summary.add(block * BLOCK, table[:, :BLOCK])
        return summary

    assert repeated(32).nbytes == repeated(2).nbytes
    assert len(repeated(32).ranges) == 1


def test_threads_that_reduce_columns_of_open_blocks_give_the_same_bits(table):
    from concurrent.futures import ThreadPoolExecutor

    summary = Summary(len(table))
    opened = [summary.open(start, table[:, start:stop]) for start, stop in blocks(0, table.shape[1])]

    def work(column):
        for block in opened[column % len(opened) :] + opened[: column % len(opened)]:
            block.reduce([column], reduce_column, count_column)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(len(table))))
    for block in reversed(opened):
        summary.close(block)
    assert summary.digest() == summarise(table).digest()
