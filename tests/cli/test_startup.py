"""``simcost --help`` feels instant: it loads click and nothing else that is heavy."""

from __future__ import annotations

import os
import subprocess
import sys

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


def processor_time_s(*arguments: str) -> float:
    """Processor time of one process, which other work on the machine hardly changes."""
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


def test_help_loads_no_heavy_library() -> None:
    assert loaded_modules("--help").isdisjoint(HEAVY)


def test_help_of_a_command_loads_no_heavy_library() -> None:
    assert loaded_modules("run", "--help").isdisjoint(HEAVY)


def test_the_measure_sees_a_heavy_library() -> None:
    assert "numpy" in loaded_modules("doctor")


def test_help_takes_hardly_longer_than_importing_click() -> None:
    pairs = [(processor_time_s("-m", "simcost", "--help"), processor_time_s("-c", "import click")) for _ in range(5)]
    helping, importing = (min(times) for times in zip(*pairs, strict=True))
    assert helping - importing < ALLOWED_S
