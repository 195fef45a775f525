"""What `--backend auto` is worth: whole processes for each number of scenarios, for each state of the cache.

    python bench/startup.py                            # 1e3 to 1e7 scenarios, reference, cpu and auto: some ten minutes
    python bench/startup.py --most 1e5 --repeats 1     # fewer: two minutes
    python bench/startup.py --record                   # and write bench/records/startup.json

The cache holds nothing, or the interpreter of all models (`simcost doctor --compile`), or the model's own kernel too. The
back end `cpu` compiles that kernel in the first two. `auto` should take at most 1.2 times the better of the two back ends.
Afterwards the figures by which it chooses (`simcost.engine.preparation.expected_time`) are printed beside what was measured, as
that file has them.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from measure import SCENARIO, SEED, in_a_line, machine, parser, seconds_of, write_record
from whole_process import PACKAGES, Cost, middle, simcost, simcost_run, whole

from simcost import api
from simcost.engine.preparation import expected_time
from simcost.engine.preparation.backend import kernel_for
from simcost_kernels.summaries.summary import BLOCK, Summary
from simcost_kernels.system.aligned import aligned_columns

if TYPE_CHECKING:
    from simcost.engine.kernels import HostKernel
    from simcost_kernels.plan import Plan

BACKENDS = ("reference", "cpu", "auto")
STATES = ("nothing", "interpreter", "own")
"""What the cache holds."""

BAR = 1.2
"""Of auto, times the better back end."""

FEW, LARGE = 1_000, 1_000_000
"""The fewest that are run, where starting is all; and the most that are run several times: minutes do not jitter."""

Costs = dict[tuple[int, str, str], Cost]


def cost_of(n: int, backend: str, cache: str) -> Cost:
    """Weigh one process, from the shell to the written file, samples kept by default."""
    with tempfile.TemporaryDirectory() as folder:
        return whole(simcost_run(n, folder, "--backend", backend, "-q"), SIMCOST_CACHE=cache)


def caches(folder: Path) -> tuple[dict[str, Path], float]:
    """Make a cache of each state that holds something, and return them with the processor seconds of the interpreter."""
    interpreter, own = folder / "interpreter", folder / "own"
    compiling, there = (whole(simcost("doctor", "--compile", "-q"), SIMCOST_CACHE=str(interpreter)) for _ in range(2))
    shutil.copytree(interpreter, own)
    cost_of(FEW, "cpu", str(own))
    return {"interpreter": interpreter, "own": own}, compiling.processor_s - there.processor_s


def once(n: int, made: dict[str, Path]) -> dict[tuple[str, str], Cost]:
    """Run every back end with a cache of its own in each state, in turn."""
    found: dict[tuple[str, str], Cost] = {}
    for state in STATES:
        for backend in BACKENDS:
            if (state, backend) == ("interpreter", "cpu"):
                found[state, backend] = found["nothing", "cpu"]  # the kernel is compiled in both
                continue
            with tempfile.TemporaryDirectory() as folder:
                cache = Path(folder) / "cache"
                if state in made:
                    shutil.copytree(made[state], cache)
                found[state, backend] = cost_of(n, backend, str(cache))
    return found


def measured(sizes: list[int], repeats: int, made: dict[str, Path]) -> Costs:
    """Return medians by number of scenarios, state of the cache and back end."""
    costs: Costs = {}
    for n in sizes:
        runs = [once(n, made) for _ in range(repeats if n <= LARGE else 1)]
        row = {key: middle([run[key] for run in runs]) for key in runs[0]}
        costs |= {(n, *key): value for key, value in row.items()}
        for state in STATES:
            print_row(n, state, [row[state, backend].seconds for backend in BACKENDS])
    return costs


def print_row(n: int, state: str, seconds: list[float]) -> None:
    *others, auto = seconds
    ratio = auto / min(others)
    verdict = "" if ratio <= BAR else f"  above {BAR}"
    print(f"{n:>12,}  {state:>11}  " + "  ".join(f"{each:9.2f}" for each in seconds) + f"  {ratio:13.2f}{verdict}")


def constants(costs: Costs, interpreter_s: float) -> dict[str, tuple[float, float]]:
    """Return the figures of `expected_time` as they are, and as these measurements would have them.

    In processor seconds, which neighbours on the machine disturb least: loading and compiling have one thread.
    """
    plan = api.compile(SCENARIO).plan
    cold, warm, without = (costs[FEW, *key].processor_s for key in (("nothing", "cpu"), ("own", "cpu"), ("own", "reference")))
    reference, reference_summary = rates(plan, "reference")
    cpu, cpu_summary = rates(plan, "cpu")
    interpreter, _ = rates(plan, "cpu", interpreter=True)
    summary = cpu_summary * plan.n_columns
    return {
        "reference_ns(plan)": (expected_time.reference_ns(plan), reference),
        "CPU_SPEEDUP": (expected_time.CPU_SPEEDUP, reference / cpu),
        "SUMMARY_NS": (expected_time.SUMMARY_NS, reference_summary),
        "CPU_SUMMARY_NS": (expected_time.CPU_SUMMARY_NS, cpu_summary),
        "LOAD_S": (expected_time.LOAD_S, warm - without),
        "compile_s(plan)": (expected_time.compile_s(plan), cold - warm),
        "INTERPRETER_S": (expected_time.INTERPRETER_S, interpreter_s),
        "SLOWER": (expected_time.SLOWER, (interpreter + summary) / (cpu + summary)),
    }


def rates(plan: Plan, backend: str, *, interpreter: bool = False) -> tuple[float, float]:
    """Return nanoseconds a scenario of a kernel on one core, and a scenario and column of its summary."""
    kernel = cast("HostKernel", kernel_for(plan, backend, interpreter=interpreter))
    summary = Summary(plan.n_columns)
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
    print(f"{'scenarios':>12}  {'cache holds':>11}  " + "  ".join(f"{name:>9}" for name in BACKENDS) + "  auto / better")
    with tempfile.TemporaryDirectory() as folder:
        made, interpreter_s = caches(Path(folder))
        costs = measured([n for k in range(16) if (n := FEW * 10**k) <= options.most], options.repeats, made)
        os.environ["SIMCOST_CACHE"] = str(made["own"])
        found = constants(costs, interpreter_s)
    print(f"\n{'expected_time.py':>26}  {'predicted':>9}  {'measured':>9}")
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
