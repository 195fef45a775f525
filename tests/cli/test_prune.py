"""``simcost prune`` removes what later runs of the same kind replace, tells it, and touches nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.documents import answered

import simcost
from simcost.report.parts.file_size import file_size
from simcost.results import pruning
from simcost.results.path import RESULTS_FOLDER

N = ("-n", "200", "--backend", "reference")


def edited(scenario: Path, wage: int) -> None:
    """Save the scenario with another wage, as an editor does."""
    text = scenario.read_text(encoding="utf-8")
    start = text.index("wage      =")
    scenario.write_text(
        f'{text[:start]}wage      = "{wage} CNY/person/month"{text[text.index(chr(10), start) :]}', encoding="utf-8"
    )


@pytest.fixture
def run(call, scenario: Path):
    """Run the scenario with a wage, and return the result's file; each run begins a minute after the one before."""
    count = 0

    def of(wage: int, *words: str) -> Path:
        nonlocal count
        edited(scenario, wage)
        before = set(RESULTS_FOLDER.iterdir()) if RESULTS_FOLDER.exists() else set()
        assert call("run", scenario, *N, "-q", *words).exit_code == 0
        (new,) = set(RESULTS_FOLDER.iterdir()) - before
        count += 1
        os.utime(new, (1_800_000_000 + 60 * count,) * 2)  # runs of a test begin within one second
        return new

    return of


def left() -> set[str]:
    return {path.name for path in RESULTS_FOLDER.iterdir()}


def test_results_of_earlier_edits_go_and_are_told(call, run) -> None:
    first, second, last = run(20_000), run(21_000), run(22_000)
    sizes = [path.stat().st_size for path in (first, second)]
    said = call("prune")
    assert said.exit_code == 0, said.stderr
    assert said.stdout.startswith(f"results: 2 results removed, {file_size(sum(sizes))}\n")
    rows = [line.split() for line in said.stdout.splitlines() if line.startswith(" small-")]
    assert [(row[0], row[-1]) for row in rows] == [(first.name, last.name), (second.name, last.name)]
    assert f"1 result, {file_size(last.stat().st_size)}, stays, the last of its run." in said.stdout
    assert left() == {last.name}
    assert simcost.open_result(last).figures.total.mean > 0
    assert call("prune").stdout.startswith("results: nothing is removed\n")


def test_an_edit_that_is_taken_back_and_run_again_is_the_last(call, run, scenario: Path) -> None:
    first, second = run(20_000), run(21_000)
    edited(scenario, 20_000)
    assert call("run", scenario, *N, "-q").exit_code == 0
    os.utime(first, (1_900_000_000, 1_900_000_000))
    found = answered(call, "prune")
    assert [(each["result"], each["replaced_by"]) for each in found["removed"]] == [(str(second), str(first))]
    assert left() == {first.name}


@pytest.mark.parametrize(
    "words", [("--option", "reserved"), ("--set", "inputs.gpus=12"), ("--seed", "8"), ("-n", "300"), ("--first", "200")]
)
def test_a_run_of_another_kind_replaces_nothing_unless_it_is_asked_to(call, run, words: tuple[str, ...]) -> None:
    plain, other = run(20_000), run(21_000, *words)
    assert call("prune").stdout.startswith("results: nothing is removed\n")
    assert left() == {plain.name, other.name}
    assert call("prune", "--variants").exit_code == 0
    assert left() == {other.name}


def test_the_last_few_of_each_run_can_be_kept(call, run) -> None:
    _, *last = (run(wage) for wage in (20_000, 21_000, 22_000))
    assert call("prune", "--keep-last", "2").exit_code == 0
    assert left() == {path.name for path in last}


def test_a_dry_run_tells_the_same_and_removes_nothing(call, run) -> None:
    present = {run(wage).name for wage in (20_000, 21_000)}
    dry = call("prune", "--dry-run")
    assert dry.stdout.startswith("results: 1 result would be removed, ")
    assert dry.stderr == "Nothing is removed yet: give it without --dry-run.\n"
    assert call("prune", "--dry-run", "-q").stderr == ""
    assert left() == present
    planned = answered(call, "prune", "--dry-run")
    done = answered(call, "prune")
    assert planned == {**done, "dry_run": True}


