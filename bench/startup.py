"""What `--backend auto` is worth: whole processes for each number of scenarios, with nothing cached and with everything.

    python bench/startup.py                       # 1e3 to 1e7 scenarios, reference, cpu and auto: some ten minutes
    python bench/startup.py --most 1e5            # fewer
    python bench/startup.py --record              # and write bench/records/startup.json

`auto` should take at most 1.2 times the better of the two back ends. Afterwards the figures by which it chooses
(`simcost.engine.choice`) are printed beside what was measured, in the form in which that file holds them.
"""

from __future__ import annotations

import statistics
import tempfile
from functools import partial
from typing import TYPE_CHECKING

from measure import SCENARIO, SEED, in_a_line, machine, parser, seconds_of, write_record
from whole_process import PACKAGES, Cost, middle, simcost_run, whole

from simcost import api
from simcost.engine import choice
from simcost.engine.backend import host_kernel_for
from simcost_kernels.summaries.summary import BLOCK, Summary
from simcost_kernels.system.aligned import aligned_columns

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan

BACKENDS = ("reference", "cpu", "auto")
STATES = ("cold", "warm")
BAR = 1.2
"""Of auto, times the better back end."""

FEW, LARGE = 1_000, 1_000_000
"""The fewest that are run, where starting is all; and the most that are run several times: minutes do not jitter."""

Costs = dict[tuple[int, str, str], Cost]


def cost_of(n: int, backend: str, cache: str) -> Cost:
    """Weigh one process, from the shell to the written file, samples kept by default."""
    with tempfile.TemporaryDirectory() as folder:
        return whole(simcost_run(n, folder, "--backend", backend, "-q"), SIMCOST_CACHE=cache)


def once(n: int, warm: str) -> dict[tuple[str, str], Cost]:
    """Run every back end with an empty cache of its own and with the warm one, in turn."""
    found = {}
    for backend in BACKENDS:
        with tempfile.TemporaryDirectory() as cold:
            found["cold", backend] = cost_of(n, backend, cold)
        found["warm", backend] = cost_of(n, backend, warm)
    return found


def measured(sizes: list[int], repeats: int) -> Costs:
    """Return medians by number of scenarios, state of the cache and back end."""
    costs: Costs = {}
    with tempfile.TemporaryDirectory() as warm:
        cost_of(FEW, "cpu", warm)
        for n in sizes:
            runs = [once(n, warm) for _ in range(repeats if n <= LARGE else 1)]
            row = {key: middle([run[key] for run in runs]) for key in runs[0]}
            costs |= {(n, *key): value for key, value in row.items()}
            for state in STATES:
                print_row(n, state, [row[state, backend].seconds for backend in BACKENDS])
    return costs


def print_row(n: int, state: str, seconds: list[float]) -> None:
    *others, auto = seconds
    ratio = auto / min(others)
    verdict = "" if ratio <= BAR else f"  above {BAR}"
    print(f"{n:>12,}  {state}  " + "  ".join(f"{each:9.2f}" for each in seconds) + f"  {ratio:13.2f}{verdict}")


def constants(costs: Costs) -> dict[str, tuple[float, float]]:
    """Return the figures of `choice` as they are, and as these measurements would have them.

    In processor seconds, which neighbours on the machine disturb least: loading and compiling have one thread.
    """
    plan = api.compile(SCENARIO).plan
    cold, warm, without = (costs[FEW, *key].processor_s for key in (("cold", "cpu"), ("warm", "cpu"), ("warm", "reference")))
    reference, reference_summary = rates(plan, "reference")
    cpu, cpu_summary = rates(plan, "cpu")
    return {
        "reference_ns(plan)": (choice.reference_ns(plan), reference),
        "CPU_SPEEDUP": (choice.CPU_SPEEDUP, reference / cpu),
        "SUMMARY_NS": (choice.SUMMARY_NS, reference_summary),
        "CPU_SUMMARY_NS": (choice.CPU_SUMMARY_NS, cpu_summary),
        "LOAD_S": (choice.LOAD_S, warm - without),
        "compile_s(plan)": (choice.compile_s(plan), cold - warm),
    }


def rates(plan: Plan, backend: str) -> tuple[float, float]:
    """Return nanoseconds a scenario of a kernel on one core, and a scenario and column of its summary."""
    kernel, summary = host_kernel_for(plan, backend), Summary(plan.n_columns)
    out = aligned_columns(plan.n_columns, BLOCK)
    running, summing = [], []
    for start in range(0, 5 * BLOCK, BLOCK):
        running.append(seconds_of(partial(kernel.run, SEED, start, start + BLOCK, out))[1])
        summing.append(seconds_of(partial(summary.add, start, out, reduction=kernel.reduction))[1])
    return statistics.median(running) / BLOCK * 1e9, statistics.median(summing) / BLOCK / plan.n_columns * 1e9


def main() -> None:
    arguments = parser(__doc__, repeats=3)
    arguments.add_argument("--most", type=lambda text: int(float(text.replace("_", ""))), default=10_000_000, metavar="N")
    options = arguments.parse_args()
    about = machine(PACKAGES)
    print(in_a_line(about), end="\n\n")
    print(f"{'scenarios':>12}  cache " + "  ".join(f"{name:>9}" for name in BACKENDS) + "  auto / better")
    costs = measured([n for k in range(16) if (n := FEW * 10**k) <= options.most], options.repeats)
    found = constants(costs)
    print(f"\n{'engine/choice.py':>26}  {'predicted':>9}  {'measured':>9}")
    for name, (predicted, actual) in found.items():
        print(f"{name:>26}  {predicted:9.3g}  {actual:9.3g}")
    if options.record:
        rows = [
            {"scenarios": n, "cache": state, **{name: costs[n, state, name].seconds for name in BACKENDS}}
            for n, state in dict.fromkeys((n, state) for n, state, _ in costs)
        ]
        choices = {name: list(pair) for name, pair in found.items()}
        write_record("startup", {"machine": about, "seconds": rows, "choice": choices})


if __name__ == "__main__":
    main()
