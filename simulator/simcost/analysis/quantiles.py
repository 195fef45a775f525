"""Quantiles of one simulated column with their exact intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.intervals import Estimate, quantile_rank, ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.summary import Summary


def quantiles(summary: Summary, column: int, probabilities: Sequence[float]) -> tuple[Estimate, ...]:
    """Quantiles of a column's finite values.

    Each end of the 95 % interval is an order statistic, moved outwards by the standard error with which the summary knows
    it. That error is independent of sampling and far smaller, so adding one standard error in full is on the safe side.

    Parameters
    ----------
    column
        Number of the column.
    probabilities
        Each between 0 and 1, both excluded.

    Returns
    -------
    tuple of Estimate
        One for each probability; NaN without ends where no value is finite.
    """
    count = int(summary.count()[column])
    if not count:
        return tuple(Estimate(float("nan"), None, None) for _ in probabilities)
    wanted = [(quantile_rank(count, p), *ranks(count, p)) for p in probabilities]
    places = sorted({rank for three in wanted for rank in three if rank is not None})
    values = dict(zip(places, summary.at_rank(column, places).tolist(), strict=True))
    errors = dict(zip(places, summary.rank_error(column, places).tolist(), strict=True))
    return tuple(
        Estimate(
            value=values[middle],
            low=None if low is None else values[low] - errors[low],
            high=None if high is None else values[high] + errors[high],
        )
        for middle, low, high in wanted
    )
