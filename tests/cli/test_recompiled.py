"""A result whose run cannot be computed again here says why: its data files, its libraries, its version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simcost.results.run_info import identity, installed_libraries
from simcost.scenario.distributions.samples import reads_file


@pytest.fixture
def with_data(call, scenario: Path) -> Path:
    """A result whose scenario reads a file."""
    scenario.with_name("wages.csv").write_text("wage\n1\n2\n4\n", encoding="utf-8")
    text = scenario.read_text(encoding="utf-8")
    text = text.replace(
        "[drivers]", '[inputs.factor]\nempirical = { file = "wages.csv", column = "wage" }\nunit = "1"\n\n[drivers]'
    )
    scenario.write_text(text.replace("gpus * gpu_price", "gpus * gpu_price * factor"), encoding="utf-8")
    assert call("run", scenario, "-o", "d.h5", "-q").exit_code == 0
    return scenario.with_name("d.h5")


def test_data_files_are_found_where_they_are_said_to_be(call, with_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = with_data.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    said = call("replay", with_data, "--scenario", "5")
    assert said.exit_code == 1
    assert "its scenario does not compile here" in said.stderr
    assert "--data" in said.stderr
    assert call("replay", with_data, "--scenario", "5", "--data", "..").exit_code == 0


def test_a_changed_data_file_is_told(call, with_data: Path) -> None:
    with_data.with_name("wages.csv").write_text("wage\n1\n2\n5\n", encoding="utf-8")
    said = call("replay", with_data, "--scenario", "5")
    assert said.exit_code == 1
    assert "compiles here to another plan than the one that ran" in said.stderr


def test_another_plan_is_laid_to_data_files_only_where_there_are_some(
    call, result_file: Path, with_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*args: object, **kwargs: object) -> object:
        return replace(identity(*args, **kwargs), plan_sha256="of another build")

    monkeypatch.setattr("simcost.results.recompiled.identity", other)
    without, having = (call("replay", path, "--scenario", "5").stderr for path in (result_file, with_data))
    assert "than the one that ran. It was run by another build of simcost " in without
    assert "Run the scenario again." in without
    assert "--data" not in without
    assert "Name the folder with the data files of " in having
    assert "with --data, or run the scenario again." in having
    monkeypatch.setattr("simcost.results.recompiled.simcost_version", lambda: "9.9")
    without, having = (call("replay", path, "--scenario", "5").stderr for path in (result_file, with_data))
    assert ". Install simcost " in without
    assert "this is 9.9." in without
    assert "with --data, or install simcost " in having


@pytest.mark.parametrize(("changed", "said"), [("scipy", "1.0.1"), ("machine", "vax")])
def test_another_plan_is_laid_to_the_library_that_computed_its_tables(
    call, result_file: Path, with_data: Path, monkeypatch: pytest.MonkeyPatch, changed: str, said: str
) -> None:
    """PERT and beta are tables of scipy's functions: another version of it may give other last digits."""
    monkeypatch.setattr("simcost.results.recompiled.identity", lambda *a, **k: replace(identity(*a, **k), plan_sha256="other"))
    here = installed_libraries()
    monkeypatch.setattr("simcost.results.recompiled.installed_libraries", lambda: {**here, changed: said})
    without, having = (call("replay", path, "--scenario", "5").stderr for path in (result_file, with_data))
    assert f"computed with {changed} {here[changed]} (here {said}), which" in without
    assert "numpy" not in without
    assert without.endswith("digits. Use the same, or run the scenario again.\n")
    assert "Name the folder with the data files of " in having
    assert "with --data, or use the same, or run the scenario again." in having


def test_a_file_is_found_wherever_a_table_names_it() -> None:
    assert reads_file({"staff": [{"salary": {"empirical": {"file": "a.csv", "column": "wage"}}}]})
    assert reads_file({"series": {"traffic": {"history": {"file": "a.csv", "column": "visits", "block": 3}}}})
    assert not reads_file({"inputs": {"file": "3 file", "x": {"empirical": {"values": [1, 2]}}}, "cost": [{"column": "a"}]})


def test_another_stream_is_told_with_the_version_that_draws_it(call, result_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simcost.results.recompiled.STREAM_VERSION", 2)
    said = call("replay", result_file, "--scenario", "5")
    assert said.exit_code == 1
    assert "was drawn with stream 1" in said.stderr
    assert "Install simcost" in said.stderr
