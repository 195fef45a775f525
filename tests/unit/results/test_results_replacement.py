"""What a run may replace, and where it goes by default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simcost.engine.spans import Span
from simcost.errors import ResultError, UsageError
from simcost.results.path import default_path
from simcost.results.run_info import provenance_of

if TYPE_CHECKING:
    from types import ModuleType


def test_the_default_path_has_file_hash_seed_and_number(small_run: ModuleType) -> None:
    scenario = small_run.a_scenario()
    assert default_path(scenario, Span(7, 0, 1000)) == Path(f"results/推荐-{scenario.sha256[:8]}-7-1000.h5")


def test_variants_and_ranges_have_paths_of_their_own(small_run: ModuleType) -> None:
    scenario = small_run.a_scenario
    paths = [
        default_path(scenario(), Span(7, 0, 1000)),
        default_path(scenario(), Span(8, 0, 1000)),
        default_path(scenario(), Span(7, 0, 1001)),
        default_path(scenario(), Span(7, 500, 1000)),
        default_path(scenario(option="reserved"), Span(7, 0, 1000)),
        default_path(scenario(overrides=("a=1",)), Span(7, 0, 1000)),
        default_path(scenario(overrides=("a=2",)), Span(7, 0, 1000)),
        default_path(scenario(sha256="0" * 64), Span(7, 0, 1000)),
    ]
    assert len(set(paths)) == len(paths)
    assert paths[3].name.endswith("-7-1000-from500.h5")
    assert "-reserved-7-" in paths[4].name


def test_the_default_path_is_one_name_whatever_the_scenario_is_called(small_run: ModuleType) -> None:
    scenario = small_run.a_scenario(path="/x/" + "长" * 200 + ".toml", option="a/../b" + "选" * 64)
    path = default_path(scenario, Span(2**64 - 1, 2**62, 10**12))
    assert path.parent == Path("results")
    assert len(path.name.encode()) < 255


def test_the_results_folder_is_made_when_missing(small_run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = small_run.write_result(None, n=10)
    assert (tmp_path / result.run.result).is_file()


def test_the_very_same_run_replaces_its_result(small_run: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "run.h5"
    small_run.write_result(path)
    assert small_run.write_result(path, keep="none").kept == 0


CHANGES: dict[str, Any] = {
    "seed": {"seed": 8},
    "first": {"first": 1},
    "n": {"n": 999},
    "option": {"scenario": {"option": "reserved"}},
    "overrides": {"scenario": {"overrides": ("a=1",)}},
    "file": {"scenario": {"sha256": "0" * 64}},
    "a number from a file beside it": {"plan": 13.0},
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_run_is_replaced_only_by_force(small_run: ModuleType, tmp_path: Path, change: str) -> None:
    path = tmp_path / "run.h5"
    small_run.write_result(path)
    earlier = path.read_bytes()
    changed = dict(CHANGES[change])
    if "scenario" in changed:
        changed["scenario"] = small_run.a_scenario(**changed["scenario"])
    if "plan" in changed:
        changed["plan"] = small_run.a_plan(changed["plan"])
    with pytest.raises(UsageError, match=r"holds another run \(file \w{8}, seed 7, scenarios 0 to 999, simcost .*`force=True`"):
        small_run.write_result(path, **changed)
    assert path.read_bytes() == earlier
    small_run.write_result(path, **changed, force=True)
    assert path.read_bytes() != earlier


def test_a_file_that_is_no_result_is_replaced_only_by_force(small_run: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "thesis.doc"
    path.write_text("years of work")
    with pytest.raises(UsageError, match=r"no result that simcost can read.*`force=True`"):
        small_run.write_result(path)
    assert path.read_text() == "years of work"
    assert small_run.write_result(path, force=True).kept == 1000


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_regular_file_is_never_replaced(small_run: ModuleType, tmp_path: Path, force: bool) -> None:
    folder, pipe, link = tmp_path / "folder", tmp_path / "pipe", tmp_path / "link"
    folder.mkdir()
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "nowhere")
    for path, kind in (
        (folder, "a folder"),
        (pipe, "no regular file"),
        (link, "a broken link"),
        (Path(os.devnull), "no regular file"),
    ):
        with pytest.raises(UsageError, match=f"{kind}, so no result can be written there"):
            small_run.write_result(path, force=force)
    assert {each.name for each in tmp_path.iterdir()} == {"folder", "pipe", "link"}


def test_a_missing_folder_is_named_with_its_remedy(small_run: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not exist\. Make it first: mkdir -p"):
        small_run.write_result(tmp_path / "not" / "there.h5")


def test_a_folder_that_is_a_file_is_named(small_run: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is no folder"):
        small_run.write_result(tmp_path / "file" / "run.h5")


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    small_run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("simcost.results.temporary.os.open", refuse)
    with pytest.raises(ResultError, match=r"run\.h5: cannot be written: Permission denied\. Write elsewhere with `output`\."):
        small_run.write_result(tmp_path / "run.h5")


def test_a_file_that_appears_during_the_run_is_not_replaced(small_run: ModuleType, tmp_path: Path) -> None:
    path, scenario, plan = tmp_path / "run.h5", small_run.a_scenario(), small_run.a_plan()
    columns = small_run.columns_of(plan, 0, 100)
    summary = small_run.Summary(plan.n_columns)
    summary.add(0, columns)
    names = ("2027-01", "2027-02", "2027-03")
    found = small_run.figures(tuple(plan.columns()), summary, month_names=names, budget=scenario.budget)

    span = Span(1, 0, 100)

    def interfere() -> None:
        with small_run.ResultWriter(path, scenario=scenario, plan=plan, span=span) as writer:
            writer.write(0, columns)
            path.write_text("mine")
            writer.finish(summary, found, provenance_of(plan, span, ("reference", "a test"), seconds=1.0))

    with pytest.raises(UsageError, match="no result that simcost can read"):
        interfere()
    assert path.read_text() == "mine"
