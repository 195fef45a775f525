"""Which back end runs a plan: the table of them, and how one is made ready."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile
from time import perf_counter
from typing import TYPE_CHECKING, cast

from simcost.engine.automatic import automatic, compiled
from simcost.engine.choice import INTERPRETER, INTERPRETER_S, Choice, Expected, compile_s, expected, is_for_a_gpu, processes_for
from simcost.engine.cuda_installation import cuda_readiness
from simcost.engine.overlap import OverlappedKernel
from simcost.engine.processors import MAX_WORKERS, processors
from simcost.engine.variants import expected_together
from simcost.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from simcost.engine.kernels import HostKernel, Kernel, ParametricKernel
    from simcost_kernels.plan import Plan

    Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a back end lives: its module, the class that makes a kernel of a plan, and the library that it needs."""

    module: str
    kernel: str
    needs: str = "numpy"


BACKENDS: dict[str, Backend] = {
    "reference": Backend("simcost_kernels.backends.reference", "ReferenceKernel"),
    "cpu": Backend("simcost_kernels.backends.cpu", "CpuKernel", needs="numba"),
    "cuda": Backend("simcost_kernels.backends.cuda", "CudaKernel", needs="cupy"),
}
"""Back ends by the name that ``--backend`` takes."""

INTERPRETER_KERNEL = "InterpreterKernel"
"""The kernel of the back end ``cpu`` that runs any plan."""

AUTO = "auto"

COMPILED = {"own": "cpu", "interpreter": "cpu"}
"""Back ends of what `choice.choose` names."""


def kernel_for(
    plan: Plan, backend: str = "reference", *, notice: Notice | None = None, interpreter: bool = False
) -> ParametricKernel:
    """Make a plan ready to run on one back end.

    Parameters
    ----------
    backend
        A name of `BACKENDS`.
    interpreter
        Whether the back end ``cpu`` is to run it by the interpreter of all plans: many variants at once, or without compiling it.
    notice
        Told what takes a while: that a kernel is compiled; and that a GPU's memory does not suffice.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    if backend not in BACKENDS:
        message = f"no back end {backend!r} in this version. Use one of: {', '.join((AUTO, *BACKENDS))}"
        raise BackendError(message)
    if backend == "cuda":
        return _cuda_kernel(plan, notice)
    entry = BACKENDS[backend]
    if find_spec(entry.needs) is None:
        message = f"the back end {backend} needs {entry.needs}, which is not installed. See: simcost doctor"
        raise BackendError(message)
    interpreter = interpreter and backend == "cpu"
    if backend == "cpu":
        _compile(plan, notice, interpreter=interpreter)
    return cast(
        "ParametricKernel", getattr(import_module(entry.module), INTERPRETER_KERNEL if interpreter else entry.kernel)(plan)
    )


def host_kernel_for(plan: Plan, backend: str) -> HostKernel:
    """Make a plan ready to run on a back end of the host, ``reference`` or ``cpu``, as `kernel_for` does."""
    return cast("HostKernel", kernel_for(plan, backend))


def _cuda_kernel(plan: Plan, notice: Notice | None) -> ParametricKernel:
    """Make a plan ready for the GPUs here, or say in one line why that cannot be and what mends it.

    That it is compiled is not told, as it is for the processor: NVRTC takes 0.4 to 1.5 s of a usual text and 4 s of the library's
    largest, and whether CuPy's cache has it is known to CuPy alone, so that every later run would be told the same.
    """
    ready = cuda_readiness()
    if ready.reason:
        mend = f". Mend it with: {ready.remedy}" if ready.remedy else ". See: simcost doctor"
        message = f"the back end cuda does not run here: {ready.reason}{mend}"
        raise BackendError(message)
    try:
        from simcost_kernels.backends.cuda import CudaKernel

        return CudaKernel(plan, notice=notice)
    except (ImportError, RuntimeError, MemoryError) as error:
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        message = f"the back end cuda does not run here: {first}. See: simcost doctor"
        raise BackendError(message) from error


@contextmanager
def prepared(
    plan: Plan, backend: str = AUTO, *, n: int, workers: int | None = None, notice: Notice | None = None
) -> Iterator[Kernel]:
    """Make a plan ready for a run of n scenarios, and clear up after it.

    Parameters
    ----------
    backend
        A name of `BACKENDS`, or ``auto``: see `choice.choose`.
    workers
        Processes that the reference may run in; else as many as there are processors.
    notice
        Told what takes a while: that a kernel is compiled.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    if backend == AUTO and (on_gpu := _gpu_kernel(plan, n, notice)) is not None:
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
        A name of `BACKENDS`, or ``auto``: what is best for the work of all plans together, compiled first where that pays.
    times
        How often kernels of these structures are asked for, about: what is compiled is to pay for all of it.
    notice
        Told what takes a while.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    from simcost.engine.alike import models_alike, shared_kernels

    if backend == AUTO:
        on_gpu = shared_kernels(plans, lambda plan: _gpu_kernel(plan, n * times * len(plans), notice))
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
    first = _gpu_kernel(plan, n * times * len(models), notice) if backend == AUTO else None
    if first is None:
        first = _kernel_by(_beside_others(plan, expected_together(plan, n, models), backend, times), plan, notice)
    return (first, *(first.varied(each) for each in parameters))


def _beside_others(plan: Plan, work: Expected, backend: str, times: int) -> str:
    """Return who does the work of models of a plan; nothing is compiled beside it."""
    if backend == AUTO:
        return automatic(plan, work, times=times, beside=False).first
    return compiled(plan, work, times=times).first if backend == "cpu" else backend


def _gpu_kernel(plan: Plan, n: int, notice: Notice | None) -> ParametricKernel | None:
    """Return a kernel for the GPUs here if there are any and the run is large; they are asked for only then."""
    if not is_for_a_gpu(plan, n) or cuda_readiness().reason:
        return None
    try:
        return _cuda_kernel(plan, notice)
    except BackendError as error:
        if notice is not None:
            notice(f"{error}. The processor runs this instead.")
        return None


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
        what, takes = _to_compile(plan, interpreter=interpreter)
        due = seconds_spent(plan, interpreter=interpreter) >= takes
        _tell(notice, f"{what} beside the run", takes)
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


def _compile(plan: Plan, notice: Notice | None, *, interpreter: bool) -> None:
    """Compile a plan in a process of its own, unless it is compiled; where that fails its kernel will compile itself."""
    from simcost_kernels.backends.cpu import compile_apart, is_compiled

    if not is_compiled(plan, interpreter=interpreter):
        what, seconds = _to_compile(plan, interpreter=interpreter)
        _tell(notice, f"{what} first", seconds)
        compile_apart(plan, interpreter=interpreter)


def _to_compile(plan: Plan, *, interpreter: bool) -> tuple[str, float]:
    """Return what is compiled, in words, and the seconds that it is expected to take."""
    return ("what runs any model", INTERPRETER_S) if interpreter else ("this model", compile_s(plan))


def _tell(notice: Notice | None, what: str, seconds: float) -> None:
    if notice is not None:
        notice(f"Compiling {what}, about {seconds:.0f} s. This is done once: later runs use it, whatever their numbers.")
