"""The back ends: the table of them, and how one makes a kernel of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from simcost.engine.choice import INTERPRETER_S, compile_s, is_for_a_gpu
from simcost.engine.cuda_installation import cuda_readiness
from simcost.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.engine.kernels import HostKernel, ParametricKernel
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


def gpu_kernel(plan: Plan, n: int, notice: Notice | None) -> ParametricKernel | None:
    """Return a kernel for the GPUs here if there are any and the run is large; they are asked for only then."""
    if not is_for_a_gpu(plan, n) or cuda_readiness().reason:
        return None
    try:
        return _cuda_kernel(plan, notice)
    except BackendError as error:
        if notice is not None:
            notice(f"{error}. The processor runs this instead.")
        return None


def _compile(plan: Plan, notice: Notice | None, *, interpreter: bool) -> None:
    """Compile a plan in a process of its own, unless it is compiled; where that fails its kernel will compile itself."""
    from simcost_kernels.backends.cpu import compile_apart, is_compiled

    if not is_compiled(plan, interpreter=interpreter):
        what, seconds = to_compile(plan, interpreter=interpreter)
        tell_compiling(notice, f"{what} first", seconds)
        compile_apart(plan, interpreter=interpreter)


def to_compile(plan: Plan, *, interpreter: bool) -> tuple[str, float]:
    """Return what is compiled, in words, and the seconds that it is expected to take."""
    return ("what runs any model", INTERPRETER_S) if interpreter else ("this model", compile_s(plan))


def tell_compiling(notice: Notice | None, what: str, seconds: float) -> None:
    """Tell what is compiled, and about how long that takes."""
    if notice is not None:
        notice(f"Compiling {what}, about {seconds:.0f} s. This is done once: later runs use it, whatever their numbers.")
