"""Percentiles that a run was not asked for, read off the exact summary in its result file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.results.result import Result


def with_percentiles(result: Result, percentiles: Sequence[float]) -> Result:
    """Return the result with more percentiles beside those that it has.

    Parameters
    ----------
    percentiles
        In percent; none leaves the result as it is.

    Raises
    ------
    ResultError
        If the file's summary is damaged.
    """
    if not percentiles:
        return result
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.analysis.figures import figures

    present = tuple(percentile.p for percentile in result.figures.total.percentiles)
    found = figures(
        result.columns,
        result.summary(),
        percentiles=(*present, *percentiles),
        month_names=result.scenario.month_names(),
        confidence=confidence_of_each(result.run.looks),
    )
    return replace(result, figures=replace(found, budget=result.figures.budget, warnings=result.figures.warnings))
