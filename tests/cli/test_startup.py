"""``simcost --help`` feels instant: it loads click and nothing else that is heavy."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.places import RECOMMENDER

HEAVY = {"numpy", "scipy", "numba", "cupy", "h5py", "pydantic", "rich", "tree_sitter", "tree_sitter_toml", "matplotlib"}
ALLOWED_S = 0.1  # of the issue: beyond what importing click alone costs
ALLOWED_RATIO = 10.0
"""Of `validate` to the import of click: 0.7 s of the issue where that takes 0.07 s."""
TRIES = 20


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
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
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


def test_validate_takes_a_few_times_as_long_as_importing_click() -> None:
    """Once its tables are kept, by an interpreter that keeps its bytecode as a user's does; a busy machine has some tries."""
    validate = ("-m", "simcost", "validate", str(RECOMMENDER))
    processor_time_s(*validate)
    ratios = (processor_time_s(*validate) / processor_time_s("-c", "import click") for _ in range(TRIES))
    assert any(ratio < ALLOWED_RATIO for ratio in ratios)
