"""The figures of the total that studies compare: of a model, and by how much another model on common draws changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.analysis.comparisons.paired import LEVELS, TAIL
from simcost.analysis.comparisons.paired_differences import mean_difference, quantile_difference, tail_difference
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.quantiles import quantiles
from simcost.analysis.estimates.tail_mean import tail_mean

if TYPE_CHECKING:
    from simcost.analysis.comparisons.paired import PairedTotals

FIGURES = ("mean", "p50", "p80", "p95", "cvar95")
"""Their names, in the order of `TotalFigures`; ``cvar95`` is the mean of the worst twentieth."""


@dataclass(frozen=True, slots=True)
class TotalFigures:
    """Figures of the total, or by how much they change; money in the scenario's currency."""

    mean: Estimate
    p50: Estimate
    p80: Estimate
    p95: Estimate
    cvar95: Estimate


def figures_of(found: PairedTotals, model: int = 0) -> TotalFigures:
    """Return the figures of a model; the mean without an interval."""
    tail = tail_mean(found.totals, model, TAIL)
    p50, p80, p95 = quantiles(found.totals, model, LEVELS)
    mean = Estimate(float(found.totals.mean()[model]), None, None)
    return TotalFigures(mean, p50, p80, p95, Estimate(tail.value, tail.low, tail.high))


def difference(found: PairedTotals, model: int) -> TotalFigures:
    """Return the figures of a model less those of the base."""
    p50, p80, p95 = (quantile_difference(found, model, level) for level in LEVELS)
    return TotalFigures(mean_difference(found, model), p50, p80, p95, tail_difference(found, model))


def reversed_sign(figures: TotalFigures) -> TotalFigures:
    """Return base less variant where variant less base is given: what fixing an input takes away is what it brings."""
    return TotalFigures(*(_negative(getattr(figures, name)) for name in FIGURES))


def undefined() -> TotalFigures:
    """Return the figures of what has no finite total."""
    nothing = Estimate(float("nan"), None, None)
    return TotalFigures(nothing, nothing, nothing, nothing, nothing)


def _negative(estimate: Estimate) -> Estimate:
    low, high = estimate.high, estimate.low
    return Estimate(0.0 - estimate.value, None if low is None else 0.0 - low, None if high is None else 0.0 - high)
