"""A large scenario of blocks beside the recommender: is its kernel as fast as its draws and operations let one expect?

    python bench/blocks.py [--repeats 9] [--record]

``twelve_blocks.toml`` has 36 months, twelve cost blocks and more than 150 uncertain quantities. To check it is to take less than
a second of processor time, and its kernel, a scenario and month, less than 1.3 of what its plan predicts:

    nanoseconds of a scenario = k x sum over kinds of steps of (executions of the kind) x (its price)

A step is executed once a scenario in setup and final, once a year, once a month; a result is stored once. Prices are measured
on rows, as ``primitives.py`` does, those of draws and functions in the cache; all other operations have the price of a product of
two rows of a hundred, as many as the recommender's kernel has. k is what that kernel takes over the sum of its own steps:
operations that follow each other in one loop share loads and stores. One core, columns alone.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import SCENARIO, SEED, in_a_line, machine, parser, timed, write_record
from numba import njit
from primitives import LANES, SPARE, M, U, X, draws_of_a_run, draws_of_months, elementwise, on_rows, smooth, steps, u64

from simcost import api
from simcost.scenario import load
from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.kernel import CpuKernel
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.plan import SECTIONS
from simcost_kernels.system.aligned import aligned_empty

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.plan import Plan

LARGE = Path(__file__).parent / "twelve_blocks.toml"
N = 32_768
"""Scenarios of a run of a kernel: its columns are 36 MB, as much as a worker's block."""

WANTED = 1.3
LONGEST_CHECK_S = 1.0
ROWS_A_TURN = 2_000
TRIALS, CHANCE = 24.0, 0.0105
"""A team and its monthly attrition: how long a binomial quantile takes depends on them."""


def dear() -> dict[str, Callable[..., None]]:
    """Kinds of steps that have a price of their own, and how it is measured."""
    return {
        "draw of a run": draws_of_a_run,
        "draw of a month": draws_of_months,
        "normal_quantile": on_rows("normal_quantile_row"),
        "smooth_quantile": on_rows("smooth_quantile_row", smooth()),
        "step_quantile": on_rows("step_quantile_row", steps(16)),
        "binomial_quantile": binomials,
        "exp": elementwise(BODIES["exp"]),
        "log": elementwise(BODIES["log"]),
        "pow": powers,
        "div": divisions,
        "sqrt": roots,
        "column": stores,
        OTHER: products,
    }


binomial_row, out_row, power, root = ROWS["binomial_quantile_row"], ROWS["out_row"], BODIES["power"], BODIES["sqrt"]
OTHER = "any other"
MANY = 100
"""Rows of the recommender's kernel."""

PLACE = u64(24 * LANES)
"""Of rows beside those that a binomial quantile sums in."""


@njit(**OPTIONS)
def binomials(rows: int, w: Any) -> None:
    for i in range(M):
        put(w, PLACE, i, TRIALS)
        put(w, PLACE + M, i, CHANCE)
    for _ in range(rows):
        binomial_row(w, X, SPARE, U, PLACE, PLACE + M)


@njit(**OPTIONS)
def powers(rows: int, w: Any) -> None:
    for _ in range(rows):
        for i in range(M):
            put(w, X, i, power(get(w, U, i), get(w, PLACE, i)))


@njit(**OPTIONS)
def divisions(rows: int, w: Any) -> None:
    """Divide in place, so that no turn can be left out, by numbers about 1 of many digits: some processors divide by 1 sooner."""
    for i in range(M):
        put(w, PLACE, i, 1.0 + (get(w, U, i) - 0.5) / 1000.0)
    for _ in range(rows):
        for i in range(M):
            put(w, X, i, get(w, X, i) / get(w, PLACE, i))
    for i in range(M):
        put(w, X, i, get(w, U, i))


@njit(**OPTIONS)
def roots(rows: int, w: Any) -> None:
    for _ in range(rows):
        for i in range(M):
            put(w, X, i, root(get(w, X, i) + get(w, U, i)))


@njit(**OPTIONS)
def _products(rows: int, w: Any) -> None:
    for row in range(rows):
        first = u64(row * 3 % (MANY - 2)) * M
        for i in range(M):
            put(w, first + M + M, i, get(w, first, i) * get(w, first + M, i))


