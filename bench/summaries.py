"""Speed and memory of summaries: nanoseconds a value and megabytes, for 75 columns as a scenario has them.

Run: python bench/summaries.py [BLOCKS]
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from simcost_kernels.summary import BLOCK, Summary

COLUMNS = 75


def model(seed: int) -> np.ndarray:
    """Columns of one block: costs of several spreads, a third of them with a 30 % event, and some zeros and ones."""
    generator = np.random.default_rng(seed)
    spreads = np.linspace(0.05, 0.6, COLUMNS)[:, None]
    columns = np.exp(generator.normal(13.0, spreads, (COLUMNS, BLOCK)))
    columns[::3] *= generator.random((len(columns[::3]), BLOCK)) < 0.3
    columns[-24:] = columns[-24:] > np.exp(13.0)
    return columns


def add_all(blocks: list[np.ndarray], first: int, step: int, count: int) -> Summary:
    summary = Summary(COLUMNS)
    for block in range(first, count, step):
        summary.add(block * BLOCK, blocks[block % len(blocks)])
    return summary


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    blocks = [model(seed) for seed in range(4)]
    values = COLUMNS * BLOCK * count
    add_all(blocks, 0, 1, 1)
    started = time.perf_counter()
    summary = add_all(blocks, 0, 1, count)
    alone = time.perf_counter() - started
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda first: add_all(blocks, first, 2, count), (0, 1)))
    shared = time.perf_counter() - started
    started = time.perf_counter()
    halves[0].merge(halves[1])
    merged = time.perf_counter() - started
    stored = sum(array.nbytes for array in summary.to_arrays().values())
    print(f"{summary.n:,} scenarios, {COLUMNS} columns")
    print(f"one thread   {alone / values * 1e9:6.2f} ns a value")
    print(f"two threads  {shared / values * 1e9:6.2f} ns a value, then {merged * 1e3:.1f} ms to merge")
    print(f"memory       {summary.nbytes / 1e6:6.1f} MB held, {stored / 1e6:.1f} MB as arrays")
    assert halves[0].digest() == summary.digest()


if __name__ == "__main__":
    main()
