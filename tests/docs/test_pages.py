"""Every block of the README and of the pages in docs/ runs, and the output below a command is what it prints."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.places import ROOT, SCENARIOS

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<title>[\w.]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADER = 'schema = 1\n[scenario]\nname = "fragment"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 12\n'
A_COST = '\n[[cost]]\nname = "line"\ncategory = "all"\nevery = "once"\namount = "one"\n[inputs.one]\nvalue = 1\nunit = "CNY"\n'
CHANGING = (
    (re.compile(r"\b\d+(\.\d+)? s\b"), "0 s"),
    (re.compile(r"[\d,.]+ scenarios/s"), "0 scenarios/s"),
    (re.compile(r"\([\d.]+ [kMG]B\)"), "(0 MB)"),
    (re.compile(r"reference on NumPy|cpu on numba [\d.]+"), "a back end"),
)
"""What differs from run to run or from one zlib to another: times, sizes of files, and what ``auto`` picks."""

FILE = re.compile(r"(?<![\w/.])\w+\.(?:toml|h5|csv|py)\b")
WRITTEN = re.compile(r"(?:>|-o) *(\w+\.\w+)")
"""Files that a command names, and those of them that it writes."""

WRONG = "wrong.toml"
"""The example of a file that is refused; the command below it shows how."""


@dataclass(frozen=True)
class Block:
    page: Path
    kind: str
    title: str
    body: str

    def __str__(self) -> str:
        """Name the test of this block."""
        lines = [line for line in self.body.splitlines() if line and not line.startswith("#")]
        return f"{self.page.stem}: {self.title or ' '.join(lines[:2])[:80]}"


BLOCKS = [Block(page, **match.groupdict()) for page in PAGES for match in BLOCK.finditer(page.read_text("utf-8"))]


SCRIPTS = [block for block in BLOCKS if block.kind == "sh" and block.title]
"""What CI of a reader's own runs: a gate for each file of a folder."""


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the reader has it: the scenarios, and the files that pages show under a name."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    for block in BLOCKS:
        if block.title:
            (folder / block.title).write_text(block.body, "utf-8")
    shell("simcost run first.toml -n 100_000 -o first.h5", folder)  # as the README does, for the pages that read its result
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


def command_of(block: Block) -> str:
    return block.body.partition("\n")[0].removeprefix("$ ")


def missing(block: Block, folder: Path) -> list[Block]:
    """What of the page above writes files that a command reads and that are not there: a test is run alone too."""
    above = of_kind("console")[: of_kind("console").index(block)]
    read = {name for name in FILE.findall(command_of(block)) if not (folder / name).exists()} - written_by(block)
    found = [each for each in above if each.page == block.page and read & written_by(each)]
    return [other for each in found for other in (*missing(each, folder), each)]


def written_by(block: Block) -> set[str]:
    return set(WRITTEN.findall(command_of(block)))


def stable(text: str) -> str:
    for pattern, replacement in CHANGING:
        text = pattern.sub(replacement, text)
    return text.strip()


@pytest.mark.parametrize("block", of_kind("console"), ids=str)
def test_output_on_a_page_is_real(block: Block, folder: Path, request: pytest.FixtureRequest) -> None:
    first, _, printed = block.body.partition("\n")
    for above in missing(block, folder):
        shell(command_of(above), folder)
    output = shell(command_of(block), folder)
    if request.config.getoption("--write-pages", default=False):
        text = block.page.read_text("utf-8")
        block.page.write_text(
            text.replace(f"```console\n{block.body}```", f"```console\n{first}\n{output.rstrip()}\n```"), "utf-8"
        )
    else:
        assert stable(output) == stable(printed)


@pytest.mark.parametrize("block", [block for block in of_kind("toml") if block.title != WRONG], ids=str)
def test_scenario_on_a_page_runs(block: Block, tmp_path: Path) -> None:
    from simcost.api import run

    body = block.body if "schema" in tomllib.loads(block.body) else HEADER + block.body
    path = tmp_path / "block.toml"
    path.write_text(body if "[[cost]]" in body else body + A_COST, "utf-8")
    result = run(path, n=4096, output=tmp_path / "block.h5")
    assert result.figures.non_finite == 0


class Notebook:
    """The Python blocks of a page as cells of one session; ``printed`` is what each that has run has printed."""

    def __init__(self, page: Path) -> None:
        self.cells = [each for each in of_kind("python") if each.page == page]
        self.printed: list[str] = []
        self._names: dict[str, object] = {}

    def output(self, block: Block) -> str:
        """What a cell prints after those above it, each of which is run once."""
        for cell in self.cells[len(self.printed) : self.cells.index(block) + 1]:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(cell.body, cell.page.name, "exec"), self._names)
            self.printed.append(printed.getvalue())
        return self.printed[self.cells.index(block)]


