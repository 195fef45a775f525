"""The compiled reduction against the definition on NumPy: every array of the summary, to the bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from simcost_kernels.backends.cpu import reduction
from simcost_kernels.backends.cpu.table import TABLE_PAGES
from simcost_kernels.summaries.cells import PAGE
from simcost_kernels.summaries.ranges import BLOCK
from simcost_kernels.summaries.sections import count_column
from simcost_kernels.summaries.summary import Summary


@pytest.fixture(scope="module")
def compiled():
    return reduction.CompiledReduction()


def columns(generator: np.random.Generator, k: int) -> dict[str, np.ndarray]:
    """Columns as models have them, and as they should not."""
    cost, event = np.exp(generator.normal(13.0, 0.3, k)), generator.random(k) < 0.3
    return {
        "a cost": cost,
        "nearly constant": np.exp(generator.normal(13.0, 1e-9, k)),
        "many octaves": np.exp(generator.normal(0.0, 1.0, k)),
        "more octaves than the table has": np.exp(generator.normal(0.0, 30.0, k)),
        "savings": -cost,
        "a cost of an event": cost * event,
        "savings of an event": -cost * event,
        "both signs": generator.normal(size=k),
        "zeros and ones": event * 1.0,
        "zero": np.zeros(k),
        "negative zero": -np.zeros(k),
        "negative zeros": np.where(event, -0.0, 5.0),
        "a constant": np.full(k, 0.1),
        "two neighbours": np.where(event, 1.0, np.nextafter(1.0, 2.0)),
        "whole numbers": generator.integers(0, 5, k) * 1.0,
        "the smallest": np.where(event, 5e-324, 0.0),
        "the smallest savings": np.where(event, -5e-324, 3.0),
        "a sum beyond float64": generator.random(k) * 1.5e308,
        "some NaN": np.where(event, np.nan, cost),
        "all NaN": np.full(k, np.nan),
        "negative NaN": np.full(k, -np.nan),
        "some infinite": np.where(event, np.inf, cost),
        "all minus infinity": np.full(k, -np.inf),
    }


@pytest.mark.parametrize("k", [1, 2, 3, 255, 256, 257, 8191, 8192, 8193, 40_000, BLOCK - 1, BLOCK])
def test_the_summary_has_the_bits_of_the_definition(compiled, k):
    generator = np.random.default_rng(k)
    by_definition, by_compiled = Summary(len(columns(generator, 1))), Summary(len(columns(generator, 1)))
    for block in range(3):
        table = np.array(list(columns(generator, k).values()))
        by_definition.add(block * BLOCK, table)
        by_compiled.add(block * BLOCK, table, reduction=compiled)
    expected, found = by_definition.to_arrays(), by_compiled.to_arrays()
    assert [name for name, array in expected.items() if array.tobytes() != found[name].tobytes()] == []


def test_only_what_is_hostile_is_left_to_numpy(compiled, monkeypatch):
    left = []
    monkeypatch.setattr(
        reduction, "reduce_column", lambda values, cells, work: left.append(values) or original(values, cells, work)
    )
    table = columns(np.random.default_rng(5), BLOCK)
    Summary(len(table)).add(0, np.array(list(table.values())), reduction=compiled)
    names = [name for name, values in table.items() if any(np.array_equal(values, each, equal_nan=True) for each in left)]
    assert names == [
        "more octaves than the table has",
        "both signs",
        "the smallest savings",
        "a sum beyond float64",
        "some NaN",
        "all NaN",
        "negative NaN",
        "some infinite",
        "all minus infinity",
    ]


original = reduction.reduce_column


def test_a_column_that_just_fits_the_table_and_one_that_does_not_agree_with_the_definition(compiled):
    for pages in (TABLE_PAGES, TABLE_PAGES + 1):
        keys = 1023 * 8 + np.arange(pages)  # one value a page, from 1.0 up
        values = (keys.astype(np.int64) * PAGE << 40).view(np.float64)[None, :]
        by_definition, by_compiled = Summary(1), Summary(1)
        by_definition.add(0, values)
        by_compiled.add(0, values, reduction=compiled)
        assert by_compiled.digest() == by_definition.digest()


def test_values_that_are_not_adjacent_are_reduced_too(compiled):
    values = np.random.default_rng(2).lognormal(size=(1000, 2)).T[:1]
    by_definition, by_compiled = Summary(1), Summary(1)
    by_definition.add(0, values)
    by_compiled.add(0, values, reduction=compiled)
    assert by_compiled.digest() == by_definition.digest()


def test_threads_that_count_into_the_same_cells_lose_nothing(compiled):
    """Short blocks, each with pages of its own: cells grow and are replaced while others count into them."""
    generator, n, threads = np.random.default_rng(11), 96, 4
    tables = np.exp(generator.normal(0.0, 0.05, (n, 8, 256)) + np.linspace(-3.0, 3.0, n)[:, None, None])
    first = Summary(8)
    opened = [first.open(block * BLOCK, tables[block]) for block in range(n)]

    def work(thread: int) -> None:
        for block in opened[thread::threads]:
            block.reduce(range(8), compiled, count_column)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    for block in opened:
        first.close(block)
    alone = Summary(8)
    for block in range(n):
        alone.add(block * BLOCK, tables[block], reduction=compiled)
    assert first.digest() == alone.digest()
