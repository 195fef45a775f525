"""The suite for a GPU machine runs here from end to end, with the host's compiler as the device: a typing error costs no GPU."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from tests.places import RECOMMENDER, ROOT

from simcost import api
from simcost_kernels.codegen.scenario_text import scenario_text

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="needs the C++ compiler g++")


EMULATED = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "emulated")}
"""Where ``import cupy`` finds one whose GPU is this machine."""


def suite(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "bench" / "gpu_suite.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def results(record: Path) -> dict[str, dict[str, Any]]:
    """What each section has found."""
    return {name: section["result"] for name, section in json.loads(record.read_text()).items() if name != "wrong"}


@pytest.fixture(scope="module")
def every_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    assert suite("--plans", folder, "--save-plans").returncode == 0
    return folder


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few_plans")
    assert (
        suite("--plans", folder, "--save-plans", "ecommerce_recommender", "article_monthly", "lognormal_sum_10").returncode == 0
    )
    return folder


@needs_compiler
@pytest.mark.slow
def test_every_section_runs_and_is_recorded_on_a_gpu_that_is_this_machine(every_plan: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    done = suite("--plans", every_plan, "--quick", "-o", record, env=EMULATED)
    found = results(record)
    failed = {name: result for name, result in found.items() if "error" in str(result)}
    assert set(failed) <= {"rivals"}, done.stdout + done.stderr  # not all of them need be installed
    assert done.stdout.rstrip().endswith("all is as it must be")
    assert done.returncode == 0
    assert {name for name, result in found.items() if "skipped" in result} <= {"sanitizer", "profile"}
    assert len(found["columns"]) > 30
    assert all(value.startswith("0 of ") for value in found["columns"].values())
    assert all(value.startswith("0 of ") and value.endswith("True") for value in found["methods"].values())
    assert all(value is True or value["same"] for value in found["summaries"].values())
    assert found["tests"]["exit"] == 0
    assert all(share > 0 for share in found["share of peak"].values())


@needs_compiler
def test_a_dry_run_needs_no_cupy(plans: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    done = suite("--plans", plans, "--device", "host", "--only", "kernels", "ceilings", "--quick", "-o", record)
    assert done.returncode == 0, done.stdout + done.stderr
    found = results(record)
    assert "65536" in found["kernels"]
    assert found["ceilings"] == {"skipped": "needs a GPU"}


@needs_compiler
def test_what_was_found_before_the_deadline_is_not_lost(tmp_path: Path) -> None:
    """A section that would take for ever, after its first finding."""
    code = f"""
import sys, time
sys.path[:0] = [{str(ROOT / "bench")!r}]
from pathlib import Path
from gpu.session import Session

def endless(session):
    session.found["first"] = 1
    while True:
        time.sleep(0.01)

def later(session):
    session.found["second"] = 2

session = Session({{}}, Path({str(tmp_path / "record.json")!r}), 2.0, quick=True, on_gpu=False)
session.run("limited", endless, 1.0)
session.run("within", later)
session.run("endless", endless)
session.run("later", later)
assert session.wrong == []
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found = results(tmp_path / "record.json")
    assert found.pop("endless")["first"] == 1
    assert found == {
        "limited": {"first": 1, "skipped": "what came after: 1 s"},
        "within": {"second": 2},
        "later": {"skipped": "no time left"},
    }


@pytest.mark.skipif(sys.platform != "linux", reason="processes as Linux shows them")
def test_what_a_profiler_has_started_ends_with_it() -> None:
    """A shell that waits for a child of its own, which holds the pipes: both end when time is out."""
    session = runpy.run_path(str(ROOT / "bench" / "gpu" / "session.py"))
    seconds = "98765.25"
    assert session["finished"](["sh", "-c", f"sleep {seconds} & wait"], 0.5) is None
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(seconds.encode() in command for command in commands)
    assert session["finished"](["sh", "-c", "echo $KEPT; exit 3"], 5.0, KEPT="here").returncode == 3


