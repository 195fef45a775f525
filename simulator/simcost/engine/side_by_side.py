"""Making several models ready to be run in the same futures, for their totals and approved periods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simcost.compile.costs import EVERY_PERIOD
from simcost.compile.cut import cut
from simcost.engine.dealing import check_range, span_asked
from simcost.engine.preparation import kernels_for
from simcost.engine.processors import workers_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from simcost.compile.compiled import Compiled
    from simcost.engine.kernels import Kernel
    from simcost.engine.spans import Span


def side_by_side(  # noqa: PLR0913 - the choices of a run
    models: Sequence[Compiled],
    *,
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    notice: Callable[[str], None] | None = None,
    times: int = 1,
    groups: Collection[str] = ("total", EVERY_PERIOD),
) -> tuple[tuple[Kernel, ...], Span]:
    """Return a kernel of each model, and the scenarios that all of them are to run.

    Parameters
    ----------
    models
        The first one's file says how many scenarios and which seed where ``n`` and ``seed`` do not.
    backend, workers, notice
        See `simcost.run`.
    times
        How often models are made ready so, about, which share what is compiled.
    groups
        Of the columns that are wanted; the total, which is always among them, is the first.

    Raises
    ------
    UsageError, BackendError
        If these scenarios cannot be drawn, or the back end does not run here.
    """
    span = span_asked(models[0].plan, models[0].scenario.sampling, n=n, seed=seed, workers=workers)
    for model in models[1:]:
        check_range(model.plan, span.first, span.n, span.seed)
    plans = [cut(model.plan, groups) for model in models]
    kernels = kernels_for(plans, backend, n=span.n, times=times, notice=notice)
    return kernels, replace(span, workers=span.workers or workers_beside(kernels))
