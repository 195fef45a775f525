"""Read the bytes of a scenario file, guarded by the limits, and parse them as TOML 1.0."""

from __future__ import annotations

import hashlib
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from simcost.errors import Problem, ScenarioError
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.text.limits import LARGEST_FILE, over_the_limits
from simcost.scenario.text.toml_messages import line_of, translated

LARGEST_INTEGER = 1 << 64
"""Integers beyond belong to no quantity, and printing them may be refused by Python."""


HDF5 = b"\x89HDF\r\n\x1a\n"
"""What a result begins with."""


@dataclass(frozen=True, slots=True)
class Document:
    """A scenario file as read: ``data`` is what tomllib made of ``text``, ``sha256`` that of the bytes."""

    path: str
    text: str
    sha256: str
    data: dict[str, Any]


class NotFinite(float):
    """A number that is no finite float, with the text that it was written as."""

    __slots__ = ("written",)
    written: str


def read(path: str | Path) -> Document:
    """Read and parse a file.

    Raises
    ------
    ScenarioError
        If it cannot be read, is over a limit, is not UTF-8, or is not TOML 1.0.
    """
    content = _content(Path(path))
    text = _decoded(str(path), content)
    if not text.strip():
        _refuse(path, "the file is empty", "Start from an example: simcost init scenario.toml")
    return Document(str(path), text, hashlib.sha256(content).hexdigest(), _parsed(str(path), text))


def restored(path: str | Path, text: str, sha256: str) -> Document:
    """Parse the text of a file that was read before, such as a result file keeps it.

    Parameters
    ----------
    path
        What problems are told of, and beside what data files are looked for.
    sha256
        Of the bytes that the text was decoded from.

    Raises
    ------
    ScenarioError
        If it is over a limit, or is not TOML 1.0.
    """
    if len(text) > LARGEST_FILE:
        _refuse(path, f"the scenario has more than {LARGEST_FILE} characters", "Run a scenario file again.")
    return Document(str(path), text, sha256, _parsed(str(path), text))


def parse(text: str) -> dict[str, Any]:
    """Parse TOML; numbers that are not finite come as `NotFinite`.

    Raises
    ------
    tomllib.TOMLDecodeError, ValueError
        If it is no TOML, or holds an integer of thousands of digits.
    """
    return tomllib.loads(text, parse_float=_number)


def check_numbers(value: object, place: Place, findings: Findings) -> None:
    """Refuse numbers that no scenario can use: infinite, not a number, or integers over 64 bits."""
    if isinstance(value, dict):
        for key, item in value.items():
            check_numbers(item, (*place, key), findings)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            check_numbers(item, (*place, position), findings)
    elif isinstance(value, NotFinite):
        what = f"{value.written[:40]} is not a finite number"
        findings.settle(Finding(place, what, "Write a number below 1e100."))
    elif isinstance(value, int) and not -LARGEST_INTEGER < value < LARGEST_INTEGER:
        findings.settle(Finding(place, f"{show(value)} has more than 64 bits", "Write it as 1e20 if it is so large."))


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            _refuse(path, "this is a directory", "Name the scenario file in it.")
        if path.exists() and not path.is_file():
            _refuse(path, "this is not a regular file", "Save the scenario to a file first.")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        if str(path) == "-":
            _refuse(path, "standard input is not read", "Save the scenario to a file, and name that.")
        _refuse(path, "no such file", "Check the path, or write an example: simcost init scenario.toml")
    except PermissionError:
        _refuse(path, "no permission to read the file", "Change its permissions.")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(path, f"the file cannot be read: {reason}", "Check the path.")
    if len(content) > LARGEST_FILE:
        _refuse_binary(str(path), content)
        _refuse(path, f"the file is larger than {LARGEST_FILE} bytes", "Put long lists into CSV files beside it.")
    return content


def _refuse_binary(path: str, content: bytes) -> None:
    """Refuse what is no text, such as a result: its size is not what is wrong with it."""
    if content.startswith(HDF5):
        what = "this is a result, not a scenario file"
        _refuse(path, what, "simcost show RESULT --toml > scenario.toml writes the scenario file that it holds.")
    nul = content.find(b"\0")
    if nul >= 0:
        what = f"this is a binary file (byte {nul} is zero)"
        _refuse(path, what, "Name a scenario file in TOML.")


def _decoded(path: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(path, "the file is UTF-16", "Save it as UTF-8.")
    _refuse_binary(path, content)
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(path, f"not UTF-8: byte 0x{content[error.start]:02x} in line {line}", "Save the file as UTF-8.", line=line)


def _parsed(path: str, text: str) -> dict[str, Any]:
    over = over_the_limits(text)
    if over:
        position, what, remedy = over
        line, column, quoted = line_of(text, position)
        _refuse(path, what, remedy, line=line, column=column, quoted=quoted)
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(path, (translated(error, text),)) from None


def _number(written: str) -> float:
    number = float(written)
    if math.isfinite(number):
        return number
    special = NotFinite(number)
    special.written = written
    return special


def _refuse(path: str | Path, what: str, remedy: str, *, line: int = 0, column: int = 0, quoted: str = "") -> NoReturn:
    raise ScenarioError(str(path), (Problem("", what, remedy, line, column or min(line, 1), quoted),))
