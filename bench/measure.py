"""What all benchmarks share: rivals take turns, medians count, and a record says on which machine."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RECORDS = Path(__file__).parent / "records"
SCENARIO = Path(__file__).parents[1] / "scenarios" / "ecommerce_recommender.toml"
SEED = 20270101
QUIET = 0.3
"""Load below which a machine counts as idle: a shell and its system take as much."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Times:
    """Seconds of one rival by the clock and, of all its threads together, by the processor; a run each."""

    seconds: tuple[float, ...]
    processor_s: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def processor(self) -> float:
        """Median processor seconds: what neighbours on the machine disturb least."""
        return statistics.median(self.processor_s)

    @property
    def spread(self) -> float:
        """Half of the distance from the lower to the upper quartile, relative to the median: 0.05 is plus or minus 5 %."""
        if len(self.seconds) < 2:
            return 0.0
        lower, _, upper = statistics.quantiles(self.seconds, method="inclusive")
        return (upper - lower) / 2 / self.median


def taking_turns(
    runs: Mapping[str, Callable[[], Result]], repeats: int, *, warm: bool = True, turn_s: float = 0.0
) -> dict[str, list[Result]]:
    """Run all once unmeasured (if ``warm``), then all in turn, ``repeats`` rounds: a slow minute meets every rival.

    A turn is one run and, until it has taken ``turn_s`` seconds, more: those whose runs are short have as many more results.
    """
    for run in runs.values() if warm else ():
        run()
    results: dict[str, list[Result]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            end = time.perf_counter() + turn_s
            results[name].append(run())
            while time.perf_counter() < end:
                results[name].append(run())
    return results


def seconds_of(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds of a call, by the clock and by the processor."""
    begin, begin_processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begin, time.process_time() - begin_processor


def timed(runs: Mapping[str, Callable[[], object]], repeats: int, *, warm: bool = True, turn_s: float = 0.0) -> dict[str, Times]:
    """Times of calls that take turns."""
    clocks = {name: (lambda run=run: seconds_of(run)) for name, run in runs.items()}
    found = taking_turns(clocks, repeats, warm=warm, turn_s=turn_s)
    return {name: Times(*zip(*pairs, strict=True)) for name, pairs in found.items()}


def neighbours() -> str:
    """Tell of others at work on this machine; nothing if there are none, or the system does not say."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load < QUIET:
        return ""
    return f"{load:.1f} others at work in the last minute: what runs on all processors may take up to twice as long"


VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2"}
"""Vector instructions by the flag of the processor, the widest first."""


def machine(packages: Iterable[str] = ("numpy", "scipy", "numba")) -> dict[str, str | int]:
    """What the figures were taken on; a package that is not installed is left out."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    told = {name.strip(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
    widest = next((name for flag, name in VECTORS.items() if flag in told.get("flags", "").split()), "")
    found = {name: installed(name) for name in packages}
    return {
        "cpu": " with ".join(filter(None, (told.get("model name", platform.processor()), widest))),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        **{name: number for name, number in found.items() if number},
    }


def installed(package: str) -> str:
    """Version of a package; empty if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def in_a_line(about: Mapping[str, str | int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in about.items())


def whole_number(text: str) -> int:
    """Read 1_000_000."""
    return int(text.replace("_", ""))


def parser(text: str | None, *, repeats: int) -> argparse.ArgumentParser:
    """The options that all benchmarks have."""
    options = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=repeats, help=f"rounds; default {repeats}")
    options.add_argument("--record", action="store_true", help="write bench/records/")
    return options


def write_record(name: str, content: dict[str, object]) -> None:
    RECORDS.mkdir(exist_ok=True)
    (RECORDS / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def read_record(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text())
    return record
