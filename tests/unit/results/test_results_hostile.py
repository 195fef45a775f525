"""Foreign, damaged and tampered files: one clear error, never a crash, a hang, or another figure."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from simcost.errors import ResultError
from simcost.results.read import open_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.fixture
def copy(small_run: ModuleType, tmp_path: Path) -> Path:
    """A fresh small result to be damaged."""
    path = tmp_path / "run.h5"
    small_run.write_result(path, n=300)
    return path


def tampered(path: Path, change: Callable[[h5py.File], None]) -> Path:
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def replaced(group: str, name: str, **creation: Any) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file[group][name]
        file[group].create_dataset(name, **creation)

    return change


def relinked(group: str, name: str, link: Any) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file[group][name]
        file[group][name] = link

    return change


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout(shape=(7,), dtype="float64")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(7,))
    del file["percentile"]
    file.create_virtual_dataset("percentile", layout)


def external_storage(file: h5py.File) -> None:
    del file["percentile"]
    file.create_dataset("percentile", shape=(7,), dtype="float64", external=[("/etc/hostname", 0, 56)])


def edited_document(change: Callable[[Any], None]) -> Callable[[h5py.File], None]:
    def edit(file: h5py.File) -> None:
        content = json.loads(file["document/json"][()].tobytes())
        change(content)
        encoded = np.frombuffer(json.dumps(content).encode(), np.uint8)
        replaced("document", "json", data=encoded)(file)

    return edit


def nested(file: h5py.File) -> None:
    replaced("document", "json", data=np.frombuffer(b"[" * 100_000, np.uint8))(file)


FOREIGN: dict[str, Callable[[h5py.File], None]] = {
    "an external link to a group": relinked("/", "run", h5py.ExternalLink("other.h5", "/")),
    "a soft link": relinked("/", "percentile", h5py.SoftLink("/total_percentile")),
    "a virtual dataset": virtual,
    "storage in a file of the host": external_storage,
    "an array larger than memory": replaced("/", "percentile", shape=(10**15,), dtype="float64"),
    "a packed array larger than memory": replaced("/", "percentile", shape=(10**15,), dtype="float64", chunks=(10**6,)),
    "storage that is not there": replaced("/", "percentile", shape=(7,), dtype="float64"),
    "a filter of somebody else": replaced("/", "percentile", data=np.arange(7.0), compression="lzf"),
    "another type": replaced("/", "percentile", data=np.arange(7)),
    "another shape": replaced("/", "percentile", data=np.ones((7, 1))),
    "a missing array": lambda file: file.__delitem__("total_mean"),
    "a group in place of an array": lambda file: (file.__delitem__("total_mean"), file.create_group("total_mean"))[0],
    "no document": lambda file: file.__delitem__("document"),
    "a document that is no JSON": replaced("document", "json", data=np.zeros(9, np.uint8)),
    "a document of brackets": nested,
    "a document that is a list": replaced("document", "json", data=np.frombuffer(b"[]", np.uint8)),
    "another schema": edited_document(lambda content: content.update(schema="simcost/result/9")),
    "a changed name": edited_document(lambda content: content["groups"]["scenario"]["attributes"].update(name="mine")),
    "a missing part": edited_document(lambda content: content["groups"].pop("run")),
    "numbers for texts": edited_document(lambda content: content["groups"]["run"]["texts"].update(column_label=[1, 2])),
    "a changed figure": lambda file: file["category_percentile"].__setitem__((0, 0), 1.0),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused_in_one_line(copy: Path, kind: str) -> None:
    tampered(copy, FOREIGN[kind])
    with pytest.raises(ResultError, match=r"^.*run\.h5: .*Run the scenario again\.$") as caught:
        open_result(copy)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_only_reopened_for_writing_is_still_read(copy: Path) -> None:
    """Negative control: it is the tampering that is refused."""
    assert open_result(tampered(copy, lambda _: None)).kept == 300


def test_a_changed_sample_is_refused_and_figures_are_not(copy: Path) -> None:
    tampered(copy, lambda file: file["samples/line_cost"].__setitem__((2, 150), 1.0))
    result = open_result(copy)
    assert result.samples("total").shape == (1, 300)
    with pytest.raises(ResultError, match="line_cost is not as it was written"):
        result.samples("line")


def test_a_changed_summary_is_refused_and_figures_are_not(copy: Path) -> None:
    tampered(copy, lambda file: file["summary/minimum"].__setitem__(0, 1.0))
    result = open_result(copy)
    with pytest.raises(ResultError, match="the summary is not as it was written"):
        result.summary()


def test_files_that_are_no_results_are_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    for name in ("text", "empty", "folder", "pipe", "missing", "other.h5", "text/below"):
        with pytest.raises(ResultError, match=rf"{name}: (no result|cannot be read|not a result)"):
            open_result(tmp_path / name)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut short, one bit flipped, a few bytes changed, or a stretch overwritten."""
    found = bytearray(data)
    kind, place = chance.randrange(4), chance.randrange(len(found))
    if kind == 0:
        del found[place:]
    elif kind == 1:
        found[place] ^= 1 << chance.randrange(8)
    elif kind == 2:
        for _ in range(chance.randrange(1, 30)):
            found[chance.randrange(len(found))] = chance.randrange(256)
    else:
        stretch = chance.randrange(1, 200)
        found[place : place + stretch] = bytes([chance.choice((0, 255, chance.randrange(256)))]) * stretch
    return bytes(found)


def read_whole(path: Path, good: Any) -> str:
    """Read a damaged copy of ``good`` and say what came of it; anything but the same values or a refusal is a failure."""
    try:
        result = open_result(path)
    except ResultError:
        return "refused"
    assert result.figures == good.figures
    assert result.scenario == good.scenario
    assert replace(result.run, result="") == replace(good.run, result="")
    for read, same in (
        (result.samples, lambda values: np.array_equal(values, good.samples())),
        (result.summary, lambda summary: summary.digest() == good.summary().digest()),
    ):
        try:
            assert same(read())
        except ResultError:
            continue
    return "read"


def fuzz(folder: Path, good: Any, trials: range) -> dict[str, int]:
    data, path = Path(good.path).read_bytes(), folder / "damaged.h5"
    outcomes = {"refused": 0, "read": 0}
    for trial in trials:
        path.write_bytes(damaged(data, random.Random(trial)))
        outcomes[read_whole(path, good)] += 1
    return outcomes


def test_a_damaged_file_is_refused_or_read_as_it_was(copy: Path, tmp_path: Path) -> None:
    outcomes = fuzz(tmp_path, open_result(copy), range(300))
    assert outcomes["refused"] > 100
    assert outcomes["read"] > 20  # in samples and summary, which are not read at first, and in what only xarray reads


@pytest.mark.slow
def test_ten_thousand_damaged_files_neither_crash_nor_hang(copy: Path, tmp_path: Path) -> None:
    outcomes = fuzz(tmp_path, open_result(copy), range(1_000, 11_000))
    assert sum(outcomes.values()) == 10_000
