"""Scenarios a second of the benchmark model: back ends beside their rivals, kernel and summaries together and apart.

    python bench/throughput.py [-n 524_288] [--repeats 5] [--record]

Equal model, equal number of draws, equal figures: everyone yields the percentiles of total, categories, months and cumulative
months (32 columns). Rows that say "all columns" yield those of lines, stages and owners too, and the chances of breaking the
budget, as ``simcost run --keep none`` does. Nothing is written to disk, started or compiled within the time that counts.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import (
    SCENARIO,
    SEED,
    Times,
    in_a_line,
    machine,
    neighbours,
    parser,
    seconds_of,
    timed,
    whole_number,
    write_record,
)

from simcost import api
from simcost.compile.cut import cut
from simcost.engine.preparation.backend import host_kernel_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.summaries.summary import BLOCK, Summary
from simcost_kernels.system.aligned import aligned_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.engine.kernels import HostKernel

sys.path.insert(0, str(Path(__file__).parent / "rivals"))

EQUAL = ("total", "category", "month", "cumulative")
"""Groups of columns whose percentiles every rival yields."""

PERCENTILES = (5, 10, 50, 80, 90, 95, 99)
PAIRS_S = 10.0
"""Of two runs that are weighed call by call."""
TURN_S = 1.0
"""Of each turn, at least: runs of a quarter of a second need more results for as steady a median."""
PACKAGES = ("numpy", "scipy", "numba", "jax", "squigglepy", "openturns")


@dataclass(frozen=True)
class Rival:
    """A library's way: its module in ``rivals/``, what it needs, and how its ``figures(n, seed)`` is called besides."""

    module: str
    needs: str
    arguments: tuple[tuple[str, object], ...] = ()

    def is_installed(self) -> bool:
        return find_spec(self.needs) is not None

    def run(self, n: int) -> Callable[[], object]:
        return partial(import_module(self.module).figures, n, SEED, **dict(self.arguments))


RIVALS = {
    "NumPy script": Rival("numpy_script", "numpy"),
    "hand-written numba, its own bits, 1 thread": Rival("handwritten", "numba"),
    "hand-written numba, its own bits, 2 threads": Rival("handwritten", "numba", (("threads", 2),)),
    "JAX jit": Rival("jax_script", "jax"),
    "JAX jit, all draws by jax.random": Rival("jax_script", "jax", (("library", True),)),
    "squigglepy": Rival("squigglepy_script", "squigglepy"),
    "OpenTURNS": Rival("openturns_script", "openturns"),
}
"""By the name in the table."""


@dataclass(frozen=True)
class Bar:
    """What was promised: ``row`` is at least ``wanted`` times as quick as ``over``.

    With ``in_pairs`` that is measured call by call: where others share the memory of a machine, what two threads take changes
    from one second to the next, and turns of a second meet different seconds.
    """

    row: str
    over: str
    wanted: float
    in_pairs: bool = False


BARS = (
    Bar("simcost cpu, 2 threads", "NumPy script", 15.0),
    Bar("simcost cpu, 2 threads", "JAX jit", 8.0),
    Bar("simcost cpu, 2 threads", "hand-written numba, its own bits, 2 threads", 0.85, in_pairs=True),
    Bar("simcost cpu, kernel alone", "hand-written numba, same bits, kernel alone", 0.85, in_pairs=True),
    Bar("simcost cpu, kernel alone, 2 threads", "hand-written numba, same bits, kernel alone, 2 threads", 0.85, in_pairs=True),
    Bar("simcost cpu, 2 threads", "simcost cpu, 1 thread", 1.9, in_pairs=True),
    Bar("simcost cpu, 2 threads, all columns", "NumPy script, all columns", 15.0),
    Bar("simcost cpu, 2 threads, all columns", "simcost cpu, 1 thread, all columns", 1.9, in_pairs=True),
)


def kernels() -> dict[str, HostKernel]:
    """The benchmark's kernels by name: those with the columns that everyone yields, and the whole model's."""
    whole = api.compile(SCENARIO).plan
    equal = cut(whole, EQUAL)
    return {
        "reference": host_kernel_for(equal, "reference"),
        "cpu": host_kernel_for(equal, "cpu"),
        "whole": host_kernel_for(whole, "cpu"),
    }


def figures(kernel: HostKernel, n: int, workers: int) -> list[np.ndarray]:
    """Percentiles of every column, as `simcost run` finds them."""
    summary = simulate(kernel, Span(SEED, 0, n, workers))
    ranks = np.ceil(np.array(PERCENTILES) / 100 * n).astype(np.int64) - 1
    return [summary.at_rank(column, ranks) for column in range(summary.n_columns)]


def all_columns_of_the_script(n: int) -> np.ndarray:
    script = import_module("numpy_script")
    _, matrix = script.columns(*script.simulate(n, SEED))
    figures: np.ndarray = np.percentile(matrix, PERCENTILES, axis=1)
    return figures


def together(kernels: dict[str, HostKernel], n: int) -> dict[str, Callable[[], object]]:
    """Everyone's figures, from nothing to percentiles."""
    rivals = {name: rival.run(n) for name, rival in RIVALS.items() if rival.is_installed()}
    return {
        **rivals,
        "simcost reference, 1 thread": lambda: figures(kernels["reference"], n, 1),
        "simcost cpu, 1 thread": lambda: figures(kernels["cpu"], n, 1),
        "simcost cpu, 2 threads": lambda: figures(kernels["cpu"], n, 2),
        "NumPy script, all columns": lambda: all_columns_of_the_script(n),
        "simcost cpu, 1 thread, all columns": lambda: figures(kernels["whole"], n, 1),
        "simcost cpu, 2 threads, all columns": lambda: figures(kernels["whole"], n, 2),
    }


