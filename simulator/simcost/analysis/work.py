"""What an analysis runs on: a back end, a span of scenarios, and whoever is told how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.compile.costs import KEPT
from simcost.compile.cut import cut
from simcost.engine.dealing import check_range
from simcost.engine.preparation.prepared import kernels_for, variants_for
from simcost.engine.processors import workers_beside
from simcost.engine.stages import stages

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from simcost.compile.compiled import Compiled
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Work:
    """How kernels are run.

    Parameters
    ----------
    backend
        ``auto``, or a name of `simcost.engine.preparation.backend.BACKENDS`.
    span
        Seed and scenarios; ``workers`` is 0 for as many as help.
    progress, notice
        See `simcost.run`.
    """

    backend: str
    span: Span
    progress: Progress | None = None
    notice: Callable[[str], None] | None = None

    def kernels(self, plan: Plan, variants: Sequence[Plan] = (), *, times: int = 1) -> tuple[tuple[Kernel, ...], Span]:
        """Make a plan and variants of it ready to be run side by side, and return the span with its number of workers.

        Parameters
        ----------
        variants
            They differ from the plan in their parameters alone.
        times
            How often as much of the same is made ready, for the choice of the back end.
        """
        numbers = [each.parameters for each in variants]
        kernels = variants_for(plan, numbers, self.backend, n=self.span.n, times=times, notice=self.notice)
        return kernels, self._span_for(kernels)

    def kernels_of_plans(self, plans: Sequence[Plan], *, times: int = 1) -> tuple[tuple[Kernel, ...], Span]:
        """Make plans of any kind ready to be run side by side; see `kernels`."""
        kernels = kernels_for(plans, self.backend, n=self.span.n, times=times, notice=self.notice)
        return kernels, self._span_for(kernels)

    def kernels_of_models(
        self, models: Sequence[Compiled], *, times: int = 1, groups: Collection[str] = ("total", *KEPT)
    ) -> tuple[tuple[Kernel, ...], Span]:
        """Make models ready to be run side by side, for some of their columns; see `kernels`.

        Parameters
        ----------
        groups
            Of the columns that are wanted; the total, which is always among them, is the first.

        Raises
        ------
        UsageError, BackendError
            If a model cannot draw these scenarios, or the back end does not run here.
        """
        for model in models:
            check_range(model.plan, self.span.first, self.span.n, self.span.seed)
        return self.kernels_of_plans([cut(model.plan, groups) for model in models], times=times)

    def stages(self, *amounts: int) -> tuple[Work, ...]:
        """Return the same work as the passes of a whole whose progress is told; see `simcost.engine.stages.stages`."""
        return tuple(replace(self, progress=each) for each in stages(self.progress, *amounts))

    def _span_for(self, kernels: Sequence[Kernel]) -> Span:
        return replace(self.span, workers=self.span.workers or workers_beside(kernels))
