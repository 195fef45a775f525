"""Bad files through the command line: exit code 2, every problem with its place, nothing else, soon and in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BAD = sorted((Path(__file__).parent / "bad").glob("*.toml"))
HOSTILE: dict[str, bytes] = {
    "two_megabytes": b"# " + b"x" * 2_000_000,
    "nine_hundred_brackets": b"a = " + b"[" * 900 + b"]" * 900,
    "dots": b"a" + b".a" * 32_000 + b" = 1",
    "binary": bytes(range(256)) * 16,
    "not_utf_8": b'name = "\xff\xfe"',
    "empty": b"",
}
FRAMED = """schema = 1
[scenario]
name = "Abroad"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
fee = "10 USD/month"
toll = "10 EUR/month"
[fx]
USD = { start = "7.1 CNY/USD", volatility = "5 %" }
EUR = { start = "7.8 CNY/EUR", volatility = "8 %" }
[discounting]
rate = "7 %"
[drivers]
dearer = "fx_USD"
[[cost]]
name = "Fee"
category = "fees"
amount = "fee"
[[correlation]]
between = ["fx_USD_shock", "fx_EUR_shock"]
rank = 0.5
"""
LONGEST_S = 1.0  # of processor time, of the issue
LARGEST_BYTES = 256 * 2**20  # of the issue


def test_there_are_at_least_forty_bad_files() -> None:
    assert len(BAD) >= 40


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_exits_with_2_and_prints_every_expected_message(call, tmp_path: Path, path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    checked, ran = call("validate", path), call("run", path)
    assert (checked.exit_code, checked.stdout) == (2, ""), checked.output
    assert (ran.exit_code, ran.stdout, ran.stderr) == (2, "", checked.stderr)
    assert checked.stderr.startswith(f"{path}:")
    assert "Traceback" not in checked.stderr
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in expected if line.strip() and line not in checked.stderr] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('start = "2027-01"', "start = 2027-01-01", "5:9: scenario.start: 2027-01-01 is a date or time"),
        ("months = 12", 'months = "12"', '6:10: scenario.months: "12" is a string'),
        ("[[cost]]", "[cost]", "17:2: cost: cost is a table"),
    ],
)
def test_a_slip_in_the_frame_is_told_alone_beside_rates_of_exchange_and_discounting(
    call, tmp_path: Path, good: str, bad: str, said: str
) -> None:
    path = tmp_path / "framed.toml"
    path.write_text(FRAMED, encoding="utf-8")
    assert call("validate", path).exit_code == 0
    path.write_text(FRAMED.replace(good, bad), encoding="utf-8")
    told = call("validate", path)
    assert told.exit_code == 2
    assert said in told.stderr
    assert told.stderr.count(f"{path}:") == 1, told.stderr


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_bytes(HOSTILE[name])
    # The limit fails the command itself: a child's peak, as the system reports it, includes that of a large parent.
    limited = [
        "sh",
        "-c",
        f'ulimit -d {LARGEST_BYTES // 1024} && exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "simcost",
        "validate",
        path,
    ]
    process = subprocess.Popen(limited, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    with process:
        printed, told = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, printed) == (2, b"")
    assert told.startswith(str(path).encode())
    assert b"Traceback" not in told
    assert usage.ru_utime + usage.ru_stime < LONGEST_S


@pytest.mark.parametrize("command", ["validate", "run"])
@pytest.mark.parametrize("name", ["missing.toml", "folder", "/dev/null"])
def test_what_is_no_file_is_refused(call, tmp_path: Path, command: str, name: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    result = call(command, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(name)
    assert "Traceback" not in result.stderr
