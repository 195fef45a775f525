"""Nanoseconds a draw of what a compiled kernel does on a row of lanes, one core, everything in the cache.

    python bench/primitives.py [--rows 20_000] [--repeats 9] [--record]

Processor time of one thread; medians. A normal quantile is to take 2.5 ns at most.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import in_a_line, machine, parser, whole_number, write_record
from numba import njit

from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.backends.cpu.normal_rows import PLACES, centre_quantiles, gather_tails, put_tails, tail_quantiles
from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.backends.cpu.step_layout import step_layout
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.codegen.stages import MOST_TOGETHER
from simcost_kernels.system.aligned import aligned_copy, aligned_empty

if TYPE_CHECKING:
    from collections.abc import Callable

u64 = np.uint64
WANTED = 2.5
M, ZERO, ONE, KEY = u64(LANES), u64(0), u64(1), u64(20270101)
U, X, KEPT, SPARE = (u64(row * LANES) for row in (0, 1, 2, 3))
TOGETHER = MOST_TOGETHER
UNIFORMS, NORMALS, NORMAL_SPARE = (u64(row * STRIDE) for row in (32, 32 + TOGETHER, 32 + 2 * TOGETHER))
draw_row, draw_month_row, exp, log = ROWS["draw_row"], ROWS["draw_month_row"], BODIES["exp"], BODIES["log"]


@njit(**OPTIONS)
def draws_of_a_run(rows: int, w: Any) -> None:
    for row in range(rows):
        draw_row(KEY, ZERO, u64(row) * M, ONE, ZERO, w, X)


@njit(**OPTIONS)
def draws_of_months(rows: int, w: Any) -> None:
    for row in range(rows):
        draw_month_row(KEY, ZERO, u64(row) * M, ONE, u64(row), w, X, KEPT)


def elementwise(body: Any) -> Any:
    @njit(**OPTIONS)
    def run(rows: int, w: Any) -> None:
        for _ in range(rows):
            for i in range(M):
                put(w, X, i, body(get(w, U, i)))

    return run


def on_rows(name: str, *tables: np.ndarray) -> Any:
    function = ROWS[name]
    if not tables:

        @njit(**OPTIONS)
        def run(rows: int, w: Any) -> None:
            for _ in range(rows):
                function(w, X, SPARE, U)

        return run
    table = tables[0]

    @njit(**OPTIONS)
    def run_on_table(rows: int, w: Any, given: Any) -> None:
        for _ in range(rows):
            function(w, X, SPARE, U, given)

    return lambda rows, w: run_on_table(rows, w, table)


@njit(**OPTIONS)
def normals_together(rows: int, w: Any) -> None:
    """As a kernel takes them: the tails of eight rows together."""
    for _ in range(rows // TOGETHER):
        tails = NORMAL_SPARE
        for row in range(TOGETHER):
            place = u64(row * STRIDE)
            tails = gather_tails(w, NORMALS + place, UNIFORMS + place, tails)
        tail_quantiles(w, NORMAL_SPARE, tails)
        for row in range(TOGETHER):
            place = u64(row * STRIDE)
            centre_quantiles(w, NORMALS + place, UNIFORMS + place)
        put_tails(w, NORMAL_SPARE, tails)


def steps(count: int) -> np.ndarray:
    """A discrete distribution of so many equally likely values."""
    return step_layout(np.array([np.arange(1, count + 1) / count, np.arange(count, dtype=float)]))


def smooth() -> np.ndarray:
    """A table of the shape that continuous distributions have; how long a look-up takes does not depend on its numbers."""
    return aligned_copy(np.random.default_rng(1).random((1666, 8)))


def primitives() -> dict[str, Callable[..., None]]:
    return {
        "uniform for the run": draws_of_a_run,
        "uniform of a month": draws_of_months,
        "normal quantile": normals_together,
        "normal quantile of one row": on_rows("normal_quantile_row"),
        "normal distribution function": on_rows("normal_cdf_row"),
        "inverse by table": on_rows("smooth_quantile_row", smooth()),
        "inverse of 4 steps": on_rows("step_quantile_row", steps(4)),
        "inverse of 128 steps": on_rows("step_quantile_row", steps(128)),
        "exp": elementwise(exp),
        "log": elementwise(log),
    }


def main() -> None:
    wanted = parser(__doc__, repeats=9)
    wanted.add_argument("--rows", type=whole_number, default=20_000)
    options = wanted.parse_args()
    w = aligned_empty((int(NORMAL_SPARE + 2 * PLACES),))
    w[:] = np.random.default_rng(2).random(len(w))
    print(in_a_line(machine()))
    todo = primitives()
    found: dict[str, list[float]] = {name: [] for name in todo}
    for run in todo.values():
        run(1, w)
    for _ in range(options.repeats):
        for name, run in todo.items():
            started = time.thread_time()
            run(options.rows, w)
            found[name].append((time.thread_time() - started) / options.rows / LANES * 1e9)
    medians = {name: float(np.median(times)) for name, times in found.items()}
    for name, median in medians.items():
        print(f"{name:32s}{median:7.2f} ns")
    median = medians["normal quantile"]
    print(f"{'reached' if median <= WANTED else 'MISSED '} normal quantile: {median:.2f} ns ({WANTED} wanted)")
    if options.record:
        write_record("primitives", {"machine": machine(), "nanoseconds": medians})


if __name__ == "__main__":
    main()
