"""What a user waits for: whole processes, from the shell to the written file, interleaved with their rivals.

    python bench/whole_process.py                       # a million scenarios beside the NumPy script, memory, start-up
    python bench/whole_process.py run -n 100_000        # one part alone
    python bench/whole_process.py memory --record       # and write bench/records/whole_process_memory.json

Both sides run the same model on the same horizon and write the same kept samples; see bench/README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from measure import SCENARIO, in_a_line, machine, parser, taking_turns, whole_number, write_record

HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "h5py", "click")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """One process: wall-clock seconds, processor seconds, and the largest resident memory in megabytes."""

    seconds: float
    processor_s: float
    peak_mb: float


def environment(**more: str) -> dict[str, str]:
    """Ours, but that Python keeps its bytecode: a user's does, and would otherwise compile all of simcost at each start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | more


def whole(command: list[str], **more: str) -> Cost:
    """Run a command and weigh it, with more variables in its environment; its output is not shown unless it fails."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment(**more))
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            message = f"{' '.join(command)} exited with {process.returncode}:\n{output.read().decode(errors='replace')}"
            raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, KiB on Linux
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / MEGABYTE)


def interleaved(commands: dict[str, list[str]], repeats: int) -> dict[str, Cost]:
    """Run each command once unmeasured, then all in turn; medians, and the largest memory."""
    runs = {name: partial(whole, command) for name, command in commands.items()}
    return {name: middle(costs) for name, costs in taking_turns(runs, repeats).items()}


def middle(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.processor_s for cost in costs),
        max(cost.peak_mb for cost in costs),
    )


def simcost(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("simcost")), *arguments]


def simcost_run(n: int, folder: str, *arguments: str) -> list[str]:
    return simcost("run", str(SCENARIO), "-n", str(n), "-o", f"{folder}/simcost.h5", "--force", *arguments)


def rival_run(n: int, folder: str, *arguments: str) -> list[str]:
    return [sys.executable, str(HERE / "rivals" / "numpy_script.py"), "-n", str(n), "-o", f"{folder}/rival.h5", *arguments]


def with_cache(folder: str, command: list[str], *, fresh: bool = False) -> list[str]:
    """Let a command use the cache in a folder; or an empty one beside it, each time that it runs."""
    cache = f'"$(mktemp -d "{folder}/cache.XXXXXX")"' if fresh else f'"{folder}/cache"'
    return ["sh", "-c", f'SIMCOST_CACHE={cache}; export SIMCOST_CACHE; exec "$@"', "sh", *command]


def run(options: argparse.Namespace, folder: str) -> dict[str, Cost]:
    """Simcost beside the NumPy script, samples kept by default: with its kernel in the cache, and with nothing cached."""
    n = options.scenarios or 1_000_000
    whole(with_cache(folder, simcost_run(1000, folder, "--backend", "cpu")))
    commands = {
        "numpy script": rival_run(n, folder),
        "simcost run": with_cache(folder, simcost_run(n, folder)),
        "simcost run, nothing cached": with_cache(folder, simcost_run(n, folder), fresh=True),
    }
    return interleaved(commands, options.repeats)


def memory(options: argparse.Namespace, folder: str) -> dict[str, Cost]:
    """Peak memory with and without samples, and at ten times the scenarios; once each, since memory does not jitter."""
    n = options.scenarios or 1_000_000
    backends = ("reference", "cpu") if find_spec("numba") else ("reference",)
    return {
        f"{backend}, {count:,} scenarios, --keep {keep}": whole(simcost_run(count, folder, "--backend", backend, "--keep", keep))
        for backend in backends
        for count, keep in ((n, "auto"), (n, "none"), (10 * n, "none"))
    }


def startup(options: argparse.Namespace, folder: str) -> dict[str, Cost]:  # noqa: ARG001 - one signature for all parts
    """`simcost --help` beside the import of click alone, and `simcost validate`."""
    commands = {
        "import click": [sys.executable, "-c", "import click"],
        "simcost --help": simcost("--help"),
        "simcost validate": simcost("validate", str(SCENARIO)),
    }
    return interleaved(commands, 5 * options.repeats)


def table(costs: dict[str, Cost]) -> None:
    """Print a line for each command, its ratio to the first."""
    first = next(iter(costs.values()))
    width = max(map(len, costs))
    print(f"{'':{width}}  {'seconds':>9}  {'ratio':>6}  {'processor s':>11}  {'peak MB':>8}")
    for name, cost in costs.items():
        ratio = cost.seconds / first.seconds
        print(f"{name:{width}}  {cost.seconds:9.3f}  {ratio:6.2f}  {cost.processor_s:11.2f}  {cost.peak_mb:8.0f}")
    print()


def main() -> None:
    arguments = parser(__doc__, repeats=3)
    arguments.add_argument("parts", nargs="*", metavar="run|memory|startup", help="all if none is named")
    arguments.add_argument("-n", "--scenarios", type=whole_number, help="default: 1_000_000")
    options = arguments.parse_args()
    about = machine(PACKAGES)
    print(in_a_line(about), end="\n\n")
    for part in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            costs = PARTS[part](options, folder)
        table(costs)
        if options.record:
            costs_by_name = {name: asdict(cost) for name, cost in costs.items()}
            write_record(f"whole_process_{part}", {"machine": about, "costs": costs_by_name})


PARTS = {"run": run, "memory": memory, "startup": startup}

if __name__ == "__main__":
    main()
