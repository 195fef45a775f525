"""``simcost run --backend cuda`` from end to end, on devices that are the host's compiler: the answer of every other back end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.backends.host_device import HostDevice, needs_compiler
from tests.places import ROOT

from simcost.engine.preparation import backend
from simcost.engine.preparation.cuda_installation import Readiness

pytestmark = needs_compiler
SCENARIO = str(ROOT / "tests" / "acceptance" / "correlated_marginals.toml")
N = "200_000"
GPUS = "simcost_kernels.backends.cuda.cupy_device"


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> list[HostDevice]:
    """Two devices that take the place of GPUs."""
    found = [HostDevice(), HostDevice()]
    module = ModuleType(GPUS)
    module.gpus = lambda _queues: found  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, GPUS, module)
    monkeypatch.setattr(backend, "cuda_readiness", Readiness)
    return found


def summary_of(call, tmp_path: Path, name: str, *arguments: str) -> dict:
    """The JSON of a run, without what tells the back ends apart."""
    output = str(tmp_path / f"{name}.h5")
    done = call("run", SCENARIO, "-n", N, "--seed", "7", "--backend", name, "-o", output, "--json", "-q", *arguments)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    told = {key: document["run"].pop(key) for key in ("backend", "device", "seconds", "result")}
    assert told["backend"] == name
    return document


@pytest.mark.parametrize("keep", ["none", "1000", "all"])
def test_a_run_is_that_of_the_reference_whatever_is_kept(call, devices: list[HostDevice], tmp_path: Path, keep: str) -> None:
    on_devices = summary_of(call, tmp_path, "cuda", "--keep", keep)
    assert on_devices == summary_of(call, tmp_path, "reference", "--keep", keep)
    assert sum(len(device.launched) for device in devices) > 0


def test_memory_that_runs_out_is_told_and_changes_no_figure(call, devices: list[HostDevice], tmp_path: Path) -> None:
    for device in devices:
        device.room = 1000
    output = str(tmp_path / "out.h5")
    done = call("run", SCENARIO, "-n", N, "--seed", "7", "--backend", "cuda", "-o", output, "--json")
    assert done.exit_code == 0, done.output
    assert "The memory of g++ does not hold a block of this model" in done.stderr
    document = json.loads(done.stdout)
    assert document["run"]["backend"] == "cpu"
    assert document["total"] == summary_of(call, tmp_path, "reference")["total"]


@pytest.mark.parametrize("question", ["drivers", "stress"])
def test_an_answer_of_many_runs_is_that_of_the_reference_and_shares_one_kernel(
    call, devices: list[HostDevice], question: str
) -> None:
    answers = []
    for name in ("cuda", "reference"):
        done = call(question, SCENARIO, "-n", "70_000", "--seed", "7", "--backend", name, "--json", "-q")
        assert done.exit_code == 0, done.output
        document = json.loads(done.stdout)
        told = {key: document["run"].pop(key) for key in ("backend", "device", "seconds")}
        assert told["backend"] == name
        answers.append(document)
    assert answers[0] == answers[1]
    assert min(len(device.launched) for device in devices) > 0
    assert max(device.loaded for device in devices) <= 6  # two texts for the many runs, their sample, and the shares of inputs