def kernel_alone(kernel: HostKernel, n: int, threads: int = 1) -> None:
    """Columns of one block after another, in the same memory; threads share the blocks out."""

    def work(thread: int) -> None:
        out = aligned_columns(kernel.plan.n_columns, BLOCK)
        for start in range(thread * BLOCK, n, threads * BLOCK):
            kernel.run(SEED, start, start + BLOCK, out)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))


def handwritten_alone(n: int) -> None:
    handwritten = import_module("handwritten")
    out = aligned_columns(handwritten.N_COLUMNS, BLOCK)
    for start in range(0, n, BLOCK):
        handwritten.simulate_scenarios(np.uint64(start), np.uint64(BLOCK), np.uint64(SEED), out)


def check_same_bits(same_bits: HostKernel, ours: HostKernel) -> None:
    """End here if the kernel that is to have our bits has others: its time would mean nothing."""
    theirs, wanted = (aligned_columns(ours.plan.n_columns, BLOCK) for _ in range(2))
    same_bits.run(SEED, 0, BLOCK, theirs)
    ours.run(SEED, 0, BLOCK, wanted)
    if not np.array_equal(theirs, wanted):
        sys.exit("rivals/handwritten_same_bits.py no longer has the bits of simcost: see tests/docs/test_rival.py")


def summary_alone(kernel: HostKernel, columns: np.ndarray, n: int) -> None:
    """One block's columns, taken for those of all blocks."""
    summary = Summary(len(columns))
    for start in range(0, n, BLOCK):
        summary.add(start, columns, reduction=kernel.reduction)


def apart(kernels: dict[str, HostKernel], n: int) -> dict[str, Callable[[], object]]:
    """Kernel and summary by themselves, one thread where no more are named."""
    same_bits, equal = import_module("handwritten_same_bits").KERNEL, kernels["cpu"]
    check_same_bits(same_bits, equal)
    runs: dict[str, Callable[[], object]] = {
        "hand-written numba, its own bits, kernel alone": lambda: handwritten_alone(n),
        "hand-written numba, same bits, kernel alone": lambda: kernel_alone(same_bits, n),
        "hand-written numba, same bits, kernel alone, 2 threads": lambda: kernel_alone(same_bits, n, 2),
        "simcost cpu, kernel alone, 2 threads": lambda: kernel_alone(equal, n, 2),
    }
    for name, kernel in (("simcost cpu", equal), ("simcost cpu, all columns", kernels["whole"])):
        columns = aligned_columns(kernel.plan.n_columns, BLOCK)
        kernel.run(SEED, 0, BLOCK, columns)
        runs[f"{name}, kernel alone"] = partial(kernel_alone, kernel, n)
        runs[f"{name}, summary alone"] = partial(summary_alone, kernel, columns, n)
    return runs


def bars(times: dict[str, Times], runs: dict[str, Callable[[], object]]) -> list[dict[str, Any]]:
    """What was promised of rows that are there, and what was measured."""
    found = [bar for bar in BARS if bar.row in times and bar.over in times]
    return [{**vars(bar), "measured": measured(bar, times, runs)} for bar in found]


def measured(bar: Bar, times: dict[str, Times], runs: dict[str, Callable[[], object]]) -> float:
    """How many times as quick a row is: by the medians of its turns, or the median of pairs of calls."""
    if not bar.in_pairs:
        return times[bar.over].median / times[bar.row].median
    ratios: list[float] = []
    end = perf_counter() + PAIRS_S
    while perf_counter() < end or not ratios:
        seconds, quicker = (seconds_of(runs[name])[0] for name in (bar.over, bar.row))
        ratios.append(seconds / quicker)
    return median(ratios)


def left_out() -> list[str]:
    return sorted({rival.needs for rival in RIVALS.values() if not rival.is_installed()})


def show(times: dict[str, Times], n: int) -> None:
    script = times["NumPy script"].median
    print(f"{'':56}{'ns a scenario':>14}{'million a second':>18}{'x the script':>14}{'spread':>8}{'processor ns':>14}")
    for name, each in times.items():
        ns, rate = each.median / n * 1e9, n / each.median / 1e6
        processor = f"{each.processor / n * 1e9:14,.0f}"
        print(f"{name:56}{ns:14,.0f}{rate:18.3f}{script / each.median:14.2f}{each.spread:8.0%}{processor}")


def main() -> None:
    options = parser(__doc__, repeats=5)
    options.add_argument("-n", "--scenarios", type=whole_number, default=8 * BLOCK, help="rounded up to whole blocks of 65,536")
    chosen = options.parse_args()
    n = -(-chosen.scenarios // BLOCK) * BLOCK
    about = machine(PACKAGES)
    print(f"{in_a_line(about)}; {n:,} scenarios, {chosen.repeats} rounds")
    if disturbed := neighbours():
        print(disturbed)
    if left_out():
        print(f"left out, not installed: {', '.join(left_out())}. To have them: make bench RIVALS=1")
    ready = kernels()
    runs = {**together(ready, n), **apart(ready, n)}
    times = timed(runs, chosen.repeats, turn_s=TURN_S)
    show(times, n)
    promised = bars(times, runs)
    for bar in promised:
        word = "reached" if bar["measured"] >= bar["wanted"] else "MISSED"
        how = ", call by call" if bar["in_pairs"] else ""
        print(f"{word:8}{bar['row']}: {bar['measured']:.2f} x {bar['over']} ({bar['wanted']} wanted{how})")
    if chosen.record:
        rows = {name: asdict(each) for name, each in times.items()}
        write_record("throughput", {"machine": about, "neighbours": disturbed, "scenarios": n, "times": rows, "bars": promised})


if __name__ == "__main__":
    main()
