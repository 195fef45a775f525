"""Tables of distributions from the cache: the same bits, whatever has become of the cache."""

import subprocess
import sys

import numpy as np
import pytest
from tests.places import RECOMMENDER

from simcost.compile.compiled import compile_scenario
from simcost.compile.distributions import kept as module
from simcost.compile.distributions import tables
from simcost.compile.distributions.kept import kept
from simcost.scenario import load
from simcost.scenario.distributions import canonical as d
from simcost_kernels.system.private_folder import private_folder

NUMBERS = np.array([[1.5, -0.0], [np.inf, 5e-324]])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache, and nothing remembered by this process."""
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache" / "tables"
    forget()


def forget():
    for function in (tables.segments, tables.piece_segments, tables.step_table):
        function.cache_clear()


def refuse():
    message = "computed although it is kept"
    raise AssertionError(message)


@pytest.mark.usefixtures("folder")
def test_what_is_kept_comes_back_with_its_bits_and_is_not_computed_again():
    assert kept("x", lambda: NUMBERS).tobytes() == NUMBERS.tobytes()
    assert kept("x", refuse).tobytes() == NUMBERS.tobytes()
    with pytest.raises(AssertionError, match="computed although"):
        kept("y", refuse)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-8]),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01"),
        lambda path: path.write_bytes(b"foreign" * 20),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "cut short", "one bit", "foreign", "a folder"],
)
def test_a_damaged_file_is_computed_anew(folder, damage):
    kept("x", lambda: NUMBERS)
    (path,) = folder.iterdir()
    damage(path)
    assert kept("x", lambda: NUMBERS).tobytes() == NUMBERS.tobytes()
    if path.is_file():
        assert kept("x", refuse).tobytes() == NUMBERS.tobytes()


def test_a_folder_that_others_may_write_to_is_neither_read_nor_written(folder):
    kept("x", lambda: NUMBERS)
    folder.chmod(0o777)
    assert private_folder("tables") is None
    with pytest.raises(AssertionError, match="computed although"):
        kept("x", refuse)
    kept("y", lambda: NUMBERS)
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in its place")
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path / "file"))
    assert kept("x", lambda: NUMBERS).tobytes() == NUMBERS.tobytes()


def test_the_oldest_go_when_there_are_too_many(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 4)
    for number in range(5):
        kept(f"x{number}", lambda: NUMBERS)
    assert len(list(folder.iterdir())) == 3
    kept("x4", refuse)


@pytest.mark.usefixtures("folder")
def test_a_plan_has_the_same_bits_from_tables_that_were_kept():
    scenario = load(RECOMMENDER)
    fresh = compile_scenario(scenario).plan.content_digest
    forget()
    assert compile_scenario(scenario).plan.content_digest == fresh


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "distribution",
    [d.Gamma(2.5, 1.0), d.Scipy("gumbel_r", ()), d.Poisson(1e9), d.Scipy("exponnorm", (("K", 1.5),))],
    ids=repr,
)
def test_segments_come_back_as_they_were_made(distribution):
    made = tables.segments(distribution)
    forget()
    again = tables.segments(distribution)
    assert [(x.mass, x.below, x.above, x.error) for x in made] == [(x.mass, x.below, x.above, x.error) for x in again]
    assert all(
        a.table.kind == b.table.kind and np.array_equal(a.table.data, b.table.data) for a, b in zip(made, again, strict=True)
    )


@pytest.mark.usefixtures("folder")
def test_a_second_validation_loads_no_scipy():
    code = """
import sys
from simcost import api
from simcost.report.model.document import model_document
model_document(api.validate(sys.argv[1]))
print("scipy.special" in sys.modules)
"""
    command = [sys.executable, "-c", code, str(RECOMMENDER)]
    told = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert told == ["True", "False"]
