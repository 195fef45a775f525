"""Two-level simulation: how far the figures of the total move with parameters that nobody knows.

The outer level draws the parameters; the inner one runs the same scenarios, with the same random numbers, for each of these
draws, so that figures differ by the parameters alone. What chance does within a draw and what is not known between them are told
apart (Helton 1997, "Uncertainty and sensitivity analysis in the presence of stochastic and subjective uncertainty", Journal of
Statistical Computation and Simulation 57).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.distribution_function import probability_up_to
from simcost.analysis.estimates.intervals import probability, quantile_rank
from simcost.analysis.estimates.undefined import refuse_undefined
from simcost.analysis.statistics import PERCENTILES
from simcost.engine.simulate import simulate
from simcost_kernels.summaries.cells import Cells
from simcost_kernels.summaries.order_statistics import Ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress
    from simcost.engine.spans import Span
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

BAND = 0.90
"""Share of the outer draws that a band holds, in the middle."""


@dataclass(frozen=True, slots=True)
class FigureBand:
    """A figure and its band.

    Parameters
    ----------
    name
        ``mean``, ``p95``, ``probability_within``.
    value
        With every parameter at its median.
    low, high
        Between them lie 90 % of its values over the draws of the parameters.
    pooled
        The figure of all draws together: what is not known counts as chance.
    """

    name: str
    value: float
    low: float
    high: float
    pooled: float


@dataclass(frozen=True, slots=True)
class ParameterInfluence:
    """How a parameter and the total's P95 go together over the draws: Spearman's rank correlation, None if undefined."""

    name: str
    text: str
    rank_correlation: Estimate | None


@dataclass(frozen=True, slots=True)
class TwoLevel:
    """What a two-level simulation says of the total.

    Parameters
    ----------
    figures
        Mean, the usual percentiles, and with a budget the probability of staying within: the whole, then other sums, all of a
        kind and each; in that order.
    draws
        Each of these figures in each draw, float64 (figures, draws).
    share_unknown
        Of the variance of the total in all draws together, the share that the parameters bring (law of total variance); NaN of a
        certain total.
    band
        Share of the draws that lie in the band of each figure.
    """

    figures: tuple[FigureBand, ...]
    draws: Array
    share_unknown: float
    band: float = BAND


def two_level(
    kernels: Iterable[Kernel],
    count: int,
    span: Span,
    *,
    approved: float | None,
    kept: Sequence[str],
    progress: Progress | None,
) -> TwoLevel:
    """Run every kernel over the same scenarios, and tell their totals apart and together.

    Parameters
    ----------
    kernels
        That of the medians first, then one for each draw, each of a plan that begins with the total; asked for one at a time.
    count
        How many there are.
    span
        Seed, scenarios, and how many workers.
    approved
        Counted as within up to here; None without a budget.
    kept
        What the columns after the total are called: they tell whether other approved sums are kept.
    progress
        Called with all scenarios of all kernels, and a summary of the kernel that runs.

    Raises
    ------
    UndefinedCostError
        If no total of some draw is finite.
    """
    within = () if approved is None else ("probability_within",)
    names = ("mean", *(f"p{p:g}" for p in PERCENTILES), *within, *kept)
    cells, columns, moments = Cells(), [], []
    for number, kernel in enumerate(kernels):
        summary = _run(kernel, span, number, count, progress)
        columns.append([*_figures(summary, approved), *(summary.count_true(1 + place) / summary.n for place in range(len(kept)))])
        if number:
            cells.add(summary.cells(0))
            moments.append((float(summary.mean()[0]), float(summary.sd()[0]) ** 2, summary.n))
    draws = np.array(columns[1:]).T
    pooled = [*_pooled(cells, moments, approved), *draws[len(draws) - len(kept) :].mean(axis=1).tolist()]
    # Hazen's rule takes the k-th of K values for the quantile (k - 1/2) / K: the middle of its stratum of a latin hypercube.
    ends = np.quantile(draws, [0.5 - BAND / 2, 0.5 + BAND / 2], axis=1, method="hazen").T.tolist()
    figures = tuple(
        FigureBand(name, value, low, high, together)
        for name, value, (low, high), together in zip(names, columns[0], ends, pooled, strict=True)
    )
    between, inside = float(np.var([mean for mean, _, _ in moments])), float(np.mean([each for _, each, _ in moments]))
    return TwoLevel(figures, draws, between / (between + inside) if between + inside > 0.0 else float("nan"))


def _run(kernel: Kernel, span: Span, number: int, of: int, progress: Progress | None) -> Summary:
    def shown(done: int, n: int, summary: Summary) -> None:
        if progress:
            progress(number * n + done, of * n, summary)

    summary = simulate(kernel, span, progress=shown)
    refuse_undefined(tuple(kernel.plan.columns()), summary)
    return summary


def _figures(summary: Summary, approved: float | None) -> list[float]:
    count = int(summary.count()[0])
    ranks = [quantile_rank(count, probability(p)) for p in PERCENTILES]
    found = [float(summary.mean()[0]), *summary.at_rank(0, ranks).tolist()]
    if approved is not None:
        found.append(probability_up_to(summary, 0, approved).value * count / summary.n)
    return found


def _pooled(cells: Cells, moments: Sequence[tuple[float, float, int]], approved: float | None) -> list[float]:
    """Return the figures of all draws together, each as likely."""
    runs = cells.runs()
    ordered, count = Ordered.of(runs), int(runs.counts.sum())
    ranks = np.array([quantile_rank(count, probability(p)) for p in PERCENTILES])
    found = [float(np.mean([mean for mean, _, _ in moments])), *ordered.at_rank(ranks)[0].tolist()]
    if approved is not None:
        found.append(ordered.up_to(approved)[0] / sum(n for _, _, n in moments))
    return found
