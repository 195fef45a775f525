"""Every malformed file is refused in its own words: all problems at once, with line and column, in time and in memory."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.places import ROOT

from simcost.errors import ScenarioError, format_problem
from simcost.scenario import load

BAD = ROOT / "tests" / "cli" / "bad"
FILES = sorted(BAD.glob("*.toml"))

LONGEST_S = 1.0
"""Processor time that reading may take, by the issue: a busy machine is no fault of the file."""

LARGEST_BYTES = 256 << 20
"""Peak resident memory of a process that reads a hostile file, by the issue; the interpreter and pydantic included."""

HOSTILE: dict[str, Callable[[], bytes]] = {
    "two_megabytes": lambda: b"# " + b"x" * (2 << 20),
    "two_megabytes_of_inputs": lambda: b"".join(b'a%d = "1 GPU"\n' % i for i in range(150_000)),
    "nested_brackets": lambda: b"x = " + b"[" * 900 + b"]" * 900,
    "a_megabyte_of_brackets": lambda: b"x = " + b"[" * ((1 << 20) - 10),
    "nested_braces": lambda: b"x = " + b"{a=" * 900,
    "dots": lambda: b"a" + b".a" * 32_000 + b" = 1",
    "dots_in_a_header": lambda: b"[a" + b".a" * 32_000 + b"]",
    "dots_with_blanks_and_quotes": lambda: b'"a"' + b" . 'a'" * 32_000 + b" = 1",
    "many_keys": lambda: b"[inputs]\n" + b"".join(b"a%d=1\n" % i for i in range(90_000)),
    "long_list": lambda: b"x = [" + b"1," * 500_000 + b"]",
    "unclosed_escapes": lambda: b'x = "' + b'\\"' * 500_000,
    "quotes": lambda: b'"' * (1 << 20),
    "unclosed_string_of_many_lines": lambda: b'x = """' + b'""\n' * 300_000,
    "integer_of_many_digits": lambda: b"x = " + b"9" * 1_000_000,
    "hexadecimal_integer_of_many_digits": lambda: b"schema = 0x" + b"F" * 1_000_000,
    "float_of_many_digits": lambda: b"schema = 0." + b"1" * 1_000_000,
    "long_formula": lambda: b'schema = 1\n[drivers]\na = "' + b"1 + " * 250_000 + b'1"',
    "deep_formula": lambda: b'schema = 1\n[drivers]\na = "' + b"(" * 9_000 + b'"',
    "formula_of_signs": lambda: b'schema = 1\n[drivers]\na = "' + b"-" * 9_000 + b'1"',
    "binary": lambda: bytes(range(256)) * 4_000,
    "large_binary": lambda: b"\x89HDF\0" * (1 << 20),
    "result": lambda: b"\x89HDF\r\n\x1a\n" + bytes(5 << 20),
    "random_utf_8": lambda: bytes(range(1, 128)) * 8_000,
    "unknown_names": lambda: hostile_scenario(drivers=[f'd{i} = "x{i} + y{i}"' for i in range(4_000)]),
    "one_long_circle": lambda: hostile_scenario(drivers=[f'd{i} = "d{(i + 1) % 4_000}"' for i in range(4_000)]),
    "one_long_chain": lambda: hostile_scenario(drivers=[f'd{i} = "d{i + 1}"' for i in range(4_000)]),
    "many_bad_inputs": lambda: hostile_scenario(inputs=[f'i{i} = "{i} to 0 GPU"' for i in range(9_000)]),
    "many_bad_units": lambda: hostile_scenario(inputs=[f'i{i} = "1 GPU per {i}"' for i in range(9_000)]),
    "many_unknown_keys": lambda: hostile_scenario(inputs=[f"i{i} = {{ nomral = 1 }}" for i in range(9_000)]),
    "many_options": lambda: hostile_scenario(
        inputs=[f'i{i} = "1 GPU"' for i in range(3_000)],
        tail="".join(f'[options.o{i}]\nset = {{ inputs.i{i} = "2 GPU" }}\n' for i in range(2_000)),
    ),
}
"""Files that would cost time or memory if nothing stopped them."""


