"""Speed and memory of summaries: nanoseconds a value and megabytes, for 75 columns as a scenario has them.

Run: python bench/summaries.py [BLOCKS]
"""

from __future__ import annotations

import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from simcost_kernels.summaries.summary import BLOCK, Summary

COLUMNS = 75


def model(seed: int) -> np.ndarray:
    """Columns of one block: costs of several spreads, a third of them with a 30 % event, and some zeros and ones."""
    generator = np.random.default_rng(seed)
    spreads = np.linspace(0.05, 0.6, COLUMNS)[:, None]
    columns = np.exp(generator.normal(13.0, spreads, (COLUMNS, BLOCK)))
    columns[::3] *= generator.random((len(columns[::3]), BLOCK)) < 0.3
    columns[-24:] = columns[-24:] > np.exp(13.0)
    return columns


def add_all(blocks: list[np.ndarray], numbers: range) -> tuple[Summary, list[float]]:
    """Summarise the blocks of these numbers; return the seconds that each took."""
    summary, seconds = Summary(COLUMNS), []
    for number in numbers:
        started = time.perf_counter()
        summary.add(number * BLOCK, blocks[number % len(blocks)])
        seconds.append(time.perf_counter() - started)
    return summary, seconds


def median_ns(seconds: list[float]) -> float:
    """Nanoseconds a value of the median block: a neighbour on the machine slows some blocks, seldom half of them."""
    return float(np.median(seconds)) / (COLUMNS * BLOCK) * 1e9


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    blocks = [model(seed) for seed in range(4)]
    add_all(blocks, range(1))
    summary, alone = add_all(blocks, range(count))
    with ThreadPoolExecutor(2) as pool:
        (left, first), (right, second) = pool.map(lambda half: add_all(blocks, range(half, count, 2)), (0, 1))
    started = time.perf_counter()
    left.merge(right)
    merged = time.perf_counter() - started
    stored = sum(array.nbytes for array in summary.to_arrays().values())
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"{summary.n:,} scenarios, {COLUMNS} columns")
    print(f"one thread   {median_ns(alone):6.2f} ns a value")
    print(f"two threads  {median_ns(first + second) / 2:6.2f} ns a value, then {merged * 1e3:.1f} ms to merge")
    print(f"memory       {summary.nbytes / 1e6:6.1f} MB held, {stored / 1e6:.1f} MB as arrays")
    assert left.digest() == summary.digest()


if __name__ == "__main__":
    main()
