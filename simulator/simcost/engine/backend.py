"""Which back end runs a plan: the table of them, and how one is made ready."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from simcost.engine.choice import choose, compile_s, reference_s
from simcost.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.engine.simulate import Kernel
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a back end lives: its module, the class that makes a kernel of a plan, and the library that it needs."""

    module: str
    kernel: str
    needs: str = "numpy"


BACKENDS: dict[str, Backend] = {
    "reference": Backend("simcost_kernels.backends.reference", "ReferenceKernel"),
    "cpu": Backend("simcost_kernels.backends.cpu", "CpuKernel", needs="numba"),
}
"""Back ends by the name that ``--backend`` takes."""

AUTO = "auto"


def kernel_for(plan: Plan, backend: str = AUTO, *, n: int | None = None, notice: Callable[[str], None] | None = None) -> Kernel:
    """Make a plan ready to run.

    Parameters
    ----------
    backend
        A name of `BACKENDS`, or ``auto``: see `choice.choose`.
    n
        How many scenarios are to be run; None if that is not known, which is taken for few.
    notice
        Told what takes a while: that a kernel is compiled.

    Raises
    ------
    BackendError
        If there is no such back end, or it cannot run here.
    """
    name = _automatic(plan, n or 0) if backend == AUTO else backend
    if name not in BACKENDS:
        message = f"no back end {backend!r} in this version. Use one of: {', '.join((AUTO, *BACKENDS))}"
        raise BackendError(message)
    entry = BACKENDS[name]
    if find_spec(entry.needs) is None:
        message = f"the back end {name} needs {entry.needs}, which is not installed. See: simcost doctor"
        raise BackendError(message)
    module = import_module(entry.module)
    if notice is not None and name == "cpu" and not module.is_compiled(plan):
        notice(
            f"Compiling this model, about {compile_s(plan):.0f} s. This is done once: later runs use it, whatever their numbers."
        )
    return cast("Kernel", getattr(module, entry.kernel)(plan))


def _automatic(plan: Plan, n: int) -> str:
    """Return the back end to take; the cache is asked only where its answer matters."""
    if find_spec(BACKENDS["cpu"].needs) is None or choose(plan, n, compiled=True) == "reference":
        return "reference"
    from simcost_kernels.backends.cpu import is_compiled, seconds_spent, spend

    name = choose(plan, n, compiled=is_compiled(plan), spent_s=seconds_spent(plan))
    if name == "reference":
        spend(plan, reference_s(plan, n))
    return name
