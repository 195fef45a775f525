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

from measure import SCENARIO, in_a_line, machine, parser, write_record
from whole_process import PACKAGES, simcost_run, whole

from simcost import api
from simcost.engine import choice

BACKENDS = ("reference", "cpu", "auto")
STATES = ("cold", "warm")
BAR = 1.2
"""Of auto, times the better back end."""

FEW, LARGE = 1_000, 1_000_000
"""The fewest that are run, where starting is all; and the most that are run several times: minutes do not jitter."""

Seconds = dict[tuple[int, str, str], float]


def seconds_of(n: int, backend: str, cache: str) -> float:
    """Time one process, from the shell to the written file, samples kept by default."""
    with tempfile.TemporaryDirectory() as folder:
        return whole(simcost_run(n, folder, "--backend", backend, "-q"), SIMCOST_CACHE=cache).seconds


def once(n: int, warm: str) -> dict[tuple[str, str], float]:
    """Run every back end with an empty cache of its own and with the warm one, in turn."""
    found = {}
    for backend in BACKENDS:
        with tempfile.TemporaryDirectory() as cold:
            found["cold", backend] = seconds_of(n, backend, cold)
        found["warm", backend] = seconds_of(n, backend, warm)
    return found


def measured(sizes: list[int], repeats: int) -> Seconds:
    """Return medians by number of scenarios, state of the cache and back end."""
    seconds: Seconds = {}
    with tempfile.TemporaryDirectory() as warm:
        seconds_of(1000, "cpu", warm)
        for n in sizes:
            runs = [once(n, warm) for _ in range(repeats if n <= LARGE else 1)]
            row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            seconds |= {(n, *key): value for key, value in row.items()}
            for state in STATES:
                print_row(n, state, row)
    return seconds


def print_row(n: int, state: str, row: dict[tuple[str, str], float]) -> None:
    ratio = ratio_of(row[state, "auto"], row[state, "reference"], row[state, "cpu"])
    verdict = "" if ratio <= BAR else f"  above {BAR}"
    print(f"{n:>12,}  {state}  " + "  ".join(f"{row[state, name]:9.2f}" for name in BACKENDS) + f"  {ratio:13.2f}{verdict}")


def ratio_of(auto: float, *others: float) -> float:
    return auto / min(others)


def constants(seconds: Seconds) -> dict[str, tuple[float, float]]:
    """Return the figures of `choice` as they are, and as these measurements would have them."""
    plan = api.compile(SCENARIO).plan
    few, many = FEW, max(n for n, _, _ in seconds if n <= LARGE)

    def slope_ns(backend: str) -> float:
        return (seconds[many, "warm", backend] - seconds[few, "warm", backend]) / (many - few) * 1e9

    summary = plan.n_columns * choice.SUMMARY_NS
    compile_s = seconds[few, "cold", "cpu"] - seconds[few, "warm", "cpu"]
    return {
        "reference, ns a scenario": (choice.reference_s(plan, 1) * 1e9, slope_ns("reference")),
        "cpu, ns a scenario": (choice.cpu_s(plan, 1) * 1e9, slope_ns("cpu")),
        "CPU_SPEEDUP": (choice.CPU_SPEEDUP, choice.reference_ns(plan) / max(2.0 * slope_ns("cpu") - summary, 1.0)),
        "LOAD_S": (choice.LOAD_S, seconds[few, "warm", "cpu"] - seconds[few, "warm", "reference"]),
        "compile_s": (choice.compile_s(plan), compile_s),
        "COMPILE_STEP_S": (choice.COMPILE_STEP_S, choice.COMPILE_STEP_S * compile_s / choice.compile_s(plan)),
    }


def main() -> None:
    arguments = parser(__doc__, repeats=3)
    arguments.add_argument("--most", type=lambda text: int(float(text.replace("_", ""))), default=10_000_000, metavar="N")
    options = arguments.parse_args()
    about = machine(PACKAGES)
    print(in_a_line(about), end="\n\n")
    print(f"{'scenarios':>12}  cache " + "  ".join(f"{name:>9}" for name in BACKENDS) + "  auto / better")
    seconds = measured([n for k in range(16) if (n := FEW * 10**k) <= options.most], options.repeats)
    found = constants(seconds) if options.most > FEW else {}
    print(f"\n{'engine/choice.py':>26}  {'predicted':>9}  {'measured':>9}" if found else "")
    for name, (predicted, actual) in found.items():
        print(f"{name:>26}  {predicted:9.3g}  {actual:9.3g}")
    if options.record:
        rows = [
            {"scenarios": n, "cache": state, **{name: seconds[n, state, name] for name in BACKENDS}}
            for n, state in dict.fromkeys((n, state) for n, state, _ in seconds)
        ]
        choices = {name: list(pair) for name, pair in found.items()}
        write_record("startup", {"machine": about, "seconds": rows, "choice": choices})


if __name__ == "__main__":
    main()
