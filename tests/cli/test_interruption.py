"""Stopped at any moment, a run leaves no half-written file and the earlier result as it was."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

import simcost.cli
from simcost.cli.exit_codes import INTERRUPTED
from simcost.cli.signals import AGAIN_S, SIGNALLED, leave, raise_again

PATIENCE_S = 60.0
FULL_BLOCKS = 1000
"""Of 512 bytes (1,024 in some shells): less than the samples of the run below need."""
ENDLESS = ["-n", "1e9", "--keep", "1e6", "-o", "mine.h5", "--force"]


HEARING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL);"
    " from simcost.cli import main; main()"
)
"""A test run in the background ignores Ctrl-C, one under nohup a closed terminal, and so would their children."""


@pytest.fixture
def running(call, scenario: Path):
    """An endless run that is under way, beside an earlier result under the same name."""
    assert call("run", scenario, "--json", "-o", "mine.h5").exit_code == 0
    command = [sys.executable, "-c", HEARING, "run", scenario.name, *ENDLESS]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=scenario.parent)
    deadline = time.monotonic() + PATIENCE_S
    while len(files(scenario.parent)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    yield process
    process.kill()
    process.communicate()


def files(folder: Path) -> set[str]:
    return {name for name in os.listdir(folder) if not (folder / name).is_dir()}  # noqa: PTH208 - hidden files too


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, INTERRUPTED), *((each, SIGNALLED + each) for each in (signal.SIGTERM, signal.SIGHUP))]
)
def test_a_stopped_run_tidies_up_and_leaves_the_earlier_result(running, scenario: Path, sent: int, code: int) -> None:
    before = Path("mine.h5").read_bytes()
    running.send_signal(sent)
    printed, told = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == code
    assert printed == ""
    assert "Traceback" not in told
    if sent == signal.SIGINT:
        assert told.splitlines()[-1] == "Interrupted. Nothing half-written is left behind."
    assert files(scenario.parent) == {"small.toml", "mine.h5"}
    assert Path("mine.h5").read_bytes() == before


def test_a_killed_run_leaves_the_earlier_result_and_the_next_run_tidies_up(call, running, scenario: Path) -> None:
    before = Path("mine.h5").read_bytes()
    running.kill()
    running.communicate(timeout=PATIENCE_S)
    assert Path("mine.h5").read_bytes() == before
    assert call("run", scenario, "--json", "-o", "mine.h5").exit_code == 0
    assert files(scenario.parent) == {"small.toml", "mine.h5"}


def test_a_disk_that_fills_up_gives_one_line_and_leaves_the_earlier_result(call, scenario: Path) -> None:
    assert call("run", scenario, "--json", "-o", "mine.h5").exit_code == 0
    before = Path("mine.h5").read_bytes()
    run = [sys.executable, "-m", "simcost", "run", scenario.name, "-n", "20000", "--keep", "all", "-o", "mine.h5", "--force"]
    full = ["sh", "-c", f'ulimit -f {FULL_BLOCKS} && exec "$@"', "sh"]
    assert subprocess.run(run, capture_output=True, timeout=PATIENCE_S, check=False).returncode == 0  # it is the limit that fails
    Path("mine.h5").write_bytes(before)
    done = subprocess.run([*full, *run], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: mine.h5: the result could not be written: File too large. Free space")
    assert done.stderr.count("\n") == 1
    assert files(scenario.parent) == {"small.toml", "mine.h5"}
    assert Path("mine.h5").read_bytes() == before


def test_a_signal_that_nohup_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    heard: list[int] = []
    monkeypatch.setattr(signal, "signal", lambda number, _: heard.append(number))
    monkeypatch.setattr(sys, "argv", ["simcost", "--version"])
    for ignored, expected in ((signal.SIG_IGN, [signal.SIGTERM]), (signal.SIG_DFL, [signal.SIGTERM, signal.SIGHUP])):
        heard.clear()
        monkeypatch.setattr(signal, "getsignal", {signal.SIGHUP: ignored}.get)
        with pytest.raises(SystemExit):
            simcost.cli.main()
        assert heard == expected
    assert capsys.readouterr().err == ""


def test_an_interruption_while_the_program_loads_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def interrupt(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("simcost.cli.root.root", interrupt)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as stopped:
        simcost.cli.main()
    assert stopped.value.code == INTERRUPTED
    assert capsys.readouterr().err == ""


def test_progress_is_drawn_on_a_terminal_and_the_result_stays_clean(scenario: Path) -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "simcost", "run", scenario.name, "-n", "300000", "--keep", "none", "--json"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, cwd=scenario.parent, env=environment)
    os.close(terminal)
    shown = b""
    while chunk := read(master):
        shown += chunk
    printed, _ = process.communicate(timeout=PATIENCE_S)
    os.close(master)
    assert process.returncode == 0
    assert b"scenarios/s" in shown
    assert b"P95 " in shown
    assert b"\x1b" not in printed


def read(terminal: int) -> bytes:
    """Read what there is; nothing once the other side is closed, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


class Destroyed:
    """Its destructor is where a signal arrives."""

    def __init__(self, sent: int) -> None:
        self._sent = sent

    def __del__(self) -> None:
        signal.raise_signal(self._sent)


@pytest.mark.parametrize(("sent", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_a_signal_whose_exception_is_dropped_is_sent_again(monkeypatch, sent: signal.Signals, raised: type) -> None:
    earlier = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, leave)
    try:
        monkeypatch.setattr("sys.unraisablehook", lambda _: None)
        Destroyed(sent)
        time.sleep(20 * AGAIN_S)  # it is lost
        monkeypatch.setattr("sys.unraisablehook", raise_again)
        with pytest.raises(raised):
            send_and_wait(sent)
    finally:
        for number, handler in earlier:
            signal.signal(number, handler)


def send_and_wait(sent: signal.Signals) -> None:
    Destroyed(sent)
    Event().wait()  # as a run waits for its threads


def test_what_else_is_dropped_is_told_as_python_does(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.unraisablehook", raise_again)
    Destroyed("no number")  # type: ignore[arg-type]
    assert "TypeError" in capsys.readouterr().err
