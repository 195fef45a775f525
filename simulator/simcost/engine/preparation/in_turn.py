"""Kernels of many plans, one after the other: each is gone before the next one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.engine.kernels import BatchKernel
from simcost.engine.preparation.alike import differ_in_parameters_alone
from simcost.engine.preparation.backend import AUTO, kernel_for
from simcost.engine.preparation.prepared import kernels_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simcost.engine.kernels import Kernel
    from simcost_kernels.plan import Plan


def kernels_in_turn(
    plans: Sequence[Plan], backend: str = AUTO, *, n: int, notice: Callable[[str], None] | None = None
) -> Iterator[Kernel]:
    """Yield a kernel of each plan, each for n scenarios.

    Plans that differ from the first in their parameters alone share its compiled kernel and its tables. One whose tables differ
    has its own, with the same compiled kernel. Another structure is run by what runs any plan, with the same bits: the
    interpreter, or NumPy. To compile it would take longer than all else.

    Parameters
    ----------
    plans, backend, notice
        See `simcost.engine.preparation.prepared.kernels_for`.
    """
    (first,) = kernels_for(plans[:1], backend, n=n * len(plans), notice=notice)
    yield first
    for plan in plans[1:]:
        same = plan.digest == plans[0].digest
        if same and differ_in_parameters_alone(plan, plans[0]):
            yield first.varied(plan.parameters)
        else:
            runs_any = isinstance(first, BatchKernel)
            yield kernel_for(plan, first.name if same or runs_any else "reference", notice=notice, interpreter=runs_any)
