"""Totals of several models in the same futures: what is collected of them and of their differences from the first.

Memory does not depend on the number of scenarios, and who collected which block changes no bit. A future in which any of the
totals is infinite or undefined is left out of everything. `simcost.analysis.comparisons.paired_run` runs it all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired_sections import Sectioned
from simcost.analysis.comparisons.ties import differences_from_first, tied_to_first
from simcost.analysis.estimates.window import Window
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.moments import mean_of, no_moments, squares_about
from simcost_kernels.summaries.ranges import Node, Ranges
from simcost_kernels.summaries.sections import section_numbers
from simcost_kernels.summaries.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost_kernels.summaries.column import Reduction
    from simcost_kernels.summaries.moments import Moments

LEVELS = (0.5, 0.8, 0.95)
"""Probabilities of the quantiles whose differences are told."""

TAIL = 0.95
"""Level of the conditional value at risk: the mean of the worst twentieth."""


class PairedTotals:
    """A collector (see `simcost.engine.joint`) of totals and of their differences from the first one.

    Parameters
    ----------
    pilot
        Totals of the first scenarios, float64 (k, m), which tell where the quantiles are; they are not counted in.
    levels
        Probabilities of quantiles; `TAIL` is added.
    every_period
        Number of the column of each kernel that tells whether every approved period stays within; None where none are approved.
        Empty if no kernel has one.
    sections
        Number of replicates (see `simcost_kernels.draws.sampling`); 0 for independent scenarios.
    distributions
        Whether to keep the distributions of differences and regrets, some megabytes each.
    reduction
        How a column is reduced; a compiled kernel has a quicker one with the same bits.

    Attributes
    ----------
    totals
        Summary of the k totals.
    within_every_period
        Summary of those columns, NaN for a model without: of no columns if no kernel has one.
    differences
        Summary of the k - 1 differences, model less base; of no columns without ``distributions``.
    regrets
        Summary of the k regrets: how much more each model costs than the cheapest of all in the same future.
    cheapest
        In how many scenarios no other costs less: int64 (k,).
    below, equal
        In how many scenarios each of them is cheaper than the base, and costs the same but for rounding: int64 (k - 1,).
    non_finite
        Scenarios left out.
    """

    def __init__(
        self,
        pilot: NDArray[np.float64],
        *,
        levels: Sequence[float] = LEVELS,
        every_period: Sequence[int | None] = (),
        sections: int = 0,
        distributions: bool = True,
        reduction: Reduction = reduce_column,
    ) -> None:
        models, others = len(pilot), len(pilot) - 1
        self.levels = tuple(sorted({*levels, TAIL}))
        self.sections = sections
        ascending = np.sort(pilot[:, np.isfinite(pilot).all(axis=0)])
        self.windows = tuple(tuple(Window(each, p) for p in self.levels) for each in ascending)
        self._centres = np.array([[window.centre for window in each] for each in self.windows])
        self.totals = Summary(models, sections)
        self._every_period = every_period
        self.within_every_period = Summary(len(every_period), sections)
        self.differences = Summary(others if distributions else 0, sections)
        self.regrets = Summary(models if distributions else 0, sections)
        self.cheapest = np.zeros(models, dtype=np.int64)
        self.below, self.equal = np.zeros(others, dtype=np.int64), np.zeros(others, dtype=np.int64)
        self.under = np.zeros((models, len(self.levels)), dtype=np.int64)
        self.under_both = np.zeros((others, len(self.levels)), dtype=np.int64)
        self.non_finite = 0
        self.by_section = Sectioned(models, len(self.levels), sections)
        self._ranges = Ranges()
        self._reduction = reduction

    def add(self, start: int, columns: Sequence[NDArray[np.float64]]) -> None:
        """Take the first column of each kernel, the total; see `simcost.engine.joint.Collector`."""
        totals = np.stack([each[0] for each in columns])
        if self._every_period:
            within = np.full_like(totals, np.nan)
            for model, place in enumerate(self._every_period):
                if place is not None:
                    within[model] = columns[model][place]
            within[:, ~np.isfinite(totals).all(axis=0)] = np.nan
            self.within_every_period.add(start, within)
        self.add_totals(start, totals)

    def add_totals(self, start: int, totals: NDArray[np.float64]) -> None:
        """Take the totals of scenarios ``start`` to ``start + m``, all of one block: float64 (k, m), which may be spoilt."""
        finite: NDArray[np.bool_] = np.asarray(np.isfinite(totals).all(axis=0))
        whole = bool(finite.all())
        if not whole:
            totals[:, ~finite] = np.nan
            self.non_finite += int(np.count_nonzero(~finite))
        differences = tied_to_first(totals)
        self.totals.add(start, totals, reduction=self._reduction)
        if self.differences.n_columns:
            regrets = _regrets(totals)
            self._count_cheapest(start, regrets == 0.0)
            self.differences.add(start, differences, reduction=self._reduction)
            self.regrets.add(start, regrets, reduction=self._reduction)
        kept = (totals, differences) if whole else (totals[:, finite], differences[:, finite])
        numbers = section_numbers(start, start + len(finite), self.sections)[finite] if self.sections else None
        self._add_finite(start, len(finite), *kept, numbers)

    def merge(self, other: PairedTotals) -> None:
        """Take in what another collector of the same pilot has of other scenarios."""
        self.totals.merge(other.totals)
        self.within_every_period.merge(other.within_every_period)
        if self.differences.n_columns:
            self.differences.merge(other.differences)
            self.regrets.merge(other.regrets)
        for name in ("cheapest", "below", "equal", "under", "under_both", "non_finite"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, others in zip(self.windows, other.windows, strict=True):
            for window, further in zip(mine, others, strict=True):
                window.merge(further)
        for node in other._ranges.nodes:
            self._ranges.insert(node)
        self.by_section.merge(other.by_section)

    @property
    def count(self) -> int:
        """Scenarios that are counted: those in which every total is finite."""
        return self.totals.n - self.non_finite

    def moments(self) -> Moments:
        """Return moments of the k - 1 differences, then of the k - 1 differences of excesses over the tail's centre."""
        return self._ranges.fold().moments if self._ranges.nodes else no_moments(2 * len(self.below))

    def _count_cheapest(self, start: int, cheapest: NDArray[np.bool_]) -> None:
        self.cheapest += np.count_nonzero(cheapest, axis=1)
        if self.sections:
            self.by_section.add_cheapest(cheapest, section_numbers(start, start + cheapest.shape[1], self.sections))

    def _add_finite(
        self,
        start: int,
        width: int,
        totals: NDArray[np.float64],
        differences: NDArray[np.float64],
        numbers: NDArray[np.int64] | None,
    ) -> None:
        tail = self.levels.index(TAIL)
        self.below += np.count_nonzero(differences < 0.0, axis=1)
        self.equal += np.count_nonzero(differences == 0.0, axis=1)
        excess = np.maximum(totals - self._centres[:, tail, None], 0.0)
        features = np.concatenate((differences, excess[1:] - excess[0]))
        self._ranges.insert(Node(start, start + width, _moments_of(features)))
        for place, centres in enumerate(self._centres.T):
            under = totals <= centres[:, None]
            self.under[:, place] += np.count_nonzero(under, axis=1)
            self.under_both[:, place] += np.count_nonzero(under[1:] & under[0], axis=1)
            if numbers is not None:
                self.by_section.add_under(place, under, numbers)
            for window, values in zip(self.windows, totals, strict=True):
                window[place].add(values)
        if numbers is not None:
            self.by_section.add(start, features, numbers)


def _regrets(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each total is more than the least, exactly zero where only rounding tells: float64 (k, m)."""
    least = totals.min(axis=0, keepdims=True)
    return differences_from_first(np.concatenate((least, totals)))


def _moments_of(features: NDArray[np.float64]) -> Moments:
    """Return the moments of finite rows, float64 (features, m)."""
    moments, count = no_moments(len(features)), features.shape[1]
    if not count:
        return moments
    scratch, work = np.empty((2, count))
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for place, row in enumerate(features):
            moments.mean[place] = mean_of(row, count, (float(row.min()), float(row.max())), scratch)
            moments.squares[place] = squares_about(row, moments.mean[place], work, scratch)
    moments.count[:] = count
    return moments
