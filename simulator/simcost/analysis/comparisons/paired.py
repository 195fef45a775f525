"""Totals of several models in the same futures: what is collected of them and of their differences from the first.

Memory does not depend on the number of scenarios, and who collected which block changes no bit. A future in which any of the
totals is infinite or undefined is left out of everything. `simcost.analysis.comparisons.paired_run` runs it all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.comparisons.paired_sections import Sectioned
from simcost.analysis.comparisons.ties import differences_from_first, tie_to_first
from simcost.analysis.estimates.window import Window
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.moments import mean_of, no_moments, squares_about
from simcost_kernels.summaries.ranges import Node, Ranges
from simcost_kernels.summaries.sections import section_numbers
from simcost_kernels.summaries.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
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
    judged
        Of each kernel, the numbers of the columns that tell whether approved sums are kept, by (group, label); none without.
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
    kept
        Summaries of those columns by (group, label), a column for each model: NaN for one without.
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
        pilot: Array,
        *,
        levels: Sequence[float] = LEVELS,
        judged: Sequence[Mapping[tuple[str, str], int]] = (),
        sections: int = 0,
        distributions: bool = True,
        reduction: Reduction = reduce_column,
    ) -> None:
        models, others = len(pilot), len(pilot) - 1
        self.levels = tuple(sorted({*levels, TAIL}))
        self.sections = sections
        finite = np.isfinite(pilot).all(axis=0)
        self.windows = tuple(
            tuple(Window(ascending, p) for p in self.levels) for ascending in (np.sort(each[finite]) for each in pilot)
        )
        self._centres = np.array([[window.centre for window in each] for each in self.windows])
        self.totals = Summary(models, sections)
        self._judged = judged
        self.kept = {column: Summary(models, sections) for each in judged for column in each}
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

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Take the first column of each kernel, the total; see `simcost.engine.joint.Collector`."""
        totals = np.stack([each[0] for each in columns])
        if self.kept:
            self._add_kept(start, totals, columns)
        self.add_totals(start, totals)

    def _add_kept(self, start: int, totals: Array, columns: Sequence[Array]) -> None:
        """Count which approved sums are kept, in the scenarios in which all totals are finite."""
        broken = ~np.isfinite(totals).all(axis=0)
        for column, summary in self.kept.items():
            within = np.full_like(totals, np.nan)
            for model, places in enumerate(self._judged):
                if column in places:
                    within[model] = columns[model][places[column]]
            within[:, broken] = np.nan
            summary.add(start, within)

    def add_totals(self, start: int, totals: Array) -> None:
        """Take the totals of scenarios ``start`` to ``start + m``, all of one block: float64 (k, m), which may be spoilt."""
        finite: NDArray[np.bool_] = np.asarray(np.isfinite(totals).all(axis=0))
        whole = bool(finite.all())
        if not whole:
            totals[:, ~finite] = np.nan
            self.non_finite += int(np.count_nonzero(~finite))
        tie_to_first(totals)
        self.totals.add(start, totals, reduction=self._reduction)
        if self.differences.n_columns:
            regrets = _regrets(totals)
            self._count_cheapest(start, regrets == 0.0)
            self.differences.add(start, differences_from_first(totals), reduction=self._reduction)
            self.regrets.add(start, regrets, reduction=self._reduction)
        stop = start + totals.shape[1]
        numbers = section_numbers(start, stop, self.sections)[finite] if self.sections else None
        moments = self._add_finite(start, totals if whole else totals[:, finite], numbers)
        self._ranges.insert(Node(start, stop, moments))

    def merge(self, other: PairedTotals) -> None:
        """Take in what another collector of the same pilot has of other scenarios."""
        self.totals.merge(other.totals)
        for column, summary in self.kept.items():
            summary.merge(other.kept[column])
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

    def _add_finite(self, start: int, totals: Array, numbers: NDArray[np.int64] | None) -> Moments:
        """Count the scenarios in which all totals are finite, one model at a time, and return the moments of the features."""
        models, count = totals.shape
        tail, features = self.levels.index(TAIL), _Features(2 * (models - 1), count)
        if numbers is not None:
            self.by_section.open(start, numbers)
        base, base_under = totals[0], self._count_under(0, totals[0], numbers)
        base_excess = np.maximum(base - self._centres[0, tail], 0.0)
        for place, total in enumerate(totals[1:]):
            under = self._count_under(place + 1, total, numbers)
            apart, excess = total - base, np.maximum(total - self._centres[place + 1, tail], 0.0) - base_excess
            self.below[place] += np.count_nonzero(apart < 0.0)
            self.equal[place] += np.count_nonzero(apart == 0.0)
            self.under_both[place] += [np.count_nonzero(one & other) for one, other in zip(under, base_under, strict=True)]
            for feature, values in ((place, apart), (models - 1 + place, excess)):
                features.add(feature, values)
                if numbers is not None:
                    self.by_section.add_feature(start, feature, values, numbers)
        return features.moments

    def _count_under(self, model: int, total: Array, numbers: NDArray[np.int64] | None) -> tuple[NDArray[np.bool_], ...]:
        """Count a model's totals by its windows, and return which are at most each of its centres."""
        under = tuple(total <= centre for centre in self._centres[model])
        for level, (each, window) in enumerate(zip(under, self.windows[model], strict=True)):
            window.add(total)
            self.under[model, level] += np.count_nonzero(each)
            if numbers is not None:
                self.by_section.add_under(model, level, each, numbers)
        return under


class _Features:
    """Moments of finite features of the same scenarios, count of each, one after the other."""

    def __init__(self, features: int, count: int) -> None:
        self.moments = no_moments(features)
        self.moments.count[:] = count
        self._count, (self._scratch, self._work) = count, np.empty((2, count))

    def add(self, place: int, feature: Array) -> None:
        """Take in a feature, float64 (count,)."""
        if self._count:
            with np.errstate(over="ignore", invalid="ignore", under="ignore"):
                mean = mean_of(feature, self._count, (float(feature.min()), float(feature.max())), self._scratch)
                self.moments.squares[place] = squares_about(feature, mean, self._work, self._scratch)
            self.moments.mean[place] = mean


def _regrets(totals: Array) -> Array:
    """Return what each total is more than the least, exactly zero where only rounding tells: float64 (k, m)."""
    least = totals.min(axis=0, keepdims=True)
    return differences_from_first(np.concatenate((least, totals)))
