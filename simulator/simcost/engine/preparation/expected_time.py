"""What a run is expected to take on each kernel: the work of a plan, step by step, and the seconds until a compiled one is ready.

The figures lie between those of two AMD EPYC, with AVX-512 and without; ``bench/startup.py`` prints them anew. They need only be
right to a factor of two: at the border between two back ends both take about as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan, Step

REFERENCE_NS: dict[str, float] = {
    "draw": 30.0,
    "normal_quantile": 21.0,
    "normal_cdf": 43.0,
    "smooth_quantile": 17.0,
    "step_quantile": 11.0,
    "binomial_quantile": 280.0,
    "exp": 13.0,
    "log": 14.0,
    "pow": 35.0,
    "where": 3.0,
    "min": 4.0,
    "max": 4.0,
}
"""Nanoseconds a scenario of an operation on NumPy; any other takes `REFERENCE_OTHER_NS`."""

REFERENCE_OTHER_NS = 0.7
SUMMARY_NS = 10.0
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

INTERPRETER_S = 10.0
"""Seconds to compile the interpreter of all plans (`simcost_kernels.interpreter.interpreter_text`)."""

SLOWER = 1.4
"""Time of the interpreter, of that of a kernel of the plan: 1.1 to 1.5 for the library, with one column or all."""

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


def interpreter_s(plan: Plan, n: int) -> float:
    """Return the expected seconds of n scenarios on the interpreter of all plans and two cores, once numba and it are loaded."""
    return SLOWER * cpu_s(plan, n)


def compile_s(plan: Plan) -> float:
    """Return the expected seconds to compile a plan."""
    return COMPILE_S + COMPILE_STEP_S * plan.n_steps


@dataclass(frozen=True, slots=True)
class Expected:
    """Seconds that a piece of work is expected to take, by whom, and those to compile a kernel of the plan's own."""

    reference_s: float
    interpreter_s: float
    own_s: float
    compile_s: float

    def times(self, count: int) -> Expected:
        """Return what so many such pieces take; compiling is done once."""
        return Expected(self.reference_s * count, self.interpreter_s * count, self.own_s * count, self.compile_s)


def expected(plan: Plan, n: int, processes: int = 1) -> Expected:
    """Return what n scenarios of a plan are expected to take; the reference in so many processes."""
    return Expected(reference_s(plan, n, processes), interpreter_s(plan, n), cpu_s(plan, n), compile_s(plan))


def is_for_a_gpu(plan: Plan, n: int) -> bool:
    """Tell whether a run is so large that a GPU is taken if there is one."""
    return cpu_s(plan, n) >= CUDA_START_S


def _step_ns(step: Step) -> float:
    return REFERENCE_NS.get(step.op, REFERENCE_OTHER_NS)
