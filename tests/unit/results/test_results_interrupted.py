"""Whatever interrupts a run: nothing half-written under its name, the earlier result untouched."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simcost.errors import ResultError
from simcost.results.read import open_result
from simcost.results.temporary import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

SCRIPT = Path(__file__).with_name("small_run.py")
SCENARIOS = 300_000


def started(path: Path, pause_s: float) -> subprocess.Popen[str]:
    """A process that has begun to write ``path``."""
    command = [sys.executable, str(SCRIPT), str(path), str(SCENARIOS), str(pause_s)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def leftovers(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.name.startswith(PREFIX)]


@pytest.mark.parametrize("trials", [8, pytest.param(40, marks=pytest.mark.slow)])
def test_a_killed_run_leaves_the_earlier_result_and_its_remains_are_swept(
    small_run: ModuleType, tmp_path: Path, trials: int
) -> None:
    chance = random.Random(20261121)
    path = tmp_path / "run.h5"
    small_run.write_result(path, n=SCENARIOS, keep="all")
    earlier, killed = path.read_bytes(), 0
    for _ in range(trials):
        process = started(path, pause_s=0.0)
        time.sleep(chance.uniform(0.0, 0.5))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        process.communicate()
        if path.read_bytes() != earlier:  # it had come to its end: then the new result is whole
            assert open_result(path).samples().shape[1] == SCENARIOS
            earlier = path.read_bytes()
    assert killed >= trials // 2
    small_run.write_result(path, n=SCENARIOS, keep="none")
    assert leftovers(tmp_path) == []


def test_ctrl_c_leaves_nothing_behind(small_run: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "run.h5"
    small_run.write_result(path, n=SCENARIOS, keep="none")
    earlier = path.read_bytes()
    process = started(path, pause_s=20.0)  # far longer than this process may be held up; the signal ends the pause
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert path.read_bytes() == earlier
    assert leftovers(tmp_path) == []


def test_two_runs_at_once_do_not_sweep_each_other(small_run: ModuleType, tmp_path: Path) -> None:
    process = started(tmp_path / "slow.h5", pause_s=0.3)
    time.sleep(0.5)
    small_run.write_result(tmp_path / "quick.h5", n=1000)
    assert len(leftovers(tmp_path)) == 1
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert open_result(tmp_path / "slow.h5").kept == SCENARIOS


@pytest.mark.parametrize("limit", [100_000, 1_500_000, 2_100_000], ids=["samples", "summary", "end"])
def test_a_full_disk_is_one_clear_line(small_run: ModuleType, tmp_path: Path, limit: int) -> None:
    path = tmp_path / "run.h5"
    small_run.write_result(path, n=10_000)
    earlier, size = path.read_bytes(), path.stat().st_size
    assert limit < size, size
    with (
        limited_file_size(limit),
        pytest.raises(ResultError, match=r"run\.h5: the result could not be written: File too large") as caught,
    ):
        small_run.write_result(path, n=10_000)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == earlier
    assert leftovers(tmp_path) == []


def test_a_disk_without_room_is_refused_before_the_run(
    small_run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr("simcost.results.path.shutil.disk_usage", lambda _: usage)
    with pytest.raises(ResultError, match=r"needs about 32 MB, and .* has 1 MB free.*`keep='none'`"):
        small_run.write_result(tmp_path / "run.h5")
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_caller_removes_the_unfinished_file(small_run: ModuleType, tmp_path: Path) -> None:
    scenario, plan = small_run.a_scenario(), small_run.a_plan()
    writer = small_run.ResultWriter(tmp_path / "a.h5", scenario=scenario, plan=plan, span=small_run.Span(1, 0, 9))
    seen = []

    def fail() -> None:
        with writer:
            seen.extend(leftovers(tmp_path))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []


@contextmanager
def limited_file_size(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond ``limit`` bytes: what a full disk is to a writer, without root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_the_limit_bites(tmp_path: Path) -> None:
    """Negative control: without the writer's care the limit is an error of the system."""
    with limited_file_size(1000), pytest.raises(OSError, match="File too large"):
        (tmp_path / "x").write_bytes(bytes(2000))
