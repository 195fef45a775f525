"""``simcost --help`` feels instant: it loads click and nothing else that is heavy."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

HEAVY = {"numpy", "scipy", "numba", "cupy", "h5py", "pydantic", "rich", "tree_sitter", "tree_sitter_toml"}
ALLOWED_S = 0.1  # of the issue: beyond what importing click alone costs


def loaded_modules(*words: str) -> set[str]:
    """Top-level modules that a process has loaded when the command ends."""
    code = f"""
import atexit, sys
atexit.register(lambda: print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr))
sys.argv[1:] = {list(words)!r}
from simcost.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("LOADED")]
    return set(line.split())


def seconds(*arguments: str) -> float:
    """Median wall-clock time of a process; five, since the machine is shared."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def test_help_loads_no_heavy_library() -> None:
    assert loaded_modules("--help").isdisjoint(HEAVY)


def test_help_of_a_command_loads_no_heavy_library() -> None:
    assert loaded_modules("run", "--help").isdisjoint(HEAVY)


def test_the_measure_sees_a_heavy_library() -> None:
    assert "numpy" in loaded_modules("doctor")


def test_help_takes_hardly_longer_than_importing_click() -> None:
    assert seconds("-m", "simcost", "--help") - seconds("-c", "import click") < ALLOWED_S
