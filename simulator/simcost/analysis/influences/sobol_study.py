"""Sobol' indices of a scenario: of its inputs, and of groups of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.influences.sobol_indices import Indices, PickFreezeSums, indices, whole_rounds
from simcost.compile.studies.banded import compile_banded
from simcost.engine.joint import run_jointly
from simcost.engine.spans import Span
from simcost_kernels.draws.sobol import MOST_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.work import Work
    from simcost.compile.studies.bands import BandedPlan
    from simcost.engine.kernels import Kernel
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.draws.sampling import Method

REPLICATES = 32
"""Of the points: the spread of so many estimates tells an interval well."""

PILOT = 512
"""Scenarios whose mean is near enough to that of all for sums to keep their digits."""


@dataclass(frozen=True, slots=True)
class SobolStudy:
    """Sobol' indices of groups of inputs, in their order.

    Parameters
    ----------
    groups
        Indices of each; None for both if the total does not vary.
    points
        Base points; each group takes as many runs again.
    method
        Of the points: ``sobol``, or ``latin-hypercube`` where the model has too many dimensions.
    """

    groups: tuple[Indices, ...]
    points: int
    method: str


def sobol_study(scenario: Scenario, groups: Sequence[Sequence[str]], work: Work, *, points: int) -> SobolStudy:
    """Estimate the Sobol' indices of groups of inputs, each independent of the inputs that it leaves out.

    Parameters
    ----------
    groups
        Names of the inputs of each.
    points
        Base points, rounded to what replicates take.
    """
    banded = _twinned(scenario)
    picked = [frozenset().union(*(banded.streams[name] for name in names)) for names in groups]
    variants = [banded.picked(banded.picks), *map(banded.picked, picked)]
    n = whole_rounds(points, REPLICATES)
    kernels, span = replace(work, span=replace(work.span, first=0, n=n)).kernels(banded.plan, variants)
    shift = _pilot_mean(kernels[0], span)
    collectors = [PickFreezeSums(REPLICATES, shift) for _ in range(span.workers)]
    run_jointly(kernels, span, collectors, progress=work.progress)
    found = indices(collectors[0].merged(collectors[1:]), shift) if groups else ()
    return SobolStudy(found, n, banded.plan.sampling.method)


def _twinned(scenario: Scenario) -> BandedPlan:
    """Compile a scenario with twins, drawn by Sobol' points if they have enough dimensions."""

    def by(method: Method) -> BandedPlan:
        sampling = replace(scenario.sampling, method=method, replicates=REPLICATES)
        return compile_banded(replace(scenario, sampling=sampling), freedom="points", twinned=True)

    banded = by("sobol")
    return banded if len(banded.plan.dimensions()) <= MOST_DIMENSIONS else by("latin-hypercube")


def _pilot_mean(kernel: Kernel, span: Span) -> float:
    out = np.empty((1, PILOT))
    kernel.run(span.seed, 0, PILOT, out)
    finite = out[np.isfinite(out)]
    return float(finite.mean()) if len(finite) else 0.0
