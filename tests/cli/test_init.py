"""``simcost init`` writes a scenario that runs as it is; ``simcost schema`` what an editor checks it with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.documents import answered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_written_scenario_names_a_schema_that_lies_beside_it(call, folder: Path) -> None:
    result = call("init")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "Run it: simcost run scenario.toml" in result.stderr
    assert (folder / "scenario.toml").read_text(encoding="utf-8").startswith("#:schema ./simcost.schema.json\n")
    assert (folder / "simcost.schema.json").read_bytes() == call("schema").stdout_bytes


def test_the_written_scenario_is_valid_and_runs(call, folder: Path) -> None:
    call("init", "mine.toml")
    assert call("validate", "mine.toml", "--strict").exit_code == 0
    document = answered(call, "run", "mine.toml", "-n", "1000")
    assert 0.5 < document["budget"]["probability_within"]["value"] < 0.99  # a budget that is worth a look
    assert (folder / document["run"]["result"]).is_file()


def test_the_written_scenario_satisfies_the_schema_linter(call, folder: Path) -> None:
    call("init")
    command = [str(Path(sys.executable).with_name("tombi")), "lint", "--offline", "--error-on-warnings", "scenario.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_is_never_overwritten_without_force(call, folder: Path) -> None:
    (folder / "scenario.toml").write_text("mine")
    result = call("init")
    assert result.exit_code == 2
    assert "scenario.toml exists already" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["scenario.toml"]
    assert call("init", "--force").exit_code == 0
    assert (folder / "scenario.toml").read_text(encoding="utf-8") != "mine"


def test_a_schema_that_is_there_already_is_left_alone(call, folder: Path) -> None:
    (folder / "simcost.schema.json").write_text("{}")
    assert call("init").exit_code == 0
    assert (folder / "simcost.schema.json").read_text() == "{}"


def test_the_schema_is_json_on_standard_output_or_in_a_file(call, folder: Path) -> None:
    printed = call("schema")
    assert printed.exit_code == 0
    assert "properties" in json.loads(printed.stdout)
    written = call("schema", "-o", "s.json")
    assert (written.exit_code, written.stdout) == (0, "")
    assert (folder / "s.json").read_bytes() == printed.stdout_bytes
    assert call("schema", "-o", "s.json").exit_code == 2