def hostile_scenario(inputs: list[str] = [], drivers: list[str] = [], tail: str = "") -> bytes:  # noqa: B006
    """A file whose head is sound, and whose body is large."""
    parts = ["schema = 1", '[scenario]\nname = "x"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 12']
    parts += ["[inputs]", *inputs, "[drivers]", *drivers, '[[cost]]\nname = "c"\ncategory = "c"\namount = "0"', tail]
    return "\n".join(parts).encode()


def messages(path: Path) -> list[str]:
    """First line of each problem, without the path."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [format_problem("", problem).splitlines()[0].removeprefix(":").strip() for problem in caught.value.problems]


def test_there_are_many_malformed_files() -> None:
    assert len(FILES) >= 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_malformed_file_is_refused_with_all_its_problems(path: Path) -> None:
    assert messages(path) == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_of_a_table_has_a_line_a_column_and_a_remedy(path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    for problem in caught.value.problems:
        assert problem.remedy
        assert (problem.line >= 1 and problem.column >= 1) or not problem.place


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_a_second(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_bytes(HOSTILE[name]())
    start = time.process_time()
    try:
        load(path)
    except ScenarioError as error:
        text = "\n".join(format_problem("", problem) for problem in error.problems)
        assert len(text) < 200_000
    assert time.process_time() - start < LONGEST_S


def test_a_hostile_file_needs_little_memory(tmp_path: Path) -> None:
    paths = []
    for name, content in HOSTILE.items():
        path = tmp_path / f"{name}.toml"
        path.write_bytes(content())
        paths.append(str(path))
    code = """
import re, sys
from pathlib import Path
from simcost.errors import ScenarioError
from simcost.scenario import load
for path in sys.argv[1:]:
    try:
        load(path)
    except ScenarioError:
        pass
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
    if not Path("/proc/self/status").exists():  # elsewhere the peak of a child includes that of its parent: nothing to measure
        return
    done = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < LARGEST_BYTES


def test_the_known_offenders_are_named(tmp_path: Path) -> None:
    expected = {
        "two_megabytes": "larger than 1048576 bytes",
        "nested_brackets": "brackets nested more than 32 deep",
        "dots": "a key of more than 16 parts",
        "long_list": "more than 20,000 values",
        "binary": "this is a binary file",
        "large_binary": "this is a binary file (byte 4 is zero). Name a scenario file in TOML.",
        "result": "this is a result, not a scenario file. simcost show RESULT --toml > scenario.toml writes the scenario file",
        "integer_of_many_digits": "an integer of thousands of digits",
    }
    for name, words in expected.items():
        path = tmp_path / "hostile.toml"
        path.write_bytes(HOSTILE[name]())
        (message,) = messages(path)
        assert words in message


def test_a_directory_a_missing_file_and_a_forbidden_one_are_named(tmp_path: Path) -> None:
    assert messages(tmp_path) == ["this is a directory. Name the scenario file in it."]
    assert messages(tmp_path / "none.toml")[0].startswith("no such file")
    assert messages(Path("-")) == ["standard input is not read. Save the scenario to a file, and name that."]
    assert messages(tmp_path / ("x" * 300))[0].startswith("the file cannot be read")
    assert messages(Path("a\0b"))[0].startswith("the file cannot be read")


def test_a_pipe_is_no_scenario_file(tmp_path: Path) -> None:
    import os

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert messages(pipe) == ["this is not a regular file. Save the scenario to a file first."]


def test_reading_stops_after_a_hundred_problems(tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_bytes(HOSTILE["many_bad_inputs"]())
    found = messages(path)
    assert len(found) == 101
    assert "reading stopped after 100 problems" in found[-1]
