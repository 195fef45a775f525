"""The back ends: how each makes a kernel of a plan, and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from simcost.engine.preparation.cuda_installation import cuda_readiness
from simcost.engine.preparation.expected_time import INTERPRETER_S, compile_s, is_for_a_gpu
from simcost.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.engine.kernels import HostKernel, ParametricKernel
    from simcost_kernels.plan import Plan

    Notice = Callable[[str], None]
    Maker = Callable[[Plan, Notice | None], ParametricKernel]

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
        Whether a back end that has an interpreter of all plans is to run it by that: many variants at once, or without compiling.
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
    entry = BACKENDS[backend]
    make = entry.interpreter if interpreter and entry.interpreter else entry.kernel
    return make(plan, notice)


def host_kernel_for(plan: Plan, backend: str) -> HostKernel:
    """Make a plan ready to run on a back end of the host, ``reference`` or ``cpu``, as `kernel_for` does."""
    return cast("HostKernel", kernel_for(plan, backend))


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


def _reference_kernel(plan: Plan, _notice: Notice | None) -> ParametricKernel:
    """Make a plan ready for NumPy."""
    from simcost_kernels.backends.reference import ReferenceKernel

    return ReferenceKernel(plan)


def _cpu_kernel(plan: Plan, notice: Notice | None) -> ParametricKernel:
    """Make a plan ready for this processor, by a kernel of its own."""
    _compile(plan, notice, interpreter=False)
    from simcost_kernels.backends.cpu import CpuKernel

    return CpuKernel(plan)


def _cpu_interpreter(plan: Plan, notice: Notice | None) -> ParametricKernel:
    """Make a plan ready for this processor, by the kernel that runs any plan."""
    _compile(plan, notice, interpreter=True)
    from simcost_kernels.backends.cpu import InterpreterKernel

    return InterpreterKernel(plan)


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


def _compile(plan: Plan, notice: Notice | None, *, interpreter: bool) -> None:
    """Compile a plan in a process of its own, unless it is compiled; where that fails its kernel will compile itself."""
    if find_spec("numba") is None:
        message = "the back end cpu needs numba, which is not installed. See: simcost doctor"
        raise BackendError(message)
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


@dataclass(frozen=True, slots=True)
class Backend:
    """What makes kernels of plans; where it cannot do so here, it says why in one line, as a `BackendError`.

    ``interpreter`` makes one that is compiled once for all plans, if the back end has such a kernel.
    """

    kernel: Maker
    interpreter: Maker | None = None


BACKENDS = {
    "reference": Backend(_reference_kernel),
    "cpu": Backend(_cpu_kernel, _cpu_interpreter),
    "cuda": Backend(_cuda_kernel),
}
"""Back ends by the name that ``--backend`` takes (`simcost.cli.parameters`) and ``simcost doctor`` tells of."""
