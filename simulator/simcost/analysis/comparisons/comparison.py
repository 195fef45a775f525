"""What a run of several models in the same futures says: each one's figures, and its differences from the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.budgets.kept_sums import KeptSums, kept_sums
from simcost.analysis.comparisons.dominance import Dominance, dominance
from simcost.analysis.comparisons.paired_differences import share_below
from simcost.analysis.estimates.distribution_function import probability_within
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.estimates.quantiles import quantiles, share_of
from simcost.analysis.statistics import PERCENTILES, Statistics, statistics
from simcost.analysis.total_figures import TotalFigures, difference
from simcost.errors import UndefinedCostError, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.comparisons.paired import PairedTotals

REGRET = 0.95
"""The quantile of the regret that is told."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model by itself and among the others; money in the scenarios' currency, intervals of 95 %.

    Parameters
    ----------
    total
        As a run of it has it.
    probability_within
        Probability that the total is at most the model's approved sum; None without a budget.
    kept
        How likely the approved sums of periods, categories, stages and owners are kept, each and all at once.
    cheapest
        Probability that no other costs less in the same future: those of all add up to more than 1 where there are ties.
    regret, regret_p95
        Mean and P95 of what it costs over the cheapest of all in the same future.
    """

    name: str
    total: Statistics
    probability_within: Estimate | None
    kept: KeptSums
    cheapest: Estimate
    regret: float
    regret_p95: Estimate


@dataclass(frozen=True, slots=True)
class Contrast:
    """The differences of a model from the base, model less base, future by future.

    Parameters
    ----------
    figures
        Differences of the figures.
    cheaper
        Probability that the model costs less than the base in the same future.
    equal
        Share of futures in which both cost the same.
    futures
        Distribution of the difference over the futures: its percentiles are not the differences of percentiles.
    dominance
        Whether one is to be preferred by everybody.
    """

    name: str
    against: str
    figures: TotalFigures
    cheaper: Estimate
    equal: float
    futures: Statistics
    dominance: Dominance


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several models in the same futures, the base first.

    Parameters
    ----------
    non_finite
        Futures left out of everything, since a total is infinite or undefined in them.
    """

    models: tuple[Model, ...]
    contrasts: tuple[Contrast, ...]
    non_finite: int

    def __repr__(self) -> str:
        """Name in one line what is compared; all figures would fill the screen."""
        return f"<{type(self).__name__}: {visible(', '.join(each.name for each in self.models))}>"


def comparison(found: PairedTotals, names: Sequence[str], approved: Sequence[float | None]) -> Comparison:
    """Read the figures off what a run has collected.

    Parameters
    ----------
    found
        With distributions.
    names
        Of the models, the base first.
    approved
        Budget of each for the whole horizon, if it has one.

    Raises
    ------
    UndefinedCostError
        If no future has finite totals.
    """
    if not found.count:
        message = (
            f"in no scenario are the totals of all {len(names)} models finite. Run them one by one with simcost run, "
            "which tells the cost line."
        )
        raise UndefinedCostError(message)
    return Comparison(tuple(_models(found, names, approved)), tuple(_contrasts(found, names)), found.non_finite)


def _models(found: PairedTotals, names: Sequence[str], approved: Sequence[float | None]) -> list[Model]:
    totals = statistics(found.totals, PERCENTILES)
    regrets = found.regrets.mean()
    return [
        Model(
            name,
            totals[place],
            None if budget is None else probability_within(found.totals, place, budget),
            kept_sums(found, place),
            _cheapest(found, place),
            float(regrets[place]),
            quantiles(found.regrets, place, (REGRET,))[0],
        )
        for place, (name, budget) in enumerate(zip(names, approved, strict=True))
    ]


def _cheapest(found: PairedTotals, place: int) -> Estimate:
    """Return the share of the futures in which no other model costs less: its interval exact, or by sectioning."""
    kept = found.by_section
    sections = (kept.cheapest[place], np.maximum(kept.counts, 1)) if found.sections else None
    return share_of(int(found.cheapest[place]), found.count, sections)


def _contrasts(found: PairedTotals, names: Sequence[str]) -> list[Contrast]:
    futures = statistics(found.differences, PERCENTILES)
    return [
        Contrast(
            name=name,
            against=names[0],
            figures=difference(found, place),
            cheaper=share_below(found, place),
            equal=int(found.equal[place - 1]) / found.count,
            futures=futures[place - 1],
            dominance=dominance(found.totals, place),
        )
        for place, name in enumerate(names)
        if place
    ]
