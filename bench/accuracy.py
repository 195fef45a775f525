"""Time to an answer: a P95 of the benchmark's total whose 95 % interval is within 0.1 % either side.

    python bench/accuracy.py [--repeats 3] [--record]

For simcost the number of scenarios is found by running it with each method of sampling until the interval that it prints is
narrow enough, and the time is that of such a run: compiled already, file read, result written. Rivals draw independent scenarios,
so they need as many as simcost's ``random``; their time is that of a smaller run, in proportion. None of them prints an interval.
"""

from __future__ import annotations

import tempfile
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from measure import SCENARIO, Times, in_a_line, machine, parser, timed, write_record
from throughput import PACKAGES, RIVALS

from simcost import api
from simcost.errors import SimcostError
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = 0.001
METHODS = ("random", "sobol", "latin-hypercube")
SLOW = "JAX jit, all draws by jax.random"
RIVALS_N = 4 * BLOCK
LARGEST = 64 * BLOCK


def half_width(method: str, n: int, folder: str) -> float:
    """Run simcost; half of the interval of the total's P95, relative to it."""
    result = api.run(
        SCENARIO,
        overrides=[f'sampling.method="{method}"'],
        n=n,
        keep="none",
        backend="cpu",
        output=Path(folder) / "accuracy.h5",
        force=True,
    )
    (p95,) = (percentile for percentile in result.figures.total.percentiles if percentile.p == 95.0)
    return float("inf") if p95.low is None or p95.high is None else (p95.high - p95.low) / 2 / p95.value


def needed(method: str, folder: str) -> int:
    """Whole blocks of scenarios with which the interval is narrow enough; they grow as the square of what is lacking."""
    n = 4 * BLOCK
    while (lacking := half_width(method, n, folder) / TARGET) > 1.0 and n < LARGEST:
        n = min(ceil(n / BLOCK * min(max(lacking**2, 1.05), 4.0)) * BLOCK, LARGEST)
    if lacking > 1.0:
        message = f"{n:,} scenarios by {method} leave the interval {lacking:.1f} times too wide"
        raise RuntimeError(message)
    return n


def scenarios_by_method(folder: str) -> dict[str, int]:
    """What each method needs; one that this version refuses is left out."""
    found = {}
    for method in METHODS:
        try:
            found[method] = needed(method, folder)
        except (SimcostError, RuntimeError) as refusal:
            print(f"left out: {refusal}")
    return found


def runs(wanted: dict[str, int], folder: str) -> dict[str, Callable[[], object]]:
    ours = {f"simcost, {method}": partial(half_width, method, n, folder) for method, n in wanted.items()}
    rivals = {name: rival.run(RIVALS_N) for name, rival in RIVALS.items() if rival.is_installed() and name != SLOW}
    return ours | rivals


def answers(times: dict[str, Times], wanted: dict[str, int]) -> dict[str, dict[str, float]]:
    """Scenarios and seconds of each, rivals in proportion."""
    found = {}
    for name, each in times.items():
        n = wanted.get(name.removeprefix("simcost, "), wanted["random"])
        found[name] = {"scenarios": n, "seconds": each.median * (1 if name.startswith("simcost") else n / RIVALS_N)}
    return found


def main() -> None:
    options = parser(__doc__, repeats=3).parse_args()
    about = machine(PACKAGES)
    print(f"{in_a_line(about)}; {options.repeats} rounds")
    with tempfile.TemporaryDirectory() as folder:
        wanted = scenarios_by_method(folder)
        found = answers(timed(runs(wanted, folder), options.repeats), wanted)
    print(f"{'':36}{'scenarios':>12}{'seconds':>10}")
    for name, answer in found.items():
        print(f"{name:36}{answer['scenarios']:12,}{answer['seconds']:10.2f}")
    if options.record:
        write_record("accuracy", {"machine": about, "target": TARGET, "answers": found})


if __name__ == "__main__":
    main()
