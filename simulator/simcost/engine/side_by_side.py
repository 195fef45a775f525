"""Making several models ready to be run in the same futures, for their totals alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.cut import cut
from simcost.engine.backend import kernels_for
from simcost.engine.dealing import check_range
from simcost.engine.processors import workers_for
from simcost.engine.stopping import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Kernel


def side_by_side(
    models: Sequence[Compiled],
    *,
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    notice: Callable[[str], None] | None = None,
    times: int = 1,
) -> tuple[tuple[Kernel, ...], Span]:
    """Return a kernel of each model's total, and the scenarios that all of them are to run.

    Parameters
    ----------
    models
        The first one's file says how many scenarios and which seed where ``n`` and ``seed`` do not.
    backend, workers, notice
        See `simcost.run`.
    times
        How many runs of this size are to come, which share what is compiled.

    Raises
    ------
    UsageError, BackendError
        If these scenarios cannot be drawn, or the back end does not run here.
    """
    sampling = models[0].scenario.sampling
    n, seed = sampling.scenarios if n is None else n, sampling.seed if seed is None else seed
    for model in models:
        check_range(model.plan, 0, n, seed)
    kernels = kernels_for([cut(model.plan, ("total",)) for model in models], backend, n=n * times, notice=notice)
    return kernels, Span(seed, 0, n, workers or min(map(workers_for, kernels)))
