"""What the private cache folder may hold: which files go, and which never."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from simcost_kernels.system.eviction import RECENT_S, evict, size_bytes

NOW = time.time()


def kept(folder: Path, name: str, *, size: int = 100, age_s: float = 10 * RECENT_S) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(bytes(size))
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


def names(*folders: Path) -> set[str]:
    return {path.name for folder in folders for path in folder.iterdir() if path.is_file()}


def test_nothing_goes_while_there_is_room(tmp_path: Path) -> None:
    for number in range(10):
        kept(tmp_path, f"kernel_{number}.py")
    evict((tmp_path,), 1_000)
    assert len(names(tmp_path)) == 10


def test_what_was_used_longest_ago_goes_until_a_quarter_is_free(tmp_path: Path) -> None:
    for number in range(11):
        kept(tmp_path, f"kernel_{number}.py", age_s=(20 - number) * RECENT_S)
    evict((tmp_path,), 1_000)
    assert names(tmp_path) == {f"kernel_{number}.py" for number in range(4, 11)}  # 700 bytes: eight would be more than 750


def test_files_of_one_kernel_go_together_and_by_their_last_use(tmp_path: Path) -> None:
    inner = tmp_path / "__pycache__"
    kept(tmp_path, "kernel_a.py", age_s=90 * RECENT_S)
    kept(tmp_path, "kernel_a.used", size=0, age_s=2 * RECENT_S)
    kept(inner, "kernel_a.f-1.py311.nbi", age_s=90 * RECENT_S)
    kept(tmp_path, "kernel_b.py", age_s=30 * RECENT_S)
    kept(inner, "kernel_b.f-1.py311.nbi", age_s=30 * RECENT_S)
    evict((tmp_path, inner), 399)
    assert names(tmp_path, inner) == {"kernel_a.py", "kernel_a.used", "kernel_a.f-1.py311.nbi"}


def test_what_was_just_used_stays_however_much_there_is(tmp_path: Path) -> None:
    kept(tmp_path, "kernel_new.py", age_s=0.5 * RECENT_S)
    kept(tmp_path, "kernel_old.py")
    evict((tmp_path,), 10)
    assert names(tmp_path) == {"kernel_new.py"}


def test_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    outside = kept(tmp_path / "outside", "mine.txt", size=5_000)
    folder = tmp_path / "cache"
    folder.mkdir()
    kept(folder / "tables", "abc", size=5_000)
    (folder / "kernel_link.py").symlink_to(outside)
    kept(folder, "kernel_old.py")
    evict((folder,), 10)
    assert outside.exists()
    assert (folder / "kernel_link.py").is_symlink()
    assert (folder / "tables" / "abc").exists()
    assert not (folder / "kernel_old.py").exists()


def test_what_cannot_be_removed_stays_and_others_go_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        kept(tmp_path, f"kernel_{number}.py", age_s=(20 - number) * RECENT_S)
    unlink = Path.unlink

    def refuse(path: Path) -> None:
        if path.name == "kernel_0.py":
            raise PermissionError
        unlink(path)

    monkeypatch.setattr(Path, "unlink", refuse)
    evict((tmp_path, tmp_path / "missing"), 450)
    assert names(tmp_path) == {"kernel_0.py", "kernel_3.py", "kernel_4.py"}


def test_the_size_is_that_of_all_files_and_nothing_of_what_is_not_there(tmp_path: Path) -> None:
    kept(tmp_path, "a", size=10)
    kept(tmp_path / "inner", "b", size=20)
    assert size_bytes(tmp_path) == 30
    assert size_bytes(tmp_path / "missing") == 0
