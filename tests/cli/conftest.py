"""How the tests of the command line call it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.cli.rented_servers import RENT

from simcost.cli.root import root

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

SMALL = """\
schema = 1

[scenario]
name     = "Small 小"
currency = "CNY"
start    = "2027-01"
months   = 3

[sampling]
scenarios = 1000
seed      = 7

[inputs]
gpus      = "10 GPU"
gpu_price = "9 to 16 CNY/GPU/hour"
staff     = "3 to 4 to 6 person"
wage      = "30_000 CNY/person/month"

[drivers]
rate = "gpus * gpu_price"

[[cost]]
name     = "Serving"
category = "compute"
stage    = "deployment"
owner    = "搜索"
amount   = "rate"

[[cost]]
name     = "People"
category = "staff"
amount   = "staff * wage"

[[cost]]
name     = "Licence"
category = "staff"
every    = "once"
month    = 2
amount   = "5_000 * one"

[inputs.one]
value = 1
unit  = "CNY"

[budget]
approved   = "700_000 CNY"
confidence = 0.8

[options.reserved]
set = { inputs.gpu_price = "7 to 11 CNY/GPU/hour" }
"""


@pytest.fixture
def call() -> Callable[..., Result]:
    """Call ``simcost`` with these words in this process."""

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(root, [str(word) for word in words], prog_name="simcost")

    return invoke


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call ``simcost`` with these words in a process of its own, in an empty folder."""

    def start(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "simcost", *map(str, words)]
        variables = {**os.environ, **environment}
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=variables, timeout=120, check=False)

    return start


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario file in the current folder, which is empty but for it."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def rent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of rented GPUs in the current folder, which is empty but for it."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rent.toml"
    path.write_text(RENT, encoding="utf-8")
    return path


@pytest.fixture
def result_file(call: Callable[..., Result], scenario: Path) -> Path:
    """The result of a run of the small scenario."""
    assert call("run", scenario, "-o", "r.h5", "-q").exit_code == 0
    return scenario.with_name("r.h5")
