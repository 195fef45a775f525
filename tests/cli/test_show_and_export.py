"""``simcost show`` and ``simcost export``: what a result file tells later."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.places import ROOT, SCENARIOS


def test_show_prints_what_the_run_printed(call, scenario: Path) -> None:
    for flag in ([], ["--json"]):
        ran = call("run", scenario, "-o", "r.h5", *flag)
        shown = call("show", "r.h5", *flag)
        assert shown.exit_code == 0, shown.stderr
        assert shown.stdout == ran.stdout
        assert shown.stderr == ""


def test_show_answers_percentiles_that_the_run_was_not_asked_for(call, result_file: Path) -> None:
    shown = answered(call, "show", result_file, "--percentiles", "99.5")["total"]["percentiles"]
    assert shown["p99"]["value"] <= shown["p99.5"]["value"]
    assert set(shown) == {"p5", "p10", "p50", "p80", "p90", "p95", "p99", "p99.5"}


def test_show_gives_the_scenario_file_back(call, scenario: Path) -> None:
    scenario.write_bytes(scenario.read_bytes().replace(b"\n", b"\r\n"))  # as an editor on Windows saves it
    variant = ["--option", "reserved", "--set", 'inputs.gpus="12 GPU"']
    assert call("run", scenario, "-o", "r.h5", *variant).exit_code == 0
    shown = call("show", "r.h5", "--toml")
    assert shown.stdout_bytes == scenario.read_bytes()
    assert (
        shown.stderr
        == "The run was given --option reserved --set 'inputs.gpus=\"12 GPU\"' too: give it to run or compare as well.\n"
    )
    assert call("run", scenario, "-o", "r.h5", "--force").exit_code == 0
    assert call("show", "r.h5", "--toml").stderr == ""
    assert call("show", "r.h5", "--toml", "--json").exit_code == 2


@pytest.mark.parametrize("name", ["missing.h5", "small.toml", "."])
def test_what_is_no_result_is_told_in_one_line(call, scenario: Path, name: str) -> None:
    for words in (["show", name], ["export", name, "-o", "a.csv"]):
        result = call(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        assert "bug" not in result.stderr
    assert not scenario.with_name("a.csv").exists()


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_the_ending_of_the_name_chooses_the_format(call, result_file: Path, ending: str) -> None:
    result = call("export", result_file, "-o", f"a.{ending}")
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert result.stderr == f"Written to a.{ending}.\n"
    assert result_file.with_name(f"a.{ending}").stat().st_size > 100


def test_a_format_that_is_named_wins_over_the_ending(call, result_file: Path) -> None:
    assert call("export", result_file, "--format", "csv", "-o", "a.data").exit_code == 0
    with result_file.with_name("a.data").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) > 20


def test_an_export_replaces_a_file_by_force_only(call, result_file: Path) -> None:
    target = result_file.with_name("a.csv")
    target.write_text("mine")
    refused = call("export", result_file, "-o", target)
    assert refused.exit_code == 2
    assert target.read_text() == "mine"
    assert call("export", result_file, "-o", target, "--force").exit_code == 0


def test_the_view_without_a_budget_of_its_own_says_so(call, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    shop = SCENARIOS / "small_shop.toml"
    assert call("run", shop, "-n", "500", "-o", "s.h5", "--backend", "reference").exit_code == 0
    own, other = (answered(call, "show", "s.h5", *view) for view in ([], ["--view", "amortised"]))
    said = 'the budget was judged by the view of the run, cash; by this one a run with scenario.view="amortised" tells of it'
    assert [each["budget"] is None for each in (own, other)] == [False, True]
    assert other["warnings"] == [*own["warnings"], said]


def test_show_prints_the_view_that_is_asked_for(call, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    money = ROOT / "tests" / "acceptance" / "money.toml"
    assert call("run", money, "-n", "500", "-o", "m.h5", "--backend", "reference").exit_code == 0
    own, other = call("show", "m.h5").stdout, call("show", "m.h5", "--view", "amortised").stdout
    assert "Servers: purchase" in own
    assert "Servers: depreciation" in other
    assert "present value" in own
    assert "by fiscal year" in other
    documents = [answered(call, "show", "m.h5", *view) for view in ([], ["--view", "amortised"])]
    assert [document["view"] for document in documents] == ["cash", "amortised"]
    assert documents[0]["present_value"] == documents[1]["present_value"]
    assert list(documents[0]["fiscal_years"]) == ["FY2027 (2 months)", "FY2028 (4 months)"]
