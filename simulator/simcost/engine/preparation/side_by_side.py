"""Making several models ready to be run in the same futures, for their totals and approved periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.compile.costs import EVERY_PERIOD
from simcost.compile.cut import cut
from simcost.engine.dealing import check_range, span_asked
from simcost.engine.preparation.backend import AUTO
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.processors import workers_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from simcost.compile.compiled import Compiled
    from simcost.engine.kernels import Kernel
    from simcost.engine.spans import Span


@dataclass(frozen=True, slots=True)
class Choices:
    """How somebody wants models to be run, as `simcost.run` takes it; what is None is left open."""

    n: int | None = None
    seed: int | None = None
    backend: str = AUTO
    workers: int | None = None
    notice: Callable[[str], None] | None = None


def side_by_side(
    models: Sequence[Compiled], choices: Choices, *, times: int = 1, groups: Collection[str] = ("total", EVERY_PERIOD)
) -> tuple[tuple[Kernel, ...], Span]:
    """Return a kernel of each model, and the scenarios that all of them are to run.

    Parameters
    ----------
    models
        The first one's file says how many scenarios and which seed, where the choices do not.
    times
        How often models are made ready so, about, which share what is compiled.
    groups
        Of the columns that are wanted; the total, which is always among them, is the first.

    Raises
    ------
    UsageError, BackendError
        If these scenarios cannot be drawn, or the back end does not run here.
    """
    span = span_asked(models[0].plan, models[0].scenario.sampling, n=choices.n, seed=choices.seed, workers=choices.workers)
    for model in models[1:]:
        check_range(model.plan, span.first, span.n, span.seed)
    plans = [cut(model.plan, groups) for model in models]
    kernels = kernels_for(plans, choices.backend, n=span.n, times=times, notice=choices.notice)
    return kernels, replace(span, workers=span.workers or workers_beside(kernels))
