"""What moving an input does to the figures of the total: fixed at its median, or at an end of its range, on common draws.

Each variant is the same kernel with other parameters over the same scenarios, so that a difference of two figures is that of the
models, and its interval uses the pairing (`simcost.analysis.comparisons.paired_differences`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.total_figures import TotalFigures, difference, figures_of, undefined
from simcost.errors import UndefinedCostError
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.work import Work
    from simcost.compile.studies.bands import Band, BandedPlan
    from simcost.engine.kernels import Kernel
    from simcost.engine.spans import Span

MOST_NUMBERS = 1 << 23
"""Of the totals of a block of all variants that run beside the base at a time: 64 MB for every worker, twice.
The more there are, the more seldom the base itself is run again."""

PILOT = 512
"""Scenarios that tell which variants are undefined."""

MOSTLY = 0.5
"""Of the plan's own share of scenarios with a finite total, what a variant should have: one with less would take these scenarios
from all others, since figures are compared in the same ones."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What variants of a plan do to its figures.

    Parameters
    ----------
    base
        Figures of the plan as it is.
    variants
        Figures of each variant less those of the plan; NaN where it makes nearly every total infinite or undefined.
    non_finite
        Scenarios left out of everything because some total is infinite or undefined.
    backend, device
        What computed it.
    """

    base: TotalFigures
    variants: tuple[TotalFigures, ...]
    non_finite: int
    backend: str
    device: str


def changes(banded: BandedPlan, variants: Sequence[Mapping[str, Band]], work: Work) -> Changes:
    """Run a plan and variants of it over the same scenarios.

    Parameters
    ----------
    variants
        Bands of the inputs that each moves.
    """
    together = MOST_NUMBERS // min(work.span.n, BLOCK)
    parts = [variants[i : i + together] for i in range(0, max(len(variants), 1), together)]
    shares = work.stages(*(work.span.n * (len(part) + 1) for part in parts))
    found = [_batch(banded, part, share) for part, share in zip(parts, shares, strict=True)]
    first = found[0]
    return Changes(
        first.base,
        tuple(each for batch in found for each in batch.variants),
        max(batch.non_finite for batch in found),
        first.backend,
        first.device,
    )


def _batch(banded: BandedPlan, variants: Sequence[Mapping[str, Band]], work: Work) -> Changes:
    """Run some variants beside the plan; those of which next to no scenario has a finite total are undefined."""
    kernels, span = work.kernels(banded.plan, [banded.banded(bands) for bands in variants])
    paired = paired_run(kernels, span, distributions=False, progress=work.progress)
    defined = list(range(len(variants)))
    if paired.non_finite:
        base, *shares = (_share_finite(kernel, span) for kernel in kernels)
        if base == 0.0 and paired.non_finite == span.n:
            message = "no scenario has a finite total: nothing can be told of what drives it. See: simcost run"
            raise UndefinedCostError(message)
        defined = [place for place, share in enumerate(shares) if share > base * MOSTLY]
        if len(defined) < len(variants):
            kernels = (kernels[0], *(kernels[place + 1] for place in defined))
            paired = paired_run(kernels, span, distributions=False, progress=work.progress)
    known = {place: difference(paired, model + 1) for model, place in enumerate(defined)}
    changed = tuple(known.get(place, undefined()) for place in range(len(variants)))
    return Changes(figures_of(paired), changed, paired.non_finite, kernels[0].name, kernels[0].device)


def _share_finite(kernel: Kernel, span: Span) -> float:
    out = np.empty((kernel.plan.n_columns, min(span.n, PILOT)))
    kernel.run(span.seed, span.first, span.first + out.shape[1], out)
    return float(np.isfinite(out[0]).mean())
