"""Scenarios a second of the benchmark model, kernel and summaries together and apart: back ends beside the NumPy script.

Run: python bench/throughput.py [-n SCENARIOS] [--repeats R]

Equal work: every rival yields the percentiles of the same columns. The NumPy script keeps its columns in memory and sorts them;
the back ends reduce them block by block. Nothing is written to disk, nothing is started or compiled within the time that counts.
The rivals take turns; the figures are medians.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path

import numpy as np

from simcost import api
from simcost.engine.backend import kernel_for
from simcost.engine.simulate import simulate
from simcost_kernels.summary import BLOCK

sys.path.insert(0, str(Path(__file__).parent / "rivals"))
import numpy_script

ROOT = Path(__file__).parents[1]
SEED = 20270101
PERCENTILES = (5, 10, 50, 80, 90, 95, 99)


def script(n: int) -> np.ndarray:
    """The analyst's way: percentiles of every column."""
    lines, months = numpy_script.simulate(n, SEED)
    _, matrix = numpy_script.columns(lines, months)
    return np.percentile(matrix, PERCENTILES, axis=1)


def kernel_alone(kernel, n: int) -> None:
    out = np.empty((kernel.plan.n_columns, BLOCK))
    for start in range(0, n, BLOCK):
        kernel.run(SEED, start, start + BLOCK, out)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=16 * BLOCK)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    n = -(-arguments.n // BLOCK) * BLOCK
    plan = api.compile(ROOT / "scenarios" / "ecommerce_recommender.toml").plan
    reference, cpu = kernel_for(plan, "reference"), kernel_for(plan, "cpu")
    rivals = {
        "NumPy script": lambda: script(n),
        "reference": lambda: simulate(reference, seed=SEED, first=0, n=n),
        "cpu, 1 thread": lambda: simulate(cpu, seed=SEED, first=0, n=n, workers=1),
        "cpu, 2 threads": lambda: simulate(cpu, seed=SEED, first=0, n=n, workers=2),
        "cpu, 1 thread, kernel alone": lambda: kernel_alone(cpu, n),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(arguments.repeats):
        for name, run in rivals.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    medians = {name: float(np.median(each)) for name, each in seconds.items()}
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, {cpu.device}; {n:,} scenarios")
    for name, median in medians.items():
        ratio = medians["NumPy script"] / median
        print(f"{name:30s}{median / n * 1e9:9.0f} ns a scenario{n / median / 1e6:9.2f} million a second{ratio:8.2f} x the script")


if __name__ == "__main__":
    main()
