"""How inputs go with the total: rank correlation, and what sets the worst scenarios apart, over one sample of both.

An input that is drawn for each year or month counts with its mean over the months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import quantile_rank
from simcost.analysis.estimates.rank_correlation import mean_ranks, rank_correlation
from simcost.analysis.estimates.shares import Replicates
from simcost.analysis.influences.fifths import fifths
from simcost.compile.costs import within_limit
from simcost.engine.joint import Kept, run_jointly
from simcost_kernels.summaries.sections import section_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.work import Work
    from simcost.compile.studies.bands import BandedPlan
    from simcost_kernels.arrays import Array


MOST = 1 << 17
"""Scenarios of the sample, 48 MB with 45 inputs: a rank correlation is then known to 0.006."""


@dataclass(frozen=True, slots=True)
class Association:
    """How one input goes with the total.

    Parameters
    ----------
    rank_correlation
        Rank correlation with the total; None where either does not vary.
    mean, mean_in_worst
        Of the input, in its unit, over all scenarios and over the worst.
    lowest, highest
        Share of the scenarios in which the input is in its lowest or highest fifth: of tied values it may be another.
    worst_if_lowest, worst_if_highest
        Probability that a scenario is among the worst, given that the input is there; NaN of one that does not vary.
    separation
        Probability that the input is higher in a scenario of the worst than in another, ties counted half: 0.5 tells nothing
        apart (Mann and Whitney 1947); None where there are no worst scenarios, or no others.
    """

    rank_correlation: Estimate | None
    mean: float
    mean_in_worst: float
    lowest: float
    highest: float
    worst_if_lowest: Estimate
    worst_if_highest: Estimate
    separation: float | None


@dataclass(frozen=True, slots=True)
class Associations:
    """Associations of inputs, in their order.

    Parameters
    ----------
    inputs
        One for each.
    scenarios
        In the sample, those with an infinite or undefined total left out.
    threshold
        Total above which a scenario is among the worst.
    share
        Of the worst.
    """

    inputs: tuple[Association, ...]
    scenarios: int
    threshold: float
    share: Estimate


def associations(banded: BandedPlan, work: Work, *, limit: float | None, level: float) -> Associations:
    """Draw a sample and tell how each input goes with the total.

    Parameters
    ----------
    banded
        With the outputs ``total`` and ``input``.
    limit
        The approved sum; None for the quantile at ``level`` of the sample.
    """
    total, inputs, replicates = sample(banded, work)
    if limit is None:
        limit = float(np.sort(total)[quantile_rank(len(total), level)]) if len(total) else float("nan")
    worst = total > within_limit(limit)
    ranks = mean_ranks(total)
    each = tuple(_association(values, ranks, worst, replicates) for values in inputs)
    return Associations(each, len(total), limit, replicates.share(worst, np.ones_like(worst)))


def sample(banded: BandedPlan, work: Work) -> tuple[Array, Array, Replicates]:
    """Return totals, float64 (n,), inputs, float64 (n_inputs, n), and replicates of scenarios with a finite total."""
    (kernel,), span = work.kernels(banded.plan)
    kept = [Kept() for _ in range(span.workers)]
    run_jointly([kernel], span, kept, progress=work.progress)
    columns = kept[0].columns(kept[1:])
    labels = {label: place for place, (group, label, _) in enumerate(banded.plan.columns()) if group == "input"}
    finite = np.isfinite(columns[0])
    sections = banded.plan.sampling.sections
    numbers = section_numbers(span.first, span.first + len(finite), max(sections, 1))[finite]
    inputs = columns[[labels[each.name] for each in banded.inputs]][:, finite]
    return columns[0, finite], inputs, Replicates(numbers, sections)


def _association(values: Array, total_ranks: Array, worst: NDArray[np.bool_], replicates: Replicates) -> Association:
    ranks = mean_ranks(values)
    low, high = fifths(values)
    return Association(
        rank_correlation=rank_correlation(ranks, total_ranks),
        mean=float(values.mean()) if len(values) else float("nan"),
        mean_in_worst=float(values[worst].mean()) if worst.any() else float("nan"),
        lowest=float(low.mean()) if len(low) else float("nan"),
        highest=float(high.mean()) if len(high) else float("nan"),
        worst_if_lowest=replicates.share(worst, low),
        worst_if_highest=replicates.share(worst, high),
        separation=_separation(ranks, worst),
    )


def _separation(ranks: Array, worst: NDArray[np.bool_]) -> float | None:
    inside = int(worst.sum())
    outside = len(worst) - inside
    if not inside or not outside:
        return None
    return float((ranks[worst].sum() - inside * (inside + 1) / 2.0) / (inside * outside))
