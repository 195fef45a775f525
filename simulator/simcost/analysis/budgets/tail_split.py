"""What makes up the worst scenarios: the conditional value at risk split over parts of the total, so that they add up to it.

A part X of the total S contributes E[X | S is among the worst]: the Euler allocation of CVaR, the only one that goes with
marginal changes of the parts, and whose parts add up to the whole (Tasche 1999, "Risk contributions and performance
measurement"). It takes a second pass over the same scenarios, with the threshold that the first has found; of it nothing is kept
but sums, and the few scenarios of the cell that the threshold cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, quantile_rank
from simcost.analysis.estimates.sectioning import enough, half_width
from simcost.analysis.estimates.tail_mean import FEWEST
from simcost_kernels.summaries.sections import section_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

    Parts = Callable[[Array], Array]

NEAR = 0.1
"""Ranks around the quantile, as a share of the smaller side, over which the mean of a part at the quantile is taken."""

MOST_ROWS = 200_000
"""Scenarios of the cut cell that are kept one by one. Of more their mean is taken: it is 2.45e-4 of the total wide."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where the worst share begins, as the summary of the first pass knows it.

    Parameters
    ----------
    level
        The worst ``1 - level`` of the scenarios are meant.
    count
        Scenarios with a finite total.
    low, high
        Ends of the cell that the quantile is in; what is above ``high`` is among the worst.
    inside
        Scenarios in that cell.
    near
        Totals between which the mean of a part at the quantile is taken.
    """

    level: float
    count: int
    low: float
    high: float
    inside: int
    near: tuple[float, float]

    @property
    def wanted(self) -> float:
        """How many scenarios are the worst: not always whole."""
        return self.count * (1.0 - self.level)


def threshold(summary: Summary, total: int, level: float) -> Threshold | None:
    """Find the threshold in a summary; None if no total is finite."""
    runs = summary.cells(total)
    count = int(runs.counts.sum())
    if not count:
        return None
    above = np.cumsum(runs.counts[::-1])[::-1] - runs.counts
    cell = int(np.flatnonzero(above < count * (1.0 - level))[0])
    middle, reach = quantile_rank(count, level), int(NEAR * min(level, 1.0 - level) * count)
    ends = summary.at_rank(total, [max(middle - reach, 0), min(middle + reach, count - 1)])
    low, high = float(runs.lows[cell]), float(runs.highs[cell])
    near = min(float(ends[0]), low), max(float(ends[1]), high)
    return Threshold(level, count, low, high, int(runs.counts[cell]), near)


class TailParts:
    """A collector (see `simcost.engine.joint`) of the parts of the worst scenarios.

    Parameters
    ----------
    at
        The threshold.
    centres
        About the mean of each part, so that squares lose no digits: float64 (k,).
    total
        Number of the column of the total.
    parts
        Given the columns, float64 (n_columns, m), returns the k parts, float64 (k, m).
    sections
        Number of replicates that scenarios are dealt out to; 0 where they are independent.
    """

    def __init__(self, at: Threshold, centres: Array, total: int, parts: Parts, *, sections: int = 0) -> None:
        self._at, self._centres, self._total, self._parts, self._sections = at, centres, total, parts, sections
        self._by_section: dict[int, Array] = {}
        self._sums: dict[int, Array] = {}
        self._counts = np.zeros(2, dtype=np.int64)
        self._cut: dict[int, Array] = {}

    def add(self, start: int, columns: Sequence[Array]) -> None:
        """Take the columns of the one kernel; see `simcost.engine.joint.Collector`."""
        totals = columns[0][self._total]
        parts = self._parts(columns[0])
        finite = np.isfinite(totals)
        worst = (totals > self._at.high) & finite
        near = (totals >= self._at.near[0]) & (totals <= self._at.near[1])
        inside = (totals >= self._at.low) & (totals <= self._at.high)
        beyond = parts[:, worst]
        squares = ((beyond - self._centres[:, None]) ** 2).sum(axis=1)
        self._sums[start] = np.stack([beyond.sum(axis=1), squares, parts[:, near].sum(axis=1), parts[:, finite].sum(axis=1)])
        self._counts += np.count_nonzero(worst), np.count_nonzero(near)
        if self._sections:
            numbers = section_numbers(start, start + len(totals), self._sections)
            summed = [np.bincount(numbers[worst], each, self._sections) for each in beyond - self._centres[:, None]]
            counted = [np.bincount(numbers[which], minlength=self._sections) for which in (worst, finite)]
            self._by_section[start] = np.array([*summed, *counted])
        self._cut[start] = self._rows(start, totals, parts, inside)

    def merge(self, other: TailParts) -> None:
        """Take in what another collector of the same run has."""
        self._sums |= other._sums
        self._cut |= other._cut
        self._by_section |= other._by_section
        self._counts += other._counts

    def means(self) -> Array:
        """Mean of each part over the scenarios with a finite total, float64 (k,)."""
        mean: Array = self._totals()[3] / self._at.count
        return mean

    def contributions(self, *, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
        """Return E[part | worst] of each part, in its unit.

        Notes
        -----
        With p = 1 - level and q the quantile, n times the variance is that of (X - E[X | S = q]) 1{S >= q} / p: what the
        estimated threshold adds and takes is the mean of the part there (Hong and Liu 2009, "Simulating sensitivities of
        conditional value at risk", Management Science 55; for the total itself it is that of `estimates.tail_mean`).
        Where many scenarios have the total q, as below a cap, each of them counts in part, and its deviation by that part.
        Where scenarios are not independent, the means of it in the replicates tell it by their spread
        (`estimates.sectioning`). Fewer than `FEWEST` worst scenarios have none.
        """
        sums, wanted = self._totals(), self._at.wanted
        cut = self._cut_cell(wanted - float(self._counts[0]))
        values = (sums[0] + cut.taken()) / wanted
        if wanted < FEWEST or not self._counts[1]:
            return tuple(Estimate(value, None, None) for value in values.tolist())
        at_quantile = (sums[2] / self._counts[1] if cut.tied() < FEWEST else cut.mean_of_tied()) - self._centres
        half = self._half_widths(sums, cut, at_quantile, confidence)
        ends = zip(values.tolist(), (values - half).tolist(), (values + half).tolist(), strict=True)
        return tuple(Estimate(*each) for each in ends)

    def _half_widths(self, sums: Array, cut: _Cut, at_quantile: Array, confidence: float) -> Array:
        """Return half of each part's interval, by sectioning or of independent scenarios; see `contributions`."""
        from scipy.special import ndtri

        p, n = 1.0 - self._at.level, self._at.count
        apart = cut.deviations(self._centres + at_quantile)
        if enough(n, self._sections, p):
            *summed, worst, finite = np.sum([self._by_section[start] for start in sorted(self._by_section)], axis=0)
            inside = np.array([np.bincount(cut.sections, each, self._sections) for each in apart * cut.weights])
            means = (np.array(summed) - at_quantile[:, None] * worst + inside) / np.maximum(finite, 1.0)
            return np.array([half_width(each, confidence) / p for each in means])
        first, share = sums[0] / n - self._counts[0] / n * self._centres, self._counts[0] / n
        squares = cut.squared(self._centres, at_quantile)
        second = sums[1] / n - 2.0 * at_quantile * first + at_quantile**2 * share + squares / n
        mean = first - at_quantile * share + (apart * cut.weights).sum(axis=1) / n
        variance = np.maximum(second - mean**2, 0.0)
        half: Array = float(ndtri(1.0 - (1.0 - confidence) / 2.0)) * np.sqrt(variance) / sqrt(n) / p
        return half

    def _totals(self) -> Array:
        """Return all sums, blocks added in their order, so that no number of workers changes a bit."""
        total: Array = np.sum([self._sums[start] for start in sorted(self._sums)], axis=0)
        return total

    def _rows(self, start: int, totals: Array, parts: Array, inside: NDArray[np.bool_]) -> Array:
        """Return total, replicate, number, parts and their squares of each scenario of the cut cell, or summed by replicate."""
        chosen, groups = parts[:, inside], max(self._sections, 1)
        numbers = section_numbers(start, start + len(totals), groups)[inside]
        summed = np.concatenate([np.ones((1, len(numbers))), chosen, (chosen - self._centres[:, None]) ** 2])
        if self._at.inside <= MOST_ROWS:
            return np.concatenate([totals[None, inside], numbers[None], summed])
        every = np.array([np.bincount(numbers, each, groups) for each in summed])
        return np.concatenate([np.full((1, groups), self._at.high), np.arange(groups)[None], every])

    def _cut_cell(self, taken: float) -> _Cut:
        """Weigh the scenarios of the cell so that the largest ``taken`` count; of equal totals each counts in part."""
        totals, numbers, counts, *rest = np.concatenate([self._cut[start] for start in sorted(self._cut)], axis=1)
        last = totals[0]
        if self._at.inside <= MOST_ROWS:
            last = np.sort(totals)[::-1][min(max(int(np.ceil(taken)) - 1, 0), len(totals) - 1)]
        larger, equal = totals > last, totals == last
        weight = (taken - np.count_nonzero(larger)) / float(counts[equal].sum())
        k = len(rest) // 2
        parts, squares = np.array(rest[:k]), np.array(rest[k:])
        return _Cut(np.where(larger, 1.0, np.where(equal, weight, 0.0)), numbers.astype(np.int64), counts, parts, squares, equal)


@dataclass(frozen=True, slots=True)
class _Cut:
    """The scenarios of the cell that the threshold cuts, one by one, or where they are too many their sums in each replicate.

    Parameters
    ----------
    weights
        With which each counts among the worst, 0 to 1: float64 (m,).
    sections, counts
        Replicate of each, int64 (m,), and how many scenarios it is, float64 (m,).
    parts, squares
        Sums of the parts, and of their squares about the centres, float64 (k, m).
    equal
        Which are at the quantile itself, bool (m,).
    """

    weights: Array
    sections: NDArray[np.int64]
    counts: Array
    parts: Array
    squares: Array
    equal: NDArray[np.bool_]

    def taken(self) -> Array:
        """Sum of each part over what counts, float64 (k,)."""
        whole, part = (self.weights > 0.0) & ~self.equal, self.weights[self.equal][0]
        total: Array = self.parts[:, whole].sum(axis=1) + part * self.parts[:, self.equal].sum(axis=1)
        return total

    def tied(self) -> float:
        """How many scenarios are at the quantile."""
        return float(self.counts[self.equal].sum())

    def mean_of_tied(self) -> Array:
        """Mean of each part at the quantile, float64 (k,)."""
        mean: Array = self.parts[:, self.equal].sum(axis=1) / self.tied()
        return mean

    def deviations(self, middles: Array) -> Array:
        """Sum of each part less its middle, float64 (k, m)."""
        apart: Array = self.parts - middles[:, None] * self.counts
        return apart

    def squared(self, centres: Array, at_quantile: Array) -> Array:
        """Sum of the squared deviations about the mean at the quantile, each weighed by its weight's square, float64 (k,)."""
        about = self.deviations(centres)
        each = self.squares - 2.0 * at_quantile[:, None] * about + at_quantile[:, None] ** 2 * self.counts
        total: Array = (each * self.weights**2).sum(axis=1)
        return total
