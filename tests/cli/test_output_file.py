"""A file that was asked for is written whole or not at all, and never over another without leave."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from simcost.errors import UsageError
from simcost.results import output_file
from simcost.results.output_file import write_text


def test_text_is_written_as_utf_8_with_line_feeds(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "小\n", force=False)
    assert (tmp_path / "a.txt").read_bytes() == "小\n".encode()


def test_the_file_has_the_permissions_of_any_other_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "", force=False)
    (tmp_path / "b.txt").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_an_existing_file_is_replaced_by_force_only(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UsageError, match=r"exists already. Name another file, or replace it with `force=True`"):
        write_text(path, "new", force=False)
    assert path.read_text() == "old"
    write_text(path, "new", force=True)
    assert path.read_text() == "new"


def test_a_folder_and_a_file_in_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder. Name a file in it"):
        write_text(tmp_path, "", force=True)
    with pytest.raises(UsageError, match=r"there is no folder .*missing. Create it first"):
        write_text(tmp_path / "missing" / "a.txt", "", force=True)


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(output_file.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new", force=True)
    assert os.listdir(tmp_path) == ["a.txt"]  # noqa: PTH208 - hidden files too
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    "words", [["init", "a.toml"], ["schema", "-o", "a.json"], ["expand", "b.toml", "-o", "a.toml"]], ids=" ".join
)
def test_a_full_disk_is_told_with_the_file_it_stopped(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """None of these commands keeps samples, which a run may do without."""
    monkeypatch.chdir(tmp_path)
    call("init", "b.toml")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output_file.os, "fsync", full)
    failed = call(*words, "--force")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert re.fullmatch(
        r"Error: .*\.(toml|json): cannot be written: No space left on device. Free space, or write elsewhere.\n", failed.stderr
    )
    assert sorted(os.listdir(tmp_path)) == ["b.toml", "simcost.schema.json"]  # noqa: PTH208 - hidden files too