def products(rows: int, _: Any) -> None:
    _products(rows, FACTORS)


FACTORS = aligned_empty((MANY * LANES,))
FACTORS[:] = 1.0
OUT = aligned_empty((64, N))


def stores(rows: int, w: Any) -> None:
    _stores(rows, w, OUT)


@njit(**OPTIONS)
def _stores(rows: int, w: Any, out: Any) -> None:
    """Store rows as a kernel does: all columns of some scenarios before the next ones."""
    columns = u64(out.shape[0])
    for row in range(rows):
        place = u64(row)
        out_row(M, w, U, out, place % columns, place // columns % u64(N // LANES) * M)


def prices(repeats: int) -> dict[str, float]:
    """Nanoseconds a lane of each kind, medians of turns."""
    w = aligned_empty((32 * LANES,))
    w[:] = np.random.default_rng(2).random(len(w))
    todo = dear()
    found: dict[str, list[float]] = {}
    for name, run in todo.items():
        run(1, w)
        found[name] = []
    for _ in range(repeats):
        for name, run in todo.items():
            started = time.thread_time()
            run(ROWS_A_TURN, w)
            found[name].append((time.thread_time() - started) / ROWS_A_TURN / LANES * 1e9)
    return {name: float(np.median(times)) for name, times in found.items()}


def executions(plan: Plan) -> Counter[str]:
    """How often a scenario executes each kind of step, and how many results it stores."""
    times = {"setup": 1, "year": -(-plan.horizon // 12), "month": plan.horizon, "final": 1}
    counted: Counter[str] = Counter({"column": plan.n_columns})
    for section in SECTIONS:
        for step in getattr(plan, section):
            kind = f"draw of a {'month' if section == 'month' else 'run'}" if step.op == "draw" else step.op
            counted[kind] += times[section]
    return counted


def priced(plan: Plan, ns: dict[str, float]) -> float:
    """Nanoseconds that a scenario's steps add up to."""
    return sum(count * ns.get(kind, ns[OTHER]) for kind, count in executions(plan).items())


def runner(plan: Plan) -> Callable[[], None]:
    kernel, out = CpuKernel(plan), aligned_empty((plan.n_columns, N))
    return lambda: kernel.run(SEED, 0, N, out)


def check_s(repeats: int) -> float:
    """Processor seconds to check the large scenario, its tables kept from the first time on."""
    load(LARGE)
    times = []
    for _ in range(repeats):
        before = time.process_time()
        api.compile(LARGE)
        times.append(time.process_time() - before)
    return float(np.median(times))


def main() -> None:
    options = parser(__doc__, repeats=9).parse_args()
    print(in_a_line(machine()))
    plans = {"recommender": api.compile(SCENARIO).plan, "twelve blocks": api.compile(LARGE).plan}
    ns = prices(options.repeats)
    found = timed({name: runner(plan) for name, plan in plans.items()}, options.repeats)
    took = {name: times.processor / N * 1e9 for name, times in found.items()}
    shared = took["recommender"] / priced(plans["recommender"], ns)
    for name, price in ns.items():
        print(f"{name:24s}{price:8.2f} ns")
    print(f"{'k':24s}{shared:8.2f}")
    ratios = {}
    for name, plan in plans.items():
        expected, months = shared * priced(plan, ns), plan.horizon
        ratios[name] = took[name] / expected
        a_month = f"{took[name] / months:8.1f} ns a scenario and month, {expected / months:8.1f} predicted"
        print(f"{name:16s}{a_month}: {ratios[name]:.2f}")
    ratio, seconds = ratios["twelve blocks"], check_s(options.repeats)
    print(f"{'reached' if ratio <= WANTED else 'MISSED '} kernel: {ratio:.2f} of its prediction ({WANTED} wanted)")
    print(f"{'reached' if seconds <= LONGEST_CHECK_S else 'MISSED '} check: {seconds:.2f} s ({LONGEST_CHECK_S} wanted)")
    if options.record:
        write_record("blocks", {"machine": machine(), "nanoseconds": ns | {"k": shared}, "ratio": ratio, "check_s": seconds})


if __name__ == "__main__":
    main()
