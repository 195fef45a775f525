"""Whatever fails, the user sees one clear message, the right exit code, and no traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from simcost.cli.failures import guarded
from simcost.errors import BackendError, Problem, ResultError, ScenarioError, SimcostError, UsageError


def raising(error: BaseException):
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (SimcostError("too bad"), 1, "Error: too bad\n"),
        (ResultError("not a result"), 1, "Error: not a result\n"),
        (BackendError("no GPU"), 1, "Error: no GPU\n"),
        (UsageError("not both"), 2, "Error: not both\n"),
        (click.UsageError("not so"), 2, "Error: not so\n"),
        (MemoryError(), 1, "Error: not enough memory."),
        (OSError(errno.ENOSPC, "No space left on device", "r.h5"), 1, "Error: r.h5: No space left on device. Free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "r.h5"), 1, "Error: r.h5: Permission denied\n"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (click.Abort(), 130, "Interrupted."),
        (KeyError("x"), 1, "Error: this is a bug in simcost: KeyError: 'x'."),
        (RecursionError("deep\ndown"), 1, "Error: this is a bug in simcost: RecursionError: deep down."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_becomes_one_line_and_an_exit_code(capsys, error: BaseException, code: int, message: str) -> None:
    assert guarded(raising(error), debug=False) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(message)
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err


def test_a_traceback_is_shown_on_request(capsys) -> None:
    assert guarded(raising(KeyError("x")), debug=True) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_invalid_scenario_prints_each_problem_with_its_place(capsys) -> None:
    problems = (Problem("inputs.a", "no number", "Write one.", 3, 5, "a = x"), Problem("inputs.b", "unknown", "", 4, 1, "b = y"))
    assert guarded(raising(ScenarioError("s.toml", problems)), debug=False) == 2
    printed = capsys.readouterr().err
    assert "s.toml:3:5: inputs.a: no number. Write one." in printed
    assert "s.toml:4:1: inputs.b: unknown" in printed


def test_success_returns_what_the_command_asked_for() -> None:
    assert guarded(lambda: None, debug=False) == 0
    assert guarded(lambda: 3, debug=False) == 3


def test_control_characters_of_a_message_do_not_reach_the_terminal(capsys) -> None:
    guarded(raising(SimcostError("name \x1b[31mred \u202e \x9b1m")), debug=False)
    assert capsys.readouterr().err == "Error: name \\x1b[31mred \\u202e \\x9b1m\n"


def test_the_files_of_a_folder_are_answered_with_a_loop(call, scenario: Path) -> None:
    told = call("run", scenario, "b.toml", "c.toml")
    assert told.exit_code == 2
    assert told.stderr.endswith('\nIt takes one file: for file in *.toml; do simcost run "$file"; done\n')
    assert "for file in *.h5; do simcost show" in call("show", "a.h5", "b.h5").stderr
    assert "for file" not in call("run", scenario, "twice").stderr


def test_debug_is_heard_wherever_it_stands(call, tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    assert "Traceback" in call("--debug", "validate", missing).stderr
    assert "Traceback" in call("validate", missing, "--debug").stderr
    assert "Traceback" not in call("validate", missing).stderr


def simcost_into(stdout: int, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "simcost", *words]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=60)


def without_reader(*words: object) -> subprocess.CompletedProcess[bytes]:
    reader, writer = os.pipe()
    os.close(reader)
    done = simcost_into(writer, *map(str, words))
    os.close(writer)
    return done


@pytest.mark.parametrize("words", [["--help"], ["schema"], ["doctor", "--json"]], ids=" ".join)
def test_a_reader_that_goes_away_is_no_failure(words: list[str]) -> None:
    done = without_reader(*words)
    assert done.stderr == b""
    assert done.returncode == 0


def test_a_gate_keeps_its_verdict_when_its_reader_goes_away(scenario: Path) -> None:
    said = {
        sum_: without_reader("run", scenario, "--gate", "--set", f'budget.approved="{sum_} CNY"', "--force")
        for sum_ in (1, 10**12)
    }
    assert {sum_: done.returncode for sum_, done in said.items()} == {1: 3, 10**12: 0}
    assert all(done.stderr.startswith(b"Written to ") for done in said.values())


def test_notes_without_a_reader_do_not_stop_a_run(scenario: Path) -> None:
    command = '{ "$0" -m simcost run "$1" -o result.h5; echo $? >code; } 2>&1 >table | true'
    subprocess.run(["sh", "-c", command, sys.executable, scenario], check=True, timeout=60)
    assert Path("code").read_text() == "0\n"
    assert Path("result.h5").exists()


def test_a_closed_standard_output_is_no_failure(scenario: Path) -> None:
    command = '"$0" -m simcost run "$1" -o result.h5 >&-'  # as some schedulers start a job
    done = subprocess.run(["sh", "-c", command, sys.executable, scenario], stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(b"Written to result.h5")


@pytest.mark.parametrize("words", [["--help"], ["schema"], ["doctor"]], ids=" ".join)
def test_a_full_disk_behind_standard_output_gives_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = simcost_into(full.fileno(), *words)
    assert done.returncode == 1
    assert done.stderr == b"Error: No space left on device. Free some space, or write elsewhere.\n"
    assert done.stderr.count(b"\n") == 1


def test_a_note_follows_what_was_printed_before_it_where_both_go_to_one_file(scenario: Path) -> None:
    command = [sys.executable, "-m", "simcost", "run", scenario, "-n", "300", "--backend", "reference", "-o", "r.h5"]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=buffered, check=True, timeout=60)
    first, *_, last = done.stdout.decode().splitlines()
    assert (first.startswith("Small"), last.startswith("Written to r.h5")) == (True, True)