def test_a_rival_that_takes_until_the_deadline_leaves_what_it_had_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "bench")
    script = runpy.run_path(str(ROOT / "bench" / "gpu" / "rivals.py"))

    def endless(_session: object) -> Iterator[dict[int, float]]:
        yield {1000: 2.5}
        raise KeyboardInterrupt

    monkeypatch.setitem(script["rivals"].__globals__, "_cupy", endless)
    session = SimpleNamespace(found={})
    with pytest.raises(KeyboardInterrupt):
        script["rivals"](session)
    assert session.found == {"cupy": {1000: 2.5}}


@pytest.mark.skipif(find_spec("cuda") is None, reason="NVRTC is not made for this system")
def test_every_geometry_fits_a_hopper(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that wants too much shared memory would end the section on a GPU, and nowhere else."""
    monkeypatch.syspath_prepend(ROOT / "bench")
    speed, variants = (runpy.run_path(str(ROOT / "bench" / "gpu" / f"{name}.py")) for name in ("speed", "variants"))
    resources = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))["resources"]
    text = scenario_text(api.compile(RECOMMENDER).plan, target="cuda")
    shared = variants["with_parameters"](text)
    for each, bounds in ((text, speed["BOUNDS"]), (shared, variants["BOUNDS"])):
        for given in {max(bounds), max(bounds, key=len), *bounds[-2:]}:
            (found,) = resources(f"#define LAUNCH_BOUNDS {', '.join(map(str, given))}\n{each}", "sm_90")
            assert found.shared > 0
    with pytest.raises(RuntimeError, match="too much shared data"):
        resources(f"#define LAUNCH_BOUNDS 256, 2\n{text}", "sm_90")


@needs_compiler
def test_a_section_that_fails_loses_none_of_the_others(plans: Path, tmp_path: Path) -> None:
    """CuPy is missing here, so every section that wants a GPU fails."""
    record = tmp_path / "record.json"
    done = suite("--plans", plans, "--only", "machine", "kernels", "ceilings", "--quick", "-o", record)
    found = results(record)
    assert done.returncode == 1
    assert list(found) == ["machine", "kernels", "ceilings"]
    assert all("cupy" in result["error"] for result in found.values())
    assert len(json.loads(record.read_text())["wrong"]) == 3


@needs_compiler
def test_other_bits_are_found_and_told(plans: Path, tmp_path: Path) -> None:
    """A plan whose reference is another: the device runs the one, the reference the other."""
    few = tmp_path / "few"
    few.mkdir()
    for name in ("article_monthly", "lognormal_sum_10"):
        shutil.copy(plans / f"{name}.json.gz", few)
    arguments = ["--plans", few, "--device", "host", "--quick", "--only", "columns", "-o", tmp_path / "r.json"]
    code = f"""
import runpy, sys
sys.argv = ["gpu_suite.py", *{[*map(str, arguments)]!r}]
sys.path[:0] = [{str(ROOT / "bench")!r}, {str(ROOT / "kernels")!r}]
from gpu import identity
identity.SEED_OF_THE_DEVICE = 1
if __name__ == "__main__":
    runpy.run_path({str(ROOT / "bench" / "gpu_suite.py")!r}, run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "WRONG: columns of lognormal_sum_10" in done.stdout
    assert "article_monthly" not in done.stdout.partition("written to")[2]  # draws nothing


@needs_compiler
def test_after_the_deadline_nothing_begins(plans: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    done = suite("--plans", plans, "--device", "host", "--seconds", "0", "--quick", "-o", record)
    assert done.returncode == 0
    assert all(result == {"skipped": "no time left"} for result in results(record).values())


def test_operations_are_counted_as_by_hand() -> None:
    """A table look-up: seven multiplications and additions of Horner's scheme, two for its argument, 1 - u twice."""
    counter = runpy.run_path(str(ROOT / "bench" / "gpu" / "operations.py"))
    assert counter["of_body"]("smooth_quantile") == 7 + 7 + 2 + 2
    assert counter["of_body"]("minimum") == 0
    assert counter["of_body"]("power_of_two") == 2


def test_without_plans_it_says_how_to_get_them(tmp_path: Path) -> None:
    done = suite("--plans", tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("python bench/gpu_suite.py --save-plans")
