"""Counts by section: exact, order-free, stored whole, and what they say around a rank."""

from itertools import pairwise

import numpy as np
import pytest

from simcost_kernels.backends.cpu.counting import CompiledCounter
from simcost_kernels.summaries.sections import Sections, count_column, section_numbers
from simcost_kernels.summaries.summary import BLOCK, Summary

SECTIONS = 16
RNG = np.random.default_rng(4)


def columns(n):
    """A lognormal, one with an atom at zero and negative values, a constant, a coin with a value missing."""
    spread = np.exp(RNG.normal(13, 0.4, n))
    mixed = np.where(RNG.random(n) < 0.4, 0.0, RNG.normal(0, 1e5, n))
    coin = (RNG.random(n) < 0.3).astype(float)
    coin[[7, n // 2]] = [np.nan, np.inf]
    return np.stack([spread, mixed, np.full(n, 720_000.0), coin])


def summary_of(values, first=0, order=1):
    summary = Summary(len(values), SECTIONS)
    stop = first + values.shape[1]
    cuts = sorted({first, stop, *range(first // BLOCK * BLOCK + BLOCK, stop, BLOCK)})
    for start, end in list(pairwise(cuts))[::order]:
        summary.add(start, values[:, start - first : end - first])
    return summary


@pytest.fixture(scope="module")
def values():
    return columns(2 * BLOCK + 12_288)


def test_scenarios_are_dealt_out_by_rows_of_256():
    numbers = section_numbers(250, 250 + 256 * 40, SECTIONS)
    assert numbers[:6].tolist() == [0] * 6
    assert numbers[6:262].tolist() == [1] * 256
    assert numbers[256 * 16 : 256 * 16 + 6].tolist() == [0] * 6


def test_counts_around_a_rank_are_those_of_the_values_themselves(values):
    summary = summary_of(values)
    numbers = section_numbers(0, values.shape[1], SECTIONS)
    for column, row in enumerate(values):
        finite = np.isfinite(row)
        ranks = np.array([0, 100, finite.sum() // 2, int(0.95 * finite.sum()), finite.sum() - 1])
        found = summary.sections_around(column, ranks)
        assert found.totals.tolist() == np.bincount(numbers[finite], minlength=SECTIONS).tolist()
        ordered = np.sort(row[finite])
        for place, rank in enumerate(ranks):
            edge, last = ordered[found.below[place].sum()], ordered[(found.below + found.inside)[place].sum() - 1]
            assert edge <= ordered[rank] <= last <= edge + abs(edge) * 2.45e-4
            lower, within = (row < edge) & finite, (row >= edge) & (row <= last) & finite
            assert found.below[place].tolist() == np.bincount(numbers[lower], minlength=SECTIONS).tolist()
            assert found.inside[place].tolist() == np.bincount(numbers[within], minlength=SECTIONS).tolist()
            assert found.share[place] == (rank + 1 - lower.sum()) / within.sum()


def test_true_values_are_counted_by_section(values):
    true, totals = summary_of(values).sections_true(3)
    numbers = section_numbers(0, values.shape[1], SECTIONS)
    assert true.tolist() == np.bincount(numbers[values[3] == 1.0], minlength=SECTIONS).tolist()
    assert totals.sum() == values.shape[1] - 2


def test_order_of_blocks_and_merging_leave_every_bit(values):
    expected = summary_of(values).digest()
    assert summary_of(values, order=-1).digest() == expected
    left, right = summary_of(values[:, :BLOCK]), summary_of(values[:, BLOCK:], first=BLOCK)
    right.merge(left)
    assert right.digest() == expected


def test_a_summary_with_sections_is_stored_and_read_back(values):
    summary = summary_of(values)
    arrays = summary.to_arrays()
    assert arrays["cell_sections"].dtype == np.uint32
    again = Summary.from_arrays(arrays)
    assert (again.sections, again.digest()) == (SECTIONS, summary.digest())
    again.merge(summary_of(values[:, : BLOCK // 2], first=8 * BLOCK))
    arrays["cell_sections"][5, 3] += 1
    with pytest.raises(ValueError, match="sections that count other values"):
        Summary.from_arrays(arrays)
    with pytest.raises(ValueError, match="17 sections"):
        Summary.from_arrays({**arrays, "cell_sections": np.zeros((len(arrays["cell_keys"]), 17), dtype=np.uint32)})


def test_all_else_is_as_without_sections(values):
    plain = Summary(len(values))
    for start in range(0, values.shape[1], BLOCK):
        plain.add(start, values[:, start : start + BLOCK])
    arrays = summary_of(values).to_arrays()
    del arrays["cell_sections"]
    assert Summary.from_arrays(arrays).digest() == plain.digest()
    with pytest.raises(ValueError, match="one way of sampling"):
        plain.merge(summary_of(values))


def test_the_compiled_counter_counts_the_same(values):
    counter, whole = CompiledCounter(), values[:, :BLOCK]
    more = np.stack([whole[0] * np.where(RNG.random(BLOCK) < 0.5, 1e-300, -1e300), np.where(whole[1] == 0.0, -0.0, whole[1])])
    more[0, :3] = np.nan, -np.inf, 5e-324
    for column in (*whole, *more):
        for start in (0, 77):
            compiled, plain = Sections(SECTIONS), Sections(SECTIONS)
            for counts, count in ((compiled, counter), (plain, count_column)):
                count(column[: BLOCK - start], start, counts)
                count(column[:999][::3], start, counts)
            pages = np.flatnonzero(plain.rows >= 0)
            assert pages.tolist() == np.flatnonzero(compiled.rows >= 0).tolist()
            assert np.array_equal(compiled.counts[compiled.rows[pages]], plain.counts[plain.rows[pages]])
            assert plain.counts.sum() == np.isfinite(column[: BLOCK - start]).sum() + np.isfinite(column[:999][::3]).sum()
