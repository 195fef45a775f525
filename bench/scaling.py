"""How the time of a run grows: with scenarios, months, inputs and threads; compiled already, samples not kept. And compiling.

    python bench/scaling.py [scenarios|months|inputs|reference|threads|compiling] [--repeats 3] [--record]

Each part multiplies one size and leaves the others; "growth" is how many times as long a step takes over how many times as large
it is: 1.00 is linear. A step above 1 by more than `NOISE` and the spread of its two times is marked WORSE THAN LINEAR. Months and
inputs are those of the model: more months are more columns to summarise too. ``threads`` divide 4 million scenarios: "growth" is
what is lost. ``inputs`` is the cpu back end, ``reference`` the same models on NumPy, ``compiling`` what the cpu back end needs
before its first run of them, with an empty cache, once.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from measure import SCENARIO, SEED, Times, in_a_line, machine, parser, timed, write_record

from simcost import api
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.engine.kernels import Kernel
    from simcost_kernels.plan import Plan

N = 4 * BLOCK
LONG = 64 * BLOCK
"""Scenarios that threads divide: of a few blocks, one thread waits for the other's last."""

SIZES = (10, 40, 160, 320)
"""Numbers of inputs; to compile them all takes a minute."""

NOISE = 0.10
"""What a step may grow by before it is marked: caches and clocks of a shared machine."""

HEAD = """schema = 1
[scenario]
name = "{count} inputs"
currency = "CNY"
start = "2027-01"
months = 12
"""
INPUT = '[inputs.x{i}]\nlognormal = {{ p5 = {low}, p95 = {high} }}\nunit = "CNY/month"\n'
COST = '[[cost]]\nname = "all"\ncategory = "all"\namount = "({total}) * where(month > 6, 1.1, 1)"\n'


def model(count: int) -> str:
    """A scenario of so many lognormal inputs, summed ten at a time; the rest of it does not grow."""
    inputs = [INPUT.format(i=i, low=100 + i, high=200 + 3 * i) for i in range(count)]
    tens = [" + ".join(f"x{i}" for i in range(first, min(first + 10, count))) for first in range(0, count, 10)]
    drivers = "[drivers]\n" + "".join(f'sum{place} = "{ten}"\n' for place, ten in enumerate(tens))
    return (
        HEAD.format(count=count) + "".join(inputs) + drivers + COST.format(total=" + ".join(f"sum{i}" for i in range(len(tens))))
    )


def run(kernel: Kernel, n: int = N, workers: int = 2) -> Callable[[], object]:
    return partial(simulate, kernel, Span(SEED, 0, n, workers))


def benchmark(*overrides: str) -> Kernel:
    return kernel_for(api.compile(SCENARIO, overrides=overrides).plan, "cpu")


def scenarios() -> dict[int, Callable[[], object]]:
    kernel = benchmark()
    return {n: run(kernel, n) for n in (100_000, 1_000_000, 10_000_000)}


def months() -> dict[int, Callable[[], object]]:
    return {count: run(benchmark(f"scenario.months={count}")) for count in (12, 24, 60, 120)}


def plan_of(count: int) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{count}.toml"
        path.write_text(model(count))
        return api.compile(path).plan


def inputs() -> dict[int, Callable[[], object]]:
    return {count: run(kernel_for(plan_of(count), "cpu")) for count in SIZES}


def reference() -> dict[int, Callable[[], object]]:
    return {count: run(kernel_for(plan_of(count), "reference"), BLOCK, 1) for count in SIZES}


def compiled_anew(plan: Plan) -> None:
    """Compile with an empty cache."""
    before = os.environ.get("SIMCOST_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIMCOST_CACHE"] = folder
        try:
            kernel_for(plan, "cpu")
        finally:
            os.environ.pop("SIMCOST_CACHE")
            if before is not None:
                os.environ["SIMCOST_CACHE"] = before


def compiling() -> dict[int, Callable[[], object]]:
    return {count: partial(compiled_anew, plan_of(count)) for count in SIZES}


def threads() -> dict[int, Callable[[], object]]:
    kernel = benchmark()
    return {workers: run(kernel, LONG, workers) for workers in (1, 2)}


def growths(times: dict[int, Times], *, divides: bool) -> list[float]:
    """Time over size of each step; of what divides the work, time times size."""
    return [
        (after.median / before.median) * (larger / smaller if divides else smaller / larger)
        for (smaller, before), (larger, after) in pairwise(times.items())
    ]


def marks(times: dict[int, Times], found: list[float]) -> list[bool]:
    """Tell which steps grow by more than the noise allows."""
    spreads = [before.spread + after.spread for before, after in pairwise(times.values())]
    return [growth > 1 + NOISE + spread for growth, spread in zip(found, spreads, strict=True)]


def show(part: str, times: dict[int, Times], found: list[float], marked: list[bool]) -> None:
    print(f"\n{part:>12}{'seconds':>10}{'spread':>8}{'growth':>8}")
    rows = zip(times.items(), [None, *found], [False, *marked], strict=True)
    for (size, each), growth, mark in rows:
        step = "" if growth is None else f"{growth:8.2f}{'  WORSE THAN LINEAR' if mark else ''}"
        print(f"{size:12,}{each.median:10.3f}{each.spread:8.0%}{step}")


def main() -> None:
    options = parser(__doc__, repeats=3)
    options.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="all if none is named")
    chosen = options.parse_args()
    about = machine()
    print(f"{in_a_line(about)}; {N:,} scenarios where not said, {chosen.repeats} rounds")
    record: dict[str, object] = {"machine": about, "scenarios": N}
    for part in chosen.parts or PARTS:
        sizes = PARTS[part]()
        repeats = 1 if part == "compiling" else chosen.repeats
        times = dict(
            zip(
                sizes,
                timed({str(size): call for size, call in sizes.items()}, repeats, warm=part != "compiling").values(),
                strict=True,
            )
        )
        found = growths(times, divides=part == "threads")
        marked = marks(times, found)
        show(part, times, found, marked)
        record[part] = {str(size): {"seconds": each.median, "spread": each.spread} for size, each in times.items()}
        record[f"{part}_worse"] = any(marked)
    if chosen.record:
        write_record("scaling", record)


PARTS = {
    "scenarios": scenarios,
    "months": months,
    "inputs": inputs,
    "reference": reference,
    "threads": threads,
    "compiling": compiling,
}

if __name__ == "__main__":
    main()
