"""Which back end runs a plan: the table of them, and what ``auto`` picks."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from simcost.errors import BackendError

if TYPE_CHECKING:
    from simcost.engine.simulate import Kernel
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a back end lives: its module, and the class that makes a kernel of a plan."""

    module: str
    kernel: str


BACKENDS: dict[str, Backend] = {
    "reference": Backend("simcost_kernels.backends.reference", "ReferenceKernel"),
}
"""Back ends by the name that ``--backend`` takes."""

AUTO = "auto"


def kernel_for(plan: Plan, backend: str = AUTO) -> Kernel:
    """Make a plan ready to run.

    Parameters
    ----------
    backend
        A name of `BACKENDS`, or ``auto``: the fastest that runs here, which for now is the reference.

    Raises
    ------
    BackendError
        If there is no such back end.
    """
    name = "reference" if backend == AUTO else backend
    if name not in BACKENDS:
        message = f"no back end {backend!r} in this version. Use one of: {', '.join((AUTO, *BACKENDS))}"
        raise BackendError(message)
    entry = BACKENDS[name]
    return cast("Kernel", getattr(import_module(entry.module), entry.kernel)(plan))
