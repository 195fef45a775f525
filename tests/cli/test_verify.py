"""``simcost verify``: sound results pass, whatever made them; a byte, a number or a figure that differs is caught."""

from __future__ import annotations

import importlib.metadata
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import simcost
from simcost.results import verification
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summaries.summary import BLOCK

METHODS = ("random", "sobol", "latin-hypercube")
MANY = 2 * BLOCK + 4096
"""Scenarios: two blocks that are one node of the summary, and an end that is a node by itself."""


def verified(call, *words: str | Path, code: int = 0) -> dict:
    said = call("verify", *words, "--json")
    assert said.exit_code == code, said.output
    return json.loads(said.stdout)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("keep", ["all", "100", "none"])
def test_a_sound_result_of_each_method_passes(call, scenario: Path, method: str, keep: str) -> None:
    words = ["--set", f"sampling.method={method}", "-n", "4096", "--keep", keep, "--percentiles", "2.5"]
    assert call("run", scenario, *words, "-o", "r.h5", "-q").exit_code == 0
    found = verified(call, "r.h5")
    assert found["passed"] is True
    assert found["recomputed"] == 4096
    assert [check["name"] for check in found["checks"]] == [
        "file",
        "figures",
        *(["samples"] if keep != "none" else []),
        "summary",
    ]


@pytest.mark.slow
def test_a_result_of_the_compiled_back_end_passes(call, scenario: Path) -> None:
    assert call("run", scenario, "--backend", "cpu", "-o", "r.h5", "-q").exit_code == 0
    found = verified(call, "r.h5")
    assert (found["passed"], found["run"]["backend"]) == (True, "cpu")


@pytest.mark.parametrize("first", [0, 777, BLOCK - 256])
def test_of_a_large_run_a_random_part_is_computed_again(
    call, scenario: Path, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "WHOLE_UP_TO", 1_000)
    words = ["--first", str(first), "-n", str(MANY), "--keep", "20000", "--backend", "reference"]
    assert call("run", scenario, *words, "-o", "r.h5", "-q").exit_code == 0
    found = verified(call, "r.h5", "--seed", "5")
    assert found["passed"] is True
    assert MANY // 1000 < found["recomputed"] < MANY
    whole = verified(call, "r.h5", "--all")
    assert (whole["passed"], whole["recomputed"]) == (True, MANY)
    other = simcost.verify("r.h5", seed=6)
    assert other.passed
    assert other.recomputed != found["recomputed"]  # the choice is another one


def test_a_run_that_stopped_early_passes(call, scenario: Path) -> None:
    words = ["--set", "sampling.stop={ percentile = 95, relative = 0.003 }", "-n", "300000", "--first", "100", "--keep", "5"]
    assert call("run", scenario, *words, "--backend", "reference", "-o", "r.h5", "-q").exit_code == 0
    assert simcost.open_result("r.h5").run.scenarios < 300_000
    assert verified(call, "r.h5", "--all")["passed"] is True


def test_one_changed_byte_anywhere_is_caught(call, scenario: Path) -> None:
    """At random, in every kind of place: texts that only other programs read, figures, samples, HDF5's own."""
    assert call("run", scenario, "-n", "200", "-o", "r.h5", "-q").exit_code == 0
    path = Path("r.h5")
    sound = path.read_bytes()
    places = random.Random(3).sample(range(len(sound)), 60)
    places += [sound.index(word) for word in (b"CF-1.11", "小".encode(), b"cost by category", b"2027-01", b"Serving")]
    for place in places:
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x10]) + sound[place + 1 :])
        said = call("verify", path)
        assert (said.exit_code, said.stdout) == (1, ""), place
        assert said.stderr.startswith("Error: r.h5: ")
        assert said.stderr.rstrip().endswith("Run the scenario again.")
        assert said.stderr.count("\n") == 1
    path.write_bytes(sound)
    assert call("verify", path).exit_code == 0


def test_a_result_of_another_version_that_computes_the_same_passes_and_is_told(call, scenario: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simcost.results.run_info.simcost_version", lambda: "0.0.9")
        assert call("run", scenario, "-o", "r.h5", "-q").exit_code == 0
    assert "The result was made by simcost 0.0.9, and checked by simcost " in call("verify", "r.h5").stdout
    found = verified(call, "r.h5")
    assert found["passed"] is True
    assert (found["run"]["version"], found["version"]) == ("0.0.9", importlib.metadata.version("simcost"))


def _altered(monkeypatch: pytest.MonkeyPatch, change) -> None:
    """Have the reference back end compute something else while a result is made."""
    run = ReferenceKernel.run

    def other(self, seed, start, stop, out):
        run(self, seed, start, stop, out)
        change(out)

    monkeypatch.setattr(ReferenceKernel, "run", other)


def test_a_kept_number_that_is_off_in_its_last_bit_is_caught_and_named(call, scenario: Path) -> None:
    def change(out: np.ndarray) -> None:
        out[3, 123] = np.nextafter(out[3, 123], np.inf)

    with pytest.MonkeyPatch.context() as patch:
        _altered(patch, change)
        assert call("run", scenario, "--backend", "reference", "-o", "r.h5", "-q").exit_code == 0
    found = verified(call, "r.h5", code=1)
    verdicts = {check["name"]: check["passed"] for check in found["checks"]}
    assert verdicts == {"file": True, "figures": True, "samples": False, "summary": False}
    (said,) = (check["said"] for check in found["checks"] if check["name"] == "samples")
    assert said.startswith("scenario 123: line Serving is ")
    assert said.endswith("computed again")
    text = call("verify", "r.h5")
    assert text.exit_code == 1
    assert "WRONG  samples: scenario 123" in text.stdout
    assert "is not what its run gives" in text.stderr


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda out: out.__imul__(1.01), "the file does not count values that are computed again"),
        (lambda out: out.__setitem__((0, 5), out[0, 5] * (1 + 1e-9)), "the file has other moments than those"),
    ],
    ids=["all values", "one value at the end"],
)
def test_without_samples_the_summary_tells(call, scenario: Path, change, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WHOLE_UP_TO", 1_000)
    with pytest.MonkeyPatch.context() as patch:
        _altered(patch, change)
        words = ["-n", str(MANY), "--keep", "none", "--backend", "reference"]
        assert call("run", scenario, *words, "-o", "r.h5", "-q").exit_code == 0
    found = verified(call, "r.h5", code=1)
    assert expected in found["checks"][-1]["said"]


def test_a_figure_that_does_not_follow_from_the_summary_is_caught(call, scenario: Path) -> None:
    import simcost.analysis.figures as module

    sound = module.figures

    def other(*arguments, **choices):
        found = sound(*arguments, **choices)
        return replace(found, total=replace(found.total, mean=np.nextafter(found.total.mean, np.inf)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "figures", other)
        assert call("run", scenario, "-o", "r.h5", "-q").exit_code == 0
    verdicts = {check["name"]: check["passed"] for check in verified(call, "r.h5", code=1)["checks"]}
    assert verdicts == {"file": True, "figures": False, "samples": True, "summary": True}


@pytest.mark.parametrize(
    ("name", "expected"), [("no.h5", "cannot be read"), ("small.toml", "no result of simcost"), (".", "no result of simcost")]
)
def test_what_is_no_result_is_refused(call, scenario: Path, name: str, expected: str) -> None:
    del scenario
    said = call("verify", name)
    assert said.exit_code == 1
    assert expected in said.stderr