@pytest.fixture(scope="module")
def beside(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader's folder with a result of few scenarios; of its own, since commands read that of more."""
    beside = shutil.copytree(folder, tmp_path_factory.mktemp("notebooks"), dirs_exist_ok=True)
    shell("simcost run first.toml -n 1000 -o first.h5 --force", beside)
    return beside


@pytest.fixture(scope="module")
def notebooks() -> dict[Path, Notebook]:
    """The pages as notebooks."""
    return {page: Notebook(page) for page in PAGES}


@pytest.mark.parametrize("block", of_kind("python"), ids=str)
def test_python_on_a_page_runs_and_prints_what_stands_below(
    block: Block, beside: Path, notebooks: dict[Path, Notebook], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(beside)
    printed = notebooks[block.page].output(block)
    text = block.page.read_text("utf-8")
    below = re.search(re.escape(f"```python\n{block.body}```\n\n```text\n") + "(.*?)```", text, re.DOTALL)
    if below and request.config.getoption("--write-pages", default=False):
        block.page.write_text(text[: below.start(1)] + printed + text[below.end(1) :], "utf-8")
    elif below:
        assert stable(printed) == stable(below[1])


def test_a_command_that_reads_what_another_above_writes_finds_that_one(tmp_path: Path) -> None:
    compares = next(block for block in of_kind("console") if "compare october.toml november.toml" in block.body)
    assert ["> november.toml" in command_of(each) for each in missing(compares, tmp_path)] == [True]
    (tmp_path / "november.toml").touch()
    assert missing(compares, tmp_path) == []


def test_a_name_is_given_to_one_file() -> None:
    titles = [block.title for block in of_kind("toml") if block.title]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_block_of_a_page_is_tried() -> None:
    assert {block.kind for block in BLOCKS} <= {"console", "toml", "python", "text", "sh", "csv", "yaml"}
    assert all(block.title for block in of_kind("csv"))  # what the blocks beside it read
    assert all(line.startswith("make ") for block in of_kind("sh") for line in block.body.splitlines() if block not in SCRIPTS)


CHECK = "check.sh"


@pytest.mark.parametrize("block", of_kind("yaml"), ids=str)
def test_a_workflow_runs_the_script_beside_the_commit_that_the_change_goes_into(block: Block) -> None:
    assert [each.title for each in SCRIPTS] == [CHECK]
    assert re.search(rf'- (run: )?sh {CHECK} "[\w/$]+"$', block.body, re.MULTILINE)
    assert "summary.md" in block.body.partition(CHECK)[2]


def checked(folder: Path) -> tuple[str, int]:
    """What the script prints and its exit code; GitHub's shell stops at an error."""
    (folder / CHECK).write_text(SCRIPTS[0].body, "utf-8")
    *lines, status = shell(f"sh -e {CHECK} HEAD; echo $?", folder).splitlines()
    return "\n".join(lines), int(status)


def plan(budget: str, price: str = "1 CNY") -> str:
    """A file with a certain cost."""
    text = f'{HEADER}{A_COST}[budget]\napproved = "{budget}"\nconfidence = 0.8\n[sampling]\nscenarios = 1000\n'
    return text.replace('value = 1\nunit = "CNY"', f'value = "{price}"')


@pytest.mark.parametrize(("budget", "status"), [("9e9 CNY", 0), ("0.5 CNY", 3), ("1 CNYY", 2)])
def test_the_script_ends_with_the_verdict_and_has_documents_and_a_summary(tmp_path: Path, budget: str, status: int) -> None:
    (tmp_path / "plans").mkdir()
    for name, approved in (("a", budget), ("b", "9e9 CNY")):
        (tmp_path / "plans" / f"{name}.toml").write_text(plan(approved), "utf-8")
    printed, code = checked(tmp_path)
    assert code == status
    first = (
        "plans/a.toml:16:12: budget.approved: "
        if status == 2
        else f"plans/a.toml: Gate: the wanted 80 % is {'not ' * (status == 3)}met: "
    )
    assert printed.splitlines()[0].startswith(first)
    assert printed.splitlines()[-1].startswith("plans/b.toml: Gate: the wanted 80 % is met: 9,000,000,000 CNY")
    documents = sorted(path.name for path in tmp_path.glob("*.json"))
    assert documents == (["b.json"] if status == 2 else ["a.json", "b.json"])
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["schema"] == "simcost/summary/1"
    assert (tmp_path / "summary.md").read_text("utf-8").count("# fragment") == len(documents)


def test_the_summary_tells_what_a_change_of_a_price_costs(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    for name in ("a", "b"):
        (tmp_path / "plans" / f"{name}.toml").write_text(plan("9e9 CNY", "5 CNY"), "utf-8")
    who = "-c user.name=reader -c user.email=reader@example.org -c commit.gpgsign=false"
    shell(f"git init -q; git add plans; git {who} commit -q -m plans", tmp_path)
    (tmp_path / "plans" / "b.toml").write_text(plan("9e9 CNY", "7 CNY"), "utf-8")
    assert checked(tmp_path)[1] == 0
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "| changed in b | b.before | b |\n| --- | --- | --- |\n| inputs.one | 5 CNY | 7 CNY |\n" in summary
    assert "| mean | 2.00 | 2.00 to 2.00 |" in summary
    assert summary.count("models in the same futures") == 1  # a has not changed
    assert [path.name for path in (tmp_path / "plans").iterdir() if "before" in path.name] == []