def test_nothing_that_a_run_has_not_named_itself_is_touched(call, run, scenario: Path, tmp_path: Path) -> None:
    old = run(20_000)
    (tmp_path / "elsewhere").mkdir()
    named = RESULTS_FOLDER / "small-final.h5"  # as the user called it
    assert call("run", scenario, *N, "-q", "-o", named).exit_code == 0
    renamed = old.rename(RESULTS_FOLDER / old.name.replace("-7-", "-9-"))
    linked = tmp_path / "elsewhere" / old.name
    linked.write_bytes(renamed.read_bytes())
    (RESULTS_FOLDER / old.name).symlink_to(linked)
    below = RESULTS_FOLDER / "kept"
    below.mkdir()
    (below / old.name).write_bytes(renamed.read_bytes())
    cut_short = RESULTS_FOLDER / "small-0123abcd-7-200.h5"
    cut_short.write_bytes(renamed.read_bytes()[:5_000])
    (RESULTS_FOLDER / "small-0123abcd-7-300.h5").mkdir()
    (RESULTS_FOLDER / "notes.txt").write_text("mine", encoding="utf-8")
    before = left()
    last = run(21_000)
    said = call("prune")
    assert said.stdout.startswith("results: nothing is removed\n"), said.stdout
    assert "5 more files that end in .h5 stay too: no results, or under names that no run gave them." in said.stdout
    assert left() == before | {last.name}
    assert (below / old.name).exists()
    assert linked.exists()


def test_another_model_of_the_same_file_name_replaces_nothing(call, run, scenario: Path, tmp_path: Path) -> None:
    mine = run(20_000)
    other = tmp_path / "other"
    other.mkdir()
    text = scenario.read_text(encoding="utf-8").replace('"Small 小"', '"Quite another"')
    (other / scenario.name).write_text(text, encoding="utf-8")
    assert call("run", other / scenario.name, *N, "-q").exit_code == 0
    assert call("prune").stdout.startswith("results: nothing is removed\n")
    assert mine.exists()


def test_a_file_of_the_same_name_and_scenario_in_another_folder_is_taken_for_an_edit_as_the_help_says(
    call, run, scenario: Path, tmp_path: Path
) -> None:
    os.utime(mine := run(20_000), (1_000_000_000,) * 2)
    (other := tmp_path / "other").mkdir()
    (other / scenario.name).write_text(scenario.read_text(encoding="utf-8") + "# a copy\n", encoding="utf-8")
    assert call("run", other / scenario.name, *N, "-q").exit_code == 0
    assert f" {mine.name} " in call("prune", "--dry-run").stdout
    assert "the same scenario name count as one file" in " ".join(call("prune", "--help").stdout.split())


def test_what_the_system_does_not_let_go_of_is_told(call, run, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, last = run(20_000), run(21_000), run(22_000)
    unlink = Path.unlink

    def refusing(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == first.name:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    said = call("prune")
    assert said.exit_code == 1
    assert f"warning: {first} cannot be removed: Permission denied\n" in said.stdout
    assert said.stdout.startswith("results: 1 result removed, ")
    assert left() == {first.name, last.name}
    assert second.name not in left()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "nowhere: there is no such folder. Name the folder that results are in; runs write into results below"),
        (("small.toml",), "small.toml: is no folder. Name the folder that results are in"),
        (("--keep-last", "0"), "0 is not between 1 and"),
    ],
)
def test_a_folder_that_is_none_is_refused(call, scenario: Path, words: tuple[str, ...], message: str) -> None:
    said = call("prune", *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert message in said.stderr
    assert scenario.exists()


def test_python_takes_the_folder_that_runs_write_into() -> None:
    assert simcost.prune.__wrapped__.__defaults__ == (str(RESULTS_FOLDER),)


def test_a_run_tells_what_its_result_takes_and_once_it_is_much_what_tidies_up(
    call, run, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, other = run(20_000), run(20_000, "--seed", "8")
    edited(scenario, 21_000)
    monkeypatch.setattr(pruning, "MUCH", (both := old.stat().st_size + other.stat().st_size) + 1)
    assert "prune" not in call("run", scenario, *N).stderr
    monkeypatch.setattr(pruning, "MUCH", both)
    edited(scenario, 21_000)
    noted = call("run", scenario, *N).stderr.splitlines()
    (new,) = (path for path in RESULTS_FOLDER.iterdir() if path not in (old, other))
    assert noted[0].startswith(f"Written to {new} ({file_size(new.stat().st_size)}) in ")
    assert noted[1] == (
        f"2 more results of small.toml in results take {file_size(both)}. "
        "Those that later ones replace go with: simcost prune (--dry-run shows them)"
    )
    assert "prune" not in call("run", scenario, *N, "-o", "mine.h5").stderr
    assert call("run", scenario, *N, "-q").stderr == ""


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (4_482_878, "4.48 MB"), (262_307_263, "262 MB"), (999_600_000, "1 GB")],
)
def test_sizes_are_told_with_three_digits(size: int, said: str) -> None:
    assert file_size(size) == said
