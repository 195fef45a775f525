"""A plan, or several, made ready for a run: by whom, and what is compiled first or beside it."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from itertools import takewhile
from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.engine.preparation.backend import AUTO, gpu_kernel, kernel_for, tell_compiling, to_compile
from simcost.engine.preparation.choice import INTERPRETER, Choice, automatic, compiled
from simcost.engine.preparation.expected_time import expected, processes_for
from simcost.engine.preparation.overlap import OverlappedKernel
from simcost.engine.preparation.variants import expected_together
from simcost.engine.processors import MAX_WORKERS, processors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from simcost.engine.kernels import HostKernel, Kernel, ParametricKernel
    from simcost.engine.preparation.backend import Notice
    from simcost.engine.preparation.expected_time import Expected
    from simcost_kernels.plan import Plan

COMPILED = {"own": "cpu", "interpreter": "cpu"}
"""Back ends of what `choice.choose` names."""


@contextmanager
def prepared(
    plan: Plan, backend: str = AUTO, *, n: int, workers: int | None = None, notice: Notice | None = None
) -> Iterator[Kernel]:
    """Make a plan ready for a run of n scenarios, and clear up after it.

    Parameters
    ----------
    backend
        A name of `backend.BACKENDS`, or ``auto``: see `choice.choose`.
    workers
        Processes that the reference may run in; else as many as there are processors.
    notice
        Told what takes a while: that a kernel is compiled.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    if backend == AUTO and (on_gpu := gpu_kernel(plan, n, notice)) is not None:
        yield on_gpu
        return
    processes = _processes(plan, n, workers)
    choice = automatic(plan, expected(plan, n, processes)) if backend == AUTO else Choice(backend)
    with (
        _overlapped(plan, choice, notice, processes - 1) if choice.then else _begun(plan, choice.first, notice, processes)
    ) as kernel:
        yield kernel


def kernels_for(
    plans: Sequence[Plan], backend: str = AUTO, *, n: int, times: int = 1, notice: Notice | None = None
) -> tuple[ParametricKernel, ...]:
    """Make several plans ready to be run side by side (see `simcost.engine.joint`), each over n scenarios.

    Plans of one structure share one compiled kernel: it is compiled, or loaded, once, whatever their numbers. Those that differ
    in their parameters alone share its tables and queues too.

    Parameters
    ----------
    backend
        A name of `backend.BACKENDS`, or ``auto``: what is best for the work of all plans together, compiled first if that pays.
    times
        How often kernels of these structures are asked for, about: what is compiled is to pay for all of it.
    notice
        Told what takes a while.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    from simcost.engine.preparation.alike import models_alike, shared_kernels

    if backend == AUTO:
        on_gpu = shared_kernels(plans, lambda plan: gpu_kernel(plan, n * times * len(plans), notice))
        if len(kernels := tuple(takewhile(lambda kernel: kernel is not None, on_gpu))) == len(plans):
            return cast("tuple[ParametricKernel, ...]", kernels)
    models, structures = models_alike(plans), Counter(plan.digest for plan in plans)
    names: dict[str, str] = {}

    def make(plan: Plan) -> ParametricKernel:
        key = plan.digest
        if key not in names:
            further = structures[key] - len(models[key])
            names[key] = _beside_others(plan, expected_together(plan, n, models[key], further=further), backend, times)
        return _kernel_by(names[key], plan, notice)

    return tuple(shared_kernels(plans, make))


def variants_for(
    plan: Plan,
    parameters: Sequence[tuple[float, ...]],
    backend: str = AUTO,
    *,
    n: int,
    times: int = 1,
    notice: Notice | None = None,
) -> tuple[ParametricKernel, ...]:
    """Make a plan ready to be run side by side with variants of it that differ in their parameters: the plan first.

    See `kernels_for`, which takes plans of any kind and much longer for each.
    """
    models = [plan.parameters, *parameters]
    first = gpu_kernel(plan, n * times * len(models), notice) if backend == AUTO else None
    if first is None:
        first = _kernel_by(_beside_others(plan, expected_together(plan, n, models), backend, times), plan, notice)
    return (first, *(first.varied(each) for each in parameters))


def _beside_others(plan: Plan, work: Expected, backend: str, times: int) -> str:
    """Return who does the work of models of a plan; nothing is compiled beside it."""
    if backend == AUTO:
        return automatic(plan, work, times=times, beside=False).first
    return compiled(plan, work, times=times).first if backend == "cpu" else backend


def _processes(plan: Plan, n: int, workers: int | None) -> int:
    """Return in how many processes the reference would run n scenarios here."""
    from simcost_kernels.system.child import can_have_children

    most = min(processors(), MAX_WORKERS) if workers is None else workers
    return processes_for(plan, n, most) if can_have_children() else 1


def _begun(plan: Plan, first: str, notice: Notice | None, processes: int) -> AbstractContextManager[Kernel]:
    """Make a plan ready for what `choice.choose` names, or for a back end; the reference in so many processes."""
    if first == "reference" and processes > 1:
        from simcost_kernels.backends.processes import ReferenceProcesses

        return ReferenceProcesses(plan, processes)
    return nullcontext(_kernel_by(first, plan, notice))


def _kernel_by(name: str, plan: Plan, notice: Notice | None) -> ParametricKernel:
    """Make a plan ready for what `choice.choose` names, or for a back end."""
    return kernel_for(plan, COMPILED.get(name, name), notice=notice, interpreter=name == INTERPRETER.first)


@contextmanager
def _overlapped(plan: Plan, choice: Choice, notice: Notice | None, processes: int) -> Iterator[Kernel]:
    """Run a plan while what comes then is compiled; at the end that is stopped, or waited for if it has long been due."""
    from simcost_kernels.backends.cpu import Compilation, seconds_spent, spend

    interpreter = choice.then == "interpreter"
    with _begun(plan, choice.first, notice, processes) as first:
        try:
            compilation = Compilation(plan, interpreter=interpreter)
        except OSError:  # no process to be had: the run can do without
            yield first
            return
        what, takes = to_compile(plan, interpreter=interpreter)
        due = seconds_spent(plan, interpreter=interpreter) >= takes
        tell_compiling(notice, f"{what} beside the run", takes)
        started = perf_counter()
        kernel = OverlappedKernel(
            cast("HostKernel", first), compilation, lambda: cast("HostKernel", kernel_for(plan, "cpu", interpreter=interpreter))
        )
        try:
            yield kernel
        except BaseException:
            due = False
            raise
        finally:
            if not kernel.compiled:
                spend(plan, perf_counter() - started, interpreter=interpreter)
            kernel.close(wait=due)
