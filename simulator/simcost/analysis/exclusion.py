"""What moving an input does to the figures of the total: fixed at its median, or at an end of its range, on common draws.

Each variant is the same kernel with other parameters over the same scenarios, so that a difference of two figures is that of the
models, and its interval uses the pairing (`simcost.analysis.paired_differences`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.intervals import Estimate
from simcost.analysis.paired import LEVELS, TAIL
from simcost.analysis.paired_differences import mean_difference, quantile_difference, tail_difference
from simcost.analysis.paired_run import paired_run
from simcost.analysis.quantiles import quantiles
from simcost.analysis.tail_mean import tail_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simcost.analysis.paired import PairedTotals
    from simcost.analysis.work import Work
    from simcost.compile.bands import Band, BandedPlan

SIDE_BY_SIDE = 48
"""Variants that run beside the base at a time: a block of each is 0.5 MB for every worker."""

FIGURES = ("mean", "p50", "p80", "p95", "cvar")
"""Figures of the total that are told of; ``cvar`` is the mean of the worst twentieth."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the total, or by how much they change; money in the scenario's currency."""

    mean: Estimate
    p50: Estimate
    p80: Estimate
    p95: Estimate
    cvar: Estimate


@dataclass(frozen=True, slots=True)
class Changes:
    """What variants of a plan do to its figures.

    Parameters
    ----------
    base
        Figures of the plan as it is.
    variants
        Figures of each variant less those of the plan.
    excluded
        Scenarios left out of everything because some total is infinite or undefined.
    backend, device
        What computed it.
    """

    base: Figures
    variants: tuple[Figures, ...]
    excluded: int
    backend: str
    device: str


def changes(banded: BandedPlan, variants: Sequence[Mapping[str, Band]], work: Work) -> Changes:
    """Run a plan and variants of it over the same scenarios.

    Parameters
    ----------
    variants
        Bands of the inputs that each moves.
    """
    parts = list(_batches(variants))
    found, made = [], []
    for number, part in enumerate(parts):
        share = work.part(number, len(parts))
        kernels, span = share.kernels([banded.plan, *(banded.banded(bands) for bands in part)])
        found.append(paired_run(kernels, span, distributions=False, progress=share.progress))
        made.append(kernels[0])
    each = tuple(_difference(paired, model + 1) for paired in found for model in range(len(paired.below)))
    excluded = max(paired.excluded for paired in found)
    return Changes(_figures(found[0]), each, excluded, made[0].name, made[0].device)


def reversed_sign(figures: Figures) -> Figures:
    """Return base less variant where variant less base is given: what fixing an input takes away is what it brings."""
    return Figures(*(_negative(getattr(figures, name)) for name in FIGURES))


def _batches(variants: Sequence[Mapping[str, Band]]) -> Iterable[Sequence[Mapping[str, Band]]]:
    return (variants[i : i + SIDE_BY_SIDE] for i in range(0, max(len(variants), 1), SIDE_BY_SIDE))


def _negative(estimate: Estimate) -> Estimate:
    low, high = estimate.high, estimate.low
    return Estimate(0.0 - estimate.value, None if low is None else 0.0 - low, None if high is None else 0.0 - high)


def _difference(found: PairedTotals, model: int) -> Figures:
    p50, p80, p95 = (quantile_difference(found, model, level) for level in LEVELS)
    return Figures(mean_difference(found, model), p50, p80, p95, tail_difference(found, model))


def _figures(found: PairedTotals) -> Figures:
    tail = tail_mean(found.totals, 0, TAIL)
    p50, p80, p95 = quantiles(found.totals, 0, LEVELS)
    mean = Estimate(float(found.totals.mean()[0]), None, None)
    return Figures(mean, p50, p80, p95, Estimate(tail.value, tail.low, tail.high))
