"""Every block of the README runs, and the output below a command is what it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<title>[\w.]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADER = 'schema = 1\n[scenario]\nname = "fragment"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 12\n'
A_COST = '\n[[cost]]\nname = "line"\ncategory = "all"\nevery = "once"\namount = "one"\n[inputs.one]\nvalue = 1\nunit = "CNY"\n'
CHANGING = (
    (re.compile(r"\b\d+(\.\d+)? s\b"), "0 s"),
    (re.compile(r"[\d,.]+ scenarios/s"), "0 scenarios/s"),
    (re.compile(r"reference on NumPy|cpu on numba [\d.]+"), "a back end"),
)
"""What differs from run to run: times, and what ``auto`` picks."""

WRONG = "wrong.toml"
"""The README's example of a file that is refused; the command below it shows how."""


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    body: str


BLOCKS = [Block(**match.groupdict()) for match in BLOCK.finditer(README.read_text("utf-8"))]


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the reader has it: the scenarios, and the README's own files."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for block in of_kind("toml"):
        if block.title:
            (folder / block.title).write_text(block.body, "utf-8")
    return folder


def shell(command: str, folder: Path) -> str:
    """Run a command with the tested environment's programs first; what it prints, both streams together."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return done.stdout.decode()


def stable(text: str) -> str:
    for pattern, replacement in CHANGING:
        text = pattern.sub(replacement, text)
    return text.strip()


@pytest.mark.parametrize("block", of_kind("console"), ids=lambda block: block.body.split("\n")[0])
def test_output_in_the_readme_is_real(block: Block, folder: Path, request: pytest.FixtureRequest) -> None:
    first, _, printed = block.body.partition("\n")
    output = shell(first.removeprefix("$ "), folder)
    if request.config.getoption("--write-readme", default=False):
        text = README.read_text("utf-8")
        README.write_text(text.replace(f"```console\n{block.body}```", f"```console\n{first}\n{output.rstrip()}\n```"), "utf-8")
    else:
        assert stable(output) == stable(printed)


@pytest.mark.parametrize(
    "block",
    [block for block in of_kind("toml") if block.title != WRONG],
    ids=lambda block: block.title or block.body.split("\n")[1],
)
def test_scenario_in_the_readme_runs(block: Block, tmp_path: Path) -> None:
    from simcost.api import run

    body = block.body if "schema" in tomllib.loads(block.body) else HEADER + block.body
    path = tmp_path / "block.toml"
    path.write_text(body if "[[cost]]" in body else body + A_COST, "utf-8")
    result = run(path, n=4096, output=tmp_path / "block.h5")
    assert result.figures.non_finite == 0


@pytest.mark.parametrize("block", of_kind("python"), ids=lambda block: block.body.split("\n")[0])
def test_python_in_the_readme_runs(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("simcost run first.toml -n 1000 -o first.h5 --force", folder)
    monkeypatch.chdir(folder)
    exec(compile(block.body, "README.md", "exec"), {})


def test_every_block_of_the_readme_is_tried() -> None:
    assert {block.kind for block in BLOCKS} <= {"console", "toml", "python", "sh"}
    assert all(line.startswith("make ") for block in of_kind("sh") for line in block.body.splitlines())
