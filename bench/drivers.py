"""What drives the cost: all inputs fixed one by one in one pass, beside as many separate runs.

Each uncertain input of a scenario is fixed at its median and the same scenarios are run again, side by side, on compiled kernels
and one thread. ``kernel`` is one run's kernel alone, without its summary; ``run`` is what a separate run takes once its kernel is
compiled, with the summary of its columns. A separate run of a fixed input would be compiled anew first: that is left out, in
favour of the separate runs.

Run: python bench/drivers.py [--scenarios 1_000_000]
"""

from __future__ import annotations

import numpy as np
from measure import SCENARIO, SEED, in_a_line, machine, parser, timed, whole_number

from simcost.analysis.influences.exclusion import changes
from simcost.analysis.work import Work
from simcost.compile.compiled import compile_scenario
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import MEDIAN
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost.scenario import load
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK
from simcost_kernels.system.aligned import aligned_empty

MOST = 20.0
"""Times one run's kernel that 40 inputs may take."""

INPUTS = 40


def main() -> None:
    options = parser(__doc__, repeats=3)
    options.add_argument("--scenarios", type=whole_number, default=1_000_000)
    chosen = options.parse_args()
    n = chosen.scenarios
    scenario = load(SCENARIO)
    plain, banded = kernel_for(compile_scenario(scenario).plan, "cpu"), compile_banded(scenario, freedom="points")
    out = aligned_empty((plain.plan.n_columns, BLOCK))

    def kernel_alone() -> None:
        for start, stop in parts_of(0, n):
            plain.run(SEED, start, stop, out[:, : stop - start])

    def one_pass() -> None:
        fixed = [{each.name: MEDIAN} for each in banded.inputs[:INPUTS]]
        found = changes(banded, fixed, Work("cpu", Span(SEED, 0, n, 1)))
        assert all(np.isfinite(each.p95.value) for each in found.variants)

    runs = {"kernel": kernel_alone, "run": lambda: simulate(plain, Span(SEED, 0, n)), "one pass": one_pass}
    times = timed(runs, chosen.repeats)
    whole, kernel, run = (times[name].processor for name in ("one pass", "kernel", "run"))
    print(in_a_line(machine()))
    print(f"{n:,} scenarios of {SCENARIO.name}, one thread, medians of {chosen.repeats} rounds, processor seconds")
    for name, its in times.items():
        print(f"{name:10} {its.processor:8.2f} s")
    print(f"{INPUTS} inputs in one pass: {whole / kernel:.1f} times a run's kernel (at most {MOST:g} wanted)")
    print(f"{INPUTS + 1} separate runs: {(INPUTS + 1) * run:.1f} s; one pass takes {whole / ((INPUTS + 1) * run):.2f} of that")


if __name__ == "__main__":
    main()
