"""``simcost run``: the result on standard output, notes on standard error, everything in the file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.documents import answered

ESCAPE = "\x1b"
MAY_DIFFER = {"backend", "device", "seconds", "result"}
"""Of ``run`` in the summary document: all else of two equal runs is equal to the byte (design, section 6)."""


def reproducible(call, *words: str | Path) -> str:
    content = answered(call, *words)
    content["run"] = {name: value for name, value in content["run"].items() if name not in MAY_DIFFER}
    return json.dumps(content)


def test_the_table_goes_to_standard_output_and_notes_go_to_standard_error(call, scenario: Path) -> None:
    result = call("run", scenario)
    assert result.exit_code == 0, result.stderr
    for name in ("Small 小", "total", "compute", "staff", "Serving", "People", "2027-01", "CNY"):
        assert name in result.stdout
    assert ESCAPE not in result.stdout
    assert re.fullmatch(r"Written to results/small-[0-9a-f]{8}-7-1000\.h5 \(\d+ kB\) in \d+\.\d\d s\.\n", result.stderr)


def test_quiet_leaves_standard_error_empty(call, scenario: Path) -> None:
    assert call("run", scenario, "--quiet").stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "{scenario}"),
        ("lint", "{scenario}"),
        ("compile", "{scenario}", "-o", "{folder}/plan.json"),
        ("expand", "{scenario}", "-o", "{folder}/plain.toml"),
        ("init", "{folder}/new.toml"),
        ("export", "{folder}/r.h5", "-o", "{folder}/r.csv"),
    ],
    ids=lambda words: words[0],
)
def test_what_every_command_tells_beside_its_result_can_be_left_out(call, scenario: Path, tmp_path: Path, words) -> None:
    assert call("run", scenario, "-q", "-n", "20", "-o", tmp_path / "r.h5").exit_code == 0
    command = [word.format(scenario=scenario, folder=tmp_path) for word in words]
    for quiet in (False, True):
        done = call(*command, *(["-q"] if quiet else []), *([] if words[0] in ("validate", "lint") or not quiet else ["--force"]))
        assert done.exit_code == 0, done.stderr
        assert (done.stderr == "") is quiet


def test_json_is_the_summary_document_and_nothing_else(call, scenario: Path) -> None:
    content = answered(call, "run", scenario)
    assert content["schema"] == "simcost/summary/1"
    assert content["scenario"]["name"] == "Small 小"
    assert content["run"]["scenarios"] == 1000
    assert content["run"]["seed"] == 7
    assert Path(content["run"]["result"]).is_file()
    assert set(content["total"]["percentiles"]) == {"p5", "p10", "p50", "p80", "p90", "p95", "p99"}
    assert set(content["categories"]) == {"compute", "staff"}
    assert list(content["owners"]) == ["搜索", "(no owner)"]
    assert sum(each["mean"] for each in content["owners"].values()) == pytest.approx(content["total"]["mean"], rel=1e-12)
    assert [month["month"] for month in content["months"]] == ["2027-01", "2027-02", "2027-03"]
    assert 0 < content["budget"]["probability_within"]["value"] < 1


def test_two_runs_print_the_same_bytes_but_for_what_may_differ(call, scenario: Path) -> None:
    assert reproducible(call, "run", scenario) == reproducible(call, "run", scenario, "--workers", "1")


def test_another_seed_gives_other_figures(call, scenario: Path) -> None:
    assert answered(call, "run", scenario)["total"] != answered(call, "run", scenario, "--seed", "8")["total"]


def test_numbers_of_the_command_line_win_over_the_file(call, scenario: Path) -> None:
    run = answered(call, "run", scenario, "-n", "2e3", "--seed", "0", "--first", "500")["run"]
    assert (run["scenarios"], run["seed"], run["first"]) == (2000, 0, 500)


def test_an_option_and_an_override_change_what_they_name(call, scenario: Path) -> None:
    plain, reserved, override = (
        answered(call, "run", scenario, *words)["total"]["mean"]
        for words in ([], ["--option", "reserved"], ["--set", "inputs.gpu_price=0 CNY/GPU/hour"])
    )
    assert reserved < 0.9 * plain
    assert override < reserved


def test_percentiles_are_added_to_the_usual_ones(call, scenario: Path) -> None:
    percentiles = answered(call, "run", scenario, "--percentiles", "2.5,97.5")["total"]["percentiles"]
    assert {"p2.5", "p97.5", "p95"} <= set(percentiles)
    assert percentiles["p2.5"]["value"] < percentiles["p5"]["value"]


@pytest.mark.parametrize(("keep", "larger"), [("all", True), ("none", False)])
def test_samples_are_kept_as_asked(call, scenario: Path, keep: str, larger: bool) -> None:
    call("run", scenario, "-n", "20000", "--keep", "0", "-o", "nothing.h5")
    assert call("run", scenario, "-n", "20000", "--keep", keep, "-o", "kept.h5").exit_code == 0
    difference = Path("kept.h5").stat().st_size - Path("nothing.h5").stat().st_size
    assert (difference > 20_000 * 8) == larger


def test_the_result_goes_where_it_is_told(call, scenario: Path) -> None:
    result = call("run", scenario, "-o", "mine.h5")
    assert result.exit_code == 0
    assert "Written to mine.h5" in result.stderr
    assert Path("mine.h5").is_file()
    assert not Path("results").exists()


def test_the_same_run_replaces_its_result_and_another_needs_force(call, scenario: Path) -> None:
    assert call("run", scenario, "-o", "mine.h5").exit_code == 0
    assert call("run", scenario, "-o", "mine.h5").exit_code == 0
    before = Path("mine.h5").read_bytes()
    refused = call("run", scenario, "-o", "mine.h5", "--seed", "8")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--force" in refused.stderr
    assert Path("mine.h5").read_bytes() == before
    assert call("run", scenario, "-o", "mine.h5", "--seed", "8", "--force").exit_code == 0


def test_a_file_that_is_no_result_is_not_replaced(call, scenario: Path) -> None:
    notes = scenario.with_name("notes.txt")
    notes.write_text("mine", encoding="utf-8")
    result = call("run", scenario, "-o", notes)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert notes.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["missing.toml"], 2, "no such file"),
        (["."], 2, "directory"),
        (["small.toml", "--option", "reservd"], 2, "reserved"),
        (["small.toml", "--set", "inputs.gpu_prise=1 CNY/GPU/hour"], 2, "gpu_price"),
        (["small.toml", "--set", "inputs.gpu_price"], 2, "this is no assignment"),
        (["small.toml", "--set", "inputs.gpu_price=cheap"], 2, "assignment inputs.gpu_price=cheap: "),
        (["small.toml", "--backend", "cuda"], 1, "cuda"),
        (["small.toml", "-o", "missing/r.h5"], 2, "missing"),
        (["small.toml", "-o", "."], 2, "folder"),
        (["small.toml", "-n", "1e15", "--keep", "all"], 1, "--keep"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_told_in_a_line_before_any_work(
    call, scenario: Path, words: list[str], code: int, expected: str
) -> None:
    result = call("run", *words)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert expected in result.stderr
    assert "bug" not in result.stderr
    assert [path.name for path in scenario.parent.rglob("*") if path.is_file()] == ["small.toml"]


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}], ids=["pipe", "NO_COLOR"])
def test_a_pipe_gets_text_without_escapes(process, scenario: Path, environment: dict[str, str]) -> None:
    done = process("run", scenario, **environment)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\x1b\[[0-9;]*(3\d|9\d|4\d)m", done.stdout)
    assert "Small 小" in done.stdout
    assert done.stderr.startswith("Written to results/")


def test_a_terminal_without_chinese_gets_escapes_instead_of_an_error(process, scenario: Path) -> None:
    done = process("run", scenario, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Small \\u5c0f" in done.stdout


def test_json_is_utf_8_whatever_the_terminal_is(process, scenario: Path) -> None:
    done = process("run", scenario, "--json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["scenario"]["name"] == "Small 小"


@pytest.mark.parametrize(("approved", "code"), [("900_000 CNY", 0), ("500_000 CNY", 3)])
def test_the_gate_of_a_run_is_that_of_the_budget_and_the_result_is_written(
    call, scenario: Path, approved: str, code: int
) -> None:
    changed = ["--set", f"budget.approved={approved}"]
    ran = call("run", scenario, "--gate", *changed, "-o", "gated.h5")
    asked = call("budget", scenario, "--gate", "--approved", approved)
    assert (ran.exit_code, asked.exit_code) == (code, code)
    assert ran.stdout.splitlines()[-1] == asked.stdout.splitlines()[-1]
    assert ran.stdout.splitlines()[-1].startswith("Gate: ")
    assert call("show", "gated.h5").exit_code == 0
    as_json = call("run", scenario, "--gate", *changed, "--json", "-o", "gated.h5")
    assert (as_json.exit_code, json.loads(as_json.stdout)["schema"]) == (code, "simcost/summary/1")
    assert "Gate: " in as_json.stderr


def test_a_gate_without_a_budget_runs_nothing(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text("utf-8").partition("[budget]")[0], "utf-8")
    told = call("run", scenario, "--gate", "-o", "none.h5")
    assert (told.exit_code, told.stdout) == (2, "")
    assert 'has no [budget]. Give --set budget.approved="6000000 CNY", or write [budget]' in told.stderr
    assert not scenario.with_name("none.h5").exists()
    assert call("run", scenario, "--gate", "--set", "budget.approved=6000000 CNY").exit_code == 0


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("out.csv", "Name it out.h5. Then simcost export makes out.csv of it."),
        ("out.XLSX", "Name it out.h5. Then simcost export makes out.XLSX of it."),
        ("out.json", "Name it out.h5. simcost show prints its figures, as JSON too."),
        ("small.toml", "Name it small.h5. That is the ending of a scenario."),
    ],
)
def test_a_result_does_not_take_the_name_of_another_format_nor_the_place_of_a_scenario(
    call, scenario: Path, tmp_path: Path, name: str, remedy: str
) -> None:
    before, path = scenario.read_text(encoding="utf-8"), scenario.parent / name
    told = call("run", scenario, "-o", path, "--force")
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"{path}: a result is HDF5, not" in told.stderr
    assert remedy in told.stderr
    assert path.exists() == (name == scenario.name)
    assert scenario.read_text(encoding="utf-8") == before
    assert call("run", scenario, "-o", tmp_path / "any.name", "-q").exit_code == 0
