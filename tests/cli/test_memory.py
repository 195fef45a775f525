"""Peak memory of whole runs of the benchmark's model; `python bench/whole_process.py memory` prints it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.places import RECOMMENDER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process its own peak")

WITH_SAMPLES_MB, WITHOUT_MB = 600.0, 350.0  # of the issue
DRIVERS_MB = 500.0
"""Totals of 128 variants take 67 MB a block: for one worker once as they are made, once as they are counted, and their pilot."""

MORE_AT_TEN_MILLION = 1.05
"""Blocks, and all that is made of them, stay as they are; a tenth more cells are in use, for the farther tails: 2 %."""

REPORT = """
import atexit, sys
from pathlib import Path
from simcost.cli import main

def tell():
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print("PEAK", line.split()[1], file=sys.stderr)

atexit.register(tell)
main()
"""
"""The process tells its own peak: what the system reports of a child includes the parent that it was forked from."""


def peak_mb(folder: Path, n: int, keep: str) -> float:
    choices = ["--backend", "reference", "-n", str(n), "--keep", keep]  # what a compiler takes on top is its own
    return peak_of("run", str(RECOMMENDER), *choices, "-o", str(folder / "result.h5"), "--force")


def peak_of(*arguments: str) -> float:
    done = subprocess.run([sys.executable, "-c", REPORT, *arguments], capture_output=True, text=True, check=True)
    return float(done.stderr.split()[-1]) * 1024 / 1e6


@pytest.mark.slow
def test_a_million_scenarios_need_little_memory_and_ten_million_no_more(tmp_path: Path) -> None:
    assert peak_mb(tmp_path, 1_000_000, "auto") < WITH_SAMPLES_MB
    without = peak_mb(tmp_path, 1_000_000, "none")
    assert without < WITHOUT_MB
    assert peak_mb(tmp_path, 10_000_000, "none") < MORE_AT_TEN_MILLION * without


def test_the_measure_sees_samples_that_are_held_in_memory(tmp_path: Path) -> None:
    """Negative control: a block of 65,536 scenarios is 38 MB more than a hundred of them."""
    assert peak_mb(tmp_path, 65_536, "none") > peak_mb(tmp_path, 100, "none") + 38


@pytest.mark.slow
def test_comparing_five_times_the_scenarios_needs_no_more_memory() -> None:
    few, many = (peak_of("compare", str(RECOMMENDER), "--backend", "reference", "-q", "-n", n) for n in ("400_000", "2_000_000"))
    assert few < WITHOUT_MB
    assert many < 1.1 * few  # differences of either sign reach into more cells than totals do


@pytest.mark.slow
def test_drivers_hold_the_totals_of_their_variants_and_little_more_of_each_scenario() -> None:
    assert peak_of("drivers", str(RECOMMENDER), "--backend", "reference", "-q", "-n", "200_000") < DRIVERS_MB
