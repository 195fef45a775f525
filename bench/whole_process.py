"""What a user waits for: whole processes, from the shell to the written file, interleaved with their rivals.

    python bench/whole_process.py                       # a million scenarios beside the NumPy script, memory, start-up
    python bench/whole_process.py run -n 100_000        # one part alone
    python bench/whole_process.py memory --record       # and write bench/records/whole_process_memory.json

Both sides run the same model on the same horizon and write the same kept samples; see bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "ecommerce_recommender.toml"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """One process: wall-clock seconds, processor seconds, and the largest resident memory in megabytes."""

    seconds: float
    processor_s: float
    peak_mb: float


def whole(command: list[str]) -> Cost:
    """Run a command and weigh it; its output is not shown unless it fails."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
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
    for command in commands.values():
        whole(command)
    runs = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            runs[name].append(whole(command))
    return {name: middle(costs) for name, costs in runs.items()}


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


def run(options: argparse.Namespace, folder: str) -> dict[str, Cost]:
    """Simcost beside the NumPy script, samples kept by default."""
    n = options.scenarios or 1_000_000
    return interleaved({"numpy script": rival_run(n, folder), "simcost run": simcost_run(n, folder)}, options.repeats)


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


def machine() -> dict[str, str | int]:
    """What the figures were taken on."""
    names = [line.split(":")[1].strip() for line in cpu_lines() if line.startswith("model name")]
    packages = {name: version(name) for name in ("numpy", "scipy", "h5py", "click")}
    cores = os.cpu_count() or 0
    return {"cpu": names[0] if names else platform.processor(), "cores": cores, "python": platform.python_version(), **packages}


def cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="run|memory|startup", help="all if none is named")
    parser.add_argument("-n", "--scenarios", type=lambda text: int(text.replace("_", "")), help="default: 1_000_000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="write bench/records/whole_process_PART.json")
    options = parser.parse_args()
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    for part in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            costs = PARTS[part](options, folder)
        table(costs)
        if options.record:
            record = {"machine": machine(), "costs": {name: asdict(cost) for name, cost in costs.items()}}
            path = HERE / "records" / f"whole_process_{part}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, indent=1) + "\n")


PARTS = {"run": run, "memory": memory, "startup": startup}

if __name__ == "__main__":
    main()
