"""A small run without compiler and back end: a scenario and a plan by hand, columns from a fixed formula.

The tests of the result file import it by path, and start it as a process of its own that is then interrupted.
"""

from __future__ import annotations

import hashlib
import signal
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.figures import figures
from simcost.engine.spans import Span
from simcost.results.read import open_result
from simcost.results.run_info import provenance_of, scenario_info
from simcost.results.store import ResultWriter
from simcost.scenario.distributions.canonical import Constant, Lognormal
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.sampling import Sampling
from simcost.scenario.scenario import Budget, Input, Scenario
from simcost_kernels.plan import Output, Plan
from simcost_kernels.summaries.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from simcost.results.result import Result

BLOCK = 65_536
LINES = ("GPU serving", "存储", "=cmd|' /C calc'!A0", "staff")
TEXT = '# 推荐系统\n[scenario]\nname = "推荐系统, 2027"\n'


def a_scenario(**changes: object) -> Scenario:
    unit = parse_unit("CNY/GPU/hour", "CNY")
    inputs = (
        Input("gpu_price", Lognormal(2.5, 0.2), unit, source="2026 合同", text="9 to 16 CNY/GPU/hour"),
        Input("gpu_count", Constant(100.0), parse_unit("GPU", "CNY"), text="100 GPU"),
    )
    scenario = Scenario(
        name="推荐系统, 2027",
        currency="CNY",
        start=(2027, 1),
        months=3,
        sampling=Sampling(),
        inputs=inputs,
        budget=Budget((2_500_000.0,), 0.8),
        view="cash",
        fiscal_year_start=None,
        options=("reserved",),
        option="",
        overrides=(),
        text=TEXT,
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        path="scenarios/推荐.toml",
        warnings=(),
    )
    return replace(scenario, **changes)


def a_plan(parameter: float = 12.0, months: int = 3) -> Plan:
    named = [("category", name) for name in ("compute", "数据")] + [("line", name) for name in LINES]
    outputs = [
        Output("total", "", "p0"),
        *(Output(group, label, "p0") for group, label in named),
        Output("owner", "search", "p0"),
    ]
    outputs += [Output(group, "", "p0", monthly=True) for group in ("month", "cumulative", "breach")] + [
        Output("within", "", "p0")
    ]
    empty: dict[str, tuple[()]] = dict.fromkeys(("calendar", "tables", "streams", "setup", "year", "month", "final", "state"), ())
    return Plan(parameters=(parameter,), outputs=tuple(outputs), horizon=months, **empty)


def columns_of(plan: Plan, start: int, stop: int) -> NDArray[np.float64]:
    """Costs of scenarios ``start`` to ``stop``, the same whatever the blocks."""
    number = np.arange(start, stop, dtype=np.float64)
    wave = 1.0 + np.abs(np.sin(number * 12.9898)) + 0.3 * np.sin(number * 78.233)
    rows = []
    for place, (group, _, month) in enumerate(plan.columns()):
        if group in ("breach", "within"):
            rows.append((wave > 1.8 - 0.1 * month) * 1.0)
        else:
            rows.append(1e6 * wave * (1.0 + place / 7.0))
    return np.array(rows)


def blocks(first: int, n: int) -> Iterator[tuple[int, int]]:
    start = first
    while start < first + n:
        stop = min((start // BLOCK + 1) * BLOCK, first + n)
        yield start, stop
        start = stop


def write_result(
    path: Path | str | None,
    *,
    scenario: Scenario | None = None,
    plan: Plan | None = None,
    seed: int = 7,
    first: int = 0,
    n: int = 1000,
    keep: int | str = "auto",
    force: bool = False,
    pause_s: float = 0.0,
) -> Result:
    scenario, plan = scenario or a_scenario(), plan or a_plan()
    summary, span = Summary(plan.n_columns), Span(seed, first, n)
    with ResultWriter(path, scenario=scenario, plan=plan, span=span, keep=keep, force=force) as writer:  # type: ignore[arg-type]
        for start, stop in blocks(first, n):
            columns = columns_of(plan, start, stop)
            summary.add(start, columns)
            for sink in writer.sinks:
                sink.write(start, columns)
            time.sleep(pause_s)
        names = scenario_info(scenario).month_names()
        found = figures(tuple(plan.columns()), summary, month_names=names, budget=scenario.budget)
        run = provenance_of(plan, span, ("reference", "a test"), seconds=0.25)
        writer.finish(summary, found, run, warnings=("a warning, 一个",))
    return open_result(writer.path)


if __name__ == "__main__":
    # small_run.py PATH N PAUSE: says when it begins to write, so that its killer can aim
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it, and so would its children
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    write_result(sys.argv[1], n=int(sys.argv[2]), keep="all", pause_s=float(sys.argv[3]))
