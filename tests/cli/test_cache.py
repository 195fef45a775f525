"""The cache folder through the command line: what is wrong with it costs time, never a figure; Ctrl-C ends the compiler."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psutil
import pytest
from tests.places import RECOMMENDER

if TYPE_CHECKING:
    from collections.abc import Callable

    Process = Callable[..., subprocess.CompletedProcess[str]]

Found = TypeVar("Found")

HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from simcost.cli import main; main()"
"""A test run in the background ignores Ctrl-C, and so would its children."""

LIMIT_S = 60.0
SOON_S = 10.0
"""Between Ctrl-C and the end of the process; the model compiles for longer on most machines, and nobody waits for that."""


def occupied(folder: Path) -> Path:
    (folder / "file").write_text("it stands where the folder should be")
    return folder / "file"


def writable_by_others(folder: Path) -> Path:
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    return folder / "open"


def impossible(folder: Path) -> Path:
    return occupied(folder) / "inside"


@pytest.mark.parametrize("make", [occupied, writable_by_others, impossible])
def test_without_a_cache_folder_a_run_gives_the_same_figures(
    make: Callable[[Path], Path], process: Process, scenario: Path, tmp_path: Path
) -> None:
    words = ("run", scenario, "--json", "--quiet", "--force")
    expected, found = (process(*words, **cache) for cache in ({}, {"SIMCOST_CACHE": str(make(tmp_path))}))
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["total"] == json.loads(expected.stdout)["total"]


def test_nothing_is_kept_where_others_may_write(process: Process, scenario: Path, tmp_path: Path) -> None:
    cache = writable_by_others(tmp_path)
    assert process("validate", scenario, SIMCOST_CACHE=str(cache)).returncode == 0
    assert list(cache.iterdir()) == []


def test_a_file_in_the_way_is_told_before_anything_is_compiled(process: Process, scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.h5").write_text("something else")
    done = process("run", scenario, "--backend", "cpu", "-o", "mine.h5", SIMCOST_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 2
    assert "Compiling" not in done.stderr
    assert list((tmp_path / "cache").glob("kernel_*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_while_compiling_ends_both_processes_soon(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HEARING, "run", str(RECOMMENDER), "--backend", "cpu", "-o", str(tmp_path / "result.h5")]
    environment = {**os.environ, "SIMCOST_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        compiler = child_of(psutil.Process(process.pid))
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, told = process.communicate(timeout=LIMIT_S)
    assert time.monotonic() - begin < SOON_S
    assert process.returncode == 130
    assert told.splitlines()[-1] == "Interrupted. Nothing half-written is left behind."
    assert "Traceback" not in told
    wait_until(lambda: not compiler.is_running() or compiler.status() == psutil.STATUS_ZOMBIE)
    assert not (tmp_path / "result.h5").exists()


def child_of(process: psutil.Process) -> psutil.Process:
    """Wait until there is one."""
    return wait_until(process.children)[0]


def wait_until(find: Callable[[], Found]) -> Found:
    """Wait until there is something to be found; return that."""
    limit = time.monotonic() + LIMIT_S
    while not (found := find()):
        assert time.monotonic() < limit
        time.sleep(0.02)
    return found
