"""The suite for a GPU machine runs here from end to end, with the host's compiler as the device: a typing error costs no GPU."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="needs the C++ compiler g++")


def suite(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "bench" / "gpu_suite.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    assert suite("--plans", folder, "--save-plans").returncode == 0
    return folder


@needs_compiler
@pytest.mark.slow
def test_every_section_runs_and_is_recorded(plans: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    done = suite("--plans", plans, "--device", "host", "--quick", "-o", record)
    sections = json.loads(record.read_text())
    failed = {name: section for name, section in sections.items() if "error" in str(section["result"])}
    assert set(failed) <= {"rivals"}, done.stdout + done.stderr  # not all of them need be installed
    assert done.stdout.rstrip().endswith("all is as it must be")
    assert done.returncode == 0
    assert all(value.startswith("0 of ") for value in sections["columns"]["result"].values())
    assert all(value.startswith("0 of ") and value.endswith("True") for value in sections["methods"]["result"].values())
    assert set(sections["summaries"]["result"].values()) == {True}


@needs_compiler
def test_a_section_that_fails_loses_none_of_the_others(plans: Path, tmp_path: Path) -> None:
    """CuPy is missing here, so every section that wants a GPU fails."""
    record = tmp_path / "record.json"
    done = suite("--plans", plans, "--only", "machine", "kernels", "ceilings", "--quick", "-o", record)
    sections = json.loads(record.read_text())
    assert done.returncode == 1
    assert list(sections) == ["machine", "kernels", "ceilings"]
    assert all("cupy" in section["result"]["error"] for section in sections.values())


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
    assert {section["result"] for section in json.loads(record.read_text()).values()} == {"skipped: no time left"}


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
