"""Models run side by side, beside the same models run one after the other: what pairing costs, in processor time.

    python bench/side_by_side.py [-n 524_288] [--repeats 5]

Both sides run the totals of the benchmark's model and of its two options on compiled kernels. One after the other each yields its
summary; side by side all yield the summaries, differences, regrets and everything that paired intervals are made of. Besides: the
seconds of the commands on the whole file, from the start of the process.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from measure import SCENARIO, SEED, in_a_line, machine, parser, timed, whole_number

from simcost import api
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.compile.cut import cut
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = ("", "reserved", "distilled")
COMMANDS = {
    "compare, three models": ("compare",),
    "compare, with a crossover at 17 values": ("compare", "--option", "reserved", "--crossover", "inputs.opening_users"),
    "sweep, 25 points": ("sweep", "inputs.gpu_price=8,9,10,11,12", "inputs.committed_gpus=100,150,200,250,300"),
    "seek": ("seek", "inputs.gpu_price"),
}


def one_after_the_other(kernels, n):
    for kernel in kernels:
        simulate(kernel, Span(SEED, 0, n, 2))


def main() -> None:
    options = parser(__doc__, repeats=5)
    options.add_argument("-n", "--scenarios", type=whole_number, default=524_288)
    chosen = options.parse_args()
    n = chosen.scenarios
    print(f"{in_a_line(machine(('numpy', 'numba')))}; {n:,} scenarios, {chosen.repeats} rounds")
    kernels = kernels_for([cut(api.compile(SCENARIO, option=option).plan, ("total",)) for option in OPTIONS], "cpu", n=n)
    sides: dict[str, Callable[[], object]] = {
        "one after the other": partial(one_after_the_other, kernels, n),
        "side by side": lambda: paired_run(kernels, Span(SEED, 0, n, 2)),
        "side by side, no distributions": lambda: paired_run(kernels, Span(SEED, 0, n, 2), distributions=False),
    }
    times = timed(sides, chosen.repeats)
    alone = times["one after the other"].processor
    for name, each in times.items():
        print(
            f"{name:34}{each.processor / n / len(OPTIONS) * 1e9:8,.0f} ns of a processor a scenario {each.processor / alone:6.2f}"
        )
    for name, (command, *words) in COMMANDS.items():
        arguments = [sys.executable, "-m", "simcost", command, str(SCENARIO), *words, "-q", "--backend", "cpu", "-n", str(n)]
        subprocess.run(arguments, check=True, capture_output=True)  # compiles what is not compiled
        started = perf_counter()
        subprocess.run(arguments, check=True, capture_output=True)
        print(f"simcost {name:40}{perf_counter() - started:8.1f} s")


if __name__ == "__main__":
    main()
