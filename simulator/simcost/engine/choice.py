"""What ``auto`` expects a run to take: the work of a plan, step by step, against what it costs to make a compiled kernel ready.

The figures were measured on two cores of an AMD EPYC; ``bench/startup.py`` prints them anew. They need only be right to a factor
of two: at the border between two back ends both take about as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan, Step

REFERENCE_NS: dict[str, float] = {
    "draw": 22.0,
    "normal_quantile": 15.0,
    "normal_cdf": 31.0,
    "smooth_quantile": 12.0,
    "step_quantile": 8.0,
    "binomial_quantile": 200.0,
    "exp": 9.0,
    "log": 10.0,
    "pow": 25.0,
    "where": 2.0,
    "min": 3.0,
    "max": 3.0,
}
"""Nanoseconds a scenario of an operation on NumPy; any other takes `REFERENCE_OTHER_NS`."""

REFERENCE_OTHER_NS = 0.5
SUMMARY_NS = 6.0
"""Nanoseconds a scenario and column of the summary on NumPy."""

CPU_SPEEDUP = 20.0
"""How much faster a compiled kernel is on one core."""

CPU_SUMMARY_NS = 2.6
"""Nanoseconds a scenario and column of the compiled summary on one core."""

SECTIONS_NS, CPU_SECTIONS_NS = 12.0, 4.0
"""Nanoseconds a scenario and column of counts by replicate, on NumPy and compiled, for methods of sampling other than random."""

LOAD_S = 0.5
"""Seconds to import numba and fetch a compiled kernel."""

PROCESS_S = 0.4
"""Seconds until a process that runs the reference begins."""

SHARE_S = 1.0
"""Seconds of work for which a process of its own is worth starting."""

COMPILE_S = 4.0
COMPILE_STEP_S = 0.015
"""Seconds to compile a kernel: so much, and so much for each step."""

CUDA_START_S = 10.0
"""Seconds of a compiled kernel's work from which a GPU is taken: loading CuPy, compiling and the first launches take some, and no
GPU has been at hand to measure how many."""


def reference_ns(plan: Plan) -> float:
    """Return the expected nanoseconds a scenario on the reference back end, without the summary."""
    return (
        sum(map(_step_ns, plan.setup))
        + sum(map(_step_ns, plan.year)) * plan.n_years
        + sum(map(_step_ns, plan.month)) * plan.horizon
        + sum(map(_step_ns, plan.final))
    )


def reference_s(plan: Plan, n: int, processes: int = 1) -> float:
    """Return the expected seconds of n scenarios on the reference back end, in so many processes."""
    summary_ns = SUMMARY_NS + (SECTIONS_NS if plan.sampling.sections else 0.0)
    work_s = n * (reference_ns(plan) + plan.n_columns * summary_ns) * 1e-9
    return work_s if processes == 1 else PROCESS_S + work_s / processes


def processes_for(plan: Plan, n: int, most: int) -> int:
    """Return in how many processes, of ``most``, the reference runs n scenarios: one where others would have little to do."""
    return max(min(int(reference_s(plan, n) / SHARE_S), most), 1)


def cpu_s(plan: Plan, n: int) -> float:
    """Return the expected seconds of n scenarios on a compiled kernel and two cores, once numba and the kernel are loaded."""
    summary_ns = CPU_SUMMARY_NS + (CPU_SECTIONS_NS if plan.sampling.sections else 0.0)
    return n * (reference_ns(plan) / CPU_SPEEDUP + plan.n_columns * summary_ns) / 2 * 1e-9


def compile_s(plan: Plan) -> float:
    """Return the expected seconds to compile a plan."""
    return COMPILE_S + COMPILE_STEP_S * plan.n_steps


def choose(plan: Plan, n: int, *, compiled: bool, spent_s: float = 0.0, beside: bool = True, processes: int = 1) -> str:
    """Return ``reference``, ``cpu``, or ``both``: the reference until the kernel has been compiled beside it.

    A compiled kernel is taken where it is the faster one. A kernel that is not compiled yet is compiled where that pays within
    this run, or once runs without it have taken as long as compiling takes: whatever the future brings, that is at most about
    twice what was best (the ski-rental rule: Karlin et al. 1988, "Competitive snoopy caching").

    Parameters
    ----------
    compiled
        Whether the kernel is in the cache.
    spent_s
        Seconds that earlier runs have taken without it.
    beside
        Whether the compiler has a processor of its own; otherwise compiling comes first.
    processes
        In how many the reference would run.
    """
    without = reference_s(plan, n, processes)
    if LOAD_S + cpu_s(plan, n) >= without:
        return "reference"
    if compiled:
        return "cpu"
    pays = LOAD_S + compile_s(plan) + (0.0 if beside else cpu_s(plan, n)) < without
    if pays or is_due(plan, spent_s):
        return "both" if beside else "cpu"
    return "reference"


def is_for_a_gpu(plan: Plan, n: int) -> bool:
    """Tell whether a run is so large that a GPU is taken if there is one."""
    return cpu_s(plan, n) >= CUDA_START_S


def is_due(plan: Plan, spent_s: float) -> bool:
    """Tell whether runs of a plan have taken as long without its kernel as compiling it takes."""
    return spent_s >= compile_s(plan)


def _step_ns(step: Step) -> float:
    return REFERENCE_NS.get(step.op, REFERENCE_OTHER_NS)
